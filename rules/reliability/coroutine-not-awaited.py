import asyncio
import asyncio as aio
from asyncio import wait_for


async def poll(client):
    # ruleid: coroutine-not-awaited
    asyncio.sleep(1)
    # ruleid: coroutine-not-awaited
    aio.to_thread(client.read)
    # ruleid: coroutine-not-awaited
    wait_for(client.ping(), 5)
    # ok: coroutine-not-awaited
    await asyncio.sleep(1)
    await asyncio.gather(
        # ok: coroutine-not-awaited
        asyncio.sleep(1),
        # ok: coroutine-not-awaited
        aio.to_thread(client.read),
    )
    # ok: coroutine-not-awaited
    answer = await wait_for(
        client.ping(),
        5,
    )
    # ok: coroutine-not-awaited
    task = asyncio.create_task(asyncio.sleep(1))
    return task, answer
