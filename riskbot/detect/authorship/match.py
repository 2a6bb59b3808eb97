"""Which signs a commit bears, by the catalogue: quick for the many that bear none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from riskbot.detect.authorship import message
from riskbot.detect.authorship.catalogue import Catalogue
from riskbot.detect.authorship.naming import Named, model_in, named_in
from riskbot.detect.authorship.signature import BOT, GITHUB, Signature
from riskbot.domain.authorship import Kind, Sign, Tier
from riskbot.domain.change import Actor, Commit

SEEN_LIMIT = 200
ANY_TOOL = "llm"
"""The catalogue's id of a language model that is not named: a trailer's own words may name one."""

"""Characters of a match that a sign shows."""
MOST = 100
"""Signs of one commit that are kept: a hostile message can hold a million."""

TRAILERS = 10_000
"""Trailers of one text that are looked at."""


def signs(commit: Commit, catalogue: Catalogue, *, weak: bool = False) -> tuple[Sign, ...]:
    """List the signs in a commit's names, addresses and message, each once, in that order.

    Names are those that the commit itself has, where they are known. ``weak``: tier C counts too.
    """
    author = commit.written_author or commit.author
    committer = commit.written_committer or commit.committer
    if not _worth(author, committer, commit.message, catalogue):
        return ()
    found: dict[Sign, None] = {}
    for sign in _all(author, committer, commit, catalogue):
        found.setdefault(_dated(sign, commit, catalogue, weak=weak))
        if len(found) >= MOST:
            break
    return tuple(found)


def _worth(author: Actor, committer: Actor, text: str, catalogue: Catalogue) -> bool:
    """Look quickly whether anything could match at all."""
    if _known(author, catalogue) or (committer != author and _known(committer, catalogue)):
        return True
    lowered = text.lower()
    for hint in catalogue.hints:  # noqa: SIM110 - any() costs a generator for every commit
        if hint in lowered:
            return True
    return False


def _known(actor: Actor, catalogue: Catalogue) -> bool:
    address, name = actor.email.lower(), actor.name.casefold()
    return (
        address in catalogue.addresses
        or BOT in address
        or name in catalogue.names
        or name.endswith(catalogue.suffixes)
    )


def _all(author: Actor, committer: Actor, commit: Commit, catalogue: Catalogue) -> Iterator[Sign]:
    yield from identity_signs(author, "author", catalogue)
    if committer != author:
        yield from identity_signs(committer, "committer", catalogue)
    yield from text_signs(commit.message, catalogue)
    subject = commit.subject.lower()
    for prefix, signature in catalogue.subjects:
        if subject.startswith(prefix):
            yield sign_of(signature, "subject", commit.subject)


def _dated(sign: Sign, commit: Commit, catalogue: Catalogue, *, weak: bool) -> Sign:
    """Mark what is older than the tool, by the committer's date: the author's survives a rebase."""
    signature = catalogue.signatures[sign.signature]
    early = commit.committed_at < signature.since
    counts = sign.counts or (weak and sign.tier is Tier.C and sign.kind is Kind.AGENT)
    return replace(sign, commit=commit.id, anachronistic=early, counts=counts and not early)


def identity_signs(actor: Actor, channel: str, catalogue: Catalogue) -> Iterator[Sign]:
    """Look up one name and address: by the address; by the name alone where the address says nothing."""
    address, name = actor.email.strip().lower(), actor.name.strip().casefold()
    known = [one for one in catalogue.addresses.get(address, ()) if not one.names or name in one.names]
    found = [one for one in known if one.names] or known  # who is told by name and address is nobody else
    for signature in found:
        yield _identity(signature, channel, actor, catalogue)
    login = address.removesuffix(GITHUB).rpartition("+")[2] if address.endswith(BOT + GITHUB) else name
    for signature in () if found else catalogue.apps.get(login, ()):
        yield _identity(signature, channel, actor, catalogue)
    for signature in () if found else catalogue.names.get(name, ()):
        if not (signature.bare and address):
            yield _identity(signature, channel, actor, catalogue)
    if name.endswith(catalogue.suffixes):
        for end, signature in catalogue.endings:
            if name.endswith(end) and channel in signature.roles:
                yield _identity(signature, channel, actor, catalogue)


def _identity(signature: Signature, channel: str, actor: Actor, catalogue: Catalogue) -> Sign:
    seen = f"{actor.name} <{actor.email}>" if actor.email else actor.name
    model = ""
    if signature.model and signature.tool:
        model = model_in(actor.name, catalogue.tools[signature.tool])
    sign = sign_of(signature, channel, seen, model=model)
    return sign if channel in signature.roles else replace(sign, counts=False)


def sign_of(signature: Signature, channel: str, seen: str, *, tool: str = "", model: str = "") -> Sign:
    """Make a sign of an entry that matched; ``tool``: what the text names, where the entry leaves it open."""
    counts = signature.tier in {Tier.A, Tier.B} or (signature.tier is Tier.C and signature.alone)
    return Sign(
        kind=signature.kind,
        tier=signature.tier,
        channel=channel,
        seen=seen[:SEEN_LIMIT],
        tool=tool or signature.tool,
        model=model,
        signature=signature.id,
        confidence=signature.confidence,
        counts=counts,
        spoofable=signature.spoofable,
        note=signature.note,
    )


def text_signs(text: str, catalogue: Catalogue) -> Iterator[Sign]:
    """Find trailers, session keys and footers in a message or the body of a pull request."""
    lowered = text.lower()
    footers = tuple(
        (pattern, signature)
        for signature in catalogue.lines
        for pattern in signature.lines
        if pattern.hint in lowered
    )
    raw: list[str] = []
    looked = 0
    for line in message.spoken(text):
        for pattern, signature in footers:
            plain = line.text if pattern.quoted else "" if line.quoted else message.bare(line.text)
            if plain and pattern.matches(plain):
                yield sign_of(signature, signature.channel, line.text)
        trailer = None if line.quoted else message.trailer(line.text)
        if trailer is None:
            continue
        key, value = trailer
        if key in catalogue.author_keys or key in catalogue.context_keys or key in catalogue.keys:
            raw = raw or text.split("\n")
            looked += 1
            if looked > TRAILERS:
                break
            yield from _trailer_signs(key, value, line, raw, catalogue)


def _trailer_signs(
    key: str, value: str, line: message.Line, raw: list[str], catalogue: Catalogue
) -> Iterator[Sign]:
    """Look at one trailer whose key is known."""
    seen = line.text
    if "@" not in value:
        whole = message.unfolded(raw, line.number, value)
        seen, value = (seen, value) if whole == value else (f"{line.text} {whole}", whole)
    for signature in catalogue.keys.get(key, ()):
        if signature.named:
            named = named_in(value, catalogue)
            if named is not None:
                yield _named(signature, named, seen)
        elif value and (not signature.values or any(one.matches(value) for one in signature.values)):
            named = named_in(value, catalogue)
            model = named.model if named is not None and signature.model else ""
            tool = named.tool if named is not None and signature.tool == ANY_TOOL else ""
            yield sign_of(signature, signature.channel, seen, tool=tool, model=model)
    if key in catalogue.author_keys:
        pairs = list(message.identities(value)) or [(value, "")]
        for name, address in pairs:
            for sign in identity_signs(Actor(name, address), "trailer", catalogue):
                yield replace(sign, seen=seen[:SEEN_LIMIT])
    elif key in catalogue.context_keys:
        yield from _context(value, seen, catalogue)


def _named(signature: Signature, named: Named, seen: str) -> Sign:
    sign = sign_of(signature, signature.channel, seen, tool=named.tool, model=named.model)
    if not named.unsure:
        return sign
    note = "The name alone: a person may be called so."
    return replace(sign, tier=Tier.C, counts=False, confidence=min(sign.confidence, 0.5), note=note)


def _context(value: str, seen: str, catalogue: Catalogue) -> Iterator[Sign]:
    """Note an agent that signs off or reviews: a matter of policy, and no word about who wrote it."""
    for name, address in message.identities(value):
        for sign in identity_signs(Actor(name, address), "trailer", catalogue):
            if sign.kind is Kind.AGENT and sign.tier is not Tier.C:
                yield replace(
                    sign,
                    kind=Kind.CONTEXT,
                    tier=Tier.D,
                    seen=seen[:SEEN_LIMIT],
                    counts=False,
                    confidence=0.0,
                    note="An agent stands where a person vouches; that says nothing of who wrote it.",
                )
