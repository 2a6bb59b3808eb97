from string import Template

from flask import request
from flask import request as incoming

FORMATS = {"short": "{user.name}", "long": "{user.name}, {user.city}"}


def greet(user):
    text = request.args.get("format", "{user.name}")
    # ruleid: format-string-from-request
    greeting = text.format(user=user)
    # ruleid: format-string-from-request
    other = incoming.form["signature"].format_map({"user": user})
    # ok: format-string-from-request
    fixed = "Hello {}".format(request.args["name"])
    # ok: format-string-from-request
    template = Template(text).safe_substitute(name=user.name)
    # ok: format-string-from-request
    chosen = FORMATS[request.args["format"]].format(user=user)
    return greeting, other, fixed, template, chosen


async def greet_later(request, user):
    body = await request.json()
    # ruleid: format-string-from-request
    return ("Dear " + body["salutation"]).format(
        user=user,
    )
