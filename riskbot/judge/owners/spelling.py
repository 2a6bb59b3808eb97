"""Which rules a path falls under once letter case and Unicode normal form are ignored. Pure.

Some file systems hold ``Secure/x`` and ``secure/x`` for one file, so a rule for either guards both. But of
two rules that match the same well-spelled path only the later one counts, whatever the case of a third
spelling. So a rule guards, folded, unless a later one that matches folded too takes some common spelling
of the path away from it.
"""

from __future__ import annotations

from collections.abc import Sequence

from riskbot.judge.owners.match import Pattern, Wild, is_wild
from riskbot.written.glob import folded


def both(earlier: Pattern, later: Pattern, path: str) -> bool:
    """Say whether one spelling of the folded ``path`` is matched, exactly, by both patterns.

    Each must match folded. The spelling is made by writing the path as the one pattern has it, then as the
    other. False where that fails, which is the stricter answer.
    """
    spelled = _spell(later, path.split("/"))
    spelled = None if spelled is None else _spell(earlier, spelled)
    return spelled is not None and all(_align(one, spelled, exact=True) for one in (earlier, later))


def _spell(pattern: Pattern, segments: list[str]) -> list[str] | None:
    """Write the path as the pattern has it: its literal parts in the pattern's own letters."""
    pairs = _align(pattern, segments, exact=False)
    if pairs is None:
        return None
    written = list(segments)
    for wanted, at in pairs:
        spelled = _spell_one(wanted, written[at])
        if spelled is None:
            return None
        written[at] = spelled
    return written


def _spell_one(wanted: str, segment: str) -> str | None:
    if not is_wild(wanted):
        return wanted
    places = Wild(folded(wanted)).places(folded(segment))
    pieces = Wild(wanted)
    if places is None or len(folded(segment)) != len(segment) or len(folded(wanted)) != len(wanted):
        return None
    letters = list(segment)
    for (at, _), piece in zip(places, (pieces.first, pieces.last, *pieces.middle), strict=True):
        letters[at : at + len(piece)] = [
            have if want == "?" else want
            for want, have in zip(piece, letters[at : at + len(piece)], strict=True)
        ]
    return "".join(letters)


def _align(pattern: Pattern, path: list[str], *, exact: bool) -> list[tuple[str, int]] | None:
    """Say which segment of the path each segment of the pattern stands for; None: it does not match.

    Between two ``**`` the leftmost place is as good as any.
    """
    runs: list[list[str]] = [[]]
    for segment in pattern.segments:
        if segment == "**":
            runs.append([])
        else:
            runs[-1].append(segment)
    wanted = [folded(part) for part in path] if not exact else path
    pairs: list[tuple[str, int]] = []
    start = 0
    for number, run in enumerate(runs):
        places = range(start, len(path) - len(run) + 1) if number else range(start, start + 1)
        if number == len(runs) - 1 and not pattern.beneath:
            places = range(len(path) - len(run), len(path) - len(run) + 1)
        at = next((at for at in places if at >= start and _fits(run, wanted, at, exact=exact)), None)
        if at is None:
            return None
        pairs += zip(run, range(at, at + len(run)), strict=True)
        start = at + len(run)
    left = len(path) - start
    if (left and not pattern.beneath) or (not left and not pattern.itself) or (number == 0 and start < 0):
        return None
    return pairs


def _fits(run: Sequence[str], path: Sequence[str], at: int, *, exact: bool) -> bool:
    if at < 0 or at + len(run) > len(path):
        return False
    for want, have in zip(run, path[at : at + len(run)], strict=True):
        text = want if exact else folded(want)
        if (Wild(text).places(have) is None) if is_wild(text) else text != have:
            return False
    return True
