"""The ``paths`` of a rule: which files it speaks of, as globs on the repository's own paths.

Semgrep sees generated names only, so riskbot applies them itself, to semgrep's matches. As semgrep's
(https://semgrep.dev/docs/writing-rules/rule-syntax#paths): a pattern matches a file, or a folder and so all
below it, at any depth unless it starts with ``/``; ``*`` and ``?`` stop at ``/``, ``**`` does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Paths:
    """Globs; an empty ``include`` means every file."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def cover(self, path: str) -> bool:
        """Tell whether the rule speaks of ``path`` ("/"-separated, from the repository's top)."""
        if self.include and not any(_compiled(glob).match(path) for glob in self.include):
            return False
        return not any(_compiled(glob).match(path) for glob in self.exclude)


_PIECES = re.compile(r"\*\*/|\*\*|\*|\?|\[!?[^\]/]+\]|[^*?\[]+|\[")


@lru_cache(4096)
def _compiled(glob: str) -> re.Pattern[str]:
    """Translate one glob; linear in the path, for each ``*`` is bounded by ``/``."""
    anchored = glob.startswith("/")
    words = []
    for piece in _PIECES.findall(glob.strip("/")):
        if piece == "**/":
            words.append(r"(?:[^/]+/)*")
        elif piece == "**":
            words.append(r".*")
        elif piece == "*":
            words.append(r"[^/]*")
        elif piece == "?":
            words.append(r"[^/]")
        elif piece.startswith("[") and piece.endswith("]"):
            inside = piece[1:-1]
            negated = inside.startswith("!")
            words.append(
                f"[{'^' if negated else ''}{re.escape(inside.removeprefix('!')).replace(chr(92) + '-', '-')}]"
            )
        else:
            words.append(re.escape(piece))
    start = r"\A" if anchored else r"\A(?:.*/)?"
    return re.compile(f"{start}{''.join(words)}(?:/.*)?\\Z", re.DOTALL)
