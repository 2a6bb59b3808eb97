from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import make_change

from riskbot.assess.dimensions import CATEGORIES, MOST, dimensions
from riskbot.domain.assessment import Level
from riskbot.domain.change import Omission, OmissionKind
from riskbot.domain.finding import (
    Category,
    Confidence,
    Detection,
    Failure,
    Finding,
    Location,
    Rule,
    Severity,
)

NOTHING = Detection()
CODE = make_change({"app.py": ("x = 1\n", "x = 2\n")})


def _finding(category=Category.SECURITY, severity=Severity.HIGH, path="app.py", rule="r", **fields):
    made = Finding(rule, "test", severity, Confidence.HIGH, category, Location(path, 1), "the message", rule)
    return replace(made, **fields)


def _rule(cwe=(), rule="r"):
    return Rule(rule, "What it is called", "", Severity.HIGH, Confidence.HIGH, Category.SECURITY, cwe)


def _of(change, detection=NOTHING):
    return {one.category: one for one in dimensions(change, detection)}


def test_every_kind_is_there_in_its_order_and_without_a_sign_says_so():
    found = dimensions(CODE, NOTHING)
    assert tuple(one.category for one in found) == CATEGORIES
    assert {one.level for one in found} == {Level.NONE}
    assert all(one.signs == () and one.count == 0 and one.note == "" for one in found)


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (Severity.CRITICAL, Level.HIGH),
        (Severity.HIGH, Level.HIGH),
        (Severity.MEDIUM, Level.MEDIUM),
        (Severity.LOW, Level.LOW),
        (Severity.INFO, Level.NONE),
    ],
)
@pytest.mark.parametrize("category", CATEGORIES)
def test_a_finding_counts_by_its_severity_in_its_own_kind_alone(category, severity, level):
    found = _of(CODE, Detection((_finding(category, severity),), rules=(_rule(),)))
    assert found[category].level is level
    assert [one.category for one in found.values() if one.signs] == ([category] if level > Level.NONE else [])
    for one in found[category].signs:
        assert (one.evidence.what, one.evidence.where) == ("What it is called", Location("app.py", 1))


def test_what_is_wrong_makes_it_less_reliable_and_a_workflow_ships_what_it_likes():
    found = _of(CODE, Detection((_finding(Category.CORRECTNESS, Severity.MEDIUM),)))
    assert found[Category.RELIABILITY].level is Level.MEDIUM
    ci = _finding(Category.GOVERNANCE, Severity.MEDIUM, ".github/workflows/ci.yml", "ci-changed")
    change = make_change({".github/workflows/ci.yml": ("a: 1\n", "a: 2\n")})
    chain = _of(change, Detection((ci,)))[Category.SUPPLY_CHAIN]
    assert (chain.level, chain.count) == (Level.MEDIUM, 1), "the path alone says nothing more"
    assert all(not one.signs for one in _of(CODE, Detection((_finding(Category.TESTS),))).values())


def test_what_the_base_had_already_is_no_sign_of_this_change():
    found = _of(CODE, Detection((_finding(introduced=False),)))
    assert found[Category.SECURITY].level is Level.NONE


@pytest.mark.parametrize(
    ("fields", "mark", "level"),
    [
        ({"confidence": Confidence.LOW}, "unsure", Level.MEDIUM),
        ({"suppressed_by": "a nosec comment"}, "silenced", Level.MEDIUM),
        ({"location": Location("tests/test_app.py", 1)}, "in a test", Level.MEDIUM),
        ({"confidence": Confidence.LOW, "suppressed_by": "x"}, "unsure, silenced", Level.LOW),
        (
            {"confidence": Confidence.LOW, "suppressed_by": "x", "location": Location("tests/test_a.py", 1)},
            "unsure, silenced, in a test",
            Level.LOW,
        ),
    ],
)
def test_a_doubtful_finding_counts_less_but_stays_a_sign(fields, mark, level):
    found = _of(CODE, Detection((_finding(**fields),)))[Category.SECURITY]
    assert found.level is level
    assert found.signs[0].evidence.what == f"the message ({mark})"


