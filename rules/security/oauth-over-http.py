import os
import os as system
from os import environ

# ruleid: oauth-over-http
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
# ruleid: oauth-over-http
system.environ.setdefault("AUTHLIB_INSECURE_TRANSPORT", "true")
# ruleid: oauth-over-http
environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
# ok: oauth-over-http
os.environ["OAUTHLIB_RELAX_TOKEN_SCOPE"] = "1"
# ok: oauth-over-http
os.environ.pop("OAUTHLIB_INSECURE_TRANSPORT", None)


async def start(server):
    # ok: oauth-over-http
    os.environ["OAUTH_REDIRECT"] = await server.url()
