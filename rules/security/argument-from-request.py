import asyncio
import subprocess
import subprocess as sp

from flask import request


def clone():
    # ruleid: argument-from-request
    subprocess.run(["git", "clone", request.form["repository"]], check=True)
    name = request.args["name"]
    # ruleid: argument-from-request
    text = sp.check_output(["tar", "-xf", name])
    # ok: argument-from-request
    subprocess.run(["git", "clone", "--", request.form["repository"]], check=True)
    # ok: argument-from-request
    subprocess.run(["git", "gc"], cwd=request.form["folder"], check=True)
    # ok: argument-from-request
    sp.call(["nice", "-n", str(int(request.args["level"])), "make"])
    return text


async def convert(request):
    name = (await request.json())["file"]
    process = await asyncio.create_subprocess_exec(
        "convert",
        # ruleid: argument-from-request
        name,
        "out.png",
    )
    # ok: argument-from-request
    other = await asyncio.create_subprocess_exec("convert", "in.png", "out.png")
    return process, other
