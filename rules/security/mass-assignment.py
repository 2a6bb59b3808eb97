import flask
from flask import request
from flask import request as incoming

from shop.models import Order, User
from shop.schemas import UserSchema


def create():
    # ruleid: mass-assignment
    user = User(**request.get_json())
    data = flask.request.form.to_dict()
    # ruleid: mass-assignment
    order = Order.objects.create(owner=user, **data)
    for field, value in request.json.items():
        # ruleid: mass-assignment
        setattr(user, field, value)
    return user, order


def create_rightly():
    # ok: mass-assignment
    user = User(**UserSchema().load(request.get_json()))
    # ok: mass-assignment
    named = User(name=request.json["name"], email=request.json["email"])
    for field in ("name", "email"):
        # ok: mass-assignment
        setattr(user, field, request.json[field])
    # ok: mass-assignment
    checked = UserSchema(**request.json)
    return named, checked


async def change(request, session, ident):
    body = await request.json()
    # ruleid: mass-assignment
    session.query(User).filter(User.id == ident).update(**body)
    return Order(
        # ruleid: mass-assignment
        **incoming.json,
    )
