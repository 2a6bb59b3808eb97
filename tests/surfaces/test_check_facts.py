"""``riskbot check --write-facts``: what it judged from, judged again, gives the same verdict; and purely so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from make import git, make_commit, make_repository

from riskbot import facts as documents
from riskbot.surfaces import cli

NOW = "2026-03-03T12:00:00Z"
BOB = "Bob <bob@example.org>"
DIRECTORY = {
    "accounts": [
        {"id": 1, "login": "alice", "permission": "write", "emails": ["alice@example.org"]},
        {"id": 2, "login": "bob", "permission": "write", "emails": ["bob@example.org"]},
        {"id": 3, "login": "carol", "permission": "write", "emails": ["carol@example.org"]},
        {"id": 4, "login": "dave", "permission": "write", "emails": ["dave@example.org"]},
    ],
    "teams": [{"name": "acme/devs", "members": [{"account": one} for one in (1, 2, 3, 4)]}],
}
POLICY = """\
version: 1
name: own
requires:
  all:
    - clause: an owner approves
      owners: {}
    - clause: somebody reads it
      readability: {roster: .riskbot/readers}
"""
BASE: dict[str, str | bytes | None] = {
    ".github/CODEOWNERS": "* @acme/devs\n",
    ".riskbot/policy.yml": POLICY,
    ".riskbot/readers": "* @acme/devs\n",
    ".riskbot/directory.json": json.dumps(DIRECTORY),
    "src/a.py": "a = 1\nb = 2\nc = 3\n",
}


def run(*arguments: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "riskbot", *arguments], capture_output=True, env=os.environ | env, timeout=120
    )


def riskbot(output: Path, *arguments: str, **env: str) -> bytes:
    """Run a command that writes JSON: here, or in a process of its own where the environment matters."""
    asked = [*arguments, "--now", NOW, "--format", "json", "--output", str(output)]
    code = run(*asked, **env).returncode if env else cli.main(asked)
    assert code in {0, 1, 3}
    return output.read_bytes()


def check(root: Path, policy: str = ".riskbot/policy.yml", **env: str) -> tuple[Any, bytes]:
    """Check the last commit: the verdict in the report, and the facts that it came from."""
    facts = root.parent / "facts.json"
    asked = ("check", "HEAD~1..HEAD", "--repo", str(root), "--policy", policy, "--write-facts", str(facts))
    return json.loads(riskbot(root.parent / "report.json", *asked, **env))["verdict"], facts.read_bytes()


def again(root: Path, policy: str, facts: bytes, **env: str) -> bytes:
    """Judge stored facts by a policy, as of the same time."""
    path = root.parent / "again.json"
    path.write_bytes(facts)
    return riskbot(
        root.parent / "verdict.json", "policy", "eval", "--policy", policy, "--facts", str(path), **env
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository whose base was written by alice, its second line by bob; its last commit is alice's."""
    made = make_repository(tmp_path / "r", BASE)
    make_commit(made, {"src/a.py": "a = 1\nb = 20\nc = 3\n"}, author=BOB, when="2026-02-02T12:00:00+00:00")
    make_commit(
        made, {"src/a.py": "a = 1\nb = 21\nc = 3\n"}, "Change\n\nCo-authored-by: D <dave@example.org>"
    )
    return made


@pytest.mark.parametrize("policy", ["default", "sox", "slsa-l4", "google-owners-readability", "open-source"])
def test_what_was_written_judges_to_the_same_bytes(root: Path, policy: str) -> None:
    told, facts = check(root, policy=policy)
    replayed = json.loads(again(root, policy, facts))
    del replayed["schema"], replayed["riskbot"]
    # That nobody has approved yet is no reason not to push, so only the check ends with 0.
    assert (told.pop("exit_code"), replayed.pop("exit_code")) in {(0, 0), (0, 1), (1, 1), (3, 3)}
    assert json.dumps(replayed) == json.dumps(told)


def test_a_policy_of_the_repository_differs_by_where_it_was_read_alone(root: Path) -> None:
    told, facts = check(root)
    replayed = json.loads(again(root, str(root / ".riskbot/policy.yml"), facts))
    del replayed["schema"], replayed["riskbot"], replayed["policy"]["source"], told["policy"]["source"]
    assert (told.pop("exit_code"), replayed.pop("exit_code")) == (0, 1)
    assert json.dumps(replayed) == json.dumps(told)


def test_the_facts_are_as_complete_as_git_allows(root: Path) -> None:
    _, data = check(root)
    facts = documents.read(data, "facts")
    assert documents.write(facts) + b"\n" == data
    (commit,) = facts.change.commits or ()
    assert [(one.key, one.value) for one in commit.trailers] == [("Co-authored-by", "D <dave@example.org>")]
    assert commit.verification is None
    (head,) = facts.change.heads
    assert (head.commit, head.tree, head.merge_base) == (facts.change.head, commit.tree, facts.change.base)
    assert {text.path for text in facts.texts} == BASE.keys() - {"src/a.py"}
    (file,) = facts.change.files or ()
    (recent,) = file.recent_authors
    assert (recent.account, recent.lines, str(recent.last_at)) == (2, 1, "2026-02-02 12:00:00+00:00")
    assert facts.pull is None


def test_whoever_wrote_the_touched_lines_is_asked_first_and_never_who_has_a_part(root: Path) -> None:
    told, _ = check(root)
    assert [one["who"] for one in told["suggested"]] == ["bob", "carol"]
    assert "lately wrote 1 of the touched lines, last on 2026-02-02" in " ".join(
        told["suggested"][0]["reasons"]
    )
    assert {one["who"] for one in told["interested"]} == {"alice", "dave"}


