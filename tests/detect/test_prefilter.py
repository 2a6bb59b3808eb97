"""A rule is left out of a file only where it can find nothing there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskbot.detect.rules import load
from riskbot.detect.rules.deriving import needs
from riskbot.detect.rules.prefilter import Words
from riskbot.outside.semgrep import scan
from riskbot.outside.semgrepplan import CANARY_RULE, plan

PACK = load(Path(__file__).parents[2] / "rules")


def rule(**matching: object) -> dict:
    return {"id": "r", "languages": ["python"], "severity": "INFO", "message": "m", **matching}


def either(*patterns: str) -> dict:
    return {"pattern-either": [{"pattern": pattern} for pattern in patterns]}


@pytest.mark.parametrize(
    ("matching", "needed"),
    [
        ({"pattern": "os.system($X)"}, ["all", "os", "system"]),
        ({"pattern": "$X.limit(...)"}, "limit"),
        ({"pattern": "$X($Y, flag=True, **$MORE)"}, "flag"),
        ({"pattern": "$X == 3"}, True),
        ({"pattern": '$X["secret"] = f"{$Y}..."'}, "secret"),
        ({"pattern": 'print("a...")'}, "print"),
        ({"pattern": "# a comment\nf()"}, "f"),
        (either("f($X)", "g($X)"), ["any", "f", "g"]),
        (either("f($X)", "$X + $Y"), True),
        ({"patterns": [{"pattern": "f($X)"}, {"pattern-not": "f(g)"}]}, "f"),
        ({"patterns": [{"pattern": "f($X)"}, {"pattern-inside": "def h(...): ..."}]}, ["all", "f", "h"]),
        (
            {
                "patterns": [
                    {"pattern": "@$APP.$VERB(...)\ndef $F(...): ..."},
                    {"metavariable-regex": {"metavariable": "$VERB", "regex": "^(get|post)$"}},
                ]
            },
            ["all", "@.", ["any", "@get", "@post"]],
        ),
        (
            {
                "patterns": [
                    {"pattern": "$X.$M(...)"},
                    {"metavariable-regex": {"metavariable": "$M", "regex": "^(get|post)$"}},
                ]
            },
            ["any", "get", "post"],
        ),
        (
            {
                "mode": "taint",
                "pattern-sources": [{"pattern": "input()"}, {"pattern": "request.args"}],
                "pattern-sinks": [{"pattern": "eval(...)"}],
            },
            ["all", "eval", ["any", "input", ["all", "request", "args"]]],
        ),
        ({"pattern-regex": r"sk-[a-z]{8}(?!x)"}, ["text", "(?m)sk-[a-z]{8}"]),
        ({"pattern-regex": r"(a)\1(?<=b)"}, ["text", "(?m)(a)(?s:.*?)"]),
        ({"pattern-regex": r"(unclosed"}, True),
        ({"pattern-regex": r"a[^\n]{0,80}b"}, ["text", r"(?m)a[^\n]*b"]),
        ({"pattern-regex": "größe"}, True),
        ({"pattern": "größe($X)"}, True),
        ({"match": {"pattern": "f()"}}, True),
        ({"languages": ["ruby"], "pattern": "f()"}, True),
        ({"metadata": {"prefilter": "flask"}, "pattern": "$X"}, ["text", "flask"]),
    ],
)
def test_what_a_rule_needs(matching: dict, needed: object) -> None:
    assert needs(rule(**matching)) == needed
    assert json.loads(json.dumps(needed)) == needed


@pytest.mark.parametrize(
    ("content", "need", "holds"),
    [
        (b"import os\nos.system(x)\n", ["all", "os", "system"], True),
        (b"systems = 1\n", "system", False),
        (b"@app.get('/')\ndef f(): ...\n", "@get", True),
        (b"x.get('/')\n", "@get", False),
        (b"@get\ndef f(): ...\n", "@.", False),
        (b"@property\ndef f(): ...\n", "@$", True),
        (b"a b", ["any", "x", ["all", "a", "b"]], True),
        (b"\xff\xfe sk-abc", ["text", "sk-[a-z]+"], True),
        (b"", True, True),
        (b"", ["text", "x"], False),
    ],
)
def test_whether_a_file_holds_it(content: bytes, need: object, holds: bool) -> None:
    assert Words(content).meet(need) is holds


PIECES = [
    *("import os\n", "from os import system as run\n", "eval(x)\n", "def f(q):\n    return eval(q)\n"),
    *("password = 'hunter2-aB3'\n", "try:\n    f()\nexcept Exception:\n    pass\n", "run(y)\n", "x = 1\n"),
    *(
        "import requests as r\nr.get(u)\n",
        "yaml.load(z)\n",
        "import yaml\n",
        "hashlib.md5(b)\n",
        "app.run(debug=True)\n",
    ),
]


@pytest.mark.slow
@settings(max_examples=3, deadline=None)
@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=6), min_size=40, max_size=40))
def test_nothing_is_lost_by_it(files: list[list[str]]) -> None:
    """Texts put together at random: with the filter and without it semgrep finds the same."""
    contents = ["".join(pieces).encode() for pieces in files]
    whole = scan(contents, PACK.merged, seconds=120)
    wanted = [PACK.wanted("a.py", content, ".py") for content in contents]
    some = scan(contents, PACK.merged, seconds=120, wanted=wanted)
    speaking = [m for m in whole.matches if m.rule not in PACK.paths or PACK.paths[m.rule].cover("a.py")]
    assert {(m.rule, m.file, m.start) for m in speaking} == {(m.rule, m.file, m.start) for m in some.matches}


def test_a_plan_leaves_out_what_nobody_wants_and_marks_the_rest() -> None:
    entries = [{"id": name} for name in ("a", "b", "c", "d")] + [CANARY_RULE]
    made = plan(entries, [{"a", "b"}, {"a"}, {"a", "c"}])
    rules = {entry["id"]: entry.get("paths") for entry in json.loads(made.rules)["rules"]}
    assert rules == {
        "a": None,
        "b": {"include": ["???????b*"]},
        "c": {"include": ["????????b*"]},
        CANARY_RULE["id"]: None,
    }
    assert made.marks == ("_ba", "_aa", "_ab")


def test_more_groups_than_names_can_hold_are_looked_at_everywhere() -> None:
    entries = [{"id": f"r{number}"} for number in range(300)] + [CANARY_RULE]
    wanted = [{f"r{number}"} for number in range(300)]
    made = plan(entries, wanted)
    free = [entry for entry in json.loads(made.rules)["rules"] if "paths" not in entry]
    assert len(free) == 101
    assert max(map(len, made.marks)) == 201


def test_each_rule_sees_its_own_files_only() -> None:
    """The marks are read by semgrep itself: a rule that does not want a file finds nothing in it."""
    rules = [rule(pattern="eval($X)") | {"id": "one"}, rule(pattern="eval($X)") | {"id": "two"}, CANARY_RULE]
    config = json.dumps({"rules": rules}).encode()
    text = b"eval(a)\n"
    done = scan([text] * 4, config, seconds=60, wanted=[{"one"}, {"two"}, {"one", "two"}, set()])
    assert sorted((m.rule, m.file) for m in done.matches) == [("one", 0), ("one", 2), ("two", 1), ("two", 2)]
    assert done.troubles == {}
