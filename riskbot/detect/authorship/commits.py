"""What the signs of one commit add up to: its category, tool, model, share and what limits the answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from riskbot.detect.authorship.catalogue import Catalogue, folded
from riskbot.detect.authorship.lines import Attribution, attribution
from riskbot.detect.authorship.match import signs as matched
from riskbot.domain.authorship import Category, CommitAuthorship, Correction, Kind, Share, Sign, Tier
from riskbot.domain.change import Commit, FileDiff

# Where signs of equal tier stand: who is named as the author says more than what a footer says.
_CHANNELS = ("notes", "trace", "signature", "account", "author", "committer", "trailer", "session", "footer")


@dataclass(frozen=True, slots=True)
class Beside:
    """What lies beside a commit: its note, its own diff, who signed it, how many lines it adds.

    ``verified`` names the key's owner where git verified the signature against the base's list of agents'
    keys. ``missing`` says what could not be looked at, in words; "" where nothing was missing.
    """

    note: bytes | None = None
    patch: tuple[FileDiff, ...] | None = None
    verified: str = ""
    added: int | None = None
    corrections: tuple[Correction, ...] = ()
    missing: str = ""


NOTHING = Beside()


@dataclass(frozen=True, slots=True)
class Guess:
    """What style says of a commit: the probability, and whether it is high enough to be shown as inferred."""

    probability: float
    flagged: bool
    note: str = ""


class Style(Protocol):
    """Guesses from the style of added lines; None where it abstains."""

    def __call__(self, commit: Commit, patch: tuple[FileDiff, ...]) -> Guess | None:
        """Guess about one commit."""


def judge(
    commit: Commit,
    catalogue: Catalogue,
    *,
    beside: Beside = NOTHING,
    weak: bool = False,
    style: Style | None = None,
) -> CommitAuthorship:
    """Say what is known of one commit. ``weak``: signs of tier C count too.

    A category never hides evidence: all signs are kept, and corrections stand beside them.
    """
    signs = matched(commit, catalogue, weak=weak)
    if beside is NOTHING and style is None and not signs:
        return CommitAuthorship(commit.id, Category.NONE)
    told = _notes(commit, beside)
    found = (*told.signs, *_signature(commit, beside.verified, catalogue), *signs)
    guess = _guess(commit, beside, style)
    if guess is not None and guess.flagged:
        found = (*found, _inferred(commit, guess))
    category = _category(found, told.share, guess, beside.missing)
    best = _best(found, category)
    return CommitAuthorship(
        commit=commit.id,
        category=category,
        tool=_tool(best, found),
        model=_model(best, found),
        confidence=best.confidence if best else None,
        signs=found,
        disclosed=any(disclosing(sign) for sign in found),
        probability=guess.probability if guess else None,
        share=_share(category, told.share, beside.added),
        files=told.files,
        corrections=beside.corrections,
        note=_words(*told.omitted, beside.missing, guess.note if guess else ""),
    )


def disclosing(sign: Sign) -> bool:
    """Say whether a sign is the message's own word, in a trailer, that an agent took part."""
    return sign.channel == "trailer" and sign.kind is Kind.AGENT and not sign.anachronistic


def counting(signs: Iterable[Sign], kind: Kind, *tiers: Tier) -> bool:
    """Say whether a sign of that kind counts, of one of the tiers (none given: any)."""
    return any(sign.counts and sign.kind is kind and (not tiers or sign.tier in tiers) for sign in signs)


def share_of(category: Category, added: int | None) -> Share | None:
    """Bound an agent's part of a commit's lines where nothing is known line by line.

    All of them where the commit says so, none where a bot that is no model made it, else nobody knows.
    """
    if added is None:
        return None
    low, high = 0.0, 1.0
    if category in {Category.ATTESTED, Category.DECLARED}:
        low = 1.0
    elif category is Category.AUTOMATION:
        high = 0.0
    return Share(low, high, added)


