from django.db.models import F
from django.shortcuts import get_object_or_404 as fetch
from django.shortcuts import get_object_or_404

from shop.models import Item


def buy(pk, count):
    item = Item.objects.get(pk=pk)
    # ruleid: counter-lost-update
    item.stock -= count
    item.save()


def view(request, pk):
    item = get_object_or_404(Item, pk=pk)
    if request.method == "POST":
        # ruleid: counter-lost-update
        item.views += 1
        item.save(update_fields=["views"])
    return item


async def like(pk):
    item = Item.objects.get(pk=pk)
    # ruleid: counter-lost-update
    item.likes = item.likes + 1
    item.save()


def buy_rightly(pk, count):
    # ok: counter-lost-update
    Item.objects.filter(pk=pk).update(stock=F("stock") - count)


def buy_locked(pk, count):
    item = Item.objects.select_for_update().get(pk=pk)
    # ok: counter-lost-update
    item.stock -= count
    item.save()


def rename(pk, name):
    item = fetch(Item, pk=pk)
    # ok: counter-lost-update
    item.name = name
    item.save()
