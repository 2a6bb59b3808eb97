"""Git notes of chosen commits, found in the notes' own tree without listing all of it.

A notes ref is a commit whose tree names each note by the id of what it hangs on, parted into folders of two
digits as there are more of them: ``abcd…``, ``ab/cd…``, ``ab/cd/…`` (git-notes(1); git's
``Documentation/technical``). The trees on the way to the wanted ones are read, each once; so it costs the
same in a repository of a million notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from riskbot.gather.names import decode
from riskbot.outside.git import Git
from riskbot.outside.gitobjects import Found, Objects, objects

ATTRIBUTION: Final = "refs/notes/ai"
"""Where git-ai keeps its line-level attribution."""
CORRECTIONS: Final = "refs/notes/riskbot-authorship"
"""Where people put on record what riskbot got wrong."""

MAX_BYTES: Final = 8 << 20
"""A larger note, or a larger folder of notes, is not read."""
MAX_TOTAL: Final = 64 << 20
"""So many bytes of notes are kept."""

_TREE: Final = "40000"
_ID: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a tree: its mode in octal, as git stores it, and its object's id."""

    mode: str
    id: str

    @property
    def is_tree(self) -> bool:
        """Say whether it is a folder."""
        return self.mode == _TREE


def items(tree: Found | None, object_format: str) -> Iterator[tuple[bytes, Item]]:
    """Read a tree as git stores it: names with what they name; nothing for what is no tree, or not whole."""
    if tree is None or not _is_whole(tree):
        return
    size = 32 if object_format == "sha256" else 20
    for match in re.finditer(rb"([0-7]{5,6}) ([^\0]+)\0(.{%d})" % size, tree.content, re.DOTALL):
        yield match[2], Item(match[1].decode(), match[3].hex())


def read(
    git: Git, reader: Objects, tip: str, commits: Sequence[str]
) -> tuple[tuple[tuple[str, bytes], ...], tuple[str, ...]]:
    """Give the notes of ``commits`` (ids) under the notes commit ``tip``, and in words what was not read.

    The notes are in the order of ``commits``, those without one left out. What is over a limit is not cut: it
    is left out, and said. Raises EvaluationError where git fails. ``reader`` must give :data:`MAX_BYTES`.
    """
    omitted: list[str] = []
    blobs = _find(git, reader, tip, commits, omitted)
    found, total = [], 0
    wanted = [name for name in commits if name in blobs]
    answers = reader.read([blobs[name].encode() for name in wanted])
    for name, note in zip(wanted, answers, strict=True):
        if note is None or note.type != "blob":
            omitted.append(f"the note of {name[:12]} is not in this clone")
        elif note.size > MAX_BYTES or total + note.size > MAX_TOTAL:
            omitted.append(f"the note of {name[:12]} is over the limit: it has {note.size:,} bytes")
        else:
            total += note.size
            found.append((name, note.content))
    return tuple(found), tuple(omitted)


def every(git: Git, tip: str) -> Iterator[tuple[str, str]]:
    """Give all notes under the notes commit ``tip``: the id of what each hangs on, and its blob's id."""
    for line in git.run("ls-tree", "-r", "-z", "--full-tree", tip).split(b"\0"):
        head, _, path = line.partition(b"\t")
        name = decode(path.replace(b"/", b""))
        if head.startswith(b"100") and _ID.fullmatch(name):
            yield name, head.split()[2].decode()


def contents(git: Git, blobs: Sequence[str]) -> Iterator[bytes | None]:
    """Give notes by their blobs' ids, in that order; None for one that is missing or over the limit."""
    with objects(git, MAX_BYTES) as reader:
        for found in reader.read([blob.encode() for blob in blobs]):
            yield None if found is None or found.size > MAX_BYTES else found.content


def _find(git: Git, reader: Objects, tip: str, commits: Sequence[str], omitted: list[str]) -> dict[str, str]:
    """Find the blobs of the commits' notes: folder by folder, all of one depth at once."""
    found: dict[str, str] = {}
    level: dict[str, list[tuple[str, str]]] = {f"{tip}^{{tree}}": [(name, name) for name in commits]}
    while level:
        below: dict[str, list[tuple[str, str]]] = {}
        answers = reader.read([name.encode() for name in level])
        for wanted, tree in zip(level.values(), answers, strict=True):
            if tree is None or not _is_whole(tree):
                omitted.append(f"a folder of the notes at {tip[:12]} is not here, or over the limit")
                continue
            named = dict(items(tree, git.object_format))
            for name, rest in wanted:
                item = named.get(rest.encode())
                if item is not None and not item.is_tree:
                    found[name] = item.id
                elif (folder := named.get(rest[:2].encode())) is not None and folder.is_tree:
                    below.setdefault(folder.id, []).append((name, rest[2:]))
        level = below
    return found


def _is_whole(tree: Found) -> bool:
    return tree.type == "tree" and tree.size == len(tree.content)
