import re
import re as regex


def kind(name, count):
    # ruleid: is-with-literal
    if name is "tea":
        return 1
    # ruleid: is-with-literal
    if count is not 0:
        return 2
    # ok: is-with-literal
    if name == "tea":
        return 3
    # ok: is-with-literal
    if name is None or name is not True:
        return 4
    # ok: is-with-literal
    return regex.match(name, "is 5"), re


async def empty(client):
    rows = await client.rows()
    # ruleid: is-with-literal
    return rows is ()


MISSING = object()


def known(value):
    # ok: is-with-literal
    return value is not MISSING
