import decimal
from decimal import Decimal

import sqlalchemy as sa
from django.db import models
from pydantic import BaseModel
from sqlalchemy import Column, Float, Integer, Numeric


class Order(models.Model):
    # ruleid: money-as-float
    unit_price = models.FloatField()
    # ok: money-as-float
    weight = models.FloatField()
    # ok: money-as-float
    price = models.DecimalField(max_digits=10, decimal_places=2)


class Row:
    # ruleid: money-as-float
    balance = Column(Float, nullable=False)
    # ruleid: money-as-float
    total_price = sa.Column(sa.Float)
    # ok: money-as-float
    cents = Column(Integer)
    # ok: money-as-float
    price = Column(Numeric(10, 2))


class Line(BaseModel):
    # ruleid: money-as-float
    unit_price: float
    # ok: money-as-float
    weight: float


async def read(form):
    # ok: money-as-float
    share = float((await form())["share"])
    # ok: money-as-float
    exact = Decimal((await form())["price"])
    return share, exact, decimal
