import hmac
from urllib.parse import quote

import flask
import flask as fl
import markupsafe
from werkzeug.urls import url_quote as old_quote

app = flask.Flask(__name__)


# ruleid: removed-flask-name
@app.before_first_request
def warm():
    return None


# ok: removed-flask-name
@app.before_request
def look():
    return None


def show(name):
    # ruleid: removed-flask-name
    flask.escape(name)
    # ruleid: removed-flask-name
    old_quote(name)
    # ok: removed-flask-name
    markupsafe.escape(name)
    # ok: removed-flask-name
    quote(name)
    # ok: removed-flask-name
    return hmac.compare_digest(name, "tea")


async def html(name):
    # ruleid: removed-flask-name
    return fl.Markup("<b>tea</b>")
