from flask import make_response
from flask import make_response as answer


def view(user, email):
    response = make_response("ok")
    # ruleid: personal-data-in-cookie
    response.set_cookie("email", email)
    # ruleid: personal-data-in-cookie
    response.set_cookie("who", user.email, secure=True)
    # ruleid: personal-data-in-cookie
    answer("ok").set_cookie(key="remember", value=user.phone_number)
    # ok: personal-data-in-cookie
    response.set_cookie("session", user.session_id, httponly=True)
    # ok: personal-data-in-cookie
    response.set_cookie("email_enabled", "1")
    return response


async def later(response, user):
    # ruleid: personal-data-in-cookie
    response.set_cookie(
        key="phone_number",
        value=user.number,
    )
    # ok: personal-data-in-cookie
    response.set_cookie(key="theme", value=user.theme)
