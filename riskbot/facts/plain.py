"""Times and words for JSON: what the makers of facts share."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SURROGATE = re.compile("[\ud800-\udfff]")


def time(seconds: int) -> datetime | None:
    """Give the time so many seconds after 1970; None for a commit without one, or beyond all calendars."""
    try:
        return _EPOCH + timedelta(seconds=seconds) if seconds else None
    except OverflowError:
        return None


def words(text: str) -> str:
    """Write text for JSON: a byte of a path in it that is not UTF-8 is spelled out."""
    return _SURROGATE.sub(lambda match: f"\\x{ord(match[0]) & 0xFF:02x}", text)
