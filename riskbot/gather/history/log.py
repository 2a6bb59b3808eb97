"""Reading ``git log``: its bytes in, one :class:`Entry` per commit out. No process is started here.

The log is asked for with :data:`FORMAT` and ``-z --raw --numstat --no-abbrev``, so that every field ends
with NUL and no name needs unquoting (git-log(1) "PRETTY FORMATS", git-diff(1) "RAW OUTPUT FORMAT" and
``--numstat``). Authors have the mailmap applied; times are seconds since the epoch. Names and messages
are for reading (what is not UTF-8 shows as U+FFFD), paths keep their bytes (``surrogateescape``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from riskbot.domain.errors import EvaluationError

FORMAT = "--format=%x01%H%x00%aN%x00%aE%x00%at %ct%x00%B%x00"
GITLINK = "160000"


@dataclass(slots=True)
class Touch:
    """One file of one commit.

    ``path`` is where the file is now (or was, if deleted); ``source`` where its past is: the old path of a
    rename, None for a file that did not exist. ``added`` and ``removed`` count lines, None for a binary
    file or where the log was read without ``--numstat``. Blobs are ids, None where a side does not exist.
    """

    path: str
    source: str | None
    old_blob: str | None = None
    new_blob: str | None = None
    gitlink: bool = False
    added: int | None = None
    removed: int | None = None


@dataclass(slots=True)
class Entry:
    """One commit as the log shows it, with the files it touched against its first parent."""

    id: str
    author: str
    email: str
    authored_at: int
    committed_at: int
    message: str
    touches: list[Touch] = field(default_factory=list)


def parse(chunks: Iterable[bytes]) -> Iterator[Entry]:
    """Parse a log made with :data:`FORMAT`; an Entry comes as soon as the next one begins.

    Raises EvaluationError when the bytes are not such a log.
    """
    tokens = _tokens(chunks)
    entry: Entry | None = None
    counted = 0
    for raw in tokens:
        token = raw.lstrip(b"\n")
        if not token:
            continue
        try:
            if token[0] == 1:
                if entry is not None:
                    yield entry
                entry, counted = _entry(token, tokens), 0
            elif entry is None:
                raise ValueError("no commit yet")  # noqa: TRY301
            elif token[0] == ord(":"):
                entry.touches.append(_touch(token, tokens))
            else:
                _count(entry.touches, counted, token, tokens)
                counted += 1
        except (ValueError, IndexError, StopIteration) as error:
            raise EvaluationError(f"git log gave something unexpected: {token[:80]!r}.") from error
    if entry is not None:
        yield entry


def _tokens(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole
    if rest.strip():
        raise EvaluationError("git log ended in the middle of a record.")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _entry(token: bytes, tokens: Iterator[bytes]) -> Entry:
    author, email, times, message = next(tokens), next(tokens), next(tokens), next(tokens)
    authored, _, committed = times.partition(b" ")
    return Entry(
        token[1:].decode("ascii"),
        author.decode("utf-8", "replace"),
        email.decode("utf-8", "replace"),
        _seconds(authored),
        _seconds(committed),
        message.decode("utf-8", "replace"),
    )


def _seconds(raw: bytes) -> int:
    """Read a time; a commit made by hand may have none, or one beyond all calendars: 0 then."""
    return int(raw) if raw.removeprefix(b"-").isdigit() and len(raw) < 19 else 0


def _touch(token: bytes, tokens: Iterator[bytes]) -> Touch:
    """Parse ``:<old mode> <new mode> <old id> <new id> <status>`` and the one or two paths after it."""
    old_mode, new_mode, old, new, status = token[1:].decode("ascii").split(" ")
    path = _text(next(tokens))
    source: str | None = None if status[0] == "A" else path
    if status[0] in "RC":
        source, path = (path if status[0] == "R" else None), _text(next(tokens))
    return Touch(
        path,
        source,
        None if not old.strip("0") else old,
        None if not new.strip("0") else new,
        GITLINK in (old_mode, new_mode),
    )


def _count(touches: list[Touch], at: int, token: bytes, tokens: Iterator[bytes]) -> None:
    """Put one numstat record on its file; git lists both in the same order."""
    added, removed, path = token.split(b"\t", 2)
    if not path:
        next(tokens)
        path = next(tokens)
    touch = touches[at]
    if _text(path) != touch.path:
        raise ValueError("numstat and raw records do not belong together")
    if added != b"-":
        touch.added, touch.removed = int(added), int(removed)
