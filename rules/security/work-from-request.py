import asyncio
import time
from time import sleep as pause

from flask import request


def draw():
    count = int(request.args.get("count", 10))
    # ruleid: work-from-request
    cards = [make(n) for n in range(count)]
    # ruleid: work-from-request
    time.sleep(float(request.args["delay"]))
    # ruleid: work-from-request
    pause(request.json["delay"])
    # ok: work-from-request
    few = [make(n) for n in range(min(count, 100))]
    # ok: work-from-request
    pairs = [n for n in range(len(request.json["items"]))]
    # ok: work-from-request
    fixed = [make(n) for n in range(10)]
    return cards, few, pairs, fixed


async def wait(request):
    body = await request.json()
    await asyncio.sleep(
        # ruleid: work-from-request
        body["seconds"],
    )
