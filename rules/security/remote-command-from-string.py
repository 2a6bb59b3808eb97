import shlex
from shlex import quote

import paramiko
from paramiko import SSHClient as Client


def remove(client, path):
    # ruleid: remote-command-from-string
    client.exec_command(f"rm -rf {path}")
    command = "tail -n 100 %s" % path
    # ruleid: remote-command-from-string
    client.exec_command(command, timeout=10)
    # ok: remote-command-from-string
    client.exec_command(f"rm -rf -- {shlex.quote(path)}")
    # ok: remote-command-from-string
    client.exec_command("cat " + quote(path))
    # ok: remote-command-from-string
    client.exec_command("uptime")


def remove_quoted(path):
    with Client() as client:
        path = shlex.quote(path)
        # ok: remote-command-from-string
        client.exec_command(f"rm -rf -- {path}")


async def remove_later(pool, path):
    channel = paramiko.Transport(await pool.socket()).open_session()
    channel.exec_command(
        # ruleid: remote-command-from-string
        "rm {}".format(path),
    )
