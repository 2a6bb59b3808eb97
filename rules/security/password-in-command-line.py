import asyncio
import subprocess
from subprocess import run as start


def dump(user, password, settings):
    # ruleid: password-in-command-line
    subprocess.run(["mysqldump", "-u", user, f"-p{password}", "shop"], check=True)
    # ruleid: password-in-command-line
    start(["login", f"--password={settings.password}"], check=True)
    # ruleid: password-in-command-line
    subprocess.check_call(
        ["sshpass", "-p", password, "ssh", "host"],
    )
    # ok: password-in-command-line
    start(["mysqldump", "-u", user, "shop"], check=True, env={"MYSQL_PWD": password})
    # ok: password-in-command-line
    start(["login", "--password-stdin"], check=True, input=password)
    # ok: password-in-command-line
    start(["passwd", "--status", user], check=True)


async def login(token):
    # ruleid: password-in-command-line
    await asyncio.create_subprocess_exec("registry", "login", f"--token={token}")
    # ok: password-in-command-line
    await asyncio.create_subprocess_exec("registry", "login", f"--token-file={token_file()}")
