import os

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware as Trusted

# ruleid: allowed-hosts-any
ALLOWED_HOSTS = ["*"]
# ruleid: allowed-hosts-any
ALLOWED_HOSTS = [
    "shop.example",
    "*",
]
# ok: allowed-hosts-any
ALLOWED_HOSTS = ["shop.example", ".shop.example"]
# ok: allowed-hosts-any
ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")


async def start(settings):
    app = FastAPI()
    # ruleid: allowed-hosts-any
    app.add_middleware(Trusted, allowed_hosts=["*"])
    # ok: allowed-hosts-any
    app.add_middleware(Trusted, allowed_hosts=await settings.hosts())
    return app
