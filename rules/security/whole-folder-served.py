import os

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from flask import Flask, send_from_directory
from flask import send_from_directory as deliver

# ruleid: whole-folder-served
app = Flask(__name__, static_folder=".", static_url_path="")
# ok: whole-folder-served
rightly = Flask(__name__, static_folder="static")


@app.route("/<path:name>")
def page(name):
    # ruleid: whole-folder-served
    return send_from_directory(".", name)


@app.route("/other/<path:name>")
def other(name):
    # ruleid: whole-folder-served
    return deliver(os.path.dirname(os.path.abspath(__file__)), name)


@app.route("/")
def index():
    # ok: whole-folder-served
    return send_from_directory(".", "index.html")


@app.route("/pages/<path:name>")
def pages(name):
    # ok: whole-folder-served
    return send_from_directory("pages", name)


async def start():
    api = FastAPI()
    # ruleid: whole-folder-served
    api.mount("/", StaticFiles(directory=".", html=True))
    # ok: whole-folder-served
    api.mount("/static", StaticFiles(directory="static"))
    return api
