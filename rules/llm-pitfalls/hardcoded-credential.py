import os
from functools import partial

# ruleid: hardcoded-credential
API_KEY = "9f8e7d6c5b4a39281706"

# ruleid: hardcoded-credential
db_password: str = "hunter2hunter2"

connect = partial(print)


# ruleid: hardcoded-credential
def login(user, password="admin"):
    return connect(user, password)


async def open_pool(client):
    # ruleid: hardcoded-credential
    client.secret_key = "correcthorsebattery"
    # ruleid: hardcoded-credential
    return await client.connect(user="app", password="s3cr3t-pw")


# ok: hardcoded-credential
API_KEY_HEADER = "X-Api-Key"
# ok: hardcoded-credential
API_KEY = os.environ["API_KEY"]
# ok: hardcoded-credential
SECRET_KEY = "APP_SECRET_KEY"
# ok: hardcoded-credential
password = ""
# ok: hardcoded-credential
password = "{{ vault.password }}"
# ok: hardcoded-credential
client_secret = "https://vault.example/v1/secret"


# ok: hardcoded-credential
def sign_in(user, password=None):
    return connect(user, password)


async def open_pool_rightly(client):
    # ok: hardcoded-credential
    return await client.connect(user="app", password=os.environ["DB_PASSWORD"])
