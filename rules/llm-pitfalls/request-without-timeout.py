import urllib.request

import aiohttp
import httpx
import requests
import requests as http
from requests import post


def fetch(url, **options):
    # ruleid: request-without-timeout
    requests.get(url)
    # ruleid: request-without-timeout
    http.put(url, data=b"")
    # ruleid: request-without-timeout
    post(url, json={})
    # ruleid: request-without-timeout
    httpx.get(url, timeout=None)
    # ruleid: request-without-timeout
    urllib.request.urlopen(url)
    with requests.Session() as session:
        # ruleid: request-without-timeout
        session.get(url)
        # ok: request-without-timeout
        session.get(url, timeout=5)
        # ok: request-without-timeout
        session.headers.get("Accept")
    # ok: request-without-timeout
    requests.get(url, timeout=5)
    # ok: request-without-timeout
    post(url, json={}, timeout=(3, 30))
    # ok: request-without-timeout
    httpx.get(url)
    # ok: request-without-timeout
    return requests.get(url, **options)


async def fetch_later(url):
    # ruleid: request-without-timeout
    limit = aiohttp.ClientTimeout(total=None)
    # ok: request-without-timeout
    return aiohttp.ClientTimeout(total=30), limit, url
