"""The owners files and rosters at a revision: the texts that say who answers for what."""

from __future__ import annotations

from collections.abc import Iterable

from riskbot.domain.errors import EvaluationError, UsageError
from riskbot.facts.document import CODEOWNERS, Text
from riskbot.facts.paths import encode
from riskbot.gather.names import decode
from riskbot.outside.git import Git

# GitHub loads no CODEOWNERS of 3 MB or more, and a hundred megabytes of OWNERS files are somebody's attack.
_MAX_BYTES = 4 * 2**20
_MAX_TOTAL = 64 * 2**20
_MAX_FILES = 50_000


def owners_texts(git: Git, revision: str, style: str, rosters: Iterable[str] = ()) -> tuple[Text, ...]:
    """Read the owners files of that style (``codeowners``, ``gerrit``, ``prow``) and the rosters named.

    A file that is too large, no text or no plain file is listed without its text, so that whoever judges
    knows that it is there. Raises EvaluationError where an object is missing, UsageError where there are too
    many files to read.
    """
    if style == "codeowners":
        listed = _list(git, revision, *CODEOWNERS, *rosters)
    else:
        # OWNERS files import others by any name; by custom it has OWNERS in it.
        wanted = set(rosters)
        listed = [
            entry
            for entry in _list(git, revision)
            if "OWNERS" in entry[2].rpartition("/")[2] or entry[2] in wanted
        ]
    if len(listed) > _MAX_FILES:
        raise UsageError(
            f"There are {len(listed):,} owners files at {revision[:12]}; at most {_MAX_FILES:,} are read."
        )
    sizes = git.sizes(blob for _, blob, _ in listed)
    left = _MAX_TOTAL
    texts = []
    with git.blobs() as blobs:
        for mode, blob, path in listed:
            size = sizes[blob]
            if size is None and mode != "160000":
                raise EvaluationError(
                    f"{path} at the base is not in this clone.",
                    mend=f"Fetch it, for example with `git cat-file -e {blob}` in a partial clone.",
                )
            text = None
            if size is not None and mode.startswith("100") and size <= min(_MAX_BYTES, left):
                left -= size
                text = _text(blobs.read(blob))
            texts.append(Text(path=encode(path), text=text, size=size or 0, mode=mode))
    return tuple(texts)


def _list(git: Git, revision: str, *paths: str) -> list[tuple[str, str, str]]:
    """List mode, object and path of the files below the paths (none: of all files)."""
    scope = ("--", *paths) if paths else ()
    listed = git.run("ls-tree", "-r", "-z", "--full-tree", revision, *scope)
    entries = []
    for entry in listed.split(b"\0"):
        if entry:
            head, _, path = entry.partition(b"\t")
            mode, _, blob = head.split()[:3]
            entries.append((mode.decode(), blob.decode(), decode(path)))
    return entries


def _text(content: bytes | None) -> str | None:
    """Decode; None for what is no UTF-8 text."""
    try:
        return None if content is None else content.decode("utf-8")
    except UnicodeDecodeError:
        return None
