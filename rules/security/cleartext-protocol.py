import ftplib
import imaplib
from ftplib import FTP as Transfer
from ftplib import FTP_TLS

import requests


def fetch(host, user, password):
    # ruleid: cleartext-protocol
    server = ftplib.FTP(host, user, password)
    # ruleid: cleartext-protocol
    other = Transfer(
        host,
        timeout=10,
    )
    # ruleid: cleartext-protocol
    rates = requests.get("http://rates.acme.org/v1", auth=(user, password), timeout=5)
    # ruleid: cleartext-protocol
    again = requests.get("http://rates.acme.org", headers={"Authorization": password}, timeout=5)
    # ok: cleartext-protocol
    rightly = FTP_TLS(host, user, password)
    # ok: cleartext-protocol
    local = requests.get("http://localhost:8000/v1", auth=(user, password), timeout=5)
    # ok: cleartext-protocol
    secure = requests.get("https://rates.acme.org/v1", auth=(user, password), timeout=5)
    # ok: cleartext-protocol
    public = requests.get("http://rates.acme.org/v1", timeout=5)
    return server, other, rates, again, rightly, local, secure, public


def mail(host):
    box = imaplib.IMAP4(host)
    box.starttls()
    # ok: cleartext-protocol
    return box


async def mail_later(queue, host):
    # ruleid: cleartext-protocol
    await queue.put(imaplib.IMAP4(host))
    # ok: cleartext-protocol
    await queue.put(imaplib.IMAP4_SSL(host))
