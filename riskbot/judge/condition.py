"""When a clause applies: the ``if:`` of the policy language.

A condition can only ever add a requirement (the loader refuses one that would let an alternative drop
out), so what is not known applies, and paths match on both sides of a rename.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from riskbot.judge.glob import Glob

if TYPE_CHECKING:
    from riskbot.judge.bench import Bench


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``if: {paths: [...]}``: the clause applies where the change touches a path that matches."""

    paths: Annotated[tuple[Glob, ...], msgspec.Meta(min_length=1, max_length=200)]

    def applies(self, bench: Bench) -> bool:
        """Say whether any path of the change, old or new, matches any pattern."""
        return any(glob.matches_folded(path) for glob in self.paths for path in bench.folded_paths)

    def otherwise(self) -> str:
        """Why the clause does not apply."""
        shown = ", ".join(glob.pattern for glob in self.paths[:3])
        more = f" and {len(self.paths) - 3} more" if len(self.paths) > 3 else ""
        return f"The change touches nothing under {shown}{more}."
