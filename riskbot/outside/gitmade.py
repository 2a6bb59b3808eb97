"""A repository made for the moment: pairs of trees as commits, in a folder that goes with it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from riskbot.outside.git import Git
from riskbot.outside.gitcommand import plain_environment, run

Files = Mapping[str, bytes]

_WHO = "committer riskbot <riskbot@localhost> 1700000000 +0000"


@contextmanager
def made(pairs: Sequence[tuple[Files, Files]]) -> Iterator[tuple[Git, list[tuple[str, str]]]]:
    """Write each pair of trees as a commit and its child; give the repository and the pairs of ids.

    One git process writes all (git-fast-import(1)). Raises EvaluationError where git is missing, or refuses
    a path (an absolute one, or one with ``..``).
    """
    with tempfile.TemporaryDirectory(prefix="riskbot-made-") as folder:
        root = Path(folder)
        environment = plain_environment() | {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"}
        run(("init", "--quiet", "--bare", "."), root, environment, None, (0,))
        stream = b"".join(_stream(pairs))
        answer = run(("fast-import", "--quiet"), root, environment, stream, (0,)).decode().split()
        yield Git.open(root), list(zip(answer[::2], answer[1::2], strict=True))


def _stream(pairs: Sequence[tuple[Files, Files]]) -> Iterator[bytes]:
    """Write the commands of fast-import; each ``get-mark`` makes it print the commit's id."""
    for number, (before, after) in enumerate(pairs):
        first, second = 2 * number + 1, 2 * number + 2
        yield from _commit(number, first, None, before)
        yield from _commit(number, second, first, after)


def _commit(number: int, mark: int, parent: int | None, files: Files) -> Iterator[bytes]:
    yield f"commit refs/heads/{number}\nmark :{mark}\n{_WHO}\ndata 0\n".encode()
    if parent is not None:
        yield f"from :{parent}\n".encode()
    yield b"deleteall\n"
    for path, content in files.items():
        quoted = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").encode()
        yield b'M 100644 inline "%s"\ndata %d\n%s\n' % (quoted, len(content), content)
    yield f"get-mark :{mark}\n".encode()
