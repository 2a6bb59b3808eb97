"""How fast `riskbot --help` starts, against an interpreter that does nothing."""

import sys

import measure


def main() -> None:
    options = measure.arguments(__doc__, repository=False, runs=31).parse_args()
    seconds = measure.alternate(
        {
            "pass": lambda: measure.run([sys.executable, "-c", "pass"]),
            "help": lambda: measure.run([measure.RISKBOT, "--help"]),
        },
        options.runs,
    )
    ratio = seconds["help"] / seconds["pass"]
    rows = [
        ("python -c pass", f"{seconds['pass'] * 1000:.0f} ms", "", ""),
        (
            "riskbot --help",
            f"{seconds['help'] * 1000:.0f} ms",
            "<= 200 ms",
            measure.met(seconds["help"] <= 0.2),
        ),
        ("ratio", f"{ratio:.2f}", "<= 3", measure.met(ratio <= 3)),
    ]
    measure.show("Start-up", rows, {"seconds": seconds, "ratio": ratio}, options.json)


if __name__ == "__main__":
    main()
