from django.core.cache import cache
from django.core.cache import cache as store


def remember(user, email, s3, redis):
    # ruleid: personal-data-in-key
    cache.set(f"profile:{user.email}", 1, 60)
    # ruleid: personal-data-in-key
    store.get("profile:" + user.email)
    # ruleid: personal-data-in-key
    redis.incr(f"tries:{email}")
    # ruleid: personal-data-in-key
    open(f"/exports/{user.phone_number}.csv", "w").close()
    # ok: personal-data-in-key
    cache.set(f"profile:{user.id}", 1, 60)
    # ok: personal-data-in-key
    redis.incr(f"tries:{hmac_of(email)}")
    # ok: personal-data-in-key
    cache.set("email_enabled", user.email, 60)


async def upload(s3, user):
    await s3.put_object(
        Bucket="exports",
        # ruleid: personal-data-in-key
        Key=f"people/{user.email}.pdf",
        Body=b"",
    )
    # ok: personal-data-in-key
    await s3.put_object(Bucket="exports", Key=f"people/{user.id}.pdf", Body=b"")
