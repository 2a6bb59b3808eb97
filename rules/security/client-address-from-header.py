from flask import request
from flask import request as incoming
from werkzeug.middleware.proxy_fix import ProxyFix


def address():
    # ruleid: client-address-from-header
    return request.headers.get("X-Forwarded-For", request.remote_addr)


def first():
    # ruleid: client-address-from-header
    return incoming.headers["X-Forwarded-For"].split(",")[0]


def view(request):
    # ruleid: client-address-from-header
    given = request.META.get("HTTP_X_FORWARDED_FOR")
    # ok: client-address-from-header
    request.META["HTTP_X_FORWARDED_FOR"] = "192.0.2.1"
    # ok: client-address-from-header
    return given or request.META["REMOTE_ADDR"]


async def handle(request):
    # ok: client-address-from-header
    agent = request.headers.get("User-Agent")
    # ok: client-address-from-header
    return agent, request.client.host


def setup(app):
    # ok: client-address-from-header
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1)
