"""What a policy declares beside its clauses: what counts as a review, who owns, which flows are known.

Each is a frozen struct: its fields are its syntax, its check and its JSON schema.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Literal

from msgspec import Meta, Struct

from riskbot.domain.change import FileStatus
from riskbot.facts.document import Permission
from riskbot.judge.people.who import People, Who
from riskbot.written.glob import Glob

_UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}

SomePeople = Annotated[People, Meta(min_length=1, max_length=200)]
Globs = Annotated[tuple[Glob, ...], Meta(min_length=1, max_length=200)]


class Duration:
    """A span of time, written ``30m``, ``48h``, ``7d`` or ``2w``."""

    __slots__ = ("span", "text")

    def __init__(self, text: str) -> None:
        match = re.fullmatch(r"([1-9][0-9]{0,4})([mhdw])", text, re.ASCII)
        if match is None:
            raise ValueError(f"{text[:40]!r} is no span of time; write 30m, 48h, 7d or 2w.")
        self.text = text
        self.span = timedelta(seconds=int(match[1]) * _UNITS[match[2]])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Duration) and self.span == other.span

    def __hash__(self) -> int:
        return hash(self.span)

    def __repr__(self) -> str:
        return f"Duration({self.text!r})"


class _Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all declarations share."""


class Tolerance(_Part, frozen=True):
    """``suggestions: {lines: 3}``: whoever suggested at most so many lines may still approve.

    Only where no file of the change has an owner of its own and somebody else could approve as well.
    """

    lines: Annotated[int, Meta(ge=1, le=20)]


class ReviewRules(_Part, frozen=True):
    """``reviews``: what counts as an approval, for every clause of the policy.

    ``carry_over``: which approvals of an earlier head still count. *same-content*: the same tree on the same
    base; *clean-rebase*, *clean-update*: the new head is exactly what redoing or merging the approved one
    gives, recomputed. ``commands``: a comment line ``/approve COMMIT`` counts too. ``member_for``: an
    approval through a team counts only after so long in it. ``bots``: those whose approval counts at all.
    """

    permission: Permission = Permission.WRITE
    bots: tuple[Who, ...] = ()
    member_for: Duration | None = None
    carry_over: tuple[Literal["same-content", "clean-rebase", "clean-update"], ...] = ()
    commands: bool = False
    suggestions: Tolerance | None = None


class AuthorRules(_Part, frozen=True):
    """``authors``: what happens where it is not known who made the change.

    ``unattributed``: a commit whose author or committer no account is known for. ``unknown_initiator``: an
    agent's work that nobody is known to have asked for. ``lift_coauthor_ban``: who may vouch, with a reason,
    that a person named as co-author had no part.
    """

    unattributed: Literal["block", "one-more"] = "block"
    unknown_initiator: Literal["block", "two-humans"] = "block"
    lift_coauthor_ban: People = ()


class OwnerRules(_Part, frozen=True):
    """``owners``: which owners files rule, and who steps in where no owner is able to.

    ``format``: GitHub's CODEOWNERS; OWNERS files as Gerrit's code-owners plugin or as Prow defines them.
    ``fallback``: who approves where every owner of a file is unknown, powerless or interested.
    """

    format: Literal["codeowners", "gerrit", "prow"] = "codeowners"
    fallback: People = ()


class Packages(_Part, frozen=True):
    """What a flow may pull in without its owner: names on the list, or versions published long enough ago."""

    allow: tuple[str, ...] = ()
    older_than: Duration | None = None


class Flow(_Part, frozen=True):
    """``flows``: one registered automation: whose bot, who answers for it, and what its diffs may look like.

    Anybody else's push or commit, and any file out of shape, voids it: then ordinary rules apply.
    """

    flow: Annotated[str, Meta(pattern=r"\A[a-z0-9][a-z0-9-]{0,63}\Z")]
    bots: SomePeople
    owner: SomePeople
    paths: Globs
    statuses: Annotated[tuple[FileStatus, ...], Meta(min_length=1)] = (FileStatus.MODIFIED,)
    max_files: Annotated[int, Meta(ge=1)] | None = None
    max_lines: Annotated[int, Meta(ge=1)] | None = None
    packages: Packages | None = None


class BreakGlassRule(_Part, frozen=True):
    """``break_glass``: who may let a change through in an emergency, and who must review it afterwards."""

    people: SomePeople
    reviewers: SomePeople
    review_within: Duration


class Include(_Part, frozen=True):
    """``include``: another policy, at a named ref of another repository. Fetching it is the caller's work."""

    policy: Annotated[str, Meta(pattern=r"\A[a-z0-9][a-z0-9-]{0,63}\Z")]
    repository: Annotated[str, Meta(min_length=1, max_length=200)]
    ref: Annotated[str, Meta(min_length=1, max_length=200)]
    path: Annotated[str, Meta(min_length=1, max_length=500)]
    sha256: Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")] | None = None
