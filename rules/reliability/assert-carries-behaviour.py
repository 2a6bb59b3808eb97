import os
import os as system
import subprocess
from subprocess import call


def build(queue, user):
    # ruleid: assert-carries-behaviour
    assert call(["make"]) == 0
    # ruleid: assert-carries-behaviour
    assert queue.pop(), "empty"
    # ok: assert-carries-behaviour
    assert system.path.exists("a") or system.unlink("b")
    # ruleid: assert-carries-behaviour
    assert system.environ.get("API_KEY"), "no key"
    # ok: assert-carries-behaviour
    assert isinstance(queue, list)
    # ok: assert-carries-behaviour
    subprocess.check_call(["make"])
    if not queue.pop():
        # ok: assert-carries-behaviour
        raise LookupError(user)
    # ok: assert-carries-behaviour
    return os.environ["API_KEY"]


async def leave(room, user):
    # ruleid: assert-carries-behaviour
    assert await room.remove(user)
    removed = await room.remove(user)
    # ok: assert-carries-behaviour
    assert removed is not None


def test_admin(queue):
    # ok: assert-carries-behaviour
    assert queue.pop()
