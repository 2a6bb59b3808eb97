"""Every shipped policy loads, has its twin, answers its cases, and has each clause shown both ways."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from riskbot.domain.change import OmissionKind
from riskbot.domain.finding import Category, Confidence, Severity
from riskbot.judge import cases, policy
from riskbot.judge.predicates import PREDICATES
from riskbot.judge.tree import leaves

FOLDER = Path(__file__).parents[2] / "policies"
POLICIES = sorted(path for path in FOLDER.glob("*.yml") if not path.name.endswith(".cases.yml"))


def load(path: Path) -> policy.Policy:
    return policy.load(path.read_bytes(), file=path.name, source="bundled")


def load_cases(path: Path) -> tuple[cases.Case, ...]:
    twin = path.with_suffix(".cases.yml")
    return cases.load(twin.read_bytes(), twin.name)


ALL_CASES = [
    pytest.param(path, case, id=f"{path.stem}: {case.name}") for path in POLICIES for case in load_cases(path)
]


def test_there_is_a_default_and_no_case_without_its_policy():
    assert FOLDER / "default.yml" in POLICIES
    assert {path.name.removesuffix(".cases.yml") for path in FOLDER.glob("*.cases.yml")} == {
        path.stem for path in POLICIES
    }


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_the_name_in_the_file_is_the_name_of_the_file(path):
    assert load(path).id.name == path.stem


@pytest.mark.parametrize(("path", "case"), ALL_CASES)
def test_the_policy_answers_as_its_case_says(path, case):
    assert cases.run(case, load(path)) is None


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_every_clause_is_shown_satisfied_and_not(path):
    assert cases.unexercised(load(path), load_cases(path)) == []


DOCS = (FOLDER.parent / "docs" / "policy.md").read_text()


def test_the_docs_name_every_predicate_key_and_word():
    for name, kind in PREDICATES.items():
        assert f"| `{name}` |" in DOCS
        for key in kind.__struct_fields__:
            assert f"`{key}" in DOCS, key
    for words in (Severity, Confidence, Category, OmissionKind):
        for word in words:
            assert f"`{word.value}`" in DOCS, word


def test_the_example_of_the_docs_is_a_policy_and_the_cases_are_cases():
    examples = re.findall(r"```yaml\n(.*?)```", DOCS, re.DOTALL)
    loaded = policy.load(examples[0].encode(), file="docs", source="docs")
    assert next(leaf.name for leaf in leaves(loaded.requires)) == "the risk is not red"
    assert cases.run(cases.load(examples[1].encode(), "docs")[0], load(FOLDER / "default.yml")) is None
