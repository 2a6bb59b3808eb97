"""Ten thousand damaged policies, owners files and facts: no traceback, and no approval out of damage.

The ordinary pull request has one approval, its author's own. Whatever is damaged of the policy, of an owners
file or of the facts (but who the reviewer is, which is the one thing that may make it right), it stays refused.
"""

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from riskbot import facts as documents
from riskbot.domain.errors import RiskbotError
from riskbot.domain.verdict import Outcome
from riskbot.facts.document import Facts
from riskbot.judge import judge
from riskbot.judge.language.policy import Policy, load
from riskbot.judge.owners.reading import read as read_owners
from riskbot.report.verdict import render
from tests.judge.make_facts import ALICE, NOW, POLICY, added, approve, case, modified, text, with_files

ROUNDS = 20
EACH = 170  # of each of three kinds: more than 10,000 in all
JUNK = "\x00\x0b\x85\u2028\u202e\ufeff\\*?[]!#@/:,{}\"'%&|>- \t\r\n\u00e9\U0001f600"
WEIGHTY = ("../", "@acme/devs", "**", "~", "null", "true", "&a *a", "!!python/object:os.system", "9" * 400)

OWNERS = {
    "codeowners": (
        ".github/CODEOWNERS",
        "* @acme/devs\n/secure/ @acme/sec # keep\n*.sql @dave bob@acme.example\n",
    ),
    "gerrit": (
        "OWNERS",
        "bob@acme.example\nper-file *.sql=dave@acme.example\nset noparent\ninclude /x/OWNERS\n",
    ),
    "prow": ("OWNERS", "approvers:\n- bob\n- carol\nfilters:\n  '.*\\.sql$':\n    approvers: [dave]\n"),
}


def refused(style: str = "codeowners", body: str | None = None) -> Facts:
    path, whole = OWNERS[style]
    files = with_files(modified("src/a.py"), added("secure/x.sql"), added("link", mode="120000"))
    # The author's own approval, and nobody else's.
    return case(files, text(path, whole if body is None else body), approve(ALICE))


def policy(style: str) -> bytes:
    owners = f'owners: {{format: {style}, fallback: ["@acme/gov"]}}'
    return POLICY.replace('owners: {fallback: ["@acme/gov"]}', owners).encode()


def verdict(facts: Facts, rules: Policy) -> Outcome:
    rosters = read_owners(facts.texts, rules.rules.owners.format, rules.rosters)
    judged = judge(facts, rules, rosters, NOW)
    json.loads(render(judged))
    return judged.outcome


def damaged(whole: str, chance: random.Random) -> str:
    """Damage a text in one to four places, mostly a little in one."""
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        at, to = sorted((chance.randrange(len(whole) + 1), chance.randrange(len(whole) + 1)))
        to = min(to, at + chance.choice((1, 1, 1, 3, 20, 400)))
        kind = chance.randrange(6)
        if kind == 0:
            whole = whole[:at] + whole[to:]
        elif kind == 1:
            whole = whole[:at] + chance.choice(JUNK) + whole[at:]
        elif kind == 2:
            whole = whole[:to] + whole[at:to] * chance.choice((1, 2, 50)) + whole[to:]
        elif kind == 3:
            whole = whole[:at] + whole[at:to].swapcase() + whole[to:]
        elif kind == 4:
            whole = whole[:at] + chance.choice(WEIGHTY) + whole[to:]
        else:
            whole = whole[:at]
    return whole


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document, but those that say who a reviewer is."""
    if path[-1:] == ("by",) and "reviews" in path:
        return
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inner:
        yield from places(below, (*path, key))


def value_at(document: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


def broken(document: Any, chance: random.Random) -> Any:
    """Damage one to three values of a document; whoever reviews stays who they are."""
    for _ in range(chance.randint(1, 3)):
        path = chance.choice(list(places(document)))
        holder = document
        for step in path[:-1]:
            holder = holder[step]
        old = holder[path[-1]]
        alike = [other for other in places(document) if other[-1] == path[-1]]
        choices: list[Callable[[], Any]] = [
            lambda: None,
            lambda alike=alike: copy.deepcopy(value_at(document, chance.choice(alike))),
            list,
            dict,
            lambda: chance.choice((0, 1, -1, 10**30, 1.5, True, "", "x", chance.choice(JUNK))),
            lambda old=old: damaged(old, chance) if isinstance(old, str) else old,
            lambda old=old: old * 2 if isinstance(old, list) else old,
            lambda old=old: old[: len(old) // 2] if isinstance(old, list) else old,
        ]
        if isinstance(holder, dict) and chance.random() < 0.25:
            del holder[path[-1]]
        else:
            holder[path[-1]] = chance.choice(choices)()
    return document


def test_undamaged_it_is_refused_and_another_approval_would_do() -> None:
    for style in OWNERS:
        rules = load(policy(style), file="p", source="p")
        assert verdict(refused(style), rules) is Outcome.HELD


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_damage_never_approves(round_: int) -> None:
    chance = random.Random(round_)
    for _ in range(EACH):
        style = chance.choice(list(OWNERS))
        rules = load(policy(style), file="p", source="p")
        try:
            other = load(
                damaged(policy(style).decode(), chance).encode("utf-8", "replace"), file="p", source="p"
            )
        except RiskbotError:
            pass
        else:
            assert verdict(refused(style), other) is not Outcome.ALLOWED
        body = damaged(OWNERS[style][1], chance)
        assert verdict(refused(style, body), rules) is not Outcome.ALLOWED, body
        document = broken(json.loads(documents.write(refused(style))), chance)
        try:
            read = documents.read(json.dumps(document).encode("utf-8", "surrogatepass"), "f")
        except RiskbotError:
            continue
        assert verdict(read, rules) is not Outcome.ALLOWED, document
