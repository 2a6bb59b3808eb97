import aiohttp
import httpx
import httpx as hx
from aiohttp import ClientSession


async def fetch(url):
    # ruleid: session-not-closed
    session = aiohttp.ClientSession()
    answer = await session.get(url)
    return await answer.text()


async def send(url):
    # ruleid: session-not-closed
    return await hx.AsyncClient().post(url)


def read(url):
    # ruleid: session-not-closed
    client = httpx.Client(timeout=5)
    return client.get(url).text


async def fetch_rightly(url):
    # ok: session-not-closed
    async with ClientSession() as session:
        async with session.get(url) as answer:
            return await answer.text()


async def fetch_by_hand(url):
    # ok: session-not-closed
    session = aiohttp.ClientSession()
    try:
        return await session.get(url)
    finally:
        await session.close()


def make(url):
    # ok: session-not-closed
    client = httpx.Client(base_url=url)
    return client


class Shop:
    def __init__(self):
        # ok: session-not-closed
        self.client = httpx.AsyncClient()
