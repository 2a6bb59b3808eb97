"""Which signs stand around the commits: the branch, the pull request, agents' settings in the tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from riskbot.detect.authorship.catalogue import Catalogue
from riskbot.detect.authorship.match import MOST, sign_of, text_signs
from riskbot.detect.authorship.signature import Signature
from riskbot.domain.authorship import Kind, Sign, Tier
from riskbot.domain.change import Proposal


def proposal_signs(
    branch: str | None,
    proposal: Proposal | None,
    configs: Iterable[str],
    catalogue: Catalogue,
    *,
    weak: bool = False,
) -> tuple[Sign, ...]:
    """List the signs of a whole change: its branch, the pull request, the agents' settings in its tree."""
    found: dict[Sign, None] = {}
    for sign in _around(branch, proposal, configs, catalogue):
        counts = sign.counts or (weak and sign.tier is Tier.C and sign.kind is Kind.AGENT)
        found.setdefault(replace(sign, counts=counts))
        if len(found) >= MOST:
            break
    return tuple(found)


def _around(
    branch: str | None, proposal: Proposal | None, configs: Iterable[str], catalogue: Catalogue
) -> Iterator[Sign]:
    name = (branch or "").removeprefix("refs/heads/")
    for prefix, signature in catalogue.branches:
        if name.lower().startswith(prefix.lower()) and len(name) > len(prefix):
            yield sign_of(signature, "branch", name)
    if proposal is not None:
        yield from _accounts(proposal, catalogue)
        for label in proposal.labels:
            for signature in catalogue.labels.get(label.casefold(), ()):
                yield sign_of(signature, "label", label)
        yield from text_signs(proposal.body, catalogue)
        for prefix, signature in catalogue.subjects:
            if proposal.title.lower().startswith(prefix):
                yield sign_of(signature, "subject", proposal.title)
    for path in configs:
        for known, signature in catalogue.configs:
            if path == known or (known.endswith("/") and path.startswith(known)):
                yield replace(sign_of(signature, "config", path), path=path)


def _accounts(proposal: Proposal, catalogue: Catalogue) -> Iterator[Sign]:
    """Look up who opened it, by number and login. The forge vouches for an account that it calls a bot."""
    opener = _account(proposal.opener, proposal.opener_id, catalogue)
    app = _account(proposal.app, None, catalogue)
    for login, signature, vouched in (
        (proposal.opener, opener, proposal.opener_bot),
        (proposal.app, app, True),
    ):
        if signature is None:
            continue
        sign = sign_of(signature, "account", login)
        if vouched:
            sign = replace(sign, tier=Tier.A, spoofable=False, counts=True, confidence=0.99)
        yield sign


def _account(login: str, number: int | None, catalogue: Catalogue) -> Signature | None:
    """Find the account's entry: an agent's first, since a reviewer opens nothing; None for a person's."""
    found = []
    for signature in catalogue.logins.get(login.lower(), ()):
        numbers = {account.partition("+")[0] for account in signature.entry.accounts}
        if not signature.names and (number is None or not numbers or str(number) in numbers):
            found.append(signature)
    return min(found, key=lambda one: (one.kind is not Kind.AGENT, one.tier.value), default=None)
