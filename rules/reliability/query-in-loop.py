import django.db
from django.db import models as m

from shop.models import Order, Person


def totals(ids, session):
    for key in ids:
        # ruleid: query-in-loop
        order = Order.objects.get(pk=key)
        print(order.total)
    for person in Person.objects.all():
        # ruleid: query-in-loop
        print(person.order_set.count())
        # ruleid: query-in-loop
        for order in session.query(Order).filter_by(buyer=person.id):
            print(order)
    # ok: query-in-loop
    for order in Order.objects.filter(pk__in=ids):
        print(order.total)


async def names(rows):
    for row in rows:
        # ruleid: query-in-loop
        person = Person.query.get(row["person"])
        print(person.name)


def totals_rightly(ids):
    orders = Order.objects.in_bulk(ids)
    for key in ids:
        # ok: query-in-loop
        print(orders[key].total)
    for person in Person.objects.prefetch_related("order_set"):
        # ok: query-in-loop
        print(len(person.order_set.all()))
    # ok: query-in-loop
    return Order.objects.get(pk=ids[0]), django, m


async def warm(names):
    for name in names:
        # ok: query-in-loop
        print(Order.cache.get(name))
