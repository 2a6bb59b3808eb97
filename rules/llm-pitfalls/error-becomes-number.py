import math
import math as m

import numpy as np


def ratio(a, b):
    try:
        value = a / b
    except Exception:
        # ruleid: error-becomes-number
        value = 0
    return value


def price(row):
    try:
        amount = float(row["price"])
    except:
        # ruleid: error-becomes-number
        amount = np.nan
    return amount


async def total(rows):
    try:
        result = await rows.total()
    except Exception as error:
        print(error)
        # ruleid: error-becomes-number
        result = float("nan")
    try:
        row = await rows.first()
    except Exception:
        # ruleid: error-becomes-number
        row = {}
    return result, row


def ratio_rightly(a, b):
    try:
        value = a / b
    except ZeroDivisionError:
        # ok: error-becomes-number
        value = math.nan
    return value


async def total_rightly(rows):
    try:
        result = await rows.total()
    except Exception:
        # ok: error-becomes-number
        result = None
        raise
    return result


def counted(a, failures):
    try:
        a()
    except Exception:
        # ok: error-becomes-number
        failures += 1
    return m.floor(failures)
