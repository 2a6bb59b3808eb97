import flask
from django.http import HttpResponse
from flask import make_response as answer

SESSION_COOKIE = "shop_session"


def login(token, user):
    response = flask.make_response("in")
    # ruleid: cookie-without-protection
    response.set_cookie("session", token)
    # ruleid: cookie-without-protection
    response.set_cookie("access_token", token, httponly=True)
    # ruleid: cookie-without-protection
    response.set_cookie(
        SESSION_COOKIE,
        token,
        secure=True,
    )
    # ok: cookie-without-protection
    response.set_cookie("session", token, secure=True, httponly=True, samesite="Lax")
    # ok: cookie-without-protection
    response.set_cookie("language", user.language)
    # ok: cookie-without-protection
    response.set_cookie("csrftoken", token)
    # ok: cookie-without-protection
    response.set_cookie("session", "", expires=0)
    return response


async def login_later(request, store, options):
    response = HttpResponse(answer("in"))
    # ruleid: cookie-without-protection
    response.set_cookie(key="refresh_token", value=await store.token(), max_age=3600)
    # ok: cookie-without-protection
    response.set_cookie("session", await store.token(), **options)
    return response
