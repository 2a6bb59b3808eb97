"""The schema of the policy language: what ships fits it, and what it refuses the loader refuses too."""

import copy
import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskbot.domain.errors import ConfigError
from riskbot.judge.language.policy import _TOP, load
from riskbot.judge.language.schema import schema
from riskbot.judge.predicates import PREDICATES

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = sorted(path for path in (ROOT / "policies").glob("*.yml") if not path.stem.endswith(".cases"))
VALIDATOR = jsonschema.Draft202012Validator(schema())

FULL = """\
version: 1
name: everything
about: All that the language has.
groups:
  stewards: [alice, "@acme/sec", "id:7"]
reviews:
  permission: maintain
  bots: ["acme-bot[bot]"]
  member_for: 7d
  carry_over: [same-content, clean-rebase, clean-update]
  commands: true
  suggestions: {lines: 3}
authors:
  unattributed: one-more
  unknown_initiator: two-humans
  lift_coauthor_ban: ["@acme/gov"]
owners: {format: prow, fallback: ["group:stewards"]}
flows:
  - flow: updates
    bots: ["dependabot[bot]"]
    owner: ["@acme/devs"]
    paths: ["**/*.lock"]
    statuses: [modified, added]
    max_files: 3
    max_lines: 500
    packages: {allow: [left-pad], older_than: 2w}
break_glass: {people: ["@acme/oncall"], reviewers: ["@acme/gov"], review_within: 48h}
requires:
  all:
    - clause: the risk is not red
      risk: {band: {at_most: yellow}, percentile: {below: 99}}
    - clause: no findings
      findings: {at_most: 0, severity: {at_least: high}, introduced: any}
    - clause: analysed
      analysed: {tolerate: [binary]}
    - distinct: true
      all:
        - clause: two approve
          approvals: {count: 2, from: ["@acme/devs"], permission: maintain, outside_author_teams: true}
        - clause: owners approve
          owners: {count: 1, paths: ["src/**"], unowned: fallback, author_counts: false}
        - clause: readable python
          readability: {paths: ["**/*.py"], from: ["@acme/python"]}
    - clause: readable
      readability: {roster: READABILITY}
    - clause: stewards
      stewards: {zones: [money], count: 1}
    - any:
        - clause: nobody objects
          unopposed: {}
        - clause: a label
          label: {name: go, set_by: ["@acme/gov"]}
    - clause: apart
      separation: {merger: [author, approver], deployer: [author, approver, merger]}
    - clause: built
      checks: {name: build, app: 17}
    - clause: who may write
      if: {paths: [".github/**"], branches: [main], labels: [risky], machine: [attested]}
      authors: {people: ["@acme/gov"], paths: [".github/**"], bots: ["dependabot[bot]"]}
    - clause: machines
      if: {machine: {categories: [attested, assisted], tools: [claude], tier: {at_least: B}, share: {at_least: 0.5},
                     lines: {at_least: 10, counting: possible}, disclosed: false}}
      machine: {attested: sponsored, declared: disclosed, assisted: signed-off, automation: forbidden, inferred: asked,
                agent_signoff: forbidden, tools: {allow: [claude]}, share: {at_most: 0.5}, lines: {at_most: 400},
                tier: {at_least: C}, paths: ["src/**"], sponsors: ["@acme/devs"]}
    - clause: flows
      if: {flows: [updates]}
      flow: {flows: [updates]}
    - clause: frozen
      freeze:
        zone: Europe/Berlin
        windows:
          - {from: "2026-12-20T00:00", until: "2027-01-04T06:00"}
          - {days: [sat, sun], from: "00:00", until: "24:00"}
        percentile: {below: 50}
        escalation: ["@acme/oncall"]
"""


def fits(policy: object) -> bool:
    return VALIDATOR.is_valid(policy)


def loads(text: str) -> bool:
    try:
        load(text.encode(), file="p.yml", source="test")
    except ConfigError:
        return False
    return True


def written(policy: object) -> str:
    return json.dumps(policy, ensure_ascii=False)  # JSON is YAML, and quotes what must be quoted


def test_the_schema_is_one_and_closed():
    jsonschema.Draft202012Validator.check_schema(schema())
    assert schema()["additionalProperties"] is False
    for part in schema()["$defs"].values():
        if part.get("type") == "object":
            assert part["additionalProperties"] is False, part["title"]
    assert "null" not in json.dumps(schema())
    assert r"\\A" not in json.dumps(schema())


def test_the_schema_has_every_key_of_the_language():
    assert set(schema()["properties"]) == set(_TOP)
    assert set(PREDICATES) < set(schema()["$defs"]["Clause"]["properties"])


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_policy_fits(path):
    VALIDATOR.validate(yaml.safe_load(path.read_text()))


def test_the_whole_language_fits_and_loads():
    policy = yaml.safe_load(FULL)
    VALIDATOR.validate(policy)
    load(FULL.encode(), file="p.yml", source="test")
    assert loads(written(policy))
    named = json.dumps(policy["requires"])
    assert [kind for kind in PREDICATES if f'"{kind}":' not in named] == []


