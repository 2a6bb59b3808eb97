"""What stands in the tables of the card: numbers, intervals, and the tables of one measured set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from riskbot.learn.evaluate.baselines import KAMEI_NAME
from riskbot.learn.markdown import table
from riskbot.learn.measure import SHARES

GATES = ("5%", "10%", "50%")


def number(value: float | None, digits: int = 3, *, signed: bool = False) -> str:
    """Write a number; nothing where there is none. Whole numbers have no digits."""
    if value is None:
        return ""
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:{'+' if signed else ''}.{digits}f}"


def percent(value: float | None) -> str:
    """Write a share in per cent."""
    return "" if value is None else f"{100 * value:.1f} %"


def spread(interval: Sequence[float] | None, *, signed: bool = False) -> str:
    """Write an interval."""
    return "" if not interval else " to ".join(number(float(end), signed=signed) for end in interval)


def measured_set(figures: Mapping[str, Any]) -> list[str]:
    """Write one set: its size, all rankings, the ratios, and its repositories where it has several."""
    shares = [f"{share:.0%}" for share in SHARES]
    ceiling = " / ".join(f"{100 * figures['ceiling'][share]:.0f}" for share in shares)
    gates = " / ".join(share.rstrip("%") for share in shares)
    size = (
        f"{described(figures)} At best, with every positive first, the riskiest {gates} % could hold "
        f"{ceiling} % of the positives."
    )
    parts = [size, _rankings(figures), _effort(figures), _against(figures)]
    if "per_repository" in figures:
        parts.append(_by_repository(figures))
    return parts


def described(figures: Mapping[str, Any]) -> str:
    """Say in two sentences which changes a set holds."""
    about = f"{figures['about'].rstrip('.')}. " if figures["about"] else ""
    many = figures["repositories"]
    where = f"{many} repositories" if many > 1 else "one repository"
    return (
        f"{about}{figures['rows']:,} changes of {where}, {figures['from']} to {figures['to']}, "
        f"{percent(figures['base_rate'])} positive."
    )


def _rankings(figures: Mapping[str, Any]) -> str:
    head = (
        "ranking",
        "AUC",
        "95 % interval",
        "AP",
        *(f"held at {gate[:-1]} %" for gate in GATES),
        "lift at 10 %",
    )
    rows = []
    for name, row in figures["rankings"].items():
        held = [percent(row["capture"][gate]) for gate in GATES]
        shown = f"**{name}**" if name == figures["model"] else name
        interval = spread(row["intervals_95"]["auc"])
        rows.append(
            (shown, number(row["auc"]), interval, number(row["ap"]), *held, number(row["lift"]["10%"], 2))
        )
    return table(head, rows)


def _effort(figures: Mapping[str, Any]) -> str:
    head = ("ranking", "recall at 20 % effort", "effort at 20 % recall", "Popt", "AUC at equal size", "IFA",
            "MCC at 10 %")  # fmt: skip
    rows = [
        (
            f"**{name}**" if name == figures["model"] else name,
            *(percent(row[key]) for key in ("recall_at_20%_effort", "effort_at_20%_recall")),
            *(number(row[key]) for key in ("popt", "auc_at_equal_size")),
            number(row["initial_false_alarms"], 1),
            number(row["mcc"]["10%"]),
        )
        for name, row in figures["rankings"].items()
    ]
    return table(head, rows)


def _against(figures: Mapping[str, Any]) -> str:
    head = (
        f"{figures['model']} against",
        "AUC less theirs",
        *(f"times as many held at {gate[:-1]} %" for gate in GATES),
    )
    rows = []
    for name, row in figures["against"].items():
        ratios = []
        for gate in GATES:
            value, interval = (row[key][f"capture_{gate}"] for key in ("ratio", "ratio_95"))
            ratios.append(f"{number(value, 2)} ({_short(interval)})" if interval else number(value, 2))
        lost = number(row["difference"]["auc"], signed=True)
        rows.append((name, f"{lost} ({spread(row['difference_95']['auc'], signed=True)})", *ratios))
    return table(head, rows) if rows else ""


def _short(interval: Sequence[float]) -> str:
    return " to ".join(number(end, 2) for end in interval)


def _by_repository(figures: Mapping[str, Any]) -> str:
    ours = figures["model"]
    others = [
        name for name in (KAMEI_NAME, "lines added alone") if name in figures["rankings"] and name != ours
    ]
    rows = []
    for name, row in figures["per_repository"].items():
        own = row.get(ours, {})
        rows.append(
            (
                name,
                f"{row['rows']:,}",
                percent(row["base_rate"]),
                number(own.get("auc")),
                spread(own.get("auc_95")),
                percent(own.get("capture_10%")),
                *(number(row.get(other, {}).get("auc")) for other in others),
            )
        )
    macro = figures["macro"]
    if ours in macro:
        rest = (number(macro[other]["auc"]) for other in others)
        held = percent(macro[ours]["capture_10%"])
        interval = spread(macro[ours]["intervals_95"]["auc"])
        rows.append(("mean of repositories", "", "", number(macro[ours]["auc"]), interval, held, *rest))
    head = ("repository", "changes", "positive", "AUC", "95 % interval", "held at 10 %")
    return table((*head, *(f"AUC, {other}" for other in others)), rows)


def road(row: Mapping[str, Any], *, shipped: bool) -> tuple[str, ...]:
    """Write one road of quantization."""
    return (
        f"**{row['title']}** (shipped)" if shipped else str(row["title"]),
        number(row["bytes"] / 1e6, 1),
        number(row["start_s"], 2),
        f"{row['p50_ms']:.1f} / {row['p95_ms']:.1f}",
        number(row["latency_ratio"], 2),
        number(row["memory_mib"], 0),
        *(number(row[key], 4, signed=True) for key in ("auc_drop", "ap_drop")),
        number(row["largest_change"]),
        number(row["ece"], 4),
    )


def group(ranking: str, title: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    """Write one group of authors."""
    harmless = row.get("harmless", {})
    return (
        ranking,
        title,
        f"{row['rows']:,}",
        *(percent(row[key]) for key in ("base_rate", "mean_probability")),
        number(row["auc"]),
        number(harmless.get("mean_percentile"), 1),
        percent(harmless.get("in_riskiest_tenth")),
    )
