"""Past: what became of the touched files before; of the weightiest kind of them (source code, if any).

Earlier bug-inducing changes are not known at the time without blaming every repair. What stands for them is
``shaken``: changes of the file that a repair of it soon followed, as far as that had happened by then.
"""

from __future__ import annotations

from riskbot.assess import kinds
from riskbot.domain.change import Change, FileHistory

_DAY = 86_400

TITLES: dict[str, str] = {
    "past_changes_most": "earlier changes to the most changed file",
    "past_recent": "changes to these files in the last 90 days",
    "past_recent_most": "changes to the busiest of these files in the last 90 days",
    "past_repairs": "earlier repairs of these files",
    "past_repairs_most": "earlier repairs of the most repaired file",
    "past_repair_share": "share of repairs in these files' past",
    "past_recent_repairs": "repairs of these files in the last year",
    "past_shaken": "earlier changes to these files that were soon repaired",
    "past_shaken_share": "share of these files' changes that were soon repaired",
    "past_repaired_days": "days since one of these files was last repaired",
    "past_fixes": "reported defects fixed in these files",
    "past_authors_most": "developers of the file that most have changed",
    "past_owner_share": "its main developer's share of the least owned file",
    "past_age": "days since the oldest of these files was first changed",
    "past_youngest": "days since the youngest of these files was first changed",
    "past_idle": "days since the longest untouched of these files was changed",
    "past_busy": "days since one of these files was last changed",
    "past_churn": "lines added and removed in these files so far",
    "past_new_share": "share of files without a past",
    "past_project_repairs": "share of repairs in the repository's last changes",
}


def measure(change: Change) -> dict[str, float | None]:
    """Give the family's numbers; all None where the files' past is not known."""
    history = change.history
    if history is None or len(history.files) == 0:
        unknown: dict[str, float | None] = dict.fromkeys(TITLES)
        return unknown | {"past_project_repairs": None if history is None else history.repair_share}
    files = _telling(history.files)
    old = [file for file in files if file.commits]
    share = {"past_new_share": 1 - len(old) / len(files), "past_project_repairs": history.repair_share}
    if not old:
        return dict.fromkeys(TITLES, 0.0) | dict.fromkeys(_TIMES) | share
    commits, repairs = sum(f.commits for f in old), sum(f.repairs for f in old)
    shaken, looked = sum(f.shaken for f in old), sum(min(f.commits, 100) for f in old)
    return {
        "past_changes_most": max(f.commits for f in old),
        "past_recent": sum(f.recent_commits for f in old),
        "past_recent_most": max(f.recent_commits for f in old),
        "past_repairs": repairs,
        "past_repairs_most": max(f.repairs for f in old),
        "past_repair_share": repairs / commits,
        "past_recent_repairs": sum(f.recent_repairs for f in old),
        "past_shaken": shaken,
        "past_shaken_share": shaken / looked,
        "past_fixes": sum(f.fixes for f in old),
        "past_authors_most": max(len(f.authors) for f in old),
        "past_owner_share": min(f.owner_share or 1.0 for f in old),
        "past_churn": sum(f.churn_added + f.churn_removed for f in old),
        **_times(old, history.at),
        **share,
    }


_TIMES = ("past_repaired_days", "past_age", "past_youngest", "past_idle", "past_busy", "past_owner_share")


def _telling(files: tuple[FileHistory, ...]) -> tuple[FileHistory, ...]:
    """Choose the files of the weightiest kind: everybody touches the change log, and it breaks nothing."""
    best = min(kinds.rank(file.path) for file in files)
    return tuple(file for file in files if kinds.rank(file.path) == best)


def _times(old: list[FileHistory], now: int | None) -> dict[str, float | None]:
    first = [f.first_changed_at for f in old if f.first_changed_at is not None]
    last = [f.last_changed_at for f in old if f.last_changed_at is not None]
    repaired = [f.last_repaired_at for f in old if f.last_repaired_at is not None]
    return {
        "past_repaired_days": _days(max(repaired, default=None), now),
        "past_age": _days(min(first, default=None), now),
        "past_youngest": _days(max(first, default=None), now),
        "past_idle": _days(min(last, default=None), now),
        "past_busy": _days(max(last, default=None), now),
    }


def _days(then: int | None, now: int | None) -> float | None:
    return None if then is None or now is None else max(0, now - then) / _DAY
