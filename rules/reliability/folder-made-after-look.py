import os
import os as system
from os import makedirs
from pathlib import Path


def prepare(path):
    # ruleid: folder-made-after-look
    if not os.path.exists(path):
        os.makedirs(path)
    # ruleid: folder-made-after-look
    if not system.path.isdir(path):
        makedirs(path)
    # ok: folder-made-after-look
    os.makedirs(path, exist_ok=True)
    # ok: folder-made-after-look
    if not os.path.exists(path):
        raise FileNotFoundError(path)


async def prepare_later(path: Path):
    # ruleid: folder-made-after-look
    if not path.exists():
        path.mkdir(parents=True)
    # ok: folder-made-after-look
    path.mkdir(parents=True, exist_ok=True)
    # ok: folder-made-after-look
    if not path.exists():
        path.mkdir(exist_ok=True)
