"""Finding and its parts: one thing that a detector saw, with where, how bad, how sure and why."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum
from functools import total_ordering

from riskbot.domain.authorship import Authorship
from riskbot.domain.change import Omission


@total_ordering
class Severity(Enum):
    """How bad it is if true; ordered on purpose."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Severity):
            return NotImplemented
        order = list(Severity)
        return order.index(self) < order.index(other)


@total_ordering
class Confidence(Enum):
    """How sure the detector is; another axis than severity, ordered on purpose."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Confidence):
            return NotImplemented
        order = list(Confidence)
        return order.index(self) < order.index(other)


class Category(Enum):
    """What kind of risk a finding speaks of."""

    SECURITY = "security"
    PRIVACY = "privacy"
    RELIABILITY = "reliability"
    CORRECTNESS = "correctness"
    COMPATIBILITY = "compatibility"
    TESTS = "tests"
    SUPPLY_CHAIN = "supply-chain"
    DATA_MIGRATION = "data-migration"
    MAINTAINABILITY = "maintainability"
    GOVERNANCE = "governance"


class Side(Enum):
    """Which version of the file a location points into."""

    OLD = "old"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file of the change. Lines are 1-based and inclusive; line None means the whole file."""

    path: str
    line: int | None = None
    end_line: int | None = None
    side: Side = Side.NEW


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen, in words (``what``), and where."""

    what: str
    where: Location | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What a finding's rule says about itself: the title, why it matters and how to mend it.

    ``owasp`` are entries of OWASP's lists such as ``A03:2021 - Injection``; ``pack`` is the folder under
    ``rules/`` that it belongs to, "" for a rule that lives in a detector's own table.
    """

    id: str
    title: str
    help: str
    severity: Severity
    confidence: Confidence
    category: Category
    cwe: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    owasp: tuple[str, ...] = ()
    pack: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a detector saw. Carried through to the end with its marks; never dropped.

    ``on_changed_line``: its lines overlap lines that the change added (or removed, on the old side).
    ``introduced``: the base did not have it (by fingerprint); False for what was there already.
    ``suppressed_by``: the comment or setting that asks for silence, in words; it stays visible.
    ``fingerprint``: stable when lines move; see :func:`fingerprint`.
    ``flow``: the way that data took, source first, sink last; empty where the finding is about one place.
    """

    rule: str
    detector: str
    severity: Severity
    confidence: Confidence
    category: Category
    location: Location
    message: str
    fingerprint: str
    on_changed_line: bool = True
    introduced: bool = True
    suppressed_by: str | None = None
    evidence: tuple[Evidence, ...] = ()
    flow: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """A step that crashed, was killed or ran out of time: data, not silence."""

    step: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FileShape:
    """What happened to one Python file, in counts, for features and reasons.

    ``added`` to ``cosmetic`` count functions and classes; ``complexity`` sums the differences of cyclomatic
    complexity, ``touched`` is that of what was changed, after (before, for what was removed), ``hardest`` the
    greatest of these; ``asserts`` sums the differences.
    """

    path: str
    added: int = 0
    removed: int = 0
    changed: int = 0
    moved: int = 0
    cosmetic: int = 0
    complexity: int = 0
    touched: int = 0
    hardest: int = 0
    asserts: int = 0


@dataclass(frozen=True, slots=True)
class Detection:
    """What all detectors brought: findings, what they could not look at, who failed, the rules that fired.

    ``shapes`` has one entry for every Python file that could be read before and after. ``authorship`` is what
    the one detector that looks for it says; None: none has looked.
    """

    findings: tuple[Finding, ...] = ()
    omissions: tuple[Omission, ...] = ()
    failures: tuple[Failure, ...] = ()
    rules: tuple[Rule, ...] = ()
    shapes: tuple[FileShape, ...] = ()
    authorship: Authorship | None = None


def fingerprint(rule: str, path: str, matched: str, occurrence: int = 0) -> str:
    """Name a finding so that it is the same one after lines moved: 32 hex digits.

    ``matched`` is the text it was found in (white space is folded before hashing); ``occurrence`` counts
    equal matches in the file, from 0. Lines are left out on purpose.
    """
    folded = " ".join(matched.split())
    parts = (rule, path, folded, str(occurrence))
    blob = b"\0".join(part.encode("utf-8", "surrogateescape") for part in parts)
    return hashlib.sha256(blob).hexdigest()[:32]
