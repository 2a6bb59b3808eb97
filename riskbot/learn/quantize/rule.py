"""The rule that picks the road that is shipped; it stands here and in ``docs/quantization.md``, nowhere else.

Among the roads that ran, need no torch to score, have at most :data:`SIZE` bytes and an AUC at most
:data:`DROP` below fp32's, the one with the smallest latency at 256 tokens, one chunk. Roads within
:data:`NOISE` of it count as just as fast: among these a portable one is taken before one that is not, then
the one that changes probabilities least.
"""

from __future__ import annotations

from collections.abc import Sequence

from riskbot.learn.quantize.table import Row

DROP = 0.003
SIZE = 26_000_000
SHAPE = "256x1"
NOISE = 1.15
"""Two latencies closer than this are the same: measured twice within an hour on a shared machine, one road's
ratios differed by 2 to 38 %, the median by 12 %."""


def pick(rows: Sequence[Row]) -> tuple[str, dict[str, str]]:
    """Return the road to ship, "" where none may be, and why each other road that ran is not it."""
    ran = [row for row in rows if row.run is not None]
    refused = {row.road: why for row in ran if (why := _barred(row))}
    left = [row for row in ran if row.road not in refused]
    if not left:
        return "", refused
    fastest = min(row.ratio(SHAPE) for row in left)
    equal = [row for row in left if row.ratio(SHAPE) <= fastest * NOISE]
    best = min(equal, key=lambda row: (not row.portable, row.largest, row.road))
    for row in left:
        if row not in equal:
            refused[row.road] = (
                f"slower: {row.ratio(SHAPE):.2f} of fp32's time, the fastest takes {fastest:.2f}"
            )
        elif best.portable and not row.portable:
            refused[row.road] = "as fast, but other scores on processors without VNNI"
        elif row is not best:
            refused[row.road] = f"as fast, but changes probabilities by up to {row.largest:.3f}"
    return best.road, refused


def _barred(row: Row) -> str:
    """Say what the rule does not let pass, "" where it is let pass."""
    why = []
    if row.run is not None and row.run.torch:
        why.append("needs torch to score")
    if row.size > SIZE:
        why.append(f"{row.size / 1e6:.1f} MB, over {SIZE / 1e6:.0f}")
    if not row.drop <= DROP:
        why.append(f"AUC drop {row.drop:.4f}, over {DROP}")
    return "; ".join(why)
