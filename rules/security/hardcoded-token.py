import os as system

import boto3

# ruleid: hardcoded-token
client = boto3.client("s3", aws_access_key_id="AKIAABCDEFGHIJKLMNOP")

# ruleid: hardcoded-token
HEADERS = {"Authorization": "Bearer ghp_abcdefghijklmnopqrstuvwxyz0123456789"}


async def notify(session):
    # ruleid: hardcoded-token
    await session.post("/chat", token="xoxb-0000000000-abcdefghijkl")


# ok: hardcoded-token
rightly = boto3.client("s3", aws_access_key_id=system.environ["AWS_ACCESS_KEY_ID"])
# ruleid: hardcoded-token
KEY = """
-----BEGIN RSA PRIVATE KEY-----
MIIEpQIBAAKCAQEA0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKL
-----END RSA PRIVATE KEY-----
"""
# ok: hardcoded-token
load_key(KEY)
# ok: hardcoded-token
BEGINNING = "-----BEGIN RSA PRIVATE KEY-----"
# ok: hardcoded-token
DOCUMENTED = "AKIAIOSFODNN7EXAMPLE"
# ok: hardcoded-token
PREFIX = "ghp_"
# ok: hardcoded-token
PATTERN = "AKIA[0-9A-Z]{16}"


async def notify_rightly(session):
    # ok: hardcoded-token
    await session.post("/chat", token=system.environ["CHAT_TOKEN"])
