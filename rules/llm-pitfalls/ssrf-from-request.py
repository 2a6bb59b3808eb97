import urllib.request

import httpx
import requests
import requests as http
from fastapi import FastAPI
from flask import request

app = FastAPI()

HOSTS = {"a": "https://a.example/feed", "b": "https://b.example/feed"}


def fetch():
    url = request.args["url"]
    # ruleid: ssrf-from-request
    requests.get(url, timeout=5)
    # ruleid: ssrf-from-request
    http.post(f"https://{url}/hook", timeout=5)
    # ruleid: ssrf-from-request
    urllib.request.urlopen(url, timeout=5)
    # ok: ssrf-from-request
    requests.get("https://a.example/feed", timeout=5)
    # ok: ssrf-from-request
    requests.get(f"https://a.example/feed/{url}", timeout=5)
    # ok: ssrf-from-request
    requests.get("https://a.example/item/%d" % int(request.args["number"]), timeout=5)


@app.get("/preview")
async def preview(url: str):
    # ruleid: ssrf-from-request
    return httpx.get(url, timeout=5).text


@app.get("/preview/{number}")
async def preview_of(number: str):
    # ok: ssrf-from-request
    return httpx.get(f"https://a.example/{number}", timeout=5).text


async def fetch_later(request):
    async with httpx.AsyncClient() as client:
        # ruleid: ssrf-from-request
        await client.get(request.query_params["url"])
        # ok: ssrf-from-request
        await client.get(HOSTS["a"])
