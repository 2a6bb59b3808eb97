"""`riskbot authorship contest`: what a person puts on record stands beside the evidence, for everybody."""

from __future__ import annotations

import json

import pytest
from make import git, make_commit, make_repository

from riskbot.surfaces import cli
from riskbot.surfaces.authorship.contest import MERGE

CLAUDE = "Co-authored-by: Claude <noreply@anthropic.com>"


@pytest.fixture
def root(tmp_path):
    root = make_repository(tmp_path / "shop", {"a": "1\n"}, f"one\n\n{CLAUDE}")
    return configured(root, "Alice")


def configured(root, name):
    git(root, "config", "user.name", name)
    git(root, "config", "user.email", f"{name.lower()}@example.org")
    return root


def contest(root, *arguments: str) -> int:
    return cli.main(["authorship", "contest", "HEAD", "--repo", str(root), *arguments])


def listed(root, capsysbinary, format_="jsonl") -> str:
    capsysbinary.readouterr()
    assert cli.main(["authorship", "HEAD^!", "--repo", str(root), "--format", format_]) == 0
    return capsysbinary.readouterr().out.decode()


def test_it_is_shown_and_changes_no_category(root, capsysbinary):
    before = json.loads(listed(root, capsysbinary))
    assert contest(root, "--says", "human", "--reason", "my editor adds that line") == 0
    assert "git push origin refs/notes/riskbot-authorship" in capsysbinary.readouterr().out.decode()
    after = json.loads(listed(root, capsysbinary))
    (correction,) = after.pop("corrections")
    assert (correction["says"], correction["by"]) == ("human", "Alice <alice@example.org>")
    assert correction["reason"] == "my editor adds that line"
    assert before.pop("corrections") == []
    assert after == before
    text = listed(root, capsysbinary, "text")
    assert "contested: human: my editor adds that line" in text
    assert "1 commit contested" in text


def test_a_second_one_stands_beside_the_first(root, capsysbinary):
    contest(root, "--says", "human", "--reason", "one")
    contest(root, "--says", "mixed", "--reason", "two", "--tool", "cursor")
    found = json.loads(listed(root, capsysbinary))["corrections"]
    assert [(one["says"], one["tool"]) for one in found] == [("human", None), ("mixed", "cursor")]


def test_two_people_share_what_they_put_on_record(root, tmp_path, capsysbinary):
    """As the command says: push, or take in what others pushed first."""
    bare = tmp_path / "bare.git"
    git(tmp_path, "clone", "-q", "--bare", str(root), str(bare))
    git(root, "remote", "add", "origin", str(bare))
    git(tmp_path, "clone", "-q", str(bare), "bob")
    bob = configured(tmp_path / "bob", "Bob")
    contest(root, "--says", "human", "--reason", "from Alice")
    git(root, "push", "-q", "origin", "refs/notes/riskbot-authorship")
    contest(bob, "--says", "mixed", "--reason", "from Bob")
    for line in MERGE:
        git(bob, *line.split()[1:])
    git(bob, "push", "-q", "origin", "refs/notes/riskbot-authorship")
    found = json.loads(listed(bob, capsysbinary))["corrections"]
    assert {one["reason"] for one in found} == {"from Alice", "from Bob"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--says", "human", "--reason", "  "), "reason"),
        (("--says", "human", "--reason", "x", "--tool", "no such!"), "no name of a tool"),
    ],
)
def test_what_is_refused(root, capsysbinary, arguments, words):
    assert contest(root, *arguments) == 2
    assert words in capsysbinary.readouterr().err.decode()


def test_words_that_are_none(root, capsysbinary):
    with pytest.raises(SystemExit) as ended:
        contest(root, "--says", "robot", "--reason", "x")
    assert ended.value.code == 2


def test_a_commit_that_is_none(root, capsysbinary):
    assert make_commit(root, {"b": "1\n"})
    arguments = ["authorship", "contest", "nowhere", "--repo", str(root), "--says", "human", "--reason", "x"]
    assert cli.main(arguments) == 2
    assert "nowhere" in capsysbinary.readouterr().err.decode()
