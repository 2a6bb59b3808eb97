import ast
import builtins as b


def compute(text, table):
    # ruleid: eval-of-variable
    eval(text)
    # ruleid: eval-of-variable
    exec(f"result = {text}")
    # ruleid: eval-of-variable
    b.eval(text, {})
    # ok: eval-of-variable
    ast.literal_eval(text)
    # ok: eval-of-variable
    eval("1 + 1")
    # ok: eval-of-variable
    return table[text]()


async def compute_later(model, text):
    # ruleid: eval-of-variable
    value = eval(await text.read())
    # ok: eval-of-variable
    model.eval()
    return value
