from django.core.cache import cache
from django.core.cache import cache as store


def remember(user, redis):
    # ruleid: personal-data-kept-forever
    cache.set(f"user:{user.id}", user, timeout=None)
    # ruleid: personal-data-kept-forever
    store.set("profile_%s", user, None)
    # ruleid: personal-data-kept-forever
    redis.set(f"customer:{user.id}", user.name)
    # ok: personal-data-kept-forever
    cache.set(f"user:{user.id}", user, timeout=3600)
    # ok: personal-data-kept-forever
    redis.set(f"customer:{user.id}", user.name, ex=3600)
    # ok: personal-data-kept-forever
    cache.set("rates:today", rates, timeout=None)


async def remember_later(user, redis_client):
    # ruleid: personal-data-kept-forever
    await redis_client.set(
        f"email:{user.id}",
        user.email,
    )
    # ok: personal-data-kept-forever
    await redis_client.set(f"email:{user.id}", user.email, ex=60)
