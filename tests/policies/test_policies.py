"""Every shipped policy loads, has its twin, answers its cases, and has each clause shown both ways."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from riskbot.domain.change import OmissionKind
from riskbot.domain.finding import Category, Confidence, Severity
from riskbot.judge import cases
from riskbot.judge.language import policy
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


PAGES = FOLDER.parent / "docs"
DOCS = "\n".join((PAGES / name).read_text() for name in ("policy.md", "predicates.md", "conditions.md"))


def test_the_docs_name_every_predicate_key_and_word():
    for name, kind in PREDICATES.items():
        assert f"`{name}`" in DOCS or f"### {name}\n" in DOCS, name
        for field in msgspec.structs.fields(kind):
            key = field.encode_name
            assert re.search(rf"[`{{ ]{key}(?::|`)", DOCS), f"{name}: {key}"
    for words in (Severity, Confidence, Category, OmissionKind):
        for word in words:
            assert f"`{word.value}`" in DOCS, word


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_every_policy_has_its_page_which_names_its_clauses_or_what_they_ask(path):
    page = (PAGES / "policies" / f"{path.stem}.md").read_text()
    assert page.startswith(f"# `{path.stem}`: ")
    for section in ("## What it proves", "## What it cannot prove", "## Adapting it"):
        assert section in page
    assert f"[{path.stem}]({path.stem}.md)" in (PAGES / "policies" / "README.md").read_text()


def examples(*pages: str) -> list[str]:
    """The policies that stand in the docs, whole."""
    text = "\n".join((PAGES / page).read_text() for page in pages)
    found = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    return [one for one in found if one.startswith("version:")]


def test_the_examples_of_the_docs_are_policies():
    whole = examples(
        "policy.md", *(f"policies/{page.name}" for page in sorted((PAGES / "policies").glob("*.md")))
    )
    assert len(whole) >= 4
    sox = (FOLDER / "sox.yml").read_bytes()
    for one in whole:
        included = dict.fromkeys(policy.includes(one.encode(), "docs"), sox)
        loaded = policy.load(one.encode(), file="docs", source="docs", included=included)
        assert list(leaves(loaded.requires))


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_no_shipped_policy_names_anybody(path):
    """They hold everywhere: whom they ask for, permissions and owners files say."""
    told = path.read_text()
    assert not re.search(r"[^a-z]@[a-z]", re.sub(r"#.*", "", told))
