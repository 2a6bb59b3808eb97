"""``/approve COMMIT``: what is one, and what only looks so."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskbot.judge.people.commands import CANCEL, command

ID = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    "body",
    [
        f"/approve {ID}",
        f"/approve  {ID} \r\n",
        f"Looks good.\n/approve {ID}\nThank you.",
        f"> lgtm?\n\n/approve {ID}",
        f"`code`\n\n/approve {ID}",
        f"/approve {ID}\n/approve {ID}",
        f"/approve {ID}\n```\nof this\n```",
    ],
)
def test_a_command(body: str) -> None:
    assert command(body) == ID


@pytest.mark.parametrize(
    "body",
    [
        "",
        "> lgtm :+1:\nI do NOT agree",
        "not lgtm",
        "/approve",
        "/approve please",
        f"/approve {ID[:11]}",
        f"/approve {ID} not",
        f"/approve {ID.upper()}",
        f"/Approve {ID}",
        f" /approve {ID}",
        f"    /approve {ID}",
        f"\t/approve {ID}",
        f"- /approve {ID}",
        f"> /approve {ID}",
        f"> quoted\n/approve {ID}",
        f"- > quoted\nmore\n/approve {ID}",
        f"`code\n/approve {ID}\n`",
        f"```\n/approve {ID}\n```",
        f"- ```\n/approve {ID}",
        f"```\n```\n/approve {ID}",
        f"~~~\n\n/approve {ID}",
        f"<!--\n\n/approve {ID}\n\n-->",
        f"<pre>\n\n/approve {ID}",
        f"<details>\n\n/approve {ID}",
        f"/approve {ID}\n/approve {ID[:-1]}0",
        f"text\u2028/approve {ID}",
        f"text\x85/approve {ID}",
        f"text\x0b/approve {ID}",
        f"text\r/approve {ID}",
        f"/approve {ID}\u200b",
        f"/approve\u00a0{ID}",
    ],
)
def test_what_is_none(body: str) -> None:
    assert command(body) is None


def test_taking_back_wins() -> None:
    assert command("/approve cancel") == CANCEL
    assert command(f"/approve {ID}\n\n/approve cancel") == CANCEL
    assert command("> /approve cancel") is None


@settings(max_examples=500)
@given(st.text(alphabet="`~<>!- \t\n\r/approve0123", max_size=200))
def test_nothing_but_its_own_line_is_ever_read(body: str) -> None:
    found = command(body)
    if found is not None:
        assert any(
            line.rstrip(" \t\r").endswith(found) and line.startswith("/approve") for line in body.split("\n")
        )


@settings(max_examples=500)
@given(st.text(alphabet="ab> `\n", max_size=100))
def test_quoting_a_whole_comment_never_approves(body: str) -> None:
    whole = f"{body}\n/approve {ID}\n"
    assert command("\n".join(f"> {line}" for line in whole.split("\n"))) is None
    assert command(f"```\n{whole}\n```") is None


def test_a_long_comment_takes_time_in_proportion() -> None:
    start = time.perf_counter()
    command("/approve " * 100_000 + "\n" * 100_000 + "<" * 100_000)
    assert time.perf_counter() - start < 1
