"""The commits of a change, as git log gives them."""

from __future__ import annotations

from riskbot.domain.change import Actor, Commit, Omission, OmissionKind
from riskbot.gather.limits import Limits
from riskbot.outside.git import Git

# Author and committer through the mailmap (%aN ...), times in seconds, the message whole and last.
_TRAILERS = "%(trailers:only=true,unfold=true)"
_FIELDS = (
    "%H",
    "%T",
    "%P",
    "%aN",
    "%aE",
    "%at",
    "%cN",
    "%cE",
    "%ct",
    "%an",
    "%ae",
    "%cn",
    "%ce",
    _TRAILERS,
    "%B",
)
_FORMAT = "--format=" + "%x00".join(_FIELDS)
_MAX_BYTES = 64 << 20


def read_commits(
    git: Git, tips: list[str], mailmap: str | None, limits: Limits
) -> tuple[tuple[Commit, ...], tuple[Omission, ...]]:
    """List the commits that ``tips`` (ids, ``^id`` excludes, ``--no-walk``) select, newest first.

    Names go through the ``.mailmap`` at the commit ``mailmap``. Messages are decoded with the encoding
    that the commit declares; what is not valid in it shows as U+FFFD. Commits over the limits, and parents
    that a shallow clone hides, are Omissions.
    """
    command = [
        "log",
        "-z",
        "--encoding=UTF-8",
        "--no-show-signature",
        f"--max-count={limits.max_commits + 1}",
    ]
    blob = [] if mailmap is None else ["-c", f"mailmap.blob={mailmap}:.mailmap"]
    with git.stream(*blob, *command, _FORMAT, *tips, "--") as output:
        fields = output.read(_MAX_BYTES).split(b"\0")
    size = len(_FIELDS)
    commits = tuple(_commit(fields[at : at + size]) for at in range(0, len(fields) - size, size))
    omissions: list[Omission] = []
    if len(commits) > limits.max_commits or sum(map(len, fields)) + len(fields) > _MAX_BYTES:
        reason = f"only the newest {min(len(commits), limits.max_commits):,} commits are listed"
        omissions.append(Omission(OmissionKind.TOO_LARGE, "gather", reason))
    return commits[: limits.max_commits], tuple(omissions + _hidden(git, commits))


def _hidden(git: Git, commits: tuple[Commit, ...]) -> list[Omission]:
    """Say where a shallow clone cut off the commits before one of these."""
    edges = git.shallow_edges() & {commit.id for commit in commits}
    if not edges:
        return []
    reason = f"the clone is shallow: what came before {min(edges)[:12]} is not here (git fetch --unshallow)"
    return [Omission(OmissionKind.SHALLOW_HISTORY, "gather", reason)]


def _commit(fields: list[bytes]) -> Commit:
    texts = [field.decode("utf-8", "replace") for field in fields]
    (
        name,
        tree,
        parents,
        author,
        author_email,
        authored,
        committer,
        email,
        committed,
        *written,
        tail,
        message,
    ) = texts
    return Commit(
        id=name,
        tree=tree,
        parents=tuple(parents.split()),
        author=Actor(author, author_email),
        committer=Actor(committer, email),
        authored_at=_seconds(authored),
        committed_at=_seconds(committed),
        message=message,
        trailers=tuple(_trailer(line) for line in tail.split("\n") if ":" in line),
        written_author=Actor(*written[:2]),
        written_committer=Actor(*written[2:]),
    )


def _trailer(line: str) -> tuple[str, str]:
    """Read one trailer, which git has unfolded; without settings a colon is the only separator."""
    key, _, value = line.partition(":")
    return key.strip(), value.strip()


def _seconds(text: str) -> int:
    """Read a time; commits made by hand may have none, or one beyond all calendars."""
    return int(text) if text.lstrip("-").isdigit() and len(text) < 19 else 0
