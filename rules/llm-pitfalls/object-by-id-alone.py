import flask
from django.shortcuts import get_object_or_404
from django.shortcuts import get_object_or_404 as fetch
from fastapi import APIRouter, Depends

from shop.db import Order, get_db
from shop.people import get_current_user, login_required

router = APIRouter()
app = flask.Flask(__name__)


@router.get("/orders/{order_id}")
async def read_order(order_id: int, db=Depends(get_db)):
    # ruleid: object-by-id-alone
    return db.get(Order, order_id)


@app.route("/orders/<int:order_id>")
def show_order(order_id):
    # ruleid: object-by-id-alone
    order = Order.query.get_or_404(order_id)
    return flask.jsonify(order.as_dict())


def order_page(request, pk):
    # ruleid: object-by-id-alone
    order = fetch(
        Order,
        pk=pk,
    )
    return order


def order_view(request, order_id):
    # ruleid: object-by-id-alone
    order = get_object_or_404(Order, pk=order_id)
    return order


def invoice_view(request, pk):
    # ruleid: object-by-id-alone
    order = Order.objects.get(pk=pk)
    return order


@login_required
def my_order_view(request, pk):
    # ok: object-by-id-alone
    return get_object_or_404(Order, pk=pk)


def own_order_view(request, pk):
    # ok: object-by-id-alone
    return get_object_or_404(Order, pk=pk, owner=request.user)


@router.get("/my/orders/{order_id}")
async def read_my_order(order_id: int, user=Depends(get_current_user), db=Depends(get_db)):
    # ok: object-by-id-alone
    order = db.get(Order, order_id)
    return order if order.buyer == user else None


def cheapest(session, key):
    # ok: object-by-id-alone
    return session.get(Order, key)
