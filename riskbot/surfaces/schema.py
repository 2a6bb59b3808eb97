"""``riskbot schema``: the JSON schemas of what riskbot writes and reads."""

import argparse
import json
import sys

SCHEMAS = {
    "report": "what `riskbot check --format json` writes",
    "report-line": "one line of what `riskbot check --format jsonl` writes",
    "authorship": "what `riskbot authorship --format json` writes",
    "authorship-line": "one line of what `riskbot authorship --format jsonl` writes",
    "authorship-stats": "what `riskbot authorship stats --format json` writes",
    "facts": "what policies judge: `riskbot policy eval --facts`",
    "verdict": "what `riskbot policy eval --format json` writes",
    "policy": "a policy file, for editors",
    "zones": "a zones file, for editors",
    "zones-flows": "what `riskbot zones check --format json` writes",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("what", choices=SCHEMAS, help="; ".join(f"{n}: {a}" for n, a in SCHEMAS.items()))


def run(arguments: argparse.Namespace) -> int:
    """Print the schema asked for."""
    from riskbot import facts
    from riskbot.detect.flows.language import schema as zones
    from riskbot.domain.schemas import portable
    from riskbot.judge.language import schema as policy
    from riskbot.report import document, jsonl, verdict
    from riskbot.report.authored import document as authored
    from riskbot.report.authored import shares
    from riskbot.report.zones import document as flows

    schemas = {
        "report": document.schema,
        "report-line": jsonl.schema,
        "authorship": authored.schema,
        "authorship-line": authored.line_schema,
        "authorship-stats": shares.schema,
        "facts": facts.schema,
        "verdict": verdict.schema,
        "policy": policy.schema,
        "zones": zones.schema,
        "zones-flows": flows.schema,
    }
    sys.stdout.write(json.dumps(portable(schemas[arguments.what]()), indent=2) + "\n")
    return 0
