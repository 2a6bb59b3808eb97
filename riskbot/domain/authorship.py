"""Who or what wrote a change, as far as it left signs: evidence by category, never one number.

No sign is never evidence of a human author. What is *attested*, *declared* and *inferred* is kept apart from
the first sign to the last word, since each is sure in another way.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Category(Enum):
    """How it is known what wrote something; the first that holds, in this order.

    ``attested``: the forge, a verified signature or line-level attribution vouches for an agent. ``mixed``:
    some of it (lines of a commit, commits of a change) bears such signs and some does not. ``declared``: the
    commit says so itself. ``assisted``: a person took over a suggestion, or an autofix. ``automation``: a bot
    that is no language model. ``inferred``: a guess from style. ``none``: no sign was found, which is not
    "human". ``unknown``: it could not be looked at.
    """

    ATTESTED = "attested"
    MIXED = "mixed"
    DECLARED = "declared"
    ASSISTED = "assisted"
    AUTOMATION = "automation"
    INFERRED = "inferred"
    NONE = "none"
    UNKNOWN = "unknown"


SAYS = (*(category.value for category in Category), "human")
"""What a person may put on record about a commit: a category, or that a human wrote it."""


class Kind(Enum):
    """What a sign speaks of."""

    AGENT = "agent"
    ASSISTED = "assisted"
    AUTOMATION = "automation"
    CONTEXT = "context"
    """Something about the surroundings, such as an agent's configuration in the tree: never a verdict."""


class Tier(Enum):
    """How good evidence is: A somebody other than the writer vouches, B exact, C misfires, D context only."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that was seen.

    ``channel`` says where: author, committer, trailer, session, footer, subject, branch, account, signature,
    notes, trace, label, config, style. ``seen`` is the matched text itself, at most 200 characters;
    ``signature`` the catalogue's entry that matched. ``counts``: it is enough by itself for a category;
    without it, it is only shown. ``anachronistic``: it is dated before the tool can have left it, so it is
    shown and does not count. ``confidence``: how often such a sign is what it seems, 0 to 1, as measured or
    set in the catalogue. ``commit`` and ``path`` say what it was seen on, None for the whole change.
    """

    kind: Kind
    tier: Tier
    channel: str
    seen: str
    tool: str = ""
    model: str = ""
    signature: str = ""
    confidence: float = 0.0
    counts: bool = True
    spoofable: bool = True
    anachronistic: bool = False
    commit: str | None = None
    path: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """What part of the added lines agents wrote: at least ``low``, at most ``high``, 0 to 1.

    ``low`` counts lines that bear a sign; ``high`` adds those of which nothing is known. ``lines`` is how
    many were added in all.
    """

    low: float
    high: float
    lines: int


@dataclass(frozen=True, slots=True)
class Span:
    """Lines ``start`` to ``end`` (1-based, inclusive, in the commit's own version of the file).

    ``kind`` is AGENT, or None for lines that a person is on record for.
    """

    start: int
    end: int
    kind: Kind | None
    tool: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class FileAuthorship:
    """What line-level attribution says of one file: of ``added`` lines, how many agents and people wrote.

    The rest is untracked, not human. ``spans`` are those of the attribution, in the numbers of the change's
    head where ``commit`` is None, else in those of that commit.
    """

    path: str
    added: int
    agent: int
    human: int
    spans: tuple[Span, ...] = ()
    commit: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person put on record about a commit; it stands beside the evidence, never in its place.

    ``says`` is what the person says it was, one of :data:`SAYS`. Nobody vouches for ``by``; ``at`` is in
    seconds since the epoch.
    """

    commit: str
    says: str
    reason: str
    by: str
    at: int
    tool: str = ""


@dataclass(frozen=True, slots=True)
class CommitAuthorship:
    """What is known of one commit. ``confidence`` is the best counting sign's, None where none counts.

    ``disclosed``: its own message says in a trailer that an agent took part. ``probability`` is that of the
    style, None where it was not asked or abstains.
    """

    commit: str
    category: Category
    tool: str = ""
    model: str = ""
    confidence: float | None = None
    signs: tuple[Sign, ...] = ()
    disclosed: bool = False
    probability: float | None = None
    share: Share | None = None
    files: tuple[FileAuthorship, ...] = ()
    corrections: tuple[Correction, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Authorship:
    """What is known of a whole change.

    ``attested``, ``declared``, ``assisted``, ``automation`` and ``inferred`` each say whether some part of
    the change bears such signs; None: it could not be looked at. ``disclosed``: every commit that bears an
    agent's signs says so in a trailer (some commit, where only the pull request bears them); None where
    nothing bears any. ``tools`` are those of counting signs,
    sorted. ``share`` is None where the lines could not be counted. ``probability`` is the greatest of the
    commits'. ``notes`` say what was not looked at and what limits the answer.
    """

    category: Category
    attested: bool | None = None
    declared: bool | None = None
    assisted: bool | None = None
    automation: bool | None = None
    inferred: bool | None = None
    disclosed: bool | None = None
    probability: float | None = None
    tools: tuple[str, ...] = ()
    share: Share | None = None
    signs: tuple[Sign, ...] = ()
    """Signs of the whole change: branch, pull request, labels, traces."""
    commits: tuple[CommitAuthorship, ...] = ()
    files: tuple[FileAuthorship, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def agent(self) -> bool:
        """Say whether it is on record that a language model wrote some of it: a guess is no record."""
        return self.attested is True or self.declared is True
