import os
from functools import partial as bound

# ruleid: placeholder-credential
API_KEY = "your-api-key-here"

# ruleid: placeholder-credential
db_password: str = "changeme"

# ok: placeholder-credential
API_KEY = os.environ["API_KEY"]
# ok: placeholder-credential
API_KEY_HELP = "your api key here"
# ok: placeholder-credential
password = ""
# ok: placeholder-credential
CLIENT_SECRET = "9f8e7d6c5b4a39281706"


# ruleid: placeholder-credential
def sign_in(user, password="change-me"):
    return bound(user, password)


async def connect(client):
    # ruleid: placeholder-credential
    client.secret_key = "xxxxxxxx"
    await client.connect(
        # ruleid: placeholder-credential
        auth_token="YOUR_TOKEN",
    )
    # ok: placeholder-credential
    await client.connect(auth_token=os.environ["TOKEN"])
