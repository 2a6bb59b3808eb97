import asyncio
import asyncio as aio
from asyncio import gather


async def send(people, mail):
    # ruleid: gathered-errors-dropped
    await asyncio.gather(*[mail(p) for p in people], return_exceptions=True)


async def warm(caches):
    # ruleid: gathered-errors-dropped
    await gather(
        *(cache.warm() for cache in caches),
        return_exceptions=True,
    )
    # ruleid: gathered-errors-dropped
    await aio.gather(caches[0].warm(), return_exceptions=True)


async def send_rightly(people, mail):
    # ok: gathered-errors-dropped
    results = await asyncio.gather(*[mail(p) for p in people], return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


async def send_loudly(people, mail):
    # ok: gathered-errors-dropped
    await asyncio.gather(*[mail(p) for p in people])


async def close(tasks):
    for task in tasks:
        task.cancel()
    # ok: gathered-errors-dropped
    await asyncio.gather(*tasks, return_exceptions=True)
