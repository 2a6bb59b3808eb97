import subprocess
import sys
from subprocess import run as start


def install(name):
    # ruleid: pip-source-unverified
    subprocess.run([sys.executable, "-m", "pip", "install", "--trusted-host", "pypi.acme.example", name])
    # ruleid: pip-source-unverified
    start(f"pip install --index-url http://pypi.acme.example/simple {name}", shell=True)


async def later(asyncio, name):
    # ruleid: pip-source-unverified
    await asyncio.create_subprocess_shell("pip install -i http://a.example/simple tool")
    # ok: pip-source-unverified
    await asyncio.create_subprocess_shell("pip install -i https://a.example/simple tool")
    # ok: pip-source-unverified
    subprocess.run(["pip", "install", name])
    # ok: pip-source-unverified
    print("trusted-host")
