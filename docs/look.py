"""Draw docs/images/check.svg: what `riskbot check` prints on a small real change, as a terminal shows it.

Usage: ``python docs/look.py`` in the project's environment (``make look``). The change is made in a
temporary repository, so the picture is the same on every machine.
"""

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

LINES = 60  # a picture in a README is a look, not the whole report
BEFORE = '''\
"""Refunds."""

import requests


def refund(order, user):
    if not user.can_refund(order):
        raise PermissionError(f"{user} may not refund {order}")
    try:
        answer = requests.post(order.url, json={"amount": order.amount}, timeout=10)
    except requests.RequestException as error:
        raise RefundError(order) from error
    return answer.json()["id"]
'''
AFTER = '''\
"""Refunds."""

import pickle
import requests


def refund(order, user, reason):
    try:
        answer = requests.post(order.url, json={"amount": order.amount, "why": reason}, verify=False)
        return pickle.loads(answer.content)["id"]
    except Exception:
        return None
'''


def main() -> None:
    scrubbed = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    git_environment = scrubbed | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_DATE": "2026-11-02T10:00:00Z",
        "GIT_COMMITTER_DATE": "2026-11-02T10:00:00Z",
    }
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "shop"
        root.mkdir()

        def git(*arguments: str) -> None:
            name = (
                "-c",
                "user.name=Alice",
                "-c",
                "user.email=alice@example.org",
                "-c",
                "init.defaultBranch=main",
            )
            subprocess.run(["git", *name, *arguments], cwd=root, env=git_environment, check=True)

        git("init", "-q")
        for message, text in (("Refund orders", BEFORE), ("Make refunds more robust", AFTER)):
            (root / "refunds.py").write_text(text)
            git("add", "-A")
            git("commit", "-q", "-m", message)
        riskbot = Path(sys.executable).with_name("riskbot")
        done = subprocess.run(
            [riskbot, "check", "HEAD^!", "--color", "always"],
            cwd=root,
            env=scrubbed,
            capture_output=True,
            text=True,
            check=False,  # the policy holds this change: exit code 1
        )
    console = Console(record=True, width=100, file=io.StringIO())
    lines = done.stdout.split("\n")
    shown = "\n".join([*lines[:LINES], "…"] if len(lines) > LINES else lines)
    console.print(Text.from_ansi(f"$ riskbot check HEAD^!\n{shown}"))
    target = Path(__file__).parent / "images" / "check.svg"
    target.parent.mkdir(exist_ok=True)
    picture = console.export_svg(title="riskbot", unique_id="riskbot")
    # Without the fonts that rich would have a browser fetch: the picture stands alone.
    target.write_text(re.sub(r"\s*@font-face \{.*?\}", "", picture, flags=re.DOTALL))


if __name__ == "__main__":
    main()