def _share(category: Category, told: Share | None, added: int | None) -> Share | None:
    """Take what the lines themselves say; a declared commit whose lines are untracked is an agent's whole."""
    if told is None:
        return share_of(category, added)
    if category in {Category.ATTESTED, Category.DECLARED} and told.low == 0:
        return replace(told, low=told.high)
    return told


def _notes(commit: Commit, beside: Beside) -> Attribution:
    if beside.note is None:
        return Attribution()
    return attribution(commit.id, beside.note, beside.patch)


def _signature(commit: Commit, owner: str, catalogue: Catalogue) -> tuple[Sign, ...]:
    """Make a sign of a verified signature by an agent's key."""
    if not owner:
        return ()
    known = [one for one in catalogue.addresses.get(owner.lower(), ()) if one.kind is Kind.AGENT]
    tool = known[0].tool if known else catalogue.aliases.get(folded(owner), owner[:64])
    return (
        Sign(
            kind=Kind.AGENT,
            tier=Tier.A,
            channel="signature",
            seen=owner[:200],
            tool=tool,
            confidence=0.99,
            spoofable=False,
            commit=commit.id,
            note="Signed with a key that the base lists as this agent's.",
        ),
    )


def _guess(commit: Commit, beside: Beside, style: Style | None) -> Guess | None:
    return None if style is None or beside.patch is None else style(commit, beside.patch)


def _inferred(commit: Commit, guess: Guess) -> Sign:
    return Sign(
        kind=Kind.AGENT,
        tier=Tier.C,
        channel="style",
        seen="the style of the added lines",
        confidence=guess.probability,
        counts=False,
        spoofable=True,
        commit=commit.id,
        note="Experimental: a guess, which is often wrong.",
    )


def _category(signs: tuple[Sign, ...], share: Share | None, guess: Guess | None, missing: str) -> Category:
    """Pick the first category that holds.

    Line by line attribution that covers some of the lines makes it mixed: it is more exact than a trailer.
    Where it covers none, the lines are untracked, which takes nothing from a trailer.
    """
    if counting(signs, Kind.AGENT):
        if share is not None and 0 < share.low < 1:
            return Category.MIXED
        return Category.ATTESTED if counting(signs, Kind.AGENT, Tier.A) else Category.DECLARED
    if counting(signs, Kind.ASSISTED):
        return Category.ASSISTED
    if counting(signs, Kind.AUTOMATION):
        return Category.AUTOMATION
    if guess is not None and guess.flagged:
        return Category.INFERRED
    return Category.UNKNOWN if missing else Category.NONE


_OF = {
    Category.ATTESTED: Kind.AGENT,
    Category.MIXED: Kind.AGENT,
    Category.DECLARED: Kind.AGENT,
    Category.ASSISTED: Kind.ASSISTED,
    Category.AUTOMATION: Kind.AUTOMATION,
}


def _best(signs: tuple[Sign, ...], category: Category) -> Sign | None:
    """Pick the best counting sign of the category: by tier, then by where it stands."""
    kind = _OF.get(category)
    candidates = [sign for sign in signs if sign.counts and sign.kind is kind]
    return min(candidates, key=_rank, default=None)


def _rank(sign: Sign) -> tuple[str, bool, int]:
    """Order signs. One that names no tool in particular stands behind those of its tier that do."""
    place = _CHANNELS.index(sign.channel) if sign.channel in _CHANNELS else len(_CHANNELS)
    return sign.tier.value, sign.tool in {"", "llm"}, place


def _tool(best: Sign | None, signs: tuple[Sign, ...]) -> str:
    """Take the tool from the best sign; where a note names none, from what else counts."""
    if best is None:
        return ""
    others = (sign.tool for sign in sorted(signs, key=_rank) if sign.counts and sign.kind is best.kind)
    return best.tool or next((tool for tool in others if tool), "")


def _model(best: Sign | None, signs: tuple[Sign, ...]) -> str:
    """Take the model from the best sign, else from another counting sign of the same tool."""
    if best is None:
        return ""
    others = (sign.model for sign in signs if sign.counts and sign.tool == best.tool and sign.model)
    return best.model or next(others, "")


def _words(*notes: str) -> str:
    return " ".join(note for note in notes if note)
