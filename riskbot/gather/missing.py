"""Paths whose contents are not in the clone: a history can be read without them, and not with them."""

from __future__ import annotations

from collections.abc import Sequence

from riskbot.gather.history.walk import CHUNK
from riskbot.outside.git import Git


def missing_paths(git: Git, tip: str, also: Sequence[str] = ()) -> tuple[str, ...]:
    """List the paths that have, or ever had, a content that is not here, in what ``tip`` and ``also`` reach.

    A partial clone lacks contents, and so does a damaged one. Sorted; empty where everything is here. Reads
    every tree once and no content. Raises EvaluationError where git fails for another reason.
    """
    absent = set(_absent(git, tip, also))
    if not absent:
        return ()
    paths: set[bytes] = set()
    options = ("--raw", "--no-renames", "--no-abbrev", "-z", "--full-history", "--no-merges", "--format=")
    with git.stream("log", *options, tip, *also, "--") as out:
        rest, ids = b"", b""
        for chunk in iter(lambda: out.read(CHUNK), b""):
            *tokens, rest = (rest + chunk).split(b"\0")
            for token in tokens:
                if token.lstrip(b"\n").startswith(b":"):
                    ids = token
                elif not absent.isdisjoint(ids.split()[2:4]):
                    paths.add(token)
    return tuple(sorted(path.decode("utf-8", "surrogateescape") for path in paths))


def _absent(git: Git, tip: str, also: Sequence[str]) -> list[bytes]:
    with git.stream("rev-list", "--objects", "--missing=print", tip, *also) as out:
        return [line[1:].strip() for line in out if line.startswith(b"?")]
