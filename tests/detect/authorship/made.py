"""Commits made by hand for the tests of authorship: invented people, the tools' own addresses."""

from __future__ import annotations

from riskbot.detect.authorship import catalogue
from riskbot.domain.change import Actor, Commit

SHIPPED = catalogue.shipped()
PERSON = Actor("Ada Example", "ada@example.org")
AUTUMN_2026 = 1_790_000_000


def person(text: str) -> Actor:
    name, _, email = text.rstrip(">").partition("<")
    return Actor(name.strip(), email)


def commit(
    message: str = "change",
    *,
    author: str | Actor = PERSON,
    committer: str | Actor | None = None,
    at: int = AUTUMN_2026,
    authored_at: int | None = None,
    parents: int = 1,
    id: str = "a" * 40,  # noqa: A002
) -> Commit:
    one = person(author) if isinstance(author, str) else author
    two = one if committer is None else person(committer) if isinstance(committer, str) else committer
    return Commit(
        id=id,
        tree="b" * 40,
        parents=tuple(f"{n:040x}" for n in range(parents)),
        author=one,
        committer=two,
        authored_at=at if authored_at is None else authored_at,
        committed_at=at,
        message=message,
    )
