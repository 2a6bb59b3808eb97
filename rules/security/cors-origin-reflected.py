import flask
from flask import request
from flask import request as incoming

ORIGINS = {"https://shop.example"}


def after(response):
    # ruleid: cors-origin-reflected
    response.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin", "*")
    return response


def after_checked(response):
    origin = request.headers.get("Origin")
    if origin in ORIGINS:
        # ok: cors-origin-reflected
        response.headers["Access-Control-Allow-Origin"] = origin
    return response


def view(request, response):
    origin = request.META["HTTP_ORIGIN"]
    # ruleid: cors-origin-reflected
    response["Access-Control-Allow-Origin"] = origin
    # ok: cors-origin-reflected
    response["Access-Control-Allow-Origin"] = "https://shop.example"
    # ok: cors-origin-reflected
    response["X-Seen-Origin"] = origin
    return response


async def handle(request):
    # ruleid: cors-origin-reflected
    return flask.Response("", headers={"Access-Control-Allow-Origin": incoming.headers["Origin"]})
