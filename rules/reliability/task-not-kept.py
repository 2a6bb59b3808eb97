import asyncio
import asyncio as aio
from asyncio import create_task

TASKS = set()


async def start(job, loop):
    # ruleid: task-not-kept
    asyncio.create_task(job())
    # ruleid: task-not-kept
    aio.ensure_future(job())
    # ruleid: task-not-kept
    create_task(
        job(),
        name="job",
    )
    # ruleid: task-not-kept
    loop.create_task(job())
    # ok: task-not-kept
    task = asyncio.create_task(job())
    TASKS.add(task)
    # ok: task-not-kept
    TASKS.add(aio.create_task(job()))
    async with asyncio.TaskGroup() as group:
        # ok: task-not-kept
        group.create_task(job())
    # ok: task-not-kept
    await create_task(job())
    # ok: task-not-kept
    return task, [asyncio.create_task(job())]
