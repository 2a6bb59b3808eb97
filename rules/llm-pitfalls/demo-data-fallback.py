import os
import os as system

import httpx

MOCK_RATES = {"EUR": 1.0}
API_KEY = os.environ.get("RATES_API_KEY")


def rates():
    # ruleid: demo-data-fallback
    if not API_KEY:
        return MOCK_RATES
    return httpx.get("https://rates.example", timeout=5).json()


async def weather(client, city):
    # ruleid: demo-data-fallback
    try:
        return (await client.get(city)).json()
    except httpx.HTTPError:
        print("using sample data")
        return get_sample_data(city)


def forecast(client, city):
    # ruleid: demo-data-fallback
    if not client:
        return {"demo": True, "temperature": 21}
    return client.forecast(city)


def get_sample_data(city):
    # ok: demo-data-fallback
    return {"city": city}


def rates_rightly():
    # ok: demo-data-fallback
    if not API_KEY:
        raise RuntimeError("RATES_API_KEY is not set")
    return httpx.get("https://rates.example", timeout=5).json()


def empty(client):
    # ok: demo-data-fallback
    if not client:
        return None
    return client.rates()


async def cached(client, cache):
    # ok: demo-data-fallback
    try:
        return await client.rates()
    except httpx.HTTPError:
        return cache.last


def where():
    return system.getcwd()
