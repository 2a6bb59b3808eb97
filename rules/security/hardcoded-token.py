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
# ok: hardcoded-token
PREFIX = "ghp_"
# ok: hardcoded-token
PATTERN = "AKIA[0-9A-Z]{16}"


async def notify_rightly(session):
    # ok: hardcoded-token
    await session.post("/chat", token=system.environ["CHAT_TOKEN"])
