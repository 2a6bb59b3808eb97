import html
import json

import flask
from django.http import HttpResponse
from django.http import HttpResponse as Answer
from django.utils.html import format_html
from fastapi import Depends, FastAPI
from fastapi.responses import HTMLResponse
from flask import make_response, render_template, request
from markupsafe import escape


def hello():
    # ruleid: html-from-request
    return f"<h1>Hello {request.args['name']}</h1>"


def search():
    query = request.args.get("q", "")
    page = "<p>No result for " + query + "</p>"
    # ruleid: html-from-request
    return make_response(page, 404)


def view(request):
    # ruleid: html-from-request
    return HttpResponse("Hello %s" % request.GET["name"])


def view_json(request):
    # ok: html-from-request
    return HttpResponse(json.dumps({"name": request.GET["name"]}), content_type="application/json")


def view_text(request):
    # ok: html-from-request
    return Answer(request.GET["name"], content_type="text/plain")


def hello_rightly():
    # ok: html-from-request
    return f"<h1>Hello {escape(request.args['name'])}</h1>"


def hello_by_template():
    # ok: html-from-request
    return render_template("hello.html", name=request.args["name"])


def view_rightly(request):
    # ok: html-from-request
    return HttpResponse(format_html("Hello {}", request.GET["name"]))


def number():
    # ok: html-from-request
    return "<b>%d</b>" % int(flask.request.args["number"])


app = FastAPI()
shop = flask.Flask("shop")


@shop.route("/hello/<name>")
def hello_by_path(name):
    # ruleid: html-from-request
    return f"<h1>Hello {name}</h1>"


@shop.route("/order/<int:number>")
def order(number):
    # ok: html-from-request
    return f"<h1>Order {number}</h1>"


@app.get("/hello")
async def hello_by_parameter(name: str, times: int = 1):
    page = f"<h1>{name}</h1>"
    # ruleid: html-from-request
    return HTMLResponse(page)


@app.get("/times")
async def hello_times(times: int, store=Depends(load)):
    # ok: html-from-request
    return HTMLResponse(f"<h1>{times}</h1>")


async def page(request):
    name = request.query_params["name"]
    safe = html.escape(name)
    # ok: html-from-request
    await log(HTMLResponse(f"<h1>{safe}</h1>"))
    text = "<h1>%s</h1>" % name
    return HTMLResponse(
        # ruleid: html-from-request
        text,
    )
