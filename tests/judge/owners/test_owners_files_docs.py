"""docs/owners-files.md lists every lint that reading OWNERS files can give."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
SOURCES = ("folders", "gerrit", "gerrit_lines", "prow", "prow_files", "prow_yaml")


def test_every_lint_is_documented_and_no_other():
    source = "".join((ROOT / f"riskbot/judge/owners/{name}.py").read_text() for name in SOURCES)
    given = set(re.findall(r"[Ll]int(?:_line)?\(\s*\"([a-z_]+)\"", source))
    page = (ROOT / "docs/owners-files.md").read_text().partition("## Lints")[2]
    listed = set(re.findall(r"^\| `([a-z_]+)` \|", page, re.MULTILINE))
    assert given == listed
    assert len(given) > 20
