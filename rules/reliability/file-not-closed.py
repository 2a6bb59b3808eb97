import csv
import json
import json as js
from pathlib import Path


def load(path):
    # ruleid: file-not-closed
    text = open(path).read()
    # ruleid: file-not-closed
    data = json.load(open(path, encoding="utf-8"))
    # ruleid: file-not-closed
    js.dump(data, open(path, "w"))
    # ruleid: file-not-closed
    for line in open(path):
        print(line)
    with open(path) as file:
        # ok: file-not-closed
        text = file.read()
    with open(path) as file:
        # ok: file-not-closed
        data = js.load(file)
    # ok: file-not-closed
    Path(path).write_text(text)
    # ruleid: file-not-closed
    return Path(path).read_text(), list(csv.reader(open(path)))


async def load_later(path):
    # ruleid: file-not-closed
    return open(path, "rb").read()


async def load_rightly(path):
    # ok: file-not-closed
    with open(path, "rb") as file:
        return file.read()
