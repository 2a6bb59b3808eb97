import tempfile
import tempfile as tmp
from tempfile import mktemp


def write(text):
    # ruleid: tempfile-mktemp
    name = tempfile.mktemp(suffix=".txt")
    # ruleid: tempfile-mktemp
    other = tmp.mktemp()
    # ok: tempfile-mktemp
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(text)
    # ok: tempfile-mktemp
    handle, path = tempfile.mkstemp()
    return name, other, handle, path


async def write_later(queue):
    # ruleid: tempfile-mktemp
    name = mktemp(
        prefix="job-",
    )
    # ok: tempfile-mktemp
    folder = tempfile.mkdtemp()
    await queue.put((name, folder))
