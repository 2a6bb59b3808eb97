"""Signatures of commits, checked by git and ssh-keygen against a given list of keys and nothing else.

Only SSH signatures are looked at: whom they belong to is in the list of allowed signers (ssh-keygen(1),
ALLOWED SIGNERS), which is given here. An OpenPGP signature would be checked against the user's own keyring,
in which trust is the user's and not the repository's.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from riskbot.domain.errors import EvaluationError
from riskbot.outside.background import Background
from riskbot.outside.git import Git

SECONDS = 20.0
"""After so long checking is given up."""

_FORMAT = "%H%x00%G?%x00%GS%x00"


def available() -> bool:
    """Say whether ssh-keygen is here, without which git cannot check a signature."""
    return shutil.which("ssh-keygen") is not None


def verify(git: Git, commits: Sequence[str], allowed: bytes, *, seconds: float) -> dict[str, str]:
    """Check the commits' SSH signatures: the principal of each whose signature is good, by commit.

    ``commits`` (ids) must be commits with an SSH signature; ``allowed`` is the text of the list of allowed
    signers. A signature is good where git says ``G`` (git-log(1), ``%G?``): made over this very commit, by a
    key of the list, at a time at which the list lets it count. Raises TimeoutError where it takes too long,
    EvaluationError where git fails.
    """
    if not commits:
        return {}
    signers = git.scratch / "allowed-signers"
    try:
        signers.write_bytes(allowed)
    except OSError as problem:
        raise EvaluationError(
            f"The list of signers could not be written: {problem.strerror}.",
            mend="Free some space in the temporary folder.",
        ) from problem
    said = b"".join(
        Background(
            git,
            *("-c", f"gpg.ssh.allowedSignersFile={signers}", "-c", "gpg.ssh.program=ssh-keygen"),
            *(
                "log",
                "--no-walk=unsorted",
                "--no-show-signature",
                "-z",
                f"--format={_FORMAT}",
                *commits,
                "--",
            ),
            seconds=seconds,
        ).finish()
    )
    fields = said.split(b"\0")
    found = {}
    # -z ends each record with a NUL of its own.
    for name, verdict, principal in zip(fields[0::4], fields[1::4], fields[2::4], strict=False):
        if verdict == b"G" and principal:
            found[name.decode()] = principal.decode("utf-8", "replace")
    return found
