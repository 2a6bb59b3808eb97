import flask
from flask import Flask as App

app = App(__name__)
# ruleid: cookie-protection-off
SESSION_COOKIE_SECURE = False
# ruleid: cookie-protection-off
app.config["SESSION_COOKIE_HTTPONLY"] = False
# ruleid: cookie-protection-off
app.config.update(
    SESSION_COOKIE_SECURE=False,
    SESSION_COOKIE_SAMESITE="Lax",
)
# ok: cookie-protection-off
SESSION_COOKIE_HTTPONLY = True
# ok: cookie-protection-off
CSRF_COOKIE_SECURE = not DEBUG
# ok: cookie-protection-off
app.config["SESSION_COOKIE_SECURE"] = True


async def login(store):
    response = flask.make_response("in")
    # ruleid: cookie-protection-off
    response.set_cookie("session", await store.token(), secure=False, httponly=True)
    # ok: cookie-protection-off
    response.set_cookie("session", await store.token(), secure=True, httponly=True)
    return response
