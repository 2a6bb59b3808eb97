"""Every commit of a repository with what its message and names say of who wrote it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from riskbot.detect.authorship.catalogue import Catalogue, shipped
from riskbot.detect.authorship.match import signs
from riskbot.domain.authorship import Kind, Sign, Tier
from riskbot.domain.change import Actor, Commit
from riskbot.learn.mine.skips import REVERT, is_bot
from riskbot.outside.git import Git

NOTES = "refs/notes/ai"
_FORMAT = "%H%x00%T%x00%P%x00%an%x00%ae%x00%at%x00%ad%x00%cn%x00%ce%x00%ct%x00%B"
_FIELDS = _FORMAT.count("%x00") + 1
_MOST = 20_000
"""Characters of a message that are read."""


@dataclass(frozen=True, slots=True)
class Read:
    """A commit, and what is known of it without its diff.

    ``tool``: the agent that exact signs name, empty for none; ``tier`` theirs. ``signed``: it bears a sign of
    any kind. ``again``: it reverts another. ``earlier``: so many commits of its author's address came before
    it. ``zone``: the author's clock, in minutes east of UTC. ``noted``: the note's object id, empty for none.
    """

    commit: Commit
    tool: str
    tier: str
    signed: bool
    bot: bool
    again: bool
    earlier: int
    zone: int
    noted: str


def references(git: Git) -> list[str]:
    """List the ids that every branch, tag and pull request stands at; notes are no code."""
    told = git.ask(
        "for-each-ref", "--format=%(refname) %(objecttype) %(objectname) %(*objecttype) %(*objectname)"
    )
    found = set()
    for line in told.decode("utf-8", "replace").splitlines():
        name, *rest = line.split()
        kinds, ids = rest[::2], rest[1::2]
        if not name.startswith("refs/notes/") and kinds[-1] == "commit":
            found.add(ids[-1])
    return sorted(found)


def notes(git: Git) -> dict[str, str]:
    """Give the object id of each commit's line-level note, by the commit."""
    ids = git.ask("for-each-ref", "--format=%(objectname)", NOTES).decode().split()
    if not ids:
        return {}
    listed = git.ask("notes", f"--ref={NOTES}", "list").decode().splitlines()
    return {commit: blob for blob, _, commit in (line.partition(" ") for line in listed)}


def read(git: Git, tips: list[str], catalogue: Catalogue | None = None) -> list[Read]:
    """Read every commit that is no merge, the oldest first."""
    known = shipped() if catalogue is None else catalogue
    noted = notes(git)
    command = ("log", "--stdin", "-z", "--no-merges", "--no-use-mailmap", "--date=raw", f"--format={_FORMAT}")
    with git.stream(*command, stdin="\n".join(tips).encode()) as stream:
        listed = sorted(_commits(stream), key=lambda pair: (pair[0].committed_at, pair[0].id))
    before: Counter[str] = Counter()
    found = []
    for commit, zone in listed:
        address = commit.author.email.lower()
        found.append(_judged(commit, signs(commit, known), before[address], zone, noted.get(commit.id, "")))
        before[address] += 1
    return found


def _judged(commit: Commit, seen: tuple[Sign, ...], earlier: int, zone: int, noted: str) -> Read:
    exact = [
        sign for sign in seen if sign.kind is Kind.AGENT and sign.tier in {Tier.A, Tier.B} and sign.counts
    ]
    best = min(exact, key=lambda sign: sign.tier.value, default=None)
    return Read(
        commit,
        tool="" if best is None else best.tool,
        tier="" if best is None else best.tier.value,
        signed=bool(seen),
        bot=is_bot(commit.author.name, commit.author.email),
        again=bool(REVERT.search(commit.message)),
        earlier=earlier,
        zone=zone,
        noted=noted,
    )


def _commits(stream: IO[bytes]) -> Iterator[tuple[Commit, int]]:
    """Take apart what git says: fields that end with NUL, as many for each commit."""
    row: list[str] = []
    for part in _parts(stream):
        row.append(part.decode("utf-8", "replace"))
        if len(row) == _FIELDS:
            yield _commit(row), _zone(row[6])
            row = []


def _parts(stream: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while block := stream.read(1 << 20):
        *whole, rest = (rest + block).split(b"\0")
        yield from whole
    if rest:
        yield rest


def _commit(row: list[str]) -> Commit:
    name, tree, parents, author, address, authored, _, committer, other, committed, message = row
    return Commit(
        id=name,
        tree=tree,
        parents=tuple(parents.split()),
        author=Actor(author, address),
        committer=Actor(committer, other),
        authored_at=int(authored or 0),
        committed_at=int(committed or 0),
        message=message[:_MOST],
    )


def _zone(raw: str) -> int:
    """Turn the offset of a raw date (``1700000000 +0530``) into minutes."""
    offset = raw.partition(" ")[2]
    if len(offset) != len("+0000") or not offset[1:].isdigit():
        return 0
    minutes = int(offset[1:3]) * 60 + int(offset[3:])
    return -minutes if offset[0] == "-" else minutes
