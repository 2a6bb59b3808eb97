"""Whose opinion counts, said once more in few lines, by somebody who has not read the engine.

A story is a list of things that happen: ("yes" | "no" | "remark", who), ("strike", who, by_interested) takes
back the newest word of that person that is not taken back yet, ("push",) gives the branch new content.

The rules: a remark is no opinion. The newest word of a person is the only one. A word that was taken back
leaves nothing, and what it had replaced does not come back. A yes is worth something on the very content it
was given for. A no holds whatever the content, also when somebody interested took it back.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Word:
    says: str
    content: int
    struck: bool = False
    struck_by_interested: bool = False


@dataclass
class Outcome:
    approve: set[str] = field(default_factory=set)
    object: set[str] = field(default_factory=set)


def judge(story: list[tuple]) -> Outcome:
    """Who approves of the content as it is at the end, and who stands against it."""
    content = 0
    words: dict[str, list[Word]] = {}
    for what, *rest in story:
        if what == "push":
            content += 1
        elif what == "strike":
            who, by_interested = rest
            left = [word for word in words.get(who, []) if not word.struck]
            if left:
                left[-1].struck = True
                left[-1].struck_by_interested = by_interested
        elif what != "remark":
            (who,) = rest
            words.setdefault(who, []).append(Word(what, content))
    outcome = Outcome()
    for who, said in words.items():
        last = said[-1]
        if last.says == "yes" and not last.struck and last.content == content:
            outcome.approve.add(who)
        if last.says == "no" and (not last.struck or last.struck_by_interested):
            outcome.object.add(who)
    return outcome
