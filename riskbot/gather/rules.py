"""The repository's own rules at a revision: files that the settings name, wherever they lie."""

from __future__ import annotations

from collections.abc import Iterable

from riskbot.domain.errors import EvaluationError, UsageError
from riskbot.gather.names import decode
from riskbot.outside.git import Git

_MAX_FILES = 1_000
_MAX_BYTES = 1 << 20


def rule_texts(git: Git, revision: str, paths: Iterable[str]) -> tuple[tuple[str, bytes], ...]:
    """Read the rule files that ``paths`` (files or folders) hold at ``revision``, by path, in order.

    Files of a folder count by their ending. Raises UsageError for a path that is not there, for links and for
    files beyond the limits, EvaluationError where an object is missing.
    """
    found: dict[str, str] = {}
    for path in paths:
        found |= _list(git, revision, path)
    if len(found) > _MAX_FILES:
        raise UsageError(f"There are {len(found):,} rule files at {revision[:12]}.", mend="Keep fewer.")
    sizes = git.sizes(found.values())
    texts = []
    with git.blobs() as blobs:
        for path, blob in sorted(found.items()):
            size = sizes[blob]
            if size is not None and size > _MAX_BYTES:
                raise UsageError(
                    f"{path} at the base has {size:,} bytes; at most {_MAX_BYTES:,} are read.",
                    mend="Make it smaller.",
                )
            content = None if size is None else blobs.read(blob)
            if content is None:
                raise EvaluationError(f"{path} at the base is not in this clone.", mend="Fetch it.")
            texts.append((path, content))
    return tuple(texts)


def _list(git: Git, revision: str, path: str) -> dict[str, str]:
    listed = git.run("ls-tree", "-r", "-z", "--full-tree", revision, "--", path)
    found, some = {}, False
    for entry in listed.split(b"\0"):
        head, _, name = entry.partition(b"\t")
        if not name:
            continue
        some = True
        where = decode(name)
        if where != path and not where.endswith((".yaml", ".yml")):
            continue
        if not head.startswith(b"100"):
            raise UsageError(
                f"{where} at the base {revision[:12]} is a link or a submodule: riskbot follows none.",
                mend="Rules must be plain files.",
            )
        found[where] = head.split()[2].decode()
    if not some:
        raise UsageError(
            f"The setting rules names {path}, which is not in the repository at {revision[:12]}.",
            mend="Name a file or folder that the base has, or remove it from the setting.",
        )
    return found
