"""The detector in its place: what it brings, and the finding that gives the trailer to add."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace

import pytest
from detect.authorship.made import commit
from make import git, make_change, make_commit, make_repository

from riskbot import toolbox
from riskbot.detect.authorship.catalogue import OWN
from riskbot.detect.authorship.detector import DISCLOSURE_MISSING, AuthorshipDetector
from riskbot.detect.detector import detect
from riskbot.domain.authorship import Category, Correction
from riskbot.domain.change import Change, Charter, Proposal, Provenance
from riskbot.domain.errors import ConfigError
from riskbot.domain.finding import Detection, Severity
from riskbot.settings import Settings
from riskbot.surfaces import cli

SESSION = "https://claude.ai/code/session_01Ab"
SILENT = commit(f"Mend it\n\n{SESSION}", id="1" * 40)
AUTHORED = commit(author="Claude Opus 4.5 <noreply@anthropic.com>", id="2" * 40)
PERSON = commit(id="3" * 40)


def change(*commits: object, **beside: object) -> Change:
    files = {"b.py": ("", "x\n"), "a.py": ("", "y\n")}
    return make_change(files, commits=commits, provenance=Provenance(**beside))  # type: ignore[arg-type]


def run(*commits: object, form: str = "assisted-by", **beside: object) -> Detection:
    return AuthorshipDetector(disclosure=form).run(change(*commits, **beside))


def test_a_missing_disclosure_is_a_finding_with_the_line_to_add():
    found = run(SILENT, PERSON)
    (finding,) = found.findings
    assert found.rules == (DISCLOSURE_MISSING,)
    assert found.authorship is not None
    assert found.authorship.category is Category.MIXED
    assert finding.message.endswith("Add: Assisted-by: Claude Code")
    assert (finding.severity, finding.location.path, finding.suppressed_by) == (Severity.INFO, "a.py", None)
    assert [one.what for one in finding.evidence] == [f"111111111111, session: {SESSION}"]


def test_nothing_is_missing_where_a_trailer_says_it_or_nothing_counts():
    told = commit(f"{SILENT.message}\n\nAssisted-by: Claude Code")
    assert run(told).findings == run(PERSON).findings == run(PERSON, branch="claude/x").findings == ()
    assert run(PERSON).rules == ()


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ("assisted-by", "Assisted-by: Claude Code:Claude Opus 4.5"),
        ("generated-by", "Generated-by: Claude Code:Claude Opus 4.5"),
        ("co-authored-by", "Co-authored-by: Claude Opus 4.5 <noreply@anthropic.com>"),
    ],
)
def test_the_line_is_of_the_settings_form(form, line):
    (finding,) = run(AUTHORED, form=form).findings
    assert finding.message.endswith(f"Add: {line}")
    mended = commit(f"{AUTHORED.message}\n\n{line}\n", author="Claude <noreply@anthropic.com>")
    assert run(mended).findings == ()


def test_commits_that_lack_the_same_line_are_one_finding():
    again = replace(SILENT, id="4" * 40)
    (finding,) = run(SILENT, again).findings
    assert finding.message.startswith("2 commits bear signs of Claude Code")
    assert len(run(SILENT, AUTHORED).findings) == 2


def test_the_fingerprint_survives_a_rebase():
    (one,) = run(SILENT).findings
    (two,) = run(replace(SILENT, id="9" * 40, committed_at=SILENT.committed_at + 99)).findings
    assert one.fingerprint == two.fingerprint


def test_a_pull_request_of_an_agent_wants_a_trailer_too():
    codex = Proposal(opener="Copilot", opener_id=198982749, opener_bot=True)
    (finding,) = run(PERSON, proposal=codex).findings
    assert finding.message.endswith("Add to a commit's message: Assisted-by: GitHub Copilot")


def test_silence_is_kept_and_shown():
    (finding,) = run(SILENT, form="none").findings
    assert finding.suppressed_by == "the setting disclosure_trailer = none"
    said = Correction(SILENT.id, "human", "By hand.", "Ada Example", 1_790_000_000)
    line = json.dumps(
        {"commit": said.commit, "says": said.says, "reason": said.reason, "by": said.by, "at": said.at}
    )
    (finding,) = run(SILENT, corrections=((SILENT.id, line.encode()),)).findings
    assert "says a person wrote it" in (finding.suppressed_by or "")


def test_it_runs_in_a_cell_of_its_own_by_the_bases_catalogue():
    own = b'off = ["claude-session-url"]\n'
    judged = replace(change(SILENT), charter=Charter("c" * 40, ((OWN, own),)))
    detector = pickle.loads(pickle.dumps(AuthorshipDetector()))
    found = detect(judged, (detector,), seconds=60)
    assert (found.failures, found.findings) == ((), ())
    assert found.authorship is not None
    assert found.authorship.category is Category.NONE


def test_a_wrong_file_of_signatures_is_told_before_anything_runs():
    wrong = replace(change(SILENT), charter=Charter("c" * 40, ((OWN, b"sig = 1\n"),)))
    with pytest.raises(ConfigError, match=r"signatures\.toml"):
        toolbox.build(Settings(), wrong)


def test_the_settings_reach_it():
    chosen = Settings(authorship_weak=True, disclosure_trailer="generated-by")
    (one,) = (each for each in toolbox.detectors(chosen) if each.name == "authorship")
    assert one == AuthorshipDetector(weak=True, disclosure="generated-by")


def test_check_shows_it_in_a_real_repository(tmp_path, capsysbinary, monkeypatch):
    root = make_repository(tmp_path / "r", {"a.py": "x = 1\n"})
    when = "2026-08-01T12:00:00+00:00"
    make_commit(root, {"a.py": "x = 2\n"}, f"Mend it\n\n{SESSION}", when=when)
    monkeypatch.chdir(root)
    monkeypatch.setenv("RISKBOT_MODEL", "metrics")
    assert cli.main(["check", "HEAD^!", "--format", "json"]) == 0
    told = json.loads(capsysbinary.readouterr().out)
    assert "disclosure-missing" in [one["rule"] for one in told["findings"]]
    assert git(root, "status", "--porcelain") == b""
