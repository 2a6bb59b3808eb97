"""What governs a change, read at its base: ``pyproject.toml`` and everything under ``.riskbot/``."""

from __future__ import annotations

from riskbot.domain.change import Charter
from riskbot.domain.errors import EvaluationError, UsageError
from riskbot.gather.limits import Limits
from riskbot.gather.names import decode
from riskbot.outside.git import Blobs, Git

PATHS = ("pyproject.toml", ".riskbot")
_MAX_FILES = 1_000


def read_charter(git: Git, revision: str | None, blobs: Blobs, limits: Limits) -> Charter:
    """Read the governing files at ``revision`` (a commit id; None: there are none).

    Only regular files govern: a link or a submodule among them would seem to, and is refused (a linked
    ``pyproject.toml`` is passed over, since most have nothing to do with riskbot). Raises UsageError for
    that and for a file over the limit, EvaluationError where an object is missing: a charter is read whole
    or not at all.
    """
    if revision is None:
        return Charter()
    listed = git.run("ls-tree", "-r", "-z", "--full-tree", revision, "--", *PATHS)
    entries = [entry.partition(b"\t") for entry in listed.split(b"\0") if entry]
    for head, _, path in entries:
        if not head.startswith(b"100") and path != b"pyproject.toml":
            raise UsageError(
                f"{decode(path)} at the base {revision[:12]} is a link or a submodule: riskbot follows none.",
                mend="What governs the repository must be plain files in .riskbot/.",
            )
    files = [(decode(path), head.split()[2].decode()) for head, _, path in entries if head.startswith(b"100")]
    if not files:
        return Charter(revision)
    if len(files) > _MAX_FILES:
        raise UsageError(
            f"There are {len(files):,} files under .riskbot/ at {revision[:12]}.", mend="Keep fewer."
        )
    sizes = git.sizes(blob for _, blob in files)
    return Charter(
        revision, tuple((path, _read(path, blob, sizes[blob], blobs, limits)) for path, blob in files)
    )


def _read(path: str, blob: str, size: int | None, blobs: Blobs, limits: Limits) -> bytes:
    if size is not None and size > limits.max_charter_bytes:
        raise UsageError(
            f"{path} at the base has {size:,} bytes; at most {limits.max_charter_bytes:,} are read.",
            mend="Make it smaller.",
        )
    content = None if size is None else blobs.read(blob)
    if content is None:
        raise EvaluationError(
            f"{path} at the base is not in this clone.",
            mend=f"Fetch it, for example with `git cat-file -e {blob}` in a partial clone.",
        )
    return content
