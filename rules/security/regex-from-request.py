import re
import re as regex

import re2
from flask import request
from re import compile as build


def search(lines):
    # ruleid: regex-from-request
    return [line for line in lines if re.search(request.args["q"], line)]


def search_compiled(lines):
    words = request.form.get("words", "")
    # ruleid: regex-from-request
    pattern = build(f".*{words}.*", re.IGNORECASE)
    # ruleid: regex-from-request
    parts = regex.split(words, lines[0])
    # ok: regex-from-request
    safe = re.compile(re.escape(words))
    # ok: regex-from-request
    linear = re2.compile(words)
    # ok: regex-from-request
    fixed = re.findall(r"[a-z]+", words)
    return pattern, parts, safe, linear, fixed


@app.get("/search")
async def search_by_parameter(q: str, limit: int = 10):
    # ruleid: regex-from-request
    found = re.findall(q, TEXT)
    # todoruleid: regex-from-request
    return found, re.findall(q, TEXT)[:limit]


async def search_later(request, text):
    body = await request.json()
    return re.sub(
        # ruleid: regex-from-request
        body["pattern"],
        "",
        text,
    )
