import ast
import builtins as b


def define(text, names):
    # ruleid: eval-in-namespace
    exec(text, names)
    # ruleid: eval-in-namespace
    b.eval(text, names, {})
    # ok: eval-in-namespace
    eval("1 + 1", names)
    # ok: eval-in-namespace
    eval(text)
    # ok: eval-in-namespace
    return ast.literal_eval(text)


async def define_later(file, names):
    # ruleid: eval-in-namespace
    exec(
        await file.read(),
        names,
    )
