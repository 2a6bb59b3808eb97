"""Which commits are signed with a key that the base lists as an agent's.

``.riskbot/agents.allowed_signers`` at the base is a list of allowed signers as git reads it (ssh-keygen(1),
ALLOWED SIGNERS); its principals are the agents' addresses, or their names in the catalogue. What the change
itself lists counts for nothing, and neither does whom the user trusts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from riskbot.domain.change import Charter
from riskbot.domain.errors import ConfigError, EvaluationError
from riskbot.outside import signatures
from riskbot.outside.git import Git
from riskbot.outside.gitobjects import Found, Objects

PATH: Final = ".riskbot/agents.allowed_signers"
MAX_SIGNED: Final = 200
"""So many signatures are checked: each starts ssh-keygen twice."""

# "principals [options] keytype base64-key": options hold no blanks outside of quotes.
_LINE = re.compile(
    rb'(?:"[^"]+"|[^\s"]+)[ \t]+(?:(?:[^\s"]|"[^"]*")+[ \t]+)?'
    rb"(?:ssh|ecdsa|sk)-[\w@.-]+[ \t]+[A-Za-z0-9+/]+=*(?:[ \t].*)?"
)
_SIGNATURE: Final = re.compile(rb"^gpgsig(?:-sha256)? -----BEGIN SSH SIGNATURE-----$", re.MULTILINE)


def verified(
    git: Git, reader: Objects, charter: Charter, commits: Sequence[str], omitted: list[str]
) -> tuple[tuple[str, str], ...]:
    """Give the commits (ids) with a good signature by a listed key, with the key's principal.

    Nothing is asked where the base has no list. ``omitted`` is told what was not checked. Raises ConfigError
    where a line of the list is none.
    """
    allowed = charter.text(PATH)
    if allowed is None:
        return ()
    _check(allowed)
    answers = reader.read([name.encode() for name in commits])
    signed = [name for name, found in zip(commits, answers, strict=True) if _is_signed(found)]
    if not signed:
        return ()
    if not signatures.available():
        omitted.append("signatures were not checked: ssh-keygen is not here")
        return ()
    if len(signed) > MAX_SIGNED:
        omitted.append(f"only the newest {MAX_SIGNED} of {len(signed):,} signatures were checked")
    try:
        good = signatures.verify(git, signed[:MAX_SIGNED], allowed, seconds=signatures.SECONDS)
    except TimeoutError:
        omitted.append(f"signatures were not checked within {signatures.SECONDS:.0f} seconds")
        return ()
    except EvaluationError as problem:
        omitted.append(f"signatures were not checked: {problem.message}")
        return ()
    return tuple((name, good[name]) for name in signed if name in good)


def _check(allowed: bytes) -> None:
    """Refuse a list that ssh-keygen would refuse: with it every signature would seem to be nobody's."""
    for number, line in enumerate(allowed.splitlines(), start=1):
        text = line.strip()
        if text and not text.startswith(b"#") and not _LINE.fullmatch(text):
            raise ConfigError(
                "this is no line of a list of allowed signers.",
                file=PATH,
                line=number,
                mend="Write `PRINCIPAL [OPTIONS] KEYTYPE KEY`, as ssh-keygen(1) says.",
            )


def _is_signed(found: Found | None) -> bool:
    """Say whether an object is a commit that carries an SSH signature, by its own header."""
    if found is None or found.type != "commit":
        return False
    return _SIGNATURE.search(found.content.partition(b"\n\n")[0]) is not None
