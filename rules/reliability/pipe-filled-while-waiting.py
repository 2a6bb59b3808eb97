import asyncio
import subprocess
import subprocess as sp
from subprocess import PIPE, Popen


def pack(command):
    # ruleid: pipe-filled-while-waiting
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    process.wait()
    return process.returncode


def pack_all(commands):
    for command in commands:
        # ruleid: pipe-filled-while-waiting
        child = Popen(command, stderr=PIPE)
        child.wait()
        print(child.returncode)


async def pack_later(command):
    # ruleid: pipe-filled-while-waiting
    process = await asyncio.create_subprocess_exec(
        *command,
        stdout=asyncio.subprocess.PIPE,
    )
    await process.wait()
    return process.returncode


def pack_rightly(command):
    # ok: pipe-filled-while-waiting
    process = sp.Popen(command, stdout=sp.PIPE)
    output, _ = process.communicate()
    return output


def pack_quietly(command):
    # ok: pipe-filled-while-waiting
    process = sp.Popen(command, stdout=sp.DEVNULL)
    return process.wait()


def pack_by_line(command):
    # ok: pipe-filled-while-waiting
    process = sp.Popen(command, stdout=sp.PIPE)
    for line in process.stdout:
        print(line)
    return process.wait()