@pytest.mark.parametrize(
    "requires",
    [
        {},
        {"clause": "nothing"},
        {"risk": {"band": {"at_most": "red"}}},
        {"clause": "two", "risk": {"band": {"at_most": "red"}}, "unopposed": {}},
        {"clause": "a", "risk": {}},
        {"clause": "a", "approvals": {"count": 0}},
        {"clause": "a", "approvals": {"from": []}},
        {"clause": "a", "approvals": {"from": None}},
        {"clause": "a", "approvals": {"who": ["alice"]}},
        {"clause": "a", "distinct": True, "unopposed": {}},
        {"distinct": True, "any": [{"clause": "a", "unopposed": {}}]},
        {"all": []},
        {"any": [{"clause": "a", "if": {"paths": ["a"]}, "unopposed": {}}]},
        {"not": {"clause": "a", "unopposed": {}}},
        {"clause": "a", "if": {}, "unopposed": {}},
        {"clause": "a", "if": {"opened_before": "2024-01-01"}, "unopposed": {}},
        {"clause": "a", "if": {"paths": ["/src/**"]}, "unopposed": {}},
        {"clause": "a", "if": {"paths": ["src/"]}, "unopposed": {}},
        {"clause": "a", "if": {"paths": ["[ab].py"]}, "unopposed": {}},
        {"clause": "a", "readability": {}},
        {"clause": "a", "readability": {"roster": "R", "paths": ["a"], "from": ["b"]}},
        {"clause": "a", "separation": {}},
        {"clause": "a", "machine": {"inferred": "forbidden"}},
        {"clause": "a", "machine": {"inferred": "sponsored"}},
        {"clause": "a", "machine": {}},
        {"clause": "a", "machine": {"tools": {}}},
        {"clause": "a", "machine": {"tools": {"allow": ["a"], "forbid": ["b"]}}},
        {"clause": "a", "machine": {"share": {"at_most": 1}}},
        {"clause": "a", "if": {"machine": ["inferred"]}, "unopposed": {}},
        {"clause": "a", "if": {"machine": []}, "unopposed": {}},
        {"clause": "a", "if": {"machine": {"disclosed": True}}, "unopposed": {}},
        {"clause": "a", "if": {"machine": {"categories": ["inferred"]}}, "unopposed": {}},
        {"clause": "a", "freeze": {"zone": "UTC", "windows": [{"from": "00:00", "until": "01:00"}]}},
        {"clause": "a", "freeze": {"zone": "UTC", "windows": []}},
        {"clause": "", "unopposed": {}},
        {"clause": "x" * 101, "unopposed": {}},
    ],
)
def test_what_is_wrong_is_refused_by_both(requires):
    policy = {"version": 1, "name": "wrong", "requires": requires}
    assert not fits(policy)
    assert not loads(written(policy))


@pytest.mark.parametrize(
    "more",
    [
        {"version": 2},
        {"name": "No Spaces"},
        {"surprise": 1},
        {"groups": {"Big": ["alice"]}},
        {"reviews": {"member_for": "a week"}},
        {"reviews": {"carry_over": ["anything"]}},
        {"owners": {"format": "gitlab"}},
        {"break_glass": {"people": ["alice"]}},
        {"flows": [{"flow": "x", "bots": ["b"], "owner": ["o"]}]},
    ],
)
def test_wrong_declarations_are_refused_by_both(more):
    policy = {"version": 1, "name": "right", "requires": {"clause": "a", "unopposed": {}}}
    assert fits(policy)
    assert loads(written(policy))
    assert not fits(policy | more)
    assert not loads(written(policy | more))


def _places(value, path=()):
    yield path
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _places(below, (*path, key))
    elif isinstance(value, list):
        for at, below in enumerate(value):
            yield from _places(below, (*path, at))


WHOLE = yaml.safe_load(FULL)
PLACES = list(_places(WHOLE))[1:]
WRONG = st.sampled_from(
    [None, True, 0, -1, 1.5, "", "no such thing", [], {}, [None], {"surprise": 1}, ["x y"]]
)


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PLACES), WRONG, st.sampled_from(["replace", "drop", "add"]))
def test_what_the_schema_refuses_the_loader_refuses_too(place, wrong, how):
    policy = copy.deepcopy(WHOLE)
    above = policy
    for key in place[:-1]:
        above = above[key]
    if how == "drop":
        del above[place[-1]]
    elif how == "add" and isinstance(above, dict):
        above["surprise"] = wrong
    else:
        above[place[-1]] = wrong
    if not fits(policy):
        assert not loads(written(policy))
    if how == "add" and isinstance(above, dict) and place[0] != "groups":
        assert not fits(policy)


def test_a_word_of_the_wrong_form_is_told_its_form():
    text = "version: 1\nname: a\ngroups:\n  Big: [alice]\nrequires: {clause: a, unopposed: {}}\n"
    with pytest.raises(ConfigError, match=r"p.yml:4:3: A key here must be text of the form \[a-z0-9\]"):
        load(text.encode(), file="p.yml", source="test")
