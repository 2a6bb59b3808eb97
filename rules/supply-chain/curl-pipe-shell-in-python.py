import os
import subprocess as sp
from subprocess import run


def install():
    # ruleid: curl-pipe-shell-in-python
    sp.run("curl -sSL https://get.example.org | sh", shell=True)
    # ruleid: curl-pipe-shell-in-python
    os.system("wget -qO- https://get.example.org | bash")
    # ruleid: curl-pipe-shell-in-python
    run(["bash", "-c", "curl https://get.example.org | bash"])


async def later(asyncio):
    # ruleid: curl-pipe-shell-in-python
    await asyncio.create_subprocess_shell(f"curl https://get.example.org/{1} | sh")
    # ok: curl-pipe-shell-in-python
    await asyncio.create_subprocess_shell("curl -O https://get.example.org/tool")
    # ok: curl-pipe-shell-in-python
    sp.run(["sh", "./install.sh"], check=True)
    # ok: curl-pipe-shell-in-python
    os.system("cat list | sh")
