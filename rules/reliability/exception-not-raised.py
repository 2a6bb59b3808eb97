import builtins as b

from fastapi import HTTPException


def pay(amount):
    if amount < 0:
        # ruleid: exception-not-raised
        ValueError("negative amount")
    if amount == 0:
        # ok: exception-not-raised
        raise ValueError("nothing to pay")
    return amount


async def read(store, key):
    row = await store.get(key)
    if row is None:
        # nobody knows it
        # ruleid: exception-not-raised
        HTTPException(status_code=404)
    return row


def load(path):
    try:
        return path.read_text()
    except OSError as error:
        # ruleid: exception-not-raised
        b.RuntimeError(f"no {path}: {error}")


def make(kind):
    if kind == "value":
        # ok: exception-not-raised
        error = ValueError("kind")
    else:
        # ok: exception-not-raised
        return TypeError("kind")
    raise error


def kinds(raises):
    with raises(ValueError):
        # ok: exception-not-raised
        raise KeyError("tea")
