import os
import os as system

import fastapi
import flask
from fastapi.middleware.cors import CORSMiddleware

app = flask.Flask(__name__)
api = fastapi.FastAPI(debug=os.environ.get("DEBUG") == "1")


def main(path):
    # ruleid: debug-or-open-default
    app.run(debug=True)
    # ruleid: debug-or-open-default
    app.run(host="0.0.0.0")
    # ruleid: debug-or-open-default
    system.chmod(path, 0o777)
    # ruleid: debug-or-open-default
    api.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
    # ok: debug-or-open-default
    app.run(debug=os.environ.get("DEBUG") == "1")
    # ok: debug-or-open-default
    os.chmod(path, 0o600)
    # ok: debug-or-open-default
    api.add_middleware(CORSMiddleware, allow_origins=["https://a.example"], allow_credentials=True)
    # ok: debug-or-open-default
    api.add_middleware(CORSMiddleware, allow_origins=["*"])


async def serve(path):
    # ruleid: debug-or-open-default
    path.chmod(0o777)
    # ok: debug-or-open-default
    path.chmod(0o640)
