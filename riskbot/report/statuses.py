"""How the status of a clause looks on a page."""

from __future__ import annotations

from riskbot.domain.verdict import Status

#: The glyph's name and the style of each status.
STATUS = {
    Status.SATISFIED: ("met", "green"),
    Status.PENDING: ("unmet", "red"),
    Status.ERROR: ("failed", "bold red"),
    Status.SKIPPED: ("skipped", "dim"),
}
