import asyncio
import httpx as hx


async def fetch_all(urls):
    rows = []
    async with hx.AsyncClient() as client:
        for url in urls:
            # ruleid: request-after-request
            answer = await client.get(url)
            rows.append(answer.json())
    return rows


class Shop:
    async def tell(self, people, text):
        for person in people:
            # ruleid: request-after-request
            await self.http_client.post(person.url, json={"text": text})


async def pages_of(session, urls):
    texts = {}
    for url in urls:
        # ruleid: request-after-request
        async with session.get(url) as answer:
            texts[url] = await answer.text()
    return texts


async def fetch_all_rightly(urls, limit=10):
    gate = asyncio.Semaphore(limit)

    async def one(client, url):
        async with gate:
            # ok: request-after-request
            return await client.get(url)

    async with hx.AsyncClient() as client, asyncio.TaskGroup() as group:
        return [group.create_task(one(client, url)) for url in urls]


async def first(client, urls):
    for url in urls:
        # ok: request-after-request
        answer = await client.get(url)
        if answer.is_success:
            return answer
    return None


async def add(cache, rows):
    for row in rows:
        # ok: request-after-request
        await cache.put(row)
