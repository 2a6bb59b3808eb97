"""``riskbot policy eval`` and ``explain``: exit codes, the same bytes for the same facts, errors that help."""

import io
import json
import os
import subprocess
import sys
from types import SimpleNamespace

import jsonschema
import pytest
from judge.make_facts import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    POLICY,
    approve,
    case,
    object_,
    with_files,
)

from riskbot import facts as documents
from riskbot.report import verdict
from riskbot.surfaces import cli

NOW = "2026-03-03T12:00:00Z"
INCLUDING = """\
version: 1
name: ours
include:
  - policy: base
    repository: acme/policies
    ref: v1
    path: base.yml
requires:
  all:
    - include: base
    - clause: nobody objects
      unopposed: {}
"""
BASE = """\
version: 1
name: base
requires:
  clause: two approve
  approvals: {count: 2, from: ["@acme/devs"]}
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    (tmp_path / "acme.yml").write_text(POLICY)
    (tmp_path / "ours.yml").write_text(INCLUDING)
    (tmp_path / "base.yml").write_text(BASE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(place, *steps):
    (place / "facts.json").write_bytes(documents.write(case(*steps)))


def run(capsysbinary, *arguments, action="eval", policy="acme.yml", facts="facts.json"):
    code = cli.main(["policy", action, "--policy", policy, "--facts", facts, "--now", NOW, *arguments])
    written = capsysbinary.readouterr()
    return SimpleNamespace(code=code, out=written.out.decode(), err=written.err.decode())


def test_allowed_is_0_held_1_and_undecided_3(place, capsysbinary):
    write(place, approve(BOB))
    allowed = run(capsysbinary)
    assert (allowed.code, allowed.out.splitlines()[0].split()[0]) == (0, "ALLOWED")
    write(place)
    held = run(capsysbinary)
    assert (held.code, held.out.splitlines()[0].split()[0]) == (1, "HELD")
    write(place, approve(BOB), with_files("src/a.py", declared=2))
    undecided = run(capsysbinary)
    assert (undecided.code, undecided.out.splitlines()[0].split()[0]) == (3, "UNDECIDED")
    assert "truncated: The forge counts 2 files" in undecided.out


def test_the_json_is_the_verdict_document(place, capsysbinary):
    write(place, with_files("src/a.py", "secure/key.py"), approve(ALICE), object_(CAROL))
    done = run(capsysbinary, "--format", "json")
    told = json.loads(done.out)
    jsonschema.Draft202012Validator(verdict.schema()).validate(told)
    assert list(told)[:4] == ["schema", "riskbot", "outcome", "awaits"]
    assert told["schema"] == "riskbot.verdict/1"
    assert (told["outcome"], told["exit_code"], done.code) == ("held", 1, 1)
    assert told["subject"]["pull"] == 7
    assert told["policy"]["name"] == "acme"
    assert [one["who"] for one in told["interested"]] == ["alice"]
    assert {one["who"]: one["code"] for one in told["opinions"] if not one["counts"]}["alice"] == "interested"
    assert all("dave" in people for people in told["unlocking"])
    assert "alice" not in {one["who"] for one in told["suggested"]}


def test_the_same_facts_give_the_same_bytes_in_every_process(place):
    write(place, with_files("src/a.py", "secure/key.py"), approve(BOB), approve(ALICE))
    arguments = [sys.executable, "-m", "riskbot", "policy", "eval", "--policy", "acme.yml"]
    arguments += ["--facts", "facts.json", "--now", NOW, "--format", "json"]
    said = set()
    for seed, zone in (("0", "UTC"), ("1", "Asia/Tokyo"), ("77", "America/New_York")):
        env = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
        said.add(subprocess.run(arguments, capture_output=True, env=env, timeout=60).stdout)
    (text,) = said
    assert json.loads(text)["outcome"] == "held"


def test_explain_shows_the_tree_the_people_and_the_way_out(place, capsysbinary):
    write(place, with_files("src/a.py", "secure/key.py"), approve(ALICE), approve(BOB))
    done = run(capsysbinary, action="explain")
    assert done.code == 1
    assert "alice approved " in done.out
    assert "it does not count (interested)" in " ".join(done.out.split())
    for title in (
        "clause by clause",
        "Whose word counts",
        "Who has a part in it",
        "Who could unlock it",
        "Whom to ask",
    ):
        assert title in done.out, title
    assert "\u2713 a developer approves" in done.out
    assert "\u2026 owners approve" in done.out
    assert "alice (account 1): " in done.out
    assert "opener (attested)" in " ".join(done.out.split())
    assert "1. dave: this one approval is enough" in done.out


def test_facts_come_from_standard_input_too(place, capsysbinary, monkeypatch):
    write(place, approve(BOB))
    data = (place / "facts.json").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert run(capsysbinary, facts="-").code == 0


def test_the_output_goes_to_a_file(place, capsysbinary):
    write(place)
    done = run(capsysbinary, "--format", "json", "--output", "out.json")
    assert (done.code, done.out) == (1, "")
    assert json.loads((place / "out.json").read_text())["outcome"] == "held"


def test_a_shipped_policy_is_named_and_the_default_needs_no_name(place, capsysbinary):
    write(place, approve(BOB))
    by_name = run(capsysbinary, "--format", "json", policy="default")
    code = cli.main(["policy", "eval", "--facts", "facts.json", "--now", NOW, "--format", "json"])
    assert (by_name.code, by_name.out) == (code, capsysbinary.readouterr().out.decode())
    assert json.loads(by_name.out)["policy"]["source"] == "shipped with riskbot: default.yml"


def test_an_included_policy_is_given_by_name(place, capsysbinary):
    write(place, approve(BOB))
    done = run(capsysbinary, "--include", "base=base.yml", "--format", "json", policy="ours.yml")
    told = json.loads(done.out)
    assert done.code == 1
    assert [one["name"] for one in told["policy"]["included"]] == ["base"]
    assert told["unlocking"] == [["carol"]]


@pytest.mark.parametrize(
    ("arguments", "policy", "facts", "words"),
    [
        (
            (),
            "ours.yml",
            "facts.json",
            "ours.yml:4:5: The included policy acme/policies@v1:base.yml was not given. Keep a copy at .riskbot/includes/base.yml, or give it: --include base=FILE",
        ),
        (("--include", "base"), "ours.yml", "facts.json", "--include base=base.yml"),
        (
            ("--include", "other=base.yml"),
            "ours.yml",
            "facts.json",
            "Nothing includes a policy under the name 'other'",
        ),
        (("--include", "base=no.yml"), "ours.yml", "facts.json", "no.yml cannot be read"),
        ((), "nonsense", "facts.json", "Shipped are: "),
        ((), "no.yml", "facts.json", "no.yml cannot be read"),
        ((), "acme.yml", "no.json", "The facts document no.json cannot be read"),
        ((), "acme.yml", "acme.yml", "acme.yml:1:1: This is not JSON"),
        (("--now", "2026-03-03T12:00:00"), "acme.yml", "facts.json", "is no time with its offset"),
        (("--now", "yesterday"), "acme.yml", "facts.json", "is no time with its offset"),
    ],
)
def test_what_is_wrong_is_exit_2_and_says_how_to_mend_it(
    place, capsysbinary, *, arguments, policy, facts, words
):
    write(place)
    done = run(capsysbinary, *arguments, policy=policy, facts=facts)
    assert done.code == 2, done
    assert done.out == ""
    assert words in done.err
    assert "Traceback" not in done.err


def test_the_time_is_the_clocks_where_none_is_given(place, capsysbinary):
    write(place, approve(DAVE))
    assert cli.main(["policy", "eval", "--policy", "acme.yml", "--facts", "facts.json"]) == 1
    assert "HELD" in capsysbinary.readouterr().out.decode()
