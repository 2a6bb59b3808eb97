import asyncio
import asyncio as aio
from asyncio import get_event_loop


async def main():
    # ruleid: event-loop-by-accident
    await asyncio.sleep(1, loop=asyncio.get_running_loop())
    # ok: event-loop-by-accident
    await asyncio.sleep(1)
    # ok: event-loop-by-accident
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, print)


def start():
    # ruleid: event-loop-by-accident
    asyncio.get_event_loop().run_until_complete(main())
    # ruleid: event-loop-by-accident
    aio.get_event_loop().run_forever()


def start_later():
    # ruleid: event-loop-by-accident
    loop = get_event_loop()
    loop.create_task(main())
    loop.run_forever()


def start_rightly():
    # ok: event-loop-by-accident
    asyncio.run(main())


def start_own():
    # ok: event-loop-by-accident
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(main())
    finally:
        loop.close()
