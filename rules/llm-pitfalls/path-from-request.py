import os
from pathlib import Path

import aiofiles
import flask
from fastapi import FastAPI
from flask import request
from flask import send_file as deliver
from werkzeug.utils import secure_filename

BASE = Path("/srv/files")
app = FastAPI()


def download():
    name = request.args["name"]
    # ruleid: path-from-request
    with open(os.path.join("/srv/files", name)) as file:
        text = file.read()
    # ruleid: path-from-request
    data = (BASE / name).read_bytes()
    # ruleid: path-from-request
    return deliver(f"/srv/files/{name}"), text, data


def upload():
    sent = flask.request.files["file"]
    # ruleid: path-from-request
    sent.save(os.path.join("/srv/files", sent.filename))
    # ok: path-from-request
    sent.save(os.path.join("/srv/files", secure_filename(sent.filename)))


async def read_later(request):
    # ruleid: path-from-request
    async with aiofiles.open("/srv/" + request.query_params["name"]) as file:
        await file.read()
    # ok: path-from-request
    async with aiofiles.open("/srv/motd") as file:
        return await file.read()


def checked():
    name = request.args["name"]
    if "/" in name or "\\" in name:
        raise ValueError(name)
    # ok: path-from-request
    return open(os.path.join("/srv/files", name))


@app.get("/read")
async def read(name: str, size: int = 10):
    # ruleid: path-from-request
    return (BASE / name).read_text()


@app.get("/read/{name}")
async def read_one(name: str, size: int):
    # ok: path-from-request
    with open(f"/srv/files/{size}") as file:
        return file.read()


class View:
    def get(self):
        # ruleid: path-from-request
        return open(self.request.GET["name"])


def by_number():
    # ok: path-from-request
    return open("/srv/files/%d" % int(request.args["number"]))
