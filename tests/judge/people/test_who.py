"""How people are named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskbot.judge.people.who import Person, Who, WhoKind


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("alice", WhoKind.LOGIN, "alice"),
        ("@Alice", WhoKind.LOGIN, "alice"),
        ("dependabot[bot]", WhoKind.LOGIN, "dependabot[bot]"),
        ("id:17", WhoKind.ID, "17"),
        ("@Acme/Devs", WhoKind.TEAM, "acme/devs"),
        ("Alice@Example.org", WhoKind.EMAIL, "alice@example.org"),
        ("group:stewards", WhoKind.GROUP, "stewards"),
        ("anyone", WhoKind.ANYONE, "anyone"),
    ],
)
def test_each_kind_of_name(text: str, kind: WhoKind, name: str) -> None:
    who = Who.parse(text)
    assert (who.text, who.kind, who.name) == (text, kind, name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "acme/devs",
        "@acme/",
        "@a/b/c",
        "id:0",
        "id:x",
        "group:",
        "a b",
        "a@b@c",
        "al\u0456ce x",
        "alice\n",
    ],
)
def test_what_names_nobody_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="names nobody; write a login"):
        Who.parse(text)


@given(st.text(max_size=60))
def test_any_text_is_a_name_or_refused(text: str) -> None:
    try:
        who = Who.parse(text)
    except ValueError:
        return
    assert who.text == text
    assert who == Who.parse(text)


def test_people_without_a_name_are_counted_and_a_name_that_ends_in_a_number_is_just_a_name() -> None:
    first, second, third = (Person.nameless("@acme/devs", nth) for nth in (1, 2, 3))
    assert (first.before, second.before, third.before) == (None, first.name, second.name)
    assert Person("app 5 (test (2))").before is None
    assert Person("@acme/devs, person 2", 7).before is None
