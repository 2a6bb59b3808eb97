import contextlib
import contextlib as cl


def read(file):
    try:
        return file.read()
    finally:
        file.close()
        # ruleid: leave-in-finally
        return ""


async def read_later(file):
    text = ""
    try:
        text = await file.read()
    except OSError as error:
        print(error)
    finally:
        # ruleid: leave-in-finally
        return text


def read_all(files):
    for file in files:
        try:
            file.read()
        finally:
            file.close()
            # ruleid: leave-in-finally
            continue


def read_rightly(file):
    try:
        # ok: leave-in-finally
        return file.read()
    finally:
        file.close()


async def read_after(file):
    try:
        text = await file.read()
    finally:
        file.close()
    # ok: leave-in-finally
    return text


def read_quietly(file):
    with cl.suppress(OSError), contextlib.closing(file):
        # ok: leave-in-finally
        return file.read()
