"""The strict loader: every way of being wrong has a place and a mend, and nothing written is ever lost."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from judge.make_bench import judged
from riskbot.domain.change import Charter
from riskbot.domain.errors import ConfigError
from riskbot.domain.verdict import Outcome
from riskbot.judge.cases import Facts
from riskbot.judge.language import policy
from riskbot.judge.predicates import PREDICATES
from riskbot.judge.tree import Group, Leaf, leaves
from riskbot.written.glob import Glob

HEAD = b"version: 1\nname: test\nrequires:\n  "
DEFAULT = (Path(__file__).parents[3] / "policies" / "default.yml").read_bytes()
RICH = b"""\
version: 1
name: rich
requires:
  all:
    - clause: calm
      risk: {band: {at_most: weekend}, percentile: {below: 93.5}}
    - clause: payments are clean
      if: {paths: [payments/**, "**/*.sql"]}
      any:
        - clause: nothing found
          findings: {at_most: 0, categories: [security, privacy], introduced: any, confidence: {at_least: low}}
        - all:
            - clause: little found
              findings: {at_most: 2, severity: {at_least: high}, on_changed_lines: false}
            - clause: read in full
              analysed: {}
    - clause: analysed
      analysed: {tolerate: [binary]}
"""


def load(data: bytes) -> policy.Policy:
    return policy.load(data, file="p.yml", source="a test")


def test_a_policy_is_read():
    loaded = load(RICH)
    assert loaded.id.name == "rich"
    assert loaded.id.source == "a test"
    assert [leaf.name for leaf in leaves(loaded.requires)] == [
        "calm",
        "nothing found",
        "little found",
        "read in full",
        "analysed",
    ]


@pytest.mark.parametrize(
    ("body", "place", "says", "mend"),
    [
        (b"clause: a\n  risk: {band: {at_most: reed}}", "5:26", "'reed'", "Did you mean 'red'?"),
        (b"clause: a\n  risk: {bnd: {at_most: red}}", "5:10", "'bnd'", "Did you mean 'band'?"),
        (b"clause: a\n  risk: {}", "5:9", "needs a limit", ""),
        (b"clause: a\n  risk:", "5:8", "no value", ""),
        (b"clause: a\n  risk: {band: {at_most: red}, percentile: }", "5:44", "no value", ""),
        (b"clause: a\n  risk: {percentile: {below: 101}}", "5:30", "a number <= 100", ""),
        (b"clause: a\n  risk: {percentile: {below: 0}}", "5:30", "a number > 0", ""),
        (b"clause: a\n  risk: {percentile: {below: '95'}}", "5:30", "Expected a number, got text", ""),
        (b"clause: a\n  findings: {}", "5:13", "'at_most' is missing", "Add"),
        (b"clause: a\n  findings: {at_most: -1}", "5:23", "whole number >= 0", ""),
        (b"clause: a\n  findings: {at_most: 0.5}", "5:23", "whole number", ""),
        (b"clause: a\n  findings: {at_most: true}", "5:23", "whole number, got true or false", ""),
        (b"clause: a\n  findings: {at_most: 0, introduced: maybe}", "5:38", "'maybe'", "any, false, true"),
        (b"clause: a\n  findings: {at_most: 0, categories: []}", "5:38", "a list of at least 1", ""),
        (b"clause: a\n  findings: {at_most: 0, categories: [privac]}", "5:39", "'privac'", "'privacy'?"),
        (b"clause: a\n  findings: {at_most: 0, confidence: {at_least: sure}}", "5:49", "'sure'", "high, low"),
        (b"clause: a\n  analysed: {tolerate: [submodul]}", "5:25", "'submodul'", "'submodule'?"),
        (b"clause: a\n  analysed: {tolerate: binary}", "5:24", "Expected a list", ""),
        (b"clause: a\n  finding: {at_most: 0}", "5:3", "'finding'", "Did you mean 'findings'?"),
        (b"clause: a\n  not: {analysed: {}}", "5:3", "'not'", "Known here"),
        (b"clause: a", "4:3", "says nothing", ""),
        (b"clause: a\n  analysed: {}\n  risk: {percentile: {below: 3}}", "6:3", "exactly one of", ""),
        (b"analysed: {}", "4:3", "no name", ""),
        (b"clause: 3\n  analysed: {}", "4:11", "Expected text", ""),
        (b"clause: ' a'\n  analysed: {}", "4:11", "without blanks", ""),
        (b'clause: "a\\e[31m"\n  analysed: {}', "4:11", "plain text", ""),
        (b'clause: a\n  if: {paths: ["a\\0"]}\n  analysed: {}', "5:16", "cannot be seen", ""),
        (b"clause: ''\n  analysed: {}", "4:11", "text of at least 1 character", ""),
        (b"all: []", "4:8", "at least one", ""),
        (b"all: {clause: a}", "4:8", "needs a list", ""),
        (b"[]", "4:3", "must be a mapping", ""),
        (b"all: [{clause: a, analysed: {}}, {clause: a, analysed: {}}]", "4:45", "on line 4 already", ""),
        (b"clause: a\n  if: {}\n  analysed: {}", "5:7", "needs at least one key", ""),
        (b"clause: a\n  if: {path: [x]}\n  analysed: {}", "5:8", "'path'", "'paths'?"),
        (b"clause: a\n  if: {paths: []}\n  analysed: {}", "5:15", "a list of at least 1", ""),
        (b"clause: a\n  if: {paths: [a, /b]}\n  analysed: {}", "5:19", "write 'b'", ""),
        (b"clause: a\n  if: {paths: [3]}\n  analysed: {}", "5:16", "Expected text, got 3", ""),
    ],
)
def test_what_is_wrong_is_named_with_its_place_and_mend(body, place, says, mend):
    with pytest.raises(ConfigError) as caught:
        load(HEAD + body)
    assert caught.value.message.startswith(f"p.yml:{place}: ")
    assert says in caught.value.message
    assert mend in caught.value.mend


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"name: x\nrequires: {}\n", "1:1: The policy has no 'version'"),
        (b"version: 1\nrequires: {}\n", "no 'name'"),
        (b"version: 1\nname: x\n", "no 'requires'"),
        (b"version: 2\nname: x\nrequires: {}\n", "1:10: This riskbot reads version 1"),
        (b"version: '1'\nname: x\nrequires: {}\n", "1:10: Expected a whole number"),
        (b"version: true\nname: x\nrequires: {}\n", "1:10: Expected a whole number"),
        (b"version: 1\nname: No Way\nrequires: {}\n", "2:7: The name of a policy"),
        (b"version: 1\nname: x\nrequire: {}\n", "3:1: A policy has no key 'require'"),
        (b"just text", "1:1: A policy must be a mapping"),
    ],
)
def test_the_top_of_the_file_is_strict_too(data, says):
    with pytest.raises(ConfigError) as caught:
        load(data)
    assert says in caught.value.message


@pytest.mark.parametrize(
    "alternative",
    [
        "{clause: a, if: {paths: [docs/**]}, analysed: {}}",
        "{all: [{clause: a, if: {paths: [docs/**]}, analysed: {}}]}",
        "{if: {paths: [docs/**]}, all: [{clause: a, analysed: {}}]}",
    ],
)
def test_an_alternative_that_could_drop_out_is_refused(alternative):
    """Else touching a file under docs/ would turn the strict alternative into one of two."""
    with pytest.raises(ConfigError, match="must not drop out"):
        load(HEAD + f"any: [{alternative}, {{clause: b, risk: {{percentile: {{below: 1}}}}}}]".encode())


def test_a_condition_beside_a_clause_that_always_applies_is_fine_within_any():
    inner = "all: [{clause: a, if: {paths: [x]}, analysed: {}}, {clause: c, analysed: {}}]"
    load(HEAD + f"any: [{{{inner}}}, {{clause: b, analysed: {{}}}}]".encode())


def conditional_trees():
    names = itertools.count()
    limits = st.sampled_from([{"percentile": {"below": 10}}, {"percentile": {"below": 90}}])
    conditions = st.sampled_from([None, "a", "b", "c"])

    def clause(limit, path):
        node = {"clause": f"clause {next(names)}", "risk": limit}
        return node | ({"if": {"paths": [path]}} if path else {})

    def joined(how, members, path):
        return {how: members} | ({"if": {"paths": [path]}} if path else {})

    return st.recursive(
        st.builds(clause, limits, conditions),
        lambda below: st.builds(
            joined, st.sampled_from(["all", "any"]), st.lists(below, min_size=1, max_size=3), conditions
        ),
        max_leaves=8,
    )


RANKS = {Outcome.UNDECIDED: 0, Outcome.HELD: 0, Outcome.ALLOWED: 1}


@given(conditional_trees(), st.sets(st.sampled_from("abc")), st.sampled_from("abc"))
@settings(max_examples=300)
def test_touching_one_more_file_never_unlocks_an_asked_change(tree, touched, more):
    text = json.dumps({"version": 1, "name": "test", "requires": tree}).encode()
    try:
        loaded = load(text)
    except ConfigError as error:
        assert "must not drop out" in error.message  # noqa: PT017
        return
    before = judged(Facts(percentile=50, files=tuple(sorted(touched))), loaded)
    after = judged(Facts(percentile=50, files=tuple(sorted(touched | {more}))), loaded)
    if "No clause of the policy applies" not in before.root.reason:
        assert RANKS[after.outcome] <= RANKS[before.outcome]


def written(node: Group | Leaf) -> dict:
    """A loaded policy as plain data, so that it can be compared with the file."""

    def plain(value):
        return msgspec.to_builtins(
            value, enc_hook=lambda glob: glob.pattern if isinstance(glob, Glob) else glob
        )

    names = {kind: name for name, kind in PREDICATES.items()}
    out = {"if": plain(node.when)} if node.when else {}
    if isinstance(node, Leaf):
        return out | {"clause": node.name, names[type(node.predicate)]: plain(node.predicate)}
    return out | {"clause": node.name, node.how.value: [written(member) for member in node.members]}


def held_in(small, large) -> bool:
    """Every key and value of ``small`` stands in ``large``, lists in full."""
    if isinstance(small, dict):
        return isinstance(large, dict) and all(
            key in large and held_in(small[key], large[key]) for key in small
        )
    if isinstance(small, list):
        return len(small) == len(large) and all(map(held_in, small, large))
    return (type(small) is type(large) and small == large) or (type(large) is float and float(small) == large)


@pytest.mark.parametrize("data", [DEFAULT, RICH], ids=["default", "rich"])
def test_nothing_in_the_file_is_lost(data):
    assert held_in(yaml.safe_load(data)["requires"], written(load(data).requires))


@given(st.sampled_from([DEFAULT, RICH]), st.data())
@settings(max_examples=1000, deadline=None)
def test_a_mutated_policy_is_refused_or_means_exactly_what_it_says(original, data):
    """Bytes cut, doubled, replaced, lines swapped: never a traceback, never a key that is quietly dropped."""
    mutated = bytearray(original)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(mutated) - 1))
        end = min(at + data.draw(st.integers(0, 12)), len(mutated))
        new = data.draw(
            st.one_of(st.binary(max_size=3), st.sampled_from([b" ", b"\n", b"}", b"all:", b"any:", b"-"]))
        )
        mutated[at:end] = new
    text = bytes(mutated)
    try:
        loaded = load(text)
    except ConfigError as error:
        assert error.message.startswith("p.yml")  # noqa: PT017
        return
    assert held_in(yaml.safe_load(text)["requires"], written(loaded.requires))


def key_paths(tree, path=()):
    if isinstance(tree, dict):
        for key, below in tree.items():
            yield (*path, key)
            yield from key_paths(below, (*path, key))
    elif isinstance(tree, list):
        for at, below in enumerate(tree):
            yield from key_paths(below, (*path, at))


@pytest.mark.parametrize("data", [DEFAULT, RICH], ids=["default", "rich"])
def test_every_misspelt_key_is_an_error(data):
    """Exhaustive over the keys of two policies: a typo in any of them never just goes unheard."""
    for path in key_paths(yaml.safe_load(data)):
        tree = yaml.safe_load(data)
        holder = tree
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1] + "x"] = holder.pop(path[-1])
        with pytest.raises(ConfigError):
            load(yaml.safe_dump(tree, sort_keys=False).encode())


CHARTER = Charter(
    "c" * 40,
    ((".riskbot/strict.yml", RICH), (".riskbot/bad.yml", b"version: 1\n\tx"), ("pyproject.toml", b"")),
)


def test_the_policy_of_the_base_is_read_and_says_where():
    assert (
        policy.from_charter(CHARTER, ".riskbot/strict.yml").id.source == ".riskbot/strict.yml at cccccccccccc"
    )


@pytest.mark.parametrize(
    ("charter", "path", "says", "mend"),
    [
        (CHARTER, ".riskbot/stric.yml", "no such policy at the base cccccccccccc", "'.riskbot/strict.yml'?"),
        (Charter("c" * 40), ".riskbot/p.yml", "no such policy at the base", "commit it there first"),
        (Charter(), ".riskbot/p.yml", "no base commit", "shipped policy"),
        (CHARTER, ".riskbot/bad.yml", "2:1: A tab", "spaces"),
    ],
)
def test_absent_unreadable_and_wrong_are_three_errors(charter, path, says, mend):
    with pytest.raises(ConfigError) as caught:
        policy.from_charter(charter, path)
    assert says in caught.value.message
    assert mend in caught.value.mend
    assert caught.value.exit_code == 2


def test_the_syntax_of_every_predicate_has_a_json_schema():
    for kind in PREDICATES.values():
        assert msgspec.json.schema(kind, schema_hook=lambda _: {"type": "string"})["$defs"]


@pytest.mark.parametrize(
    "key", ["x` - at `$.categories[99]", "x` - at `$[" + "9" * 5000 + "]", "x` - at `$.at_most"]
)
def test_a_key_that_looks_like_a_path_is_still_only_unknown(key):
    body = json.dumps({"clause": "a", "findings": {"at_most": 0, "categories": ["security"], key: 1}})
    with pytest.raises(ConfigError) as caught:
        load(b'{"version": 1, "name": "x", "requires": ' + body.encode() + b"}")
    assert caught.value.message.startswith("p.yml:1:")


INCLUDING = b"""\
version: 1
name: outer
include:
  - {policy: corporate, repository: acme/policies, ref: v3, path: base.yml}
requires:
  include: corporate
"""


def test_what_a_policy_includes_is_found_among_the_shipped_then_at_the_base():
    inner = DEFAULT.replace(b"name: default", b"name: corporate")
    texts = ((".riskbot/p.yml", INCLUDING), (".riskbot/includes/corporate.yml", inner))
    at_base = policy.from_charter(Charter("c" * 40, texts), ".riskbot/p.yml")
    assert [one.name for one in at_base.id.included] == ["corporate"]
    shipped = policy.from_charter(Charter("c" * 40, texts), ".riskbot/p.yml", lambda _: DEFAULT)
    assert [one.name for one in shipped.id.included] == ["default"]
    with pytest.raises(ConfigError, match=r"\.riskbot/includes/corporate\.yml"):
        policy.from_charter(Charter("c" * 40, texts[:1]), ".riskbot/p.yml")


def test_an_include_that_includes_itself_ends():
    with pytest.raises(ConfigError, match="one too many"):
        policy.from_charter(
            Charter("c" * 40, ((".riskbot/p.yml", INCLUDING),)), ".riskbot/p.yml", lambda _: INCLUDING
        )
