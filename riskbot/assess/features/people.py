"""People: how well the author knows what is touched.

These numbers penalise newcomers: they can be left out.
"""

from __future__ import annotations

from riskbot.domain.change import Change

TITLES: dict[str, str] = {
    "own_changes": "the author's earlier changes to these files",
    "own_share": "the author's share of these files' earlier changes",
    "new_to_files": "share of these files that the author never changed",
}


def measure(change: Change) -> dict[str, float | None]:
    """Give the family's numbers; None where nobody is named or the past is not known."""
    files = change.history.files if change.history is not None else ()
    own = [
        (file.own_commits, file.commits) for file in files if file.own_commits is not None and file.commits
    ]
    if not own:
        return dict.fromkeys(TITLES)
    mine = sum(count for count, _ in own)
    return {
        "own_changes": mine,
        "own_share": mine / sum(commits for _, commits in own),
        "new_to_files": sum(count == 0 for count, _ in own) / len(own),
    }
