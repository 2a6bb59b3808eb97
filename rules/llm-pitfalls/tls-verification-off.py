import ssl

import aiohttp
import httpx as hx
import paramiko
import requests


def call(session):
    # ruleid: tls-verification-off
    requests.get("https://example.org", verify=False, timeout=5)
    # ruleid: tls-verification-off
    hx.Client(verify=False)
    # ruleid: tls-verification-off
    session.verify = False
    # ruleid: tls-verification-off
    session.post("https://example.org", verify=False)
    context = ssl.create_default_context()
    context.check_hostname = False
    # ruleid: tls-verification-off
    context.verify_mode = ssl.CERT_NONE
    # ok: tls-verification-off
    context.verify_mode = ssl.CERT_REQUIRED
    # ok: tls-verification-off
    requests.get("https://example.org", verify="ca.pem", timeout=5)
    # ok: tls-verification-off
    return hx.Client()


def by_setting(settings, context):
    if settings.insecure_skip_verify:
        # ok: tls-verification-off
        context.verify_mode = ssl.CERT_NONE
    return context


def names(other):
    # ruleid: tls-verification-off
    other.check_hostname = False


async def call_later():
    # ruleid: tls-verification-off
    connector = aiohttp.TCPConnector(ssl=False)
    # ok: tls-verification-off
    return aiohttp.TCPConnector(), connector


def connect():
    client = paramiko.SSHClient()
    # ruleid: tls-verification-off
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    # ok: tls-verification-off
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
