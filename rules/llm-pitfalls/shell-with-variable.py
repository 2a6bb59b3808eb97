import asyncio
import os
import subprocess
import subprocess as sp
from subprocess import check_output


def pack(name):
    # ruleid: shell-with-variable
    os.system("tar cf out.tar " + name)
    # ruleid: shell-with-variable
    subprocess.run(f"tar cf out.tar {name}", shell=True, check=True)
    # ruleid: shell-with-variable
    sp.Popen("tar cf out.tar %s" % name, shell=True)
    # ruleid: shell-with-variable
    check_output(name, shell=True)
    # ok: shell-with-variable
    subprocess.run(["tar", "cf", "out.tar", "--", name], check=True)
    # ok: shell-with-variable
    sp.run("tar cf out.tar .", shell=True, check=True)
    # ok: shell-with-variable
    os.system("clear")


async def pack_later(name):
    # ruleid: shell-with-variable
    await asyncio.create_subprocess_shell(f"tar cf out.tar {name}")
    # ok: shell-with-variable
    await asyncio.create_subprocess_exec("tar", "cf", "out.tar", "--", name)
