import os
import stat
import os as system

import fastapi
import flask
from fastapi.middleware.cors import CORSMiddleware
from django.views.decorators.csrf import csrf_exempt
from flask_cors import CORS

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
    # ruleid: debug-or-open-default
    os.makedirs(path, mode=0o777)
    # ruleid: debug-or-open-default
    os.chmod(path, stat.S_IRWXU | stat.S_IRWXG | stat.S_IRWXO)
    # ruleid: debug-or-open-default
    CORS(app, supports_credentials=True)
    # ok: debug-or-open-default
    CORS(app, origins=["https://a.example"], supports_credentials=True)
    # ok: debug-or-open-default
    app.run(debug=os.environ.get("DEBUG") == "1")
    # ok: debug-or-open-default
    os.chmod(path, 0o600)
    # ok: debug-or-open-default
    api.add_middleware(CORSMiddleware, allow_origins=["https://a.example"], allow_credentials=True)
    # ok: debug-or-open-default
    api.add_middleware(CORSMiddleware, allow_origins=["*"])


# ruleid: debug-or-open-default
@csrf_exempt
def hook(request):
    return None


async def serve(path):
    # ruleid: debug-or-open-default
    path.chmod(0o777)
    # ok: debug-or-open-default
    path.chmod(0o640)
