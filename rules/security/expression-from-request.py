import numexpr
import pandas as pd
import sympy
from flask import request
from sympy import sympify as parse


def calculate(frame):
    # ruleid: expression-from-request
    value = parse(request.args["formula"])
    formula = request.form["formula"]
    # ruleid: expression-from-request
    column = pd.eval(formula)
    # ruleid: expression-from-request
    rows = frame.query(f"city == '{request.args['city']}'")
    # ok: expression-from-request
    fixed = frame.query("city == 'Bern'")
    # ok: expression-from-request
    compared = frame[frame.city == request.args["city"]]
    # ok: expression-from-request
    number = sympy.sympify(int(request.args["number"]))
    return value, column, rows, fixed, compared, number


async def calculate_later(request):
    body = await request.json()
    return numexpr.evaluate(
        # ruleid: expression-from-request
        body["formula"],
    )
