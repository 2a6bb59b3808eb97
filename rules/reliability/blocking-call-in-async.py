import asyncio
import subprocess
import time
import time as clock
from urllib.request import urlopen

import httpx
import requests


async def fetch(url):
    # ruleid: blocking-call-in-async
    time.sleep(1)
    # ruleid: blocking-call-in-async
    requests.get(url, timeout=5)
    # ruleid: blocking-call-in-async
    subprocess.run(["true"], check=True)
    # ruleid: blocking-call-in-async
    with urlopen(url, timeout=5) as answer:
        return answer.read()


class Worker:
    async def run(self, url):
        if url:
            # ruleid: blocking-call-in-async
            clock.sleep(
                0.1,
            )
        # ok: blocking-call-in-async
        await asyncio.sleep(1)
        async with httpx.AsyncClient() as client:
            # ok: blocking-call-in-async
            await client.get(url)
        # ok: blocking-call-in-async
        await asyncio.to_thread(time.sleep, 1)

        def work():
            # ok: blocking-call-in-async
            time.sleep(1)

        await asyncio.to_thread(work)
        # ok: blocking-call-in-async
        await asyncio.to_thread(lambda: requests.get(url, timeout=5))

    def wait(self):
        # ok: blocking-call-in-async
        time.sleep(1)


def make(url):
    async def handler():
        # ruleid: blocking-call-in-async
        return requests.get(url, timeout=5)

    return handler
