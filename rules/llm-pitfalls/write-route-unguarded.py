import flask
from fastapi import APIRouter, Depends, HTTPException
from fastapi import FastAPI as Api

from shop.db import Order, User, get_db
from shop.people import get_current_user, login_required

app = Api()
router = APIRouter()
bp = flask.Blueprint("orders", __name__)


@router.delete("/orders/{order_id}")
# ruleid: write-route-unguarded
async def delete_order(order_id: int, db=Depends(get_db)):
    order = db.get(Order, order_id)
    db.delete(order)


@app.put(
    "/orders/{order_id}/address",
    status_code=204,
)
# ruleid: write-route-unguarded
def move_order(order_id: int, street: str, db=Depends(get_db)):
    order = db.get(Order, order_id)
    if order is None:
        raise HTTPException(404)
    order.street = street


@bp.route("/orders/<int:order_id>", methods=["DELETE", "PATCH"])
# ruleid: write-route-unguarded
def drop_order(order_id):
    Order.query.filter_by(id=order_id).delete()
    return "", 204


@router.delete("/my/orders/{order_id}")
# ok: write-route-unguarded
async def delete_my_order(order_id: int, user: User = Depends(get_current_user), db=Depends(get_db)):
    db.delete(db.query(Order).filter_by(id=order_id, buyer=user).one())


@bp.route("/my/orders/<int:order_id>", methods=["DELETE"])
@login_required
# ok: write-route-unguarded
def drop_my_order(order_id):
    return "", 204


@router.patch("/health/{name}")
# ok: write-route-unguarded
def health(name: str):
    return name


@router.get("/orders/{order_id}")
# ok: write-route-unguarded
def read_order(order_id: int):
    return order_id


@bp.route("/orders/<int:order_id>")
# ok: write-route-unguarded
def show_order(order_id):
    return flask.jsonify(order_id)
