import django.shortcuts
import flask
from aiohttp import web
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from flask import redirect, request, url_for
from flask import redirect as go

app = FastAPI()


def login():
    # ruleid: open-redirect
    return redirect(request.args.get("next"))


def logout():
    target = request.form["target"] or "/"
    return go(
        # ruleid: open-redirect
        target,
        code=303,
    )


def view(request):
    # ruleid: open-redirect
    return HttpResponseRedirect(request.GET["next"])


def view_rightly(request):
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = "/"
    # ok: open-redirect
    return django.shortcuts.redirect(target)


def by_number():
    # ok: open-redirect
    return redirect(url_for("order", number=request.args["number"]))


def by_path():
    # ok: open-redirect
    return flask.redirect(f"/orders/{request.args['number']}")


def by_object(request, orders):
    # ok: open-redirect
    return HttpResponseRedirect(orders.get(request.GET["number"]).get_absolute_url())


def by_name(request):
    # ok: open-redirect
    return HttpResponseRedirect(reverse("order", args=[request.GET["number"]]))


@app.get("/leave")
async def leave(url: str):
    # ruleid: open-redirect
    return RedirectResponse(url)


@app.get("/leave-by-name")
def leave_by_name(return_to: str = "/"):
    # ruleid: open-redirect
    return RedirectResponse(url=return_to)


@app.get("/orders/{number}")
async def order(number: int):
    # ok: open-redirect
    return RedirectResponse(url=f"/v2/orders/{number}")


async def handle(request):
    # ruleid: open-redirect
    raise web.HTTPFound(request.query["next"])


TARGETS = {"home": "/", "shop": "/shop"}


def by_table():
    # ok: open-redirect
    return redirect(TARGETS[request.args["page"]])
