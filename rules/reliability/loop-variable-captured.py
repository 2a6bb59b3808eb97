import functools
import functools as ft
import threading


def handlers(names, button):
    kept = []
    table = {}
    for name in names:
        # ruleid: loop-variable-captured
        kept.append(lambda: print(name))
        # ruleid: loop-variable-captured
        table[name] = lambda text: print(name, text)
        # ruleid: loop-variable-captured
        button.connect(lambda: print(name))
        # ok: loop-variable-captured
        kept.append(lambda name=name: print(name))
        # ok: loop-variable-captured
        kept.append(ft.partial(print, name))
        # ok: loop-variable-captured
        kept.append(lambda text: print(text))
    return kept, table, functools, threading


async def later(names, loop):
    for name in names:
        # ruleid: loop-variable-captured
        loop.call_soon(lambda: print(name))
    # ok: loop-variable-captured
    return sorted(names, key=lambda name: name.lower())
