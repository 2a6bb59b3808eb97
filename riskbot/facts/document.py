"""The facts document: everything that judging a change may look at, as one versioned JSON document.

The types below are the schema: :func:`riskbot.facts.schema` draws it from them, and the decoder refuses what
they do not say. Whoever talks to a forge fills it; judging reads nothing else, so a stored document and a
stored policy give the same verdict for ever.

**Unknown is not empty.** A field that may be null means "not known" when it is null or left out; an empty
list means "looked, and there is none". Judging treats what is not known as the stricter of what it could be.

Times are RFC 3339 with an offset. Accounts are the forge's numeric ids, because names can be given up and
taken by another; teams are written ``organisation/team``, paths as :mod:`riskbot.facts.paths` says.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta, field

from riskbot.facts.assessed import (
    Assessment,
    Authorship,
    CommitAuthorship,
    Correction,
    Dependency,
    Failure,
    FileAuthorship,
    Finding,
    Omission,
    Share,
    Sign,
    Tool,
    Zone,
)
from riskbot.facts.change import (
    Change,
    Commit,
    File,
    Head,
    RecentAuthor,
    Replay,
    Signature,
    Suggestion,
    Trailer,
    Verification,
)
from riskbot.facts.people import Account, AccountType, Directory, Membership, Permission, Team
from riskbot.facts.pull import (
    AgentRun,
    BanLift,
    BaseChange,
    BreakGlass,
    Check,
    Comment,
    Dismissal,
    Label,
    Merge,
    Pull,
    Push,
    Queue,
    Review,
    ReviewState,
    Tally,
)
from riskbot.facts.record import Mode, Path, Record

__all__ = [
    "CODEOWNERS",
    "SCHEMA",
    "Account",
    "AccountType",
    "AgentRun",
    "Assessment",
    "Authorship",
    "BanLift",
    "BaseChange",
    "BreakGlass",
    "Change",
    "Check",
    "Comment",
    "Commit",
    "CommitAuthorship",
    "Correction",
    "Dependency",
    "Directory",
    "Dismissal",
    "Facts",
    "Failure",
    "File",
    "FileAuthorship",
    "Finding",
    "Head",
    "Label",
    "Membership",
    "Merge",
    "Omission",
    "Permission",
    "Pull",
    "Push",
    "Queue",
    "RecentAuthor",
    "Replay",
    "Review",
    "ReviewState",
    "Share",
    "Sign",
    "Signature",
    "Suggestion",
    "Tally",
    "Team",
    "Text",
    "Tool",
    "Trailer",
    "Verification",
    "Zone",
]

SCHEMA: Final = "riskbot.facts/1"

#: Where GitHub looks for CODEOWNERS, in its order; the first that is found is the only one.
CODEOWNERS: Final = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")


class Text(Record, frozen=True):
    """One governing file, as it is at the base: owners files, rosters, the policy.

    ``text`` null: it was not read, because of its ``size`` or because it is not UTF-8 text.
    """

    path: Path
    text: str | None
    size: Annotated[int, Meta(ge=0, description="Its length in bytes.")]
    mode: Mode = "100644"


class Facts(Record, frozen=True):
    """The whole document. ``accounts`` and ``teams`` null: nobody could be asked (a local check)."""

    schema: Annotated[Literal["riskbot.facts/1"], Meta(description="What kind of document this is.")]
    repository: Annotated[str, Meta(description="Its name, for readers.")]
    change: Change
    pull: Annotated[Pull | None, Meta(description="Null: not proposed yet.")] = None
    accounts: tuple[Account, ...] | None = None
    teams: tuple[Team, ...] | None = None
    assessment: Assessment | None = None
    texts: Annotated[
        tuple[Text, ...] | None, Meta(description="What governs, at the base; null: nobody looked.")
    ] = None
    load: Annotated[dict[str, int], Meta(description="Open review requests, by account id.")] = field(
        default_factory=dict
    )