def test_a_finding_of_exposure_speaks_for_privacy_too():
    log = Detection(
        (_finding(severity=Severity.MEDIUM),), rules=(_rule(("CWE-532: Sensitive data in a log",)),)
    )
    assert _of(CODE, log)[Category.PRIVACY].level is Level.MEDIUM
    assert _of(CODE, log)[Category.SECURITY].level is Level.MEDIUM
    other = Detection((_finding(),), rules=(_rule(("CWE-20: Improper Input Validation",)),))
    assert _of(CODE, other)[Category.PRIVACY].level is Level.NONE


@pytest.mark.parametrize(
    ("path", "category"),
    [
        ("shop/auth/login.py", Category.SECURITY),
        ("shop/PasswordReset.py", Category.SECURITY),
        ("lib/oauth2.py", Category.SECURITY),
        ("shop/gdpr.py", Category.PRIVACY),
        ("api/openapi.yaml", Category.COMPATIBILITY),
        ("api/shop.proto", Category.COMPATIBILITY),
        ("shop/migrations/0001_start.py", Category.DATA_MIGRATION),
        ("db/tables.sql", Category.DATA_MIGRATION),
        ("requirements.txt", Category.SUPPLY_CHAIN),
        ("poetry.lock", Category.SUPPLY_CHAIN),
        ("Dockerfile", Category.SUPPLY_CHAIN),
        (".github/workflows/ci.yml", Category.SUPPLY_CHAIN),
        ("vendor/six.py", Category.SUPPLY_CHAIN),
    ],
)
def test_a_path_is_a_small_sign(path, category):
    found = _of(make_change({path: ("a\n", "b\n")}))
    assert {one.category: one.level for one in found.values() if one.signs} == {category: Level.LOW}
    assert found[category].signs[0].evidence.where.path == path


@pytest.mark.parametrize(
    "path", ["tests/test_auth.py", "docs/security.md", "shop/authors.py", "shop/accessible.py", "README.md"]
)
def test_prose_tests_and_other_words_are_none(path):
    assert all(not one.signs for one in _of(make_change({path: ("a\n", "b\n")})).values())


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("logger.info('%s', user.email)", Level.MEDIUM),
        ("requests.post(url, json={'phone_number': n})", Level.MEDIUM),
        ("print(customer.date_of_birth)", Level.MEDIUM),
        ("    user_email = row[3]", Level.LOW),
        ("emailer = 3", Level.NONE),
        ("logger.info('started')", Level.NONE),
    ],
)
def test_added_lines_that_name_personal_data_are_a_sign_of_privacy(line, level):
    found = _of(make_change({"app.py": ("x = 1\n", f"x = 1\n{line}\n")}))[Category.PRIVACY]
    assert found.level is level
    if level > Level.NONE:
        assert found.signs[0].evidence.where == Location("app.py", 2)
    removed = _of(make_change({"app.py": (f"x = 1\n{line}\n", "x = 1\n")}))
    assert removed[Category.PRIVACY].level is Level.NONE


def test_the_strongest_signs_are_kept_and_the_others_counted():
    many = tuple(_finding(severity=Severity.LOW, rule=f"r{i}") for i in range(50))
    found = _of(CODE, Detection((*many, _finding(severity=Severity.HIGH, rule="worst"))))[Category.SECURITY]
    assert (found.count, len(found.signs), found.level) == (51, MOST, Level.HIGH)
    assert found.signs[0].level is Level.HIGH


def test_no_sign_does_not_read_as_safe_where_something_was_not_looked_at():
    for detection in (
        Detection(failures=(Failure("semgrep", "killed"),)),
        Detection(omissions=(Omission(OmissionKind.TIMEOUT, "structure", "slow"),)),
    ):
        assert {one.note for one in dimensions(CODE, detection)} == {"not everything could be analysed"}
    (note,) = {one.note for one in dimensions(make_change({"a.go": ("a\n", "b\n")}), NOTHING)}
    assert note == "1 source file is not Python, and few rules read other languages"


@given(st.lists(st.sampled_from(Severity), max_size=5))
def test_no_sign_ever_lowers_a_kind(severities):
    found = [_finding(severity=severity, rule=f"r{at}") for at, severity in enumerate(severities)]
    levels = [
        _of(CODE, Detection(tuple(found[:count])))[Category.SECURITY].level for count in range(len(found) + 1)
    ]
    assert levels == sorted(levels)
