import subprocess
import subprocess as sp
from subprocess import run


def build(path):
    # ruleid: process-result-ignored
    subprocess.run(["make", "-C", path])
    # ruleid: process-result-ignored
    sp.call(["make", "install"])
    # ruleid: process-result-ignored
    run(
        ["make", "clean"],
        cwd=path,
    )
    # ok: process-result-ignored
    subprocess.run(["make", "-C", path], check=True)
    # ok: process-result-ignored
    run(["make", "clean"], check=False)
    # ok: process-result-ignored
    done = sp.run(["make", "test"])
    # ok: process-result-ignored
    if sp.call(["make", "lint"]) != 0:
        raise RuntimeError(path)
    return done.returncode


async def build_later(options):
    # ok: process-result-ignored
    run(["make"], **options)
    # ok: process-result-ignored
    subprocess.check_call(["make"])
