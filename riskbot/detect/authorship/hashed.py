"""Whether lines are those that a trace's ``content_hash`` was made of. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

BUDGET: Final = 512 << 10
"""So many bytes are hashed for a change, each twice: murmur3 in Python takes about a second for them."""

_WRITTEN: Final = re.compile(r"(?:murmur3:([0-9a-f]{8})|sha256:([0-9a-f]{64}))", re.IGNORECASE)
_EACH: Final = 16
_MASK: Final = 0xFFFFFFFF


@dataclass(slots=True)
class Checker:
    """Compares lines with hashes, as long as the budget lasts."""

    left: int = BUDGET

    def fits(self, lines: Sequence[bytes], content_hash: str) -> bool:
        """Say whether ``content_hash`` is one of ``lines`` (each with its line end).

        False too where the hash is of a kind that is not read, or the budget is spent (``left`` below 0).
        """
        match = _WRITTEN.fullmatch(content_hash.strip())
        if match is None or not lines:
            return False
        text = b"".join(lines).removesuffix(b"\n")
        self.left -= len(text) + _EACH
        if self.left < 0:
            return False
        expected = (match[1] or match[2]).lower()
        hashed = murmur3 if match[1] else sha256
        return expected in {hashed(text), hashed(text + b"\n")}


def readable(content_hash: str) -> bool:
    """Say whether a hash is of a kind that is read."""
    return _WRITTEN.fullmatch(content_hash.strip()) is not None


def sha256(data: bytes) -> str:
    """SHA-256 in hex digits (FIPS 180-4)."""
    return hashlib.sha256(data).hexdigest()


def murmur3(data: bytes) -> str:
    """MurmurHash3_x86_32 with seed 0, in 8 hex digits (A. Appleby, https://github.com/aappleby/smhasher)."""
    state, whole = 0, len(data) & ~3
    for at in range(0, whole, 4):
        state ^= _mixed(int.from_bytes(data[at : at + 4], "little"))
        state = ((state << 13 | state >> 19) & _MASK) * 5 + 0xE6546B64 & _MASK
    if whole < len(data):
        state ^= _mixed(int.from_bytes(data[whole:], "little"))
    state ^= len(data)
    state = (state ^ state >> 16) * 0x85EBCA6B & _MASK
    state = (state ^ state >> 13) * 0xC2B2AE35 & _MASK
    return f"{state ^ state >> 16:08x}"


def _mixed(block: int) -> int:
    block = block * 0xCC9E2D51 & _MASK
    return ((block << 15 | block >> 17) & _MASK) * 0x1B873593 & _MASK
