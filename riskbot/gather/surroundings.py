"""What lies around a change in its new tree: the modules that imports may mean, and the manifests.

One list of the tree, and one look at the manifests in it; asked for only where the change touches Python or
a manifest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from riskbot.domain.change import FileDiff, Surroundings
from riskbot.domain.errors import EvaluationError
from riskbot.domain.manifests import manifest_kind
from riskbot.gather.names import decode
from riskbot.outside.git import Git

MAX_LIST_BYTES: Final = 64 << 20
"""Of the list of the tree: some 600,000 files."""
MAX_MANIFESTS: Final = 400
MAX_MANIFEST_BYTES: Final = 4 << 20
"""Of one manifest: uv.lock of a large application has some 1.5 MB."""
MAX_TOTAL_BYTES: Final = 32 << 20

_MODULES = (b".py", b".pyi", b".pyw", b".pyx", b".so", b".pyd")
_OPAQUE = (b"160000", b"120000")  # a submodule, a link


def read(git: Git, tree: str, files: Iterable[FileDiff]) -> Surroundings | None:
    """Read what surrounds ``files`` in ``tree`` (the id of a tree or a commit).

    None where nothing in them is Python or a manifest. What the clone lacks, and what is beyond the limits,
    is said in ``omitted``; never raises for it.
    """
    if not any(_asks(file) for file in files):
        return None
    try:
        listed = _list(git, tree)
        return _fill(git, listed)
    except EvaluationError as problem:
        return Surroundings(omitted=(f"the tree could not be read: {problem.message}",))


def _asks(file: FileDiff) -> bool:
    if file.new_path is None and file.old_path is None:
        return False
    if file.is_python and file.new_path is not None:
        return True
    return any(path is not None and manifest_kind(path) for path in (file.new_path, file.old_path))


@dataclass(slots=True)
class _Listed:
    """The tree, sorted into what is asked for; ``manifests`` are pairs of path and blob."""

    modules: list[str] = field(default_factory=list)
    manifests: list[tuple[str, str]] = field(default_factory=list)
    opaque: list[str] = field(default_factory=list)
    omitted: list[str] = field(default_factory=list)


def _list(git: Git, tree: str) -> _Listed:
    """List the tree once; git names every path in bytes, which are only decoded where they matter."""
    found = _Listed()
    with git.stream("ls-tree", "-r", "-z", "--full-tree", tree) as output:
        raw = output.read(MAX_LIST_BYTES + 1)
    entries = raw.split(b"\0")
    if len(raw) > MAX_LIST_BYTES:
        del entries[-1]
        found.omitted.append(f"the tree's list is longer than {MAX_LIST_BYTES:,} bytes: its end was not read")
    for entry in entries:
        head, _, name = entry.partition(b"\t")
        if head.startswith(_OPAQUE):
            found.opaque.append(decode(name))
            continue
        if name.endswith(_MODULES):
            found.modules.append(decode(name))
        if name and (kind := manifest_kind(path := decode(name))) is not None and kind.is_python:
            found.manifests.append((path, head.split()[2].decode()))
    return found


def _fill(git: Git, listed: _Listed) -> Surroundings:
    """Read the manifests, those nearest to the top first, as long as the limits allow."""
    chosen = sorted(listed.manifests, key=lambda one: (one[0].count("/"), one[0]))
    omitted = listed.omitted
    if len(chosen) > MAX_MANIFESTS:
        omitted.append(f"only {MAX_MANIFESTS} of {len(chosen):,} manifests were read")
        del chosen[MAX_MANIFESTS:]
    manifests = _contents(git, chosen, omitted) if chosen else ()
    return Surroundings(tuple(listed.modules), manifests, tuple(omitted), tuple(listed.opaque))


def _contents(
    git: Git, chosen: Sequence[tuple[str, str]], omitted: list[str]
) -> tuple[tuple[str, bytes], ...]:
    sizes = git.sizes(blob for _, blob in chosen)
    left = MAX_TOTAL_BYTES
    found = []
    with git.blobs() as blobs:
        for path, blob in chosen:
            size = sizes[blob]
            if size is None:
                omitted.append(f"{path}: its content is not in this clone")
            elif size > MAX_MANIFEST_BYTES or size > left:
                omitted.append(f"{path}: {size:,} bytes are over the limit")
            elif (content := blobs.read(blob)) is not None:
                left -= size
                found.append((path, content))
    return tuple(found)
