import logging
import pathlib
import tempfile
from pathlib import Path
from pathlib import Path as P


def write(text):
    # ruleid: fixed-name-in-tmp
    with open("/tmp/report.csv", "w") as file:
        file.write(text)
    # ruleid: fixed-name-in-tmp
    Path("/tmp/state.json").write_text(text)
    # ruleid: fixed-name-in-tmp
    P("/var/tmp/state.bin").write_bytes(text.encode())
    # ok: fixed-name-in-tmp
    with open("/tmp/report.csv") as file:
        file.read()
    # ok: fixed-name-in-tmp
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(text)
    # ok: fixed-name-in-tmp
    pathlib.Path("/srv/app/state.json").write_text(text)


async def log(queue):
    # ruleid: fixed-name-in-tmp
    handler = logging.FileHandler("/tmp/app.log")
    # ok: fixed-name-in-tmp
    other = logging.FileHandler("/var/log/app.log")
    # todoruleid: fixed-name-in-tmp
    path = "/tmp/queue.txt"
    with open(path, "w") as file:
        file.write(await queue.get())
    return handler, other
