"""How many lines a blob has, kept by arithmetic: old lines plus added minus removed is exact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from riskbot.gather.history.log import Touch


def count_lines(content: bytes) -> int:
    """Count lines as git's diff does: a last line without a newline is one."""
    return content.count(b"\n") + (bool(content) and not content.endswith(b"\n"))


@dataclass(slots=True)
class Lines:
    """Line counts by blob id. ``read`` gives a blob's content, None where it is missing.

    A blob that no commit read so far has made (the result of a merge, or older than the range) is read
    and counted.
    """

    read: Callable[[str], bytes | None]
    known: dict[str, int] = field(default_factory=dict)
    reads: int = 0

    def before(self, touch: Touch) -> int | None:
        """Return how many lines the file had before, 0 for a new or binary one; None where unknown."""
        if touch.old_blob is None or touch.source is None or touch.added is None or touch.gitlink:
            return 0
        if touch.old_blob not in self.known:
            self.reads += 1
            content = self.read(touch.old_blob)
            if content is None:
                return None
            self.known[touch.old_blob] = count_lines(content)
        return self.known[touch.old_blob]

    def learn(self, touch: Touch, before: int | None) -> None:
        """Keep the line count of the new blob."""
        if touch.new_blob and before is not None and touch.added is not None and not touch.gitlink:
            self.known[touch.new_blob] = before + touch.added - (touch.removed or 0)
