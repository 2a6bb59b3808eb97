"""The decoder of facts: strict, and clear about what is wrong."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskbot import facts
from riskbot.domain.errors import ConfigError
from tests.judge.make_facts import case

ACCOUNT = {"id": 1, "login": "alice"}


def document(**more: Any) -> bytes:
    return json.dumps({"schema": facts.SCHEMA, "repository": "a", "change": {}, **more}).encode()


def test_written_facts_are_read_back_and_match_the_schema() -> None:
    written = facts.write(case())
    assert facts.read(written, "f") == case()
    assert facts.write(facts.read(written, "f")) == written
    jsonschema.Draft202012Validator(facts.schema()).validate(json.loads(written))


def test_what_is_left_out_is_unknown_not_empty() -> None:
    read = facts.read(document(), "f")
    assert read.change.files is None
    assert read.accounts is None
    assert read.pull is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[]", "f:1:1: This is not riskbot.facts/1 facts: Expected a mapping"),
        (b"{}", "'schema' is missing"),
        (document(schema="riskbot.facts/2"), "$.schema"),
        (document(surprise=1), "no key 'surprise'"),
        (document(accounts=[{"id": "1", "login": "a"}]), "$.accounts[0].id"),
        (document(accounts=[{"id": 0, "login": "a"}]), "$.accounts[0].id"),
        (document(accounts=[ACCOUNT, {"id": 1, "login": "bob"}]), "account id 1 stands twice"),
        (document(accounts=[ACCOUNT, {"id": 2, "login": "ALICE"}]), "'alice' stands twice"),
        (
            document(accounts=[ACCOUNT | {"emails": ["a@b"]}, {"id": 2, "login": "b", "emails": ["A@b"]}]),
            "a@b",
        ),
        (document(teams=[{"name": "a/b"}, {"name": "A/B"}]), "'a/b' stands twice"),
        (document(change={"head": "xyz"}), "$.change.head"),
        (document(assessment={"band": "puce", "percentile": 1}), "$.assessment.band"),
    ],
)
def test_what_is_wrong_is_named(data: bytes, said: str) -> None:
    with pytest.raises(ConfigError, match=r"^f") as caught:
        facts.read(data, "f")
    assert said in str(caught.value)
    assert caught.value.exit_code == 2


def test_times_need_their_offset() -> None:
    with pytest.raises(ConfigError, match="timezone"):
        facts.read(document(teams=[{"name": "a/b", "as_of": "2026-01-01T00:00:00"}]), "f")


def test_the_place_of_broken_json_is_given() -> None:
    with pytest.raises(ConfigError, match=r"^f:2:7: "):
        facts.read(b'{"repository":\n  "a" ?}', "f")


@given(st.binary(max_size=80))
def test_no_bytes_give_a_traceback(data: bytes) -> None:
    with pytest.raises(ConfigError):
        facts.read(data, "f")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"a": 1,\n "schema": 2}', "f:1:2: "),
        (b'{"schema": "riskbot.facts/1",\n "change": {"files": [], "head":\n  "xyz"}}', "f:3:3: "),
        (
            b'{"schema": "riskbot.facts/1",\n "repository": "caf\xc3\xa9", "teams": [{"name": "a/b"}, 3]}',
            "f:2:51: ",
        ),
        (
            b'{"schema": "riskbot.facts/1", "change": {"base": null, "head": null}, "repository": "", "teams": [\n{"name": "a/b"},\n {"name": "A/B"}]}',
            "f:3:2: ",
        ),
        (b'{"schema": "riskbot.facts/1", "te\\u0061ms": [],\n "x{": {}, "teams": []}', "f:2:2: "),
    ],
)
def test_what_is_wrong_is_found_in_the_text(data: bytes, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        facts.read(data, "f")
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("again", "said"),
    [
        (b'"change": {},\n"change": {}', "f:2:1: The key 'change' stands twice"),
        (b'"change": {"head": null, "h\\u0065ad": null}', "f:1:27: The key 'head' stands twice"),
        (
            b'"change": {}, "repository": "}{\\"{", "repository": ""',
            "f:1:39: The key 'repository' stands twice",
        ),
    ],
)
def test_a_key_that_stands_twice_is_refused(again: bytes, said: str) -> None:
    rest = (
        b', "schema": "riskbot.facts/1"'
        if b"repo" in again
        else b', "schema": "riskbot.facts/1", "repository": ""'
    )
    with pytest.raises(ConfigError) as caught:
        facts.read(b"{" + again + rest + b"}", "f")
    assert str(caught.value).startswith(said)


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(ConfigError):
        facts.read(b'{"change":' * 100_000, "f")


def test_a_directory_is_read_with_the_same_care() -> None:
    read = facts.read_directory(json.dumps({"accounts": [ACCOUNT]}).encode(), "d")
    assert [account.login for account in read.accounts] == ["alice"]
    with pytest.raises(ConfigError, match="stands twice"):
        facts.read_directory(json.dumps({"accounts": [ACCOUNT, ACCOUNT]}).encode(), "d")
