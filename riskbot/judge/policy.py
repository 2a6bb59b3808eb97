"""The strict loader of policy files: text -> frozen Policy, or an error with file, line, column and mend.

Three states stay apart: *absent* and *unreadable* are errors of :func:`from_charter`, *wrong* is one of
:func:`load`. None of them ever falls back to another policy: a base whose policy cannot be read judges
nothing (exit code 2), because a fallback could be more permissive than what the team wrote.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated

import msgspec

from riskbot.domain.change import Charter
from riskbot.domain.errors import ConfigError
from riskbot.domain.suggest import did_you_mean
from riskbot.domain.verdict import PolicyId
from riskbot.judge import marked
from riskbot.judge.condition import Condition
from riskbot.judge.marked import Node
from riskbot.judge.predicates import PREDICATES
from riskbot.judge.tree import Group, How, Leaf, may_skip
from riskbot.judge.typed import convert, only

VERSION = 1

PolicyName = Annotated[str, msgspec.Meta(pattern=r"\A[a-z0-9][a-z0-9-]{0,63}\Z")]
ClauseName = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]

_TOP = ("version", "name", "requires")
_GROUPS = tuple(how.value for how in How)
_KINDS = (*_GROUPS, *PREDICATES)
_NODE = ("clause", "if", *_KINDS)


@dataclass(frozen=True, slots=True)
class Policy:
    """What must hold for a change to be allowed; ``id`` says which policy it is and where it was read."""

    id: PolicyId
    requires: Group | Leaf


def from_charter(charter: Charter, path: str) -> Policy:
    """Load the policy at ``path``, as it is at the base.

    Raises ConfigError where there is no base to read, no such file there, or the file is wrong.
    """
    if charter.revision is None:
        message = "The policy cannot be read: this change has no base commit."
        raise ConfigError(message, file=path, mend="Use a shipped policy, or check a range of commits.")
    data = charter.text(path)
    at = charter.revision[:12]
    if data is None:
        there = [name for name, _ in charter.texts if name.endswith((".yml", ".yaml"))]
        near = did_you_mean(path, there) if there else ""
        mend = f"{near} The policy is read at the base: commit it there first, or use a shipped one.".lstrip()
        raise ConfigError(f"There is no such policy at the base {at}.", file=path, mend=mend)
    return load(data, file=path, source=f"{path} at {at}")


def load(data: bytes, *, file: str, source: str) -> Policy:
    """Read a policy file; ``file`` names it in errors, ``source`` in the verdict.

    Raises ConfigError with line and column for everything that is not exactly the language.
    """
    root = marked.parse(data, file)
    top = only(root, _TOP, "A policy")
    for key in _TOP:
        if key not in top:
            raise root.mark.error(f"The policy has no {key!r}.", f"Add the key {key!r}.")
    if convert(top["version"], int) != VERSION:
        mend = f"Write version: {VERSION}, or install the riskbot that the policy was written for."
        raise top["version"].mark.error(f"This riskbot reads version {VERSION} of the language.", mend)
    name = _policy_name(top["name"])
    requires = _node(top["requires"], {})
    return Policy(PolicyId(name, source, hashlib.sha256(data).hexdigest()), requires)


def _policy_name(node: Node) -> str:
    try:
        return convert(node, PolicyName)
    except ConfigError:
        raise node.mark.error(
            "The name of a policy is 1 to 64 of a-z, 0-9 and '-'.", "Write it like open-source."
        ) from None


def _node(node: Node, names: dict[str, int]) -> Group | Leaf:
    """Read a group or a clause; ``names`` collects the clause names with their lines."""
    parts = only(node, _NODE, "A clause")
    kinds = [key for key in parts if key in _KINDS]
    if len(kinds) != 1:
        said = f"has {' and '.join(repr(kind) for kind in kinds)}" if kinds else "says nothing"
        mark = node.keys[kinds[1]] if kinds else node.mark
        raise mark.error(
            f"A clause {said}; it needs exactly one of {', '.join(_KINDS)}.", "Write one clause each."
        )
    kind = kinds[0]
    when = convert(parts["if"], Condition) if "if" in parts else None
    name = _clause_name(parts["clause"], names) if "clause" in parts else ""
    if kind in _GROUPS:
        return _group(parts[kind], How(kind), name, when, names)
    if not name:
        raise node.mark.error(
            f"This {kind} clause has no name.", "Say what it asks for: clause: the risk is …"
        )
    return Leaf(name, convert(parts[kind], PREDICATES[kind]), when)


def _clause_name(node: Node, names: dict[str, int]) -> str:
    name: str = convert(node, ClauseName)
    if not name.isprintable() or name != name.strip():
        raise node.mark.error("The name of a clause is plain text without blanks around it.", "Rewrite it.")
    if name in names:
        mend = "Verdicts and cases speak of clauses by name: give each its own."
        raise node.mark.error(f"The clause name {name!r} stands on line {names[name]} already.", mend)
    names[name] = node.mark.line
    return name


def _group(node: Node, how: How, name: str, when: Condition | None, names: dict[str, int]) -> Group:
    if not isinstance(node.value, tuple) or not node.value:
        raise node.mark.error(
            f"{how.value!r} needs a list of clauses, at least one.", "Write each as '- clause: …'."
        )
    members = tuple(_node(member, names) for member in node.value)
    if how is How.ANY:
        for member, place in zip(members, node.value, strict=True):
            if may_skip(member):
                message = (
                    "An alternative under 'any' must not drop out, or a change chooses by what it touches."
                )
                mend = "Put the 'if' around the 'any', or under an 'all' beside a clause that always applies."
                raise place.mark.error(message, mend)
    return Group(name or f"{how.value} of", how, members, when)
