"""Authorship -> facts: who or what wrote a change, as far as policies ask.

What a person wrote beside a commit (a correction's author and reason, who stands in a note) is nothing that a
verdict may depend on, and is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from riskbot.domain import authorship as seen
from riskbot.domain.authorship import Category, Kind, Tier
from riskbot.domain.change import Change
from riskbot.facts import assessed as doc
from riskbot.facts.paths import encode
from riskbot.facts.plain import time, words

#: The most signs that are written down; what is said beside them is of all of them.
MAX_SIGNS: Final = 5_000

# Channels that speak of single lines, and so of some files only; every other speaks of the whole commit.
_OF_LINES: Final = frozenset({"notes", "trace"})
_SIGNOFF: Final = "signed-off-by"

_Touched = Mapping[str, tuple[str, ...]]


def authored(told: seen.Authorship, change: Change) -> doc.Authorship:
    """Write down what is known of the authorship of ``change``."""
    touched = _touched(change)
    signs = [*told.signs, *(sign for commit in told.commits for sign in commit.signs)]
    notes = [words(note) for note in told.notes]
    if len(signs) > MAX_SIGNS:
        notes.append(f"Of {len(signs):,} signs the first {MAX_SIGNS:,} are listed.")
    return doc.Authorship(
        category=category(told.category),
        attested=told.attested,
        declared=told.declared,
        assisted=told.assisted,
        inferred=told.inferred,
        automation=told.automation,
        disclosed=told.disclosed,
        probability=told.probability,
        tools=_tools(signs),
        share=_share(told.share),
        commits=tuple(_commit(one, touched) for one in told.commits),
        files=tuple(
            doc.FileAuthorship(path=encode(one.path), added=one.added, agent=one.agent, human=one.human)
            for one in told.files
        ),
        corrections=tuple(
            doc.Correction(commit=one.commit, says=words(one.says), tool=words(one.tool), at=time(one.at))
            for commit in told.commits
            for one in commit.corrections
        ),
        evidence=tuple(map(_sign, signs[:MAX_SIGNS])),
        notes=tuple(notes),
    )


def category(told: Category) -> doc.Authored:
    """Name a category as the schema does."""
    return told.value


def _commit(told: seen.CommitAuthorship, touched: _Touched) -> doc.CommitAuthorship:
    counting = [sign for sign in told.signs if _counts(sign)]
    agents = [sign for sign in counting if sign.kind is Kind.AGENT]
    kinds = {sign.kind for sign in counting}
    return doc.CommitAuthorship(
        commit=told.commit,
        category=category(told.category),
        attested=_any(told, Category.ATTESTED, any(sign.tier is Tier.A for sign in agents)),
        declared=_any(told, Category.DECLARED, any(_declares(sign) for sign in agents)),
        assisted=_any(told, Category.ASSISTED, Kind.ASSISTED in kinds),
        automation=_any(told, Category.AUTOMATION, Kind.AUTOMATION in kinds),
        inferred=_inferred(told),
        tools=_tools(told.signs),
        model=words(told.model),
        disclosed=told.disclosed,
        share=_share(told.share),
        files=_files(told, agents, touched),
        agent_signoffs=tuple(dict.fromkeys(_signoffs(told.signs))),
    )


def _any(told: seen.CommitAuthorship, named: Category, seen_: bool) -> bool | None:
    """Say whether the commit is so, by its signs or its category; None where nobody could look."""
    return None if told.category is Category.UNKNOWN else seen_ or told.category is named


def _inferred(told: seen.CommitAuthorship) -> bool | None:
    """Say whether style was flagged, which is no sign; None where it was not asked or abstained."""
    if told.category is Category.INFERRED or any(sign.channel == "style" for sign in told.signs):
        return True
    return None if told.probability is None else False


def _counts(sign: seen.Sign) -> bool:
    return sign.counts and not sign.anachronistic


def _declares(sign: seen.Sign) -> bool:
    return sign.tier in {Tier.B, Tier.C} and sign.channel != "style"


def _tools(signs: Iterable[seen.Sign]) -> tuple[doc.Tool, ...]:
    """List the tools of the signs that count, each kind of each once, with the best tier."""
    best: dict[tuple[str, Kind], Tier] = {}
    for sign in signs:
        if _counts(sign) and sign.tool and sign.channel != "style" and sign.kind is not Kind.CONTEXT:
            key = words(sign.tool), sign.kind
            best[key] = min(best.get(key, sign.tier), sign.tier, key=lambda tier: tier.value)
    ordered = sorted(best.items(), key=lambda item: (item[0][0], item[0][1].value))
    return tuple(doc.Tool(tool=tool, kind=kind, tier=tier) for (tool, kind), tier in ordered)


def _share(told: seen.Share | None) -> doc.Share | None:
    return None if told is None else doc.Share(low=told.low, high=told.high, lines=told.lines)


def _files(told: seen.CommitAuthorship, agents: list[seen.Sign], touched: _Touched) -> tuple[str, ...] | None:
    """Say which paths the commit's signs speak of; None: not known.

    Attribution of lines speaks of the files with such lines. Anything else speaks of the whole commit, since
    lines that no note lists are untracked and nobody's.
    """
    if agents and told.files and all(sign.channel in _OF_LINES for sign in agents):
        paths: Iterable[str] = (one.path for one in told.files if one.agent)
    elif told.commit in touched:
        paths = touched[told.commit]
    else:
        return None
    return tuple(dict.fromkeys(map(encode, paths)))


def _touched(change: Change) -> _Touched:
    """Map the commits whose files are known to them: all files, also those that only lost lines."""
    lines = change.provenance.lines if change.provenance is not None else ()
    return {commit: tuple(path for path, _ in files) for commit, files in lines}


def _signoffs(signs: Iterable[seen.Sign]) -> Iterable[str]:
    """Find the ``Signed-off-by`` of agents: no word about who wrote it, and a matter of policy."""
    for sign in signs:
        key, colon, value = sign.seen.partition(":")
        if sign.kind is Kind.CONTEXT and colon and key.strip().casefold() == _SIGNOFF:
            yield words(value.strip())


def _sign(told: seen.Sign) -> doc.Sign:
    return doc.Sign(
        what=words(told.seen),
        channel=words(told.channel),
        kind=told.kind,
        tier=told.tier,
        tool=words(told.tool),
        model=words(told.model),
        counts=_counts(told),
        spoofable=told.spoofable,
        anachronistic=told.anachronistic,
        commit=told.commit,
        path=None if not told.path else encode(told.path),
        note=words(told.note),
    )
