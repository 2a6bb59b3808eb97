import ftplib
import http.client
import socket
import socket as sock
from smtplib import SMTP_SSL

import psycopg
import redis
import redis.asyncio as aioredis


def connect(host, options):
    # ruleid: client-without-timeout
    socket.create_connection((host, 25))
    # ruleid: client-without-timeout
    http.client.HTTPSConnection(host, 443)
    # ruleid: client-without-timeout
    SMTP_SSL(host)
    # ruleid: client-without-timeout
    redis.Redis(host=host, port=6379)
    # ruleid: client-without-timeout
    psycopg.connect("host=db dbname=shop")
    # ok: client-without-timeout
    sock.create_connection((host, 25), timeout=5)
    # ok: client-without-timeout
    socket.create_connection((host, 25), 5)
    # ok: client-without-timeout
    http.client.HTTPSConnection(host, timeout=5)
    # ok: client-without-timeout
    ftplib.FTP(host, timeout=5)
    # ok: client-without-timeout
    redis.Redis(host=host, socket_timeout=2)
    # ok: client-without-timeout
    psycopg.connect("host=db dbname=shop connect_timeout=5")
    # ok: client-without-timeout
    return SMTP_SSL(host, **options)


async def connect_later(url):
    # ruleid: client-without-timeout
    first = aioredis.from_url(
        url,
        decode_responses=True,
    )
    # ok: client-without-timeout
    return first, aioredis.from_url(url, socket_timeout=2)
