import decimal
import decimal as dec


def tax(amount):
    # ruleid: decimal-from-float
    rate = decimal.Decimal(0.19)
    # ruleid: decimal-from-float
    fee = dec.Decimal(-1.1)
    # ok: decimal-from-float
    half = decimal.Decimal(0.5)
    # ok: decimal-from-float
    exact = decimal.Decimal("0.19")
    # ok: decimal-from-float
    return amount * exact + rate + fee + half + decimal.Decimal(3)


async def price(row):
    # ruleid: decimal-from-float
    return decimal.Decimal(2.675)


async def price_rightly(row):
    # ok: decimal-from-float
    return decimal.Decimal(row["price"])
