import os
import subprocess
from subprocess import run as start

import asyncssh
import asyncssh as ssh


def copy(host, url):
    # ruleid: check-off-in-command
    start(["scp", "-o", "StrictHostKeyChecking=no", "a", host], check=True)
    # ruleid: check-off-in-command
    start(["curl", "-s", "-k", url], check=True)
    # ruleid: check-off-in-command
    command = f"ssh -o StrictHostKeyChecking=no {host} uptime"
    # ruleid: check-off-in-command
    os.environ["GIT_SSL_NO_VERIFY"] = "1"
    # ok: check-off-in-command
    start(["ssh", "-o", "StrictHostKeyChecking=accept-new", host], check=True)
    # ok: check-off-in-command
    subprocess.run(["curl", "-s", url], check=True)
    if SETTINGS.no_host_key_check:
        # ok: check-off-in-command
        command += ["-o", "StrictHostKeyChecking=no"]
    # ok: check-off-in-command
    os.environ["GIT_SSL_CAINFO"] = "/etc/ssl/acme.pem"
    return command


async def connect(host):
    # ruleid: check-off-in-command
    async with asyncssh.connect(host, known_hosts=None) as connection:
        await connection.run("uptime")
    # ok: check-off-in-command
    async with ssh.connect(host, known_hosts="known_hosts") as connection:
        # ruleid: check-off-in-command
        await connection.run("git -c http.sslVerify=false pull")