def test_without_a_directory_nobody_is_looked_up(tmp_path: Path) -> None:
    made = make_repository(tmp_path / "r", {**BASE, ".riskbot/directory.json": "{}"})
    (made / ".riskbot/directory.json").unlink()
    make_commit(made, {})
    make_commit(made, {"src/a.py": "a = 2\n"})
    _, data = check(made)
    facts = documents.read(data, "facts")
    assert facts.accounts is None
    assert [file.recent_authors for file in facts.change.files or ()] == [()]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".riskbot/policy.yml", POLICY.replace("acme", "evil").replace("all:", "any:")),
        (".github/CODEOWNERS", "* @alice\n"),
        (".riskbot/readers", "* @alice\n"),
        (".riskbot/directory.json", '{"accounts": [], "teams": []}'),
        (".riskbot/directory.json", "not JSON at all"),
        (".riskbot/policy.yml", "not: [a policy"),
    ],
)
def test_what_governs_at_the_head_has_no_say(root: Path, path: str, text: str) -> None:
    """P10: that the file changed is told; what it says now changes nothing."""
    verdicts = []
    for content in (str(BASE[path]) + "\n", text):
        make_commit(root, {path: content})
        told, _ = check(root)
        assert [flag["evidence"] for flag in told["flags"] if flag["code"] == "governing_change"] == [[path]]
        people = {key: {one["who"] for one in told[key]} for key in ("interested", "suggested")}
        unlocking = sorted(told["unlocking"])  # equals are drawn by the head's id
        verdicts.append((told["outcome"], told["clauses"], unlocking, people))
        git(root, "reset", "-q", "--hard", "HEAD~1")
    assert verdicts[0] == verdicts[1]
    assert verdicts[0][2] == [["bob"], ["carol"], ["dave"]]


def test_a_new_codeowners_file_in_a_place_that_comes_first_is_told(root: Path) -> None:
    git(root, "mv", ".github/CODEOWNERS", "CODEOWNERS")
    make_commit(root, {})
    make_commit(root, {".github/CODEOWNERS": "* @alice\n"})
    told, _ = check(root)
    assert [one["evidence"] for one in told["flags"] if one["code"] == "governing_change"] == [
        [".github/CODEOWNERS"]
    ]


def test_neither_hash_seed_nor_locale_nor_time_zone_matters(root: Path) -> None:
    """P7: the same facts, the same bytes."""
    found = set()
    replayed = set()
    for seed, locale, zone in (
        ("0", "C", "UTC"),
        ("1", "C.UTF-8", "Asia/Kathmandu"),
        ("2", "tr_TR", "PST8PDT"),
    ):
        env = {"PYTHONHASHSEED": seed, "LC_ALL": locale, "LANG": locale, "TZ": zone, "COLUMNS": seed + "70"}
        told, facts = check(root, **env)
        found.add((json.dumps(told), facts))
        replayed.add(again(root, "sox", facts, **env))
    assert len(found) == 1
    assert len(replayed) == 1


def test_odd_names_stay_readable_facts(tmp_path: Path) -> None:
    made = make_repository(tmp_path / "r", BASE)
    Path(os.fsdecode(os.fsencode(made) + b"/src/\xff\\x.py")).write_bytes(b"a = 1\0\n")
    make_commit(made, {"src/a.py": "a = 2\n"})
    _, data = check(made)
    facts = documents.read(data, "facts")
    assert "src/\\xff\\\\x.py" in {file.new_path for file in facts.change.files or ()}


def test_a_bare_diff_has_facts_too_and_does_not_pretend_to_know_who_made_it(tmp_path: Path) -> None:
    diff = tmp_path / "d.patch"
    diff.write_text("--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-a = 1\n+a = 2\n")
    facts = tmp_path / "facts.json"
    told = riskbot(tmp_path / "report.json", "check", "--diff", str(diff), "--write-facts", str(facts))
    told = json.loads(told)["verdict"]
    assert documents.read(facts.read_bytes(), "facts").change.commits is None
    replayed = json.loads(again(tmp_path / "r", "default", facts.read_bytes()))
    assert {name: replayed[name] for name in told} == told


def test_what_is_not_committed_has_facts_as_well(root: Path) -> None:
    (root / "src/a.py").write_text("a = 9\n")
    facts = root.parent / "facts.json"
    riskbot(root.parent / "r.json", "check", "--worktree", "--repo", str(root), "--write-facts", str(facts))
    change = documents.read(facts.read_bytes(), "facts").change
    assert (change.commits, change.head, change.heads) == ((), None, ())


def test_two_documents_do_not_share_standard_output(root: Path) -> None:
    done = run("check", "HEAD~1..HEAD", "--repo", str(root), "--write-facts", "-")
    assert done.returncode == 2
    assert b"--write-facts FILE" in done.stderr
    done = run("check", "HEAD~1..HEAD", "--repo", str(root), "--write-facts", "-", "--output", os.devnull)
    assert documents.read(done.stdout, "facts").change.head


def test_facts_that_cannot_be_written_are_told_by_their_own_option(root: Path) -> None:
    done = run("check", "HEAD~1..HEAD", "--repo", str(root), "--write-facts", str(root / "no" / "such"))
    assert done.returncode == 3
    assert b"The facts could not be written" in done.stderr
    assert b"--write-facts" in done.stderr


def test_a_time_without_an_offset_is_refused(root: Path) -> None:
    done = run("check", "HEAD~1..HEAD", "--repo", str(root), "--now", "2026-03-03T12:00:00")
    assert done.returncode == 2
    assert b"offset" in done.stderr
