"""Commits by the hundred thousand, one after another, with nothing but what they themselves say.

A commit is read as git stores it (git-cat-file(1), ``--batch``): its names without a mailmap, which may
give an agent a person's name; its parents as they are, whatever a shallow clone hides; its message in the
encoding that it declares. Trailers are left to whoever reads the message. Memory does not grow with the list.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from riskbot.domain.change import Actor, Commit
from riskbot.outside.git import Git
from riskbot.outside.gitobjects import Found, Objects, objects, walk

MAX_BYTES = 1 << 20
"""So much of a commit is read; of a larger one the beginning and the end, where its trailers stand."""

BATCH = 200
"""So many commits are taken together, so that what lies beside them is looked up at once."""
BATCH_CHARACTERS = 4 << 20

_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}", re.ASCII)
_CUT = "Only the beginning and the end of its message were read: it has {:,} bytes."
_UNKNOWN = "There is no such commit in this repository."
_DAMAGED = "It is no commit that can be read."
#: Codecs of Python that are no character sets, or that take long over hostile text.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7"})


@dataclass(frozen=True, slots=True)
class Streamed:
    """One commit of a list. ``name`` is its id, or what was asked for where that names no commit.

    ``commit`` is None where it could not be read, and ``note`` says why; beside a commit ``note`` says what
    of it was not read, and is empty as a rule.
    """

    name: str
    commit: Commit | None
    note: str = ""


def history(git: Git, tips: Sequence[str]) -> Iterator[Streamed]:
    """Give the commits that ``tips`` select (ids; ``^id`` leaves out what that one can reach), newest first.

    Options of git-rev-list(1) may stand among them. Where a shallow clone ends, so does this. Raises
    EvaluationError where git cannot walk the history.
    """
    options = [tip for tip in tips if tip.startswith("--")]
    ids = [tip for tip in tips if not tip.startswith("--")]
    for found in walk(git, options, ids, MAX_BYTES) if ids else ():
        yield _streamed(found, found) if isinstance(found, str) else _streamed(found.id, found)


def listed(git: Git, batches: Iterable[Sequence[str]]) -> Iterator[list[Streamed]]:
    """Give the commits that are named, in the order given, twice where they are named twice.

    A name is an id or any other that :data:`riskbot.gather.wanted.NAME` allows; what names no commit here has
    ``commit`` None. What comes of one batch is given, batched as below, before the next is asked for.
    """
    with objects(git, MAX_BYTES) as reader:
        for batch in batches:
            yield from batched(_named(git, reader, batch))


def batched(commits: Iterable[Streamed]) -> Iterator[list[Streamed]]:
    """Take commits together, :data:`BATCH` at a time, fewer where their messages are long."""
    batch: list[Streamed] = []
    size = 0
    for one in commits:
        batch.append(one)
        size += 0 if one.commit is None else len(one.commit.message)
        if len(batch) == BATCH or size > BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def every_tip(git: Git) -> tuple[str, ...]:
    """Return the ids of all that refs name, HEAD among it, but for git notes: those are no changes.

    (``git rev-list --exclude='refs/notes/*' --all``; a ref may name a tree or a blob, which has no history.)
    """
    asked = "--format=%(refname) %(objectname) %(objecttype) %(*objecttype)"
    refs = (line.split() for line in git.ask("for-each-ref", asked).splitlines())
    head = git.head()
    tips = dict.fromkeys([head] if head else [])
    for name, id_, *types in refs:
        if not name.startswith(b"refs/notes/") and types[-1] == b"commit":
            tips[id_.decode()] = None
    return tuple(tips)


def _named(git: Git, reader: Objects, names: Sequence[str]) -> Iterator[Streamed]:
    """Give the commits of one batch of names."""
    ids: list[str | None] = [name if _ID.fullmatch(name) else None for name in names]
    others = [name for name, id_ in zip(names, ids, strict=True) if id_ is None]
    if others:
        from riskbot.gather import wanted

        resolved = iter(wanted.resolve(git, others))
        ids = [next(resolved) if id_ is None else id_ for id_ in ids]
    # An id may be a tag's, too.
    answers = reader.read([f"{id_}^{{commit}}".encode() for id_ in ids if id_ is not None])
    for name, id_ in zip(names, ids, strict=True):
        found = None if id_ is None else next(answers)
        yield _streamed(name[:200], name) if found is None else _streamed(found.id, found)


def _streamed(name: str, found: Found | str) -> Streamed:
    if isinstance(found, str):
        return Streamed(name, None, _UNKNOWN)
    commit = _commit(found.id, found.content) if found.type == "commit" else None
    if commit is None:
        return Streamed(name, None, _DAMAGED)
    return Streamed(name, commit, _CUT.format(found.size) if found.size > MAX_BYTES else "")


def _commit(name: str, content: bytes) -> Commit | None:
    """Read a commit as git stores it (git's Documentation/gitformat-commit); None where it is none."""
    head, _, message = content.partition(b"\n\n")
    lines = head.split(b"\n")
    tree, parents, author, committer, charset = "", [], None, None, b""
    for line in lines:
        key, _, value = line.partition(b" ")
        if key == b"parent":
            parents.append(value.decode("ascii", "replace"))
        elif key == b"tree" and not tree:
            tree = value.decode("ascii", "replace")
        elif key == b"author" and author is None:
            author = value
        elif key == b"committer" and committer is None:
            committer = value
        elif key == b"encoding" and committer is not None:
            charset = value
    if author is None or committer is None or not tree:
        return None
    writer, written = _ident(author, charset)
    maker, made = _ident(committer, charset)
    return Commit(
        id=name,
        tree=tree,
        parents=tuple(parents),
        author=writer,
        committer=maker,
        authored_at=written,
        committed_at=made,
        message=_text(message, charset),
        written_author=writer,
        written_committer=maker,
    )


def _ident(line: bytes, charset: bytes) -> tuple[Actor, int]:
    """Read ``NAME <ADDRESS> SECONDS ZONE`` the way git does: hand-made ones may lack any part."""
    who, _, when = line.rpartition(b">")
    word = when.split(None, 1)[0] if when.strip() else b""
    return _actor(who, charset), _seconds(word)


@lru_cache(maxsize=4096)
def _actor(who: bytes, charset: bytes) -> Actor:
    name, _, address = who.partition(b"<")
    return Actor(_text(name.strip(), charset), _text(address.partition(b">")[0].strip(), charset))


def _seconds(word: bytes) -> int:
    """Read a time; commits made by hand may have none, or one beyond all calendars."""
    return int(word) if word.isdigit() and len(word) < 19 else 0


def _text(data: bytes, charset: bytes) -> str:
    """Decode what the commit says, in the encoding that it declares; what is not valid in it is U+FFFD."""
    if charset:
        try:
            codec = codecs.lookup(charset.decode("ascii")).name
            if codec not in _NO_CHARSETS:
                return data.decode(codec)
        except (LookupError, ValueError):
            pass  # as git does where it cannot convert: the bytes as they are
    return data.decode("utf-8", "replace")
