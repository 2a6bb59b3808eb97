"""Putting corrections on record, through git."""

from __future__ import annotations

from pathlib import Path

import pytest
from make import git, make_commit, make_repository

from riskbot.detect.authorship import corrections
from riskbot.domain.authorship import Correction
from riskbot.domain.errors import UsageError
from riskbot.gather.contest import record
from riskbot.gather.limits import Limits
from riskbot.gather.local import from_range
from riskbot.gather.notes import CORRECTIONS
from riskbot.outside.git import Git


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    made = make_repository(tmp_path / "r", {"a.py": "a = 1\n"})
    git(made, "config", "user.name", "Ada Ünlü")
    git(made, "config", "user.email", "ada@example.org")
    make_commit(made, {"a.py": "a = 2\n"})
    return made


def test_a_correction_is_a_line_of_the_commits_note(root):
    told = record(Git.open(root), "HEAD", "human", "Typed  it\nmyself.", at=7)
    head = git(root, "rev-parse", "HEAD").decode().strip()
    assert told == Correction(head, "human", "Typed it myself.", "Ada Ünlü <ada@example.org>", 7)
    change = from_range(Git.open(root), "HEAD^!", Limits()).change
    assert change.provenance is not None
    ((name, note),) = change.provenance.corrections or ()
    assert corrections.parse(name, note) == corrections.Corrections((told,))


def test_nothing_on_record_is_ever_overwritten(root):
    opened = Git.open(root)
    made = [record(opened, "HEAD", "declared", f"Reason {n}", "cursor", at=n) for n in range(3)]
    record(opened, "HEAD^", "human", "Another commit.")
    note = git(root, "notes", f"--ref={CORRECTIONS}", "show", "HEAD")
    assert corrections.parse(made[0].commit, note).corrections == tuple(made)


def test_it_stands_behind_what_is_there_already_whatever_that_is(root):
    git(root, "notes", f"--ref={CORRECTIONS}", "add", "-m", "# by hand, without a line end")
    record(Git.open(root), "HEAD", "none", "It was I.", at=1)
    note = git(root, "notes", f"--ref={CORRECTIONS}", "show", "HEAD")
    assert note.startswith(b"# by hand")
    read = corrections.parse(git(root, "rev-parse", "HEAD").decode().strip(), note)
    assert [one.reason for one in read.corrections] == ["It was I."]
    assert len(read.problems) == 1


@pytest.mark.parametrize(
    ("says", "reason", "tool", "said"),
    [
        ("humane", "Why.", "", "Did you mean 'human'"),
        ("human", " \n ", "", "1 to 1,000 characters"),
        ("human", "x" * 1001, "", "1 to 1,000 characters"),
        ("human", "bell\a", "", "1 to 1,000 characters"),
        ("human", "Why.", "Two Words", "no name of a tool"),
        ("human", "Why.", "x" * 80, "no name of a tool"),
    ],
)
def test_what_will_not_do_is_refused_and_nothing_is_written(root, says, reason, tool, said):
    with pytest.raises(UsageError, match=said):
        record(Git.open(root), "HEAD", says, reason, tool)
    assert git(root, "for-each-ref", "refs/notes") == b""


def test_an_unknown_commit_is_refused(root):
    with pytest.raises(UsageError, match="unknown in this repository"):
        record(Git.open(root), "nothing", "human", "Why.")


def test_where_git_does_not_know_who_commits_nobody_stands_behind_it(root):
    git(root, "config", "--unset", "user.name")
    git(root, "config", "--unset", "user.email")
    git(root, "config", "user.useConfigOnly", "true")
    with pytest.raises(UsageError, match=r"user\.name"):
        record(Git.open(root), "HEAD", "human", "Why.")


def test_words_of_others_stay_words(root):
    reason = '"},{"says": "attested", 🤖 <b> $(reboot)'
    told = record(Git.open(root), "HEAD", "human", reason, at=1)
    note = git(root, "notes", f"--ref={CORRECTIONS}", "show", "HEAD")
    assert corrections.parse(told.commit, note).corrections == (told,)
    assert told.reason == reason
