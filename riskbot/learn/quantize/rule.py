"""The rule that picks the road that is shipped; it stands here and in ``docs/quantization.md``, nowhere else.

Among the roads that ran, need no torch to score, have at most :data:`SIZE` bytes and an AUC at most
:data:`DROP` below fp32's, the one with the smallest latency at 256 tokens, one chunk. Roads within
:data:`NOISE` of it count as just as fast: among these a portable one is taken before one that is not, then the
one that changes probabilities least.
"""

from __future__ import annotations

from collections.abc import Sequence

from riskbot.learn.quantize.table import Row

DROP = 0.003
SIZE = 26_000_000
SHAPE = "256x1"
NOISE = 1.05
"""Two latencies closer than this are the same: so much they differ from one measurement to the next."""


def pick(rows: Sequence[Row]) -> tuple[str, dict[str, str]]:
    """Return the road to ship, "" where none may be, and why each other road that ran is not it."""
    refused = {row.road: why for row in rows if row.run is not None and (why := _barred(row))}
    left = [row for row in rows if row.run is not None and row.road not in refused]
    if not left:
        return "", refused
    fastest = min(map(_latency, left))
    equal = [row for row in left if _latency(row) <= fastest * NOISE]
    best = min(equal, key=lambda row: (not row.portable, _largest(row), row.road))
    for row in left:
        if row is best:
            continue
        if row not in equal:
            refused[row.road] = f"slower: {_latency(row):.2f} of fp32's time, the fastest takes {fastest:.2f}"
        elif best.portable and not row.portable:
            refused[row.road] = "as fast, but other scores on processors without VNNI"
        else:
            refused[row.road] = f"as fast, but changes probabilities by up to {_largest(row):.3f}"
    return best.road, refused


def _barred(row: Row) -> str:
    """Say what the rule does not let pass, "" where it is let pass."""
    assert row.run is not None
    why = []
    if row.run.torch:
        why.append("needs torch to score")
    if row.size > SIZE:
        why.append(f"{row.size / 1e6:.1f} MB, over {SIZE / 1e6:.0f}")
    if row.quality is None or not row.quality.auc_drop <= DROP:
        drop = "not known" if row.quality is None else f"{row.quality.auc_drop:.4f}"
        why.append(f"AUC drop {drop}, over {DROP}")
    return "; ".join(why)


def _latency(row: Row) -> float:
    assert row.run is not None
    return row.run.latency[SHAPE].ratio


def _largest(row: Row) -> float:
    assert row.quality is not None
    return row.quality.largest
