import asyncio
import logging
from asyncio import CancelledError as Stopped

logger = logging.getLogger(__name__)


async def work(queue):
    while True:
        try:
            await queue.get()
        except asyncio.CancelledError:
            # ruleid: cancellation-swallowed
            continue


async def poll(client):
    while client.open:
        try:
            await client.ping()
            await asyncio.sleep(1)
        except BaseException as error:
            # ruleid: cancellation-swallowed
            logger.warning("ping failed: %s", error)


async def read(stream):
    while not stream.at_end():
        try:
            await stream.read()
        except (OSError, asyncio.CancelledError):
            # ruleid: cancellation-swallowed
            print("again")


async def work_rightly(queue):
    while True:
        try:
            await queue.get()
        except asyncio.CancelledError:
            # ok: cancellation-swallowed
            logger.info("stopped")
            raise


async def poll_rightly(client):
    while client.open:
        try:
            await client.ping()
        except Exception as error:
            # ok: cancellation-swallowed
            logger.warning("ping failed: %s", error)


async def stop(task):
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        # ok: cancellation-swallowed
        pass
    except Stopped:
        return
