"""Verdict and its parts: what the policy says, as a tree that explains itself, and who could change it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from riskbot.domain.assessment import Assessment


class Status(Enum):
    """What one clause came to. Skipped drops out of and/or; an error never satisfies."""

    SATISFIED = "satisfied"
    PENDING = "pending"
    SKIPPED = "skipped"
    ERROR = "error"


class Outcome(Enum):
    """What the policy says of the whole: allowed, held (it says no, or not yet), or undecided."""

    ALLOWED = "allowed"
    HELD = "held"
    UNDECIDED = "undecided"

    @property
    def exit_code(self) -> int:
        """What a command that asked for this verdict ends with; errors have their own (domain/errors.py)."""
        return {Outcome.ALLOWED: 0, Outcome.HELD: 1, Outcome.UNDECIDED: 3}[self]


@dataclass(frozen=True, slots=True)
class Clause:
    """One node of the verdict: its status, the reason in a sentence, the evidence, the clauses below it.

    ``could`` names who could satisfy it by approving; empty where nobody's approval would, or none is needed.
    ``settled``: it is about what kind of change this is, and no mend makes it another.
    """

    name: str
    status: Status
    reason: str
    evidence: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()
    could: tuple[str, ...] = ()
    settled: bool = False


@dataclass(frozen=True, slots=True)
class PolicyId:
    """Which policy spoke: its name, where it was read (a path and a revision, or bundled), and its hash.

    ``included``: the policies that it includes, whose words are part of its own.
    """

    name: str
    source: str
    sha256: str
    included: tuple[PolicyId, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """What exactly the verdict is of; it holds for nothing else. None: there is no such thing yet."""

    repository: str
    pull: int | None
    base_ref: str | None
    base: str | None
    head: str | None


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader must know. ``code`` is for programs (docs/people.md), ``reason`` for people.

    A *block* stands in the way whoever approves; a *flag* only tells.
    """

    code: str
    reason: str
    evidence: tuple[str, ...] = ()


class Grade(Enum):
    """How sure it is that somebody had a part: the forge vouches, a signature does, or the change says so."""

    ATTESTED = "attested"
    SIGNED = "signed"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class Ground:
    """Why somebody is interested; ``role`` is opener, pusher, author, committer or the like."""

    role: str
    grade: Grade
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Interest:
    """Somebody who has a part in the change and so cannot approve it; ``account`` None: known by name."""

    who: str
    account: int | None
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class Opinion:
    """Somebody's newest opinion: whether it counts, and if not, why (``code`` for programs)."""

    who: str
    account: int
    state: str
    commit: str
    at: str
    counts: bool
    code: str = ""
    reason: str = ""
    seconds_after_opening: int | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody worth asking, and every reason why, most important first."""

    who: str
    reasons: tuple[str, ...]
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something owed afterwards: a review after an emergency, by when and by whom."""

    what: str
    who: tuple[str, ...]
    due: str
    met: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the policy says of the facts, and everything a reader needs to believe it or to change it.

    ``unlocking`` are the smallest sets of people whose approval would allow the change, all of one size;
    ``unlocking_note`` says why there is none, or that there are more. ``accountable`` answers for the change.
    """

    outcome: Outcome
    root: Clause
    policy: PolicyId
    subject: Subject
    blocks: tuple[Note, ...] = ()
    flags: tuple[Note, ...] = ()
    interested: tuple[Interest, ...] = ()
    accountable: tuple[str, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    unlocking: tuple[tuple[str, ...], ...] = ()
    unlocking_note: str = ""
    suggested: tuple[Suggestion, ...] = ()
    obligations: tuple[Obligation, ...] = ()

    @property
    def awaits(self) -> bool:
        """Held, and only until people approve."""
        return self.outcome is Outcome.HELD and bool(self.unlocking)

    @property
    def unmet(self) -> tuple[Clause, ...]:
        """The clauses that keep the change back: not satisfied, with no such clause below them."""
        found: list[Clause] = []
        waiting = [self.root]
        while waiting:
            clause = waiting.pop()
            if clause.status not in {Status.PENDING, Status.ERROR}:
                continue
            below = [each for each in clause.clauses if each.status in {Status.PENDING, Status.ERROR}]
            if below:
                waiting.extend(reversed(below))
            else:
                found.append(clause)
        return tuple(found)

    @property
    def mendable(self) -> tuple[Clause, ...]:
        """Those of ``unmet`` that no approval satisfies: what only a better change can.

        Where approvals are enough, a flow that the change is not is nothing to mend.
        """
        return tuple(
            clause for clause in self.unmet if not clause.could and not (clause.settled and self.awaits)
        )

    @property
    def proposed(self) -> bool:
        """Whether it is of a pull request; before that nobody can have approved yet."""
        return self.subject.pull is not None

    @property
    def exit_code(self) -> int:
        """What a command that judges facts ends with."""
        return self.outcome.exit_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed(Verdict):
    """A verdict together with the assessment that its facts were taken from: what reporters take."""

    assessment: Assessment

    @property
    def exit_code(self) -> int:
        """What a check ends with: that people have still to approve is no reason not to propose a change.

        What its author could mend alone is one, even where more approvals would do instead.
        """
        return 0 if self.awaits and not self.proposed and not self.mendable else self.outcome.exit_code
