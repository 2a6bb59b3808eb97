import asyncio
import time
import time as clock

import requests
from redis import ConnectionError as Refused


def fetch(url):
    # ruleid: retry-without-limit
    while True:
        try:
            return requests.get(url, timeout=5).json()
        except requests.RequestException:
            time.sleep(1)


def connect(pool):
    # ruleid: retry-without-limit
    while True:
        try:
            pool.connect()
            break
        except Refused as error:
            print("again", error)
            clock.sleep(5)


async def fetch_later(client, url):
    # ruleid: retry-without-limit
    while True:
        try:
            answer = await client.get(url)
            return answer.json()
        except Exception:
            await asyncio.sleep(0.5)


def fetch_rightly(url, attempts=5):
    # ok: retry-without-limit
    for attempt in range(attempts):
        try:
            return requests.get(url, timeout=5).json()
        except requests.RequestException:
            time.sleep(2**attempt)
    raise TimeoutError(url)


async def fetch_until(client, url, deadline):
    # ok: retry-without-limit
    while True:
        try:
            return await client.get(url)
        except Exception:
            if clock.monotonic() > deadline:
                raise
            await asyncio.sleep(1)


def ask(form):
    # ok: retry-without-limit
    while True:
        try:
            return int(form())
        except ValueError:
            print("a number")


def serve(queue):
    # ok: retry-without-limit
    while True:
        try:
            queue.get()()
        except Exception as error:
            print("job failed", error)
