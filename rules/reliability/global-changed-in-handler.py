import flask
from fastapi import FastAPI as Api

app = flask.Flask(__name__)
api = Api()
hits = 0
current = None
SETTINGS = {}


@app.route("/")
def index():
    global hits
    # ruleid: global-changed-in-handler
    hits += 1
    return str(hits)


@api.post("/user")
async def choose(name: str):
    global current
    # ruleid: global-changed-in-handler
    current = name
    return current


def view(request):
    global current
    # ruleid: global-changed-in-handler
    current = request.user
    return current


@app.route("/mine")
def mine():
    # ok: global-changed-in-handler
    flask.g.current = flask.request.args["name"]
    # ok: global-changed-in-handler
    name = flask.g.current
    return name


def load(path):
    global SETTINGS
    # ok: global-changed-in-handler
    SETTINGS = path
    return SETTINGS
