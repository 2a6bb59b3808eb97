"""What a change does to manifests beside the rules' own cases: severities, words, gaps, bounds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from make import make_change, make_file

from riskbot.detect.dependencies.detectors import DependenciesDetector
from riskbot.domain.change import FileStatus, Omission, OmissionKind, Surroundings
from riskbot.domain.finding import Detection, Finding, Severity, Side


def look(files: dict[str, tuple[str | bytes | None, str | bytes | None]], **fields: object) -> Detection:
    return DependenciesDetector().run(make_change(files, **fields))


def only(files: dict[str, tuple[str | bytes | None, str | bytes | None]], **fields: object) -> Finding:
    (finding,) = look(files, **fields).findings
    return finding


def requirement(before: str, after: str) -> Finding:
    return only({"requirements.txt": (before + "\n", after + "\n")})


@pytest.mark.parametrize(
    ("before", "after", "rule", "severity"),
    [
        ("a==1", "a>=1", "dependency-loosened", Severity.MEDIUM),
        ("a==1", "a~=1.0", "dependency-loosened", Severity.LOW),
        ("a>=1", "a", "dependency-loosened", Severity.LOW),
        ("", "a @ git+https://example.org/a@main", "dependency-from-url", Severity.MEDIUM),
        ("", "a @ git+http://example.org/a@main", "dependency-from-url", Severity.HIGH),
        ("", f"a @ git+https://example.org/a@{'1' * 40}", "dependency-from-url", Severity.LOW),
        ("", f"a @ https://example.org/a.whl#sha256={'1' * 64}", "dependency-from-url", Severity.LOW),
        ("", "../elsewhere", "dependency-from-url", Severity.LOW),
        ("", "--extra-index-url https://x.example/simple", "index-added", Severity.MEDIUM),
        ("", "--extra-index-url http://x.example/simple", "index-added", Severity.HIGH),
        ("", "-i https://x.example/simple", "index-added", Severity.LOW),
        ("", "newthing>=1", "dependency-added", Severity.LOW),
        ("", "newthing", "dependency-unpinned", Severity.LOW),
        ("a==1\nb==1\nc==1", "a==1\nb==1\nc==1\nnewthing", "dependency-unpinned", Severity.MEDIUM),
        ("", "numpyy==1", "dependency-looks-alike", Severity.HIGH),
    ],
)
def test_rule_and_severity(before: str, after: str, rule: str, severity: Severity) -> None:
    finding = requirement(before, after)
    assert (finding.rule, finding.severity) == (rule, severity)


def test_what_is_for_developing_weighs_less() -> None:
    assert only({"requirements-dev.txt": ("a==1\n", "a>=1\n")}).severity is Severity.LOW
    text = "[dependency-groups]\ntest = ['a{}']\n"
    finding = only({"pyproject.toml": (text.format("==1"), text.format(">=1"))})
    assert finding.severity is Severity.LOW


def test_the_message_says_what_and_keeps_passwords() -> None:
    finding = requirement("", "tool @ git+https://me:hunter2@example.org/tool@v1")
    assert finding.message.startswith(
        "tool comes from git+https://example.org/tool@v1 (version control), at 'v1'"
    )
    assert "hunter2" not in finding.message
    finding = requirement("", "--index-url https://me:hunter2@example.org/simple")
    assert "hunter2" not in finding.message


def test_what_the_tree_declares_elsewhere_is_not_new() -> None:
    files = {
        "pyproject.toml": ("[project]\nname = 'a'\n", "[project]\nname = 'a'\ndependencies = ['six>=1']\n")
    }
    assert only(files).rule == "dependency-added"
    around = Surroundings(manifests=(("requirements/x.txt", b"six==1.16\n"),))
    assert look(files, surroundings=around).findings == ()


def test_a_lock_that_the_change_does_not_touch() -> None:
    files = {
        "pyproject.toml": ("[project]\nname = 'a'\n", "[project]\nname = 'a'\ndependencies = ['six>=2']\n")
    }
    lock = b'[[package]]\nname = "six"\nversion = "1.16"\n'
    around = Surroundings(manifests=(("uv.lock", lock),))
    rules = [finding.rule for finding in look(files, surroundings=around).findings]
    assert rules == ["dependency-added", "lock-out-of-step"]
    elsewhere = Surroundings(manifests=(("other/uv.lock", lock), ("uv.lock", b"[[[")))
    rules = [finding.rule for finding in look(files, surroundings=elsewhere).findings]
    assert rules == ["dependency-added"]


def gaps(detection: Detection) -> list[tuple[OmissionKind, str | None]]:
    assert all(isinstance(one, Omission) and one.step == "dependencies" for one in detection.omissions)
    return [(one.kind, one.path) for one in detection.omissions]


def test_what_cannot_be_read_is_an_omission() -> None:
    assert gaps(look({"pyproject.toml": ("a = 1\n", "a = \n")})) == [
        (OmissionKind.UNPARSABLE, "pyproject.toml")
    ]
    assert gaps(look({"pyproject.toml": ("a = \n", "a = 1\n")})) == [
        (OmissionKind.PARTLY_PARSED, "pyproject.toml")
    ]
    assert gaps(look({"requirements.txt": ("a\n", "a\n?!\n")})) == [
        (OmissionKind.PARTLY_PARSED, "requirements.txt")
    ]
    assert gaps(look({"requirements.txt": ("?!\n", "?!\na==1\n")})) == []
    bare = replace(make_file("requirements.txt", "a==1\n", "a\n"), old=None, new=None)
    detection = DependenciesDetector().run(replace(make_change({}), files=(bare,)))
    assert gaps(detection) == [(OmissionKind.CONTENT_UNKNOWN, "requirements.txt")]
    assert detection.findings == ()


def test_a_lock_file_that_goes_is_told_on_the_old_side() -> None:
    finding = only({"uv.lock": ('[[package]]\nname = "a"\nversion = "1"\n', None)})
    assert (finding.rule, finding.location.side, finding.location.line) == (
        "dependency-loosened",
        Side.OLD,
        None,
    )


def test_renames_compare_both_names_and_links_are_not_followed() -> None:
    moved = make_file("requirements/main.txt", "a==1\n", "a>=1\n", old_path="requirements.txt")
    (finding,) = DependenciesDetector().run(replace(make_change({}), files=(moved,))).findings
    assert finding.rule == "dependency-loosened"
    link = replace(make_file("requirements.txt", None, "a"), new_mode="120000", status=FileStatus.ADDED)
    assert DependenciesDetector().run(replace(make_change({}), files=(link,))) == Detection()


def test_a_lock_file_written_anew_is_bounded() -> None:
    text = "".join(
        f'[[package]]\nname = "p{n}"\nversion = "1"\nfiles = [{{hash = "sha256:{{0}}{n}"}}]\n'
        for n in range(60)
    )
    found = look({"poetry.lock": (text.replace("{0}", "a"), text.replace("{0}", "b"))}).findings
    assert len(found) == 40
    assert "There are 20 more in this file." in found[-1].message
    assert len({finding.fingerprint for finding in found}) == 40


def test_other_files_cost_nothing() -> None:
    assert look({"a.py": ("", "import x\n"), "notes.txt": ("", "six==1\n")}) == Detection()
