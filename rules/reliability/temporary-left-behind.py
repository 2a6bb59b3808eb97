import os
import shutil
import tempfile
import tempfile as tf
from tempfile import NamedTemporaryFile


def pack(files):
    # ruleid: temporary-left-behind
    folder = tempfile.mkdtemp()
    for file in files:
        shutil.copy(file, folder)
    return 1


async def save(upload):
    # ruleid: temporary-left-behind
    file = NamedTemporaryFile(suffix=".png", delete=False)
    file.write(await upload.read())
    file.close()


def write(text):
    # ruleid: temporary-left-behind
    handle, path = tf.mkstemp()
    os.write(handle, text)
    os.close(handle)
    print(path)


def pack_rightly(files):
    # ok: temporary-left-behind
    with tempfile.TemporaryDirectory() as folder:
        return [shutil.copy(file, folder) for file in files]


def pack_by_hand(files):
    # ok: temporary-left-behind
    folder = tempfile.mkdtemp()
    try:
        return len(files)
    finally:
        shutil.rmtree(folder)


def make_folder():
    # ok: temporary-left-behind
    folder = tf.mkdtemp(prefix="shop-")
    return folder
