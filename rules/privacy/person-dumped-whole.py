import dataclasses
import json
from dataclasses import asdict

from django.forms.models import model_to_dict
from django.http import JsonResponse
from flask import jsonify


def show(request, user, order):
    # ruleid: person-dumped-whole
    data = model_to_dict(user)
    # ruleid: person-dumped-whole
    JsonResponse(vars(user))
    # ruleid: person-dumped-whole
    json.dumps(request.user.__dict__, default=str)
    # ruleid: person-dumped-whole
    jsonify(user=asdict(user))
    # ok: person-dumped-whole
    model_to_dict(user, fields=["id", "name"])
    # ok: person-dumped-whole
    jsonify(order=asdict(order))
    # ok: person-dumped-whole
    jsonify(user={"id": user.id})
    return data


async def later(customer):
    return JSONResponse(
        # ruleid: person-dumped-whole
        content=customer.model_dump(),
    )


async def later_named(customer):
    # ok: person-dumped-whole
    return JSONResponse(content=customer.model_dump(include={"id", "name"}))
