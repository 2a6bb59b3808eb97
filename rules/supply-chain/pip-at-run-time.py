import asyncio
import os
import subprocess
import sys
from subprocess import check_call as call

import pip


def install(name, more):
    # ruleid: pip-at-run-time
    subprocess.run([sys.executable, "-m", "pip", "install", name], check=True)
    # ruleid: pip-at-run-time
    call([sys.executable, "-m", "pip", "install"] + more)
    # ruleid: pip-at-run-time
    os.system("pip install requests")
    # ruleid: pip-at-run-time
    os.system(f"{sys.executable} -m pip install {name}")
    # ruleid: pip-at-run-time
    pip.main(["install", name])
    # ruleid: pip-at-run-time
    subprocess.check_call(
        ["pip3", "install", "--upgrade", name],
    )


async def later(name):
    # ruleid: pip-at-run-time
    await asyncio.create_subprocess_exec(sys.executable, "-m", "pip", "install", name)
    # ok: pip-at-run-time
    await asyncio.create_subprocess_exec(sys.executable, "-m", "pip", "list")
    # ok: pip-at-run-time
    subprocess.run([sys.executable, "-m", "venv", "env"], check=True)
    # ok: pip-at-run-time
    raise ImportError("pip install name")
    # ok: pip-at-run-time
    os.system("make install")
