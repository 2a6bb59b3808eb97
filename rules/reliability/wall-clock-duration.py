import time
import time as clock
from datetime import datetime


def run(job):
    start = time.time()
    job()
    # ruleid: wall-clock-duration
    print("took", time.time() - start)
    began = datetime.now()
    job()
    # ruleid: wall-clock-duration
    return datetime.now() - began


async def wait(ready):
    deadline = clock.time() + 5
    # ruleid: wall-clock-duration
    while clock.time() < deadline:
        if await ready():
            return True
    return False


def run_rightly(job):
    start = time.perf_counter()
    job()
    # ok: wall-clock-duration
    return time.perf_counter() - start


async def wait_rightly(ready):
    deadline = clock.monotonic() + 5
    # ok: wall-clock-duration
    while clock.monotonic() < deadline:
        if await ready():
            return True
    return False


def age(path):
    # ok: wall-clock-duration
    return time.time() - path.stat().st_mtime
