"""Size: how much of which kind of file, and in how many pieces."""

from __future__ import annotations

from collections import Counter

from riskbot.assess import kinds
from riskbot.assess.features.kamei import churn
from riskbot.assess.kinds import Kind
from riskbot.domain.change import Change, FileStatus

KINDS = {
    "source": Kind.SOURCE,
    "test": Kind.TEST,
    "docs": Kind.DOCS,
    "config": Kind.CONFIG,
    "ci": Kind.CI,
    "dependency": Kind.DEPENDENCIES,
    "migration": Kind.MIGRATION,
    "generated": Kind.GENERATED,
}

TITLES: dict[str, str] = {
    **{f"{name}_files": f"files of {kind.value} touched" for name, kind in KINDS.items()},
    "source_added": "lines of source code added",
    "source_removed": "lines of source code removed",
    "test_added": "lines of tests added",
    "test_removed": "lines of tests removed",
    "test_share": "share of tests in the changed lines of code",
    "python_share": "share of Python in the changed lines",
    "new_files": "files added",
    "gone_files": "files deleted",
    "moved_files": "files renamed or copied",
    "new_source": "source files added",
    "hunks": "places changed",
    "source_hunks": "places changed in source code",
    "largest_hunk": "lines of the largest changed place",
    "largest_file": "share of the most changed file in the changed lines",
    "hunk_sections": "functions and classes that the changed places lie in",
    "replaced": "share of the added lines that replace others",
    "relative_churn": "changed lines against the size of the touched files",
    "depth": "folders above the deepest touched file",
}


def measure(change: Change) -> dict[str, float | None]:
    """Give the family's numbers."""
    files = change.files
    counts: Counter[Kind] = Counter(kinds.kind(file.path) for file in files)
    added: Counter[Kind] = Counter()
    removed: Counter[Kind] = Counter()
    for file in files:
        added[kinds.kind(file.path)] += file.added
        removed[kinds.kind(file.path)] += file.removed
    code = sum(added[kind] + removed[kind] for kind in (Kind.SOURCE, Kind.TEST, Kind.MIGRATION))
    tests = added[Kind.TEST] + removed[Kind.TEST]
    total = sum(churn(file) for file in files)
    python = sum(churn(file) for file in files if file.is_python)
    source = [file for file in files if kinds.kind(file.path) is Kind.SOURCE]
    sizes = [hunk.added + hunk.removed for file in files for hunk in file.hunks]
    replaced = sum(min(hunk.added, hunk.removed) for file in files for hunk in file.hunks)
    known = bool(sizes) or not total
    before = change.history.metrics.lt if change.history is not None else None
    return {
        **{f"{name}_files": counts[kind] for name, kind in KINDS.items()},
        "source_added": added[Kind.SOURCE],
        "source_removed": removed[Kind.SOURCE],
        "test_added": added[Kind.TEST],
        "test_removed": removed[Kind.TEST],
        "test_share": tests / code if code else None,
        "python_share": python / total if total else None,
        "new_files": sum(file.status is FileStatus.ADDED for file in files),
        "gone_files": sum(file.status is FileStatus.DELETED for file in files),
        "moved_files": sum(file.status in {FileStatus.RENAMED, FileStatus.COPIED} for file in files),
        "new_source": sum(file.status is FileStatus.ADDED for file in source),
        "hunks": len(sizes) if known else None,
        "source_hunks": sum(len(file.hunks) for file in source) if known else None,
        "largest_hunk": max(sizes, default=0) if known else None,
        "largest_file": max(map(churn, files)) / total if total else None,
        "hunk_sections": len({(f.path, hunk.section) for f in files for hunk in f.hunks if hunk.section}),
        "replaced": replaced / change_added
        if known and (change_added := sum(f.added for f in files))
        else None,
        "relative_churn": None if before is None else total / (before + 1),
        "depth": max((file.path.count("/") for file in files), default=0),
    }
