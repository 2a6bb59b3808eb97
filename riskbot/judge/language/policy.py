"""The strict loader of policy files: text -> frozen Policy, or an error with file, line, column and mend.

Three states stay apart: *absent* and *unreadable* are errors of :func:`from_charter`, *wrong* is one of
:func:`load`. None of them ever falls back to another policy: a base whose policy cannot be read judges
nothing (exit code 2), because a fallback could be more permissive than what the team wrote.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

import msgspec

from riskbot.domain.change import Charter
from riskbot.domain.errors import ConfigError
from riskbot.domain.suggest import did_you_mean
from riskbot.domain.verdict import PolicyId
from riskbot.judge.bench import Rules
from riskbot.judge.condition import Condition
from riskbot.judge.language.declarations import (
    AuthorRules,
    BreakGlassRule,
    Flow,
    Include,
    OwnerRules,
    ReviewRules,
)
from riskbot.judge.language.typed import convert, only
from riskbot.judge.people.who import People
from riskbot.judge.predicates import IMPERSONAL, PREDICATES
from riskbot.judge.tree import Group, How, Included, Leaf, Node, leaves, may_skip
from riskbot.written import marked
from riskbot.written.marked import Node as Marked

VERSION = 1
MAX_INCLUDE_DEPTH = 3
MAX_INCLUDES = 10
INCLUDES = ".riskbot/includes"

#: Finds the text of an included policy; None: not there.
Find = Callable[[Include], bytes | None]

PolicyName = Annotated[str, msgspec.Meta(pattern=r"\A[a-z0-9][a-z0-9-]{0,63}\Z")]
ClauseName = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Groups = dict[Annotated[str, msgspec.Meta(pattern=r"\A[a-z0-9][a-z0-9-]{0,63}\Z")], People]
About = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]

_NEEDED = ("version", "name", "requires")
_DECLARED = ("about", "include", "groups", "reviews", "authors", "owners", "flows", "break_glass")
_TOP = (*_NEEDED, *_DECLARED)
_GROUPS = tuple(how.value for how in How)
_KINDS = (*_GROUPS, "include", *PREDICATES)
_NODE = ("clause", "if", "distinct", *_KINDS)


@dataclass(frozen=True, slots=True)
class Policy:
    """What must hold for a change to be allowed; ``id`` says which policy it is and where it was read."""

    id: PolicyId
    requires: Node
    rules: Rules = field(default_factory=Rules)
    about: str = ""

    @property
    def asks_people(self) -> bool:
        """Say whether any clause asks who made or approved the change, and not only what the change is."""
        return any(type(leaf.predicate) not in IMPERSONAL for leaf in leaves(self.requires))

    @property
    def rosters(self) -> tuple[str, ...]:
        """The paths of the rosters that its clauses name, so that the caller can read them."""
        named = {getattr(leaf.predicate, "roster", None) for leaf in leaves(self.requires)}
        return tuple(sorted(path for path in named if path))


@dataclass(slots=True)
class _Reading:
    """What is known while one file is read: clause names by line, the included policies, the flows."""

    names: dict[str, int]
    included: dict[str, Policy]
    flows: tuple[str, ...]


def from_charter(charter: Charter, path: str, shipped: Find = lambda _: None) -> Policy:
    """Load the policy at ``path``, as it is at the base.

    What it includes is looked for among ``shipped`` policies, then under ``.riskbot/includes/`` at the base,
    where a team keeps its copies. Raises ConfigError where there is no base to read, no such file there, or
    the file is wrong.
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

    def find(one: Include) -> bytes | None:
        found = shipped(one)
        return charter.text(f"{INCLUDES}/{one.policy}.yml") if found is None else found

    return load(data, file=path, source=f"{path} at {at}", included=collect(data, path, find))


def load(
    data: bytes,
    *,
    file: str,
    source: str,
    included: Mapping[Include, bytes] | None = None,
    depth: int = MAX_INCLUDE_DEPTH,
) -> Policy:
    """Read a policy file; ``file`` names it in errors, ``source`` in the verdict.

    ``included`` holds the texts of what the policy includes (:func:`includes` lists it); whoever loads a
    policy fetches them. Raises ConfigError with line and column for everything that is not exactly the
    language.
    """
    root = marked.parse(data, file)
    top = only(root, _TOP, "A policy")
    for key in _NEEDED:
        if key not in top:
            raise root.mark.error(f"The policy has no {key!r}.", f"Add the key {key!r}.")
    if convert(top["version"], int) != VERSION:
        mend = f"Write version: {VERSION}, or install the riskbot that the policy was written for."
        raise top["version"].mark.error(f"This riskbot reads version {VERSION} of the language.", mend)
    name = _policy_name(top["name"])
    rules = _rules(root, top)
    flows = tuple(flow.flow for flow in rules.flows)
    reading = _Reading({}, _included(top, included or {}, depth), flows)
    requires = _node(top["requires"], reading)
    about = convert(top["about"], About) if "about" in top else ""
    for policy in reading.included.values():
        if policy.rules.owners.format != rules.owners.format:
            message = (
                f"{policy.id.name} reads owners files as {policy.rules.owners.format}, this policy does not."
            )
            raise top["include"].mark.error(message, "Use one format of owners files.")
    digest = hashlib.sha256(data).hexdigest()
    id_ = PolicyId(name, source, digest, tuple(policy.id for policy in reading.included.values()))
    return Policy(id_, requires, rules, about)


def includes(data: bytes, file: str) -> tuple[Include, ...]:
    """List what the policy includes, so that the caller can fetch it before loading."""
    top = only(marked.parse(data, file), _TOP, "A policy")
    return convert(top["include"], tuple[Include, ...]) if "include" in top else ()


def collect(data: bytes, file: str, find: Find) -> dict[Include, bytes]:
    """Find the texts of everything included, directly or not; what is not found is the loader's error."""
    texts: dict[Include, bytes] = {}
    waiting = [(data, file)]
    while waiting:
        for one in includes(*waiting.pop()):
            found = None if one in texts or len(texts) == MAX_INCLUDES**2 else find(one)
            if found is not None:
                texts[one] = found
                waiting.append((found, f"{one.repository}@{one.ref}:{one.path}"))
    return texts


def _included(top: dict[str, Marked], texts: Mapping[Include, bytes], depth: int) -> dict[str, Policy]:
    """Load the included policies from the texts that the caller fetched."""
    found: dict[str, Policy] = {}
    if "include" not in top:
        return found
    entries = top["include"].value
    for one, node in zip(
        convert(top["include"], tuple[Include, ...]),
        entries if isinstance(entries, tuple) else (),
        strict=True,
    ):
        where = f"{one.repository}@{one.ref}:{one.path}"
        if one.policy in found:
            raise node.mark.error(f"The included policy {one.policy!r} is named twice.", "Rename one.")
        if depth == 0 or len(found) == MAX_INCLUDES:
            limits = f"at most {MAX_INCLUDES} policies, {MAX_INCLUDE_DEPTH} deep, may be included"
            raise node.mark.error(f"This is one too many: {limits}.", "Flatten them.")
        if one not in texts:
            mend = f"Keep a copy at {INCLUDES}/{one.policy}.yml, or give it: --include {one.policy}=FILE."
            raise node.mark.error(f"The included policy {where} was not given.", mend)
        if one.sha256 is not None and hashlib.sha256(texts[one]).hexdigest() != one.sha256:
            raise node.mark.error(
                f"{where} is not the file that sha256 names.", "Review it, then pin it anew."
            )
        found[one.policy] = load(texts[one], file=where, source=where, included=texts, depth=depth - 1)
    return found


def _rules(root: Marked, top: dict[str, Marked]) -> Rules:
    """Read the declarations."""
    groups = convert(top["groups"], Groups) if "groups" in top else {}
    _check_groups(root, groups)
    flows = convert(top["flows"], tuple[Flow, ...]) if "flows" in top else ()
    names = [flow.flow for flow in flows]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise top["flows"].mark.error(f"The flow {twice!r} is declared twice.", "Rename one.")
    return Rules(
        reviews=convert(top["reviews"], ReviewRules) if "reviews" in top else ReviewRules(),
        authors=convert(top["authors"], AuthorRules) if "authors" in top else AuthorRules(),
        owners=convert(top["owners"], OwnerRules) if "owners" in top else OwnerRules(),
        flows=flows,
        groups=groups,
        break_glass=convert(top["break_glass"], BreakGlassRule) if "break_glass" in top else None,
    )


def _check_groups(node: Marked, groups: Mapping[str, People]) -> None:
    """Refuse names of groups that the policy does not define, and groups of groups."""
    if isinstance(node.value, dict):
        for key, below in node.value.items():
            if key == "groups" and isinstance(below.value, dict):
                for people in below.value.values():
                    _check_groups(people, {})
            else:
                _check_groups(below, groups)
    elif isinstance(node.value, tuple):
        for below in node.value:
            _check_groups(below, groups)
    elif isinstance(node.value, str) and node.value.startswith("group:"):
        name = node.value.removeprefix("group:")
        if name not in groups:
            mend = did_you_mean(name, groups) if groups else "Define it under groups; groups hold no groups."
            raise node.mark.error(f"There is no group {name[:80]!r} here.", mend)


def _check_flows(nodes: list[Marked], flows: tuple[str, ...]) -> None:
    """Refuse names of flows that the policy does not declare."""
    for node in nodes:
        named = node.value.get("flows") if isinstance(node.value, dict) else None
        for name in named.value if named is not None and isinstance(named.value, tuple) else ():
            if isinstance(name.value, str) and name.value not in flows:
                mend = did_you_mean(name.value, flows) if flows else "Declare it under flows: at the top."
                raise name.mark.error(f"There is no flow {name.value[:80]!r} here.", mend)


def _policy_name(node: Marked) -> str:
    try:
        return convert(node, PolicyName)
    except ConfigError:
        raise node.mark.error(
            "The name of a policy is 1 to 64 of a-z, 0-9 and '-'.", "Write it like open-source."
        ) from None


def _node(node: Marked, reading: _Reading) -> Node:
    """Read a group or a clause."""
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
    _check_flows([parts[key] for key in ("if", "flow") if key in parts], reading.flows)
    name = _clause_name(parts["clause"], reading.names) if "clause" in parts else ""
    distinct = "distinct" in parts and convert(parts["distinct"], bool)
    if distinct and kind != How.ALL.value:
        raise node.keys["distinct"].error("Only 'all' can ask for distinct people.", "Put it beside 'all'.")
    if kind in _GROUPS:
        group = _group(parts[kind], How(kind), name, reading)
        return replace(group, when=when, distinct=distinct, mark=node.mark)
    if kind == "include":
        return replace(_include(parts[kind], name, when, reading), mark=node.mark)
    if not name:
        raise node.mark.error(
            f"This {kind} clause has no name.", "Say what it asks for: clause: the risk is …"
        )
    return Leaf(name, convert(parts[kind], PREDICATES[kind]), when, node.mark)


def _include(node: Marked, name: str, when: Condition | None, reading: _Reading) -> Included:
    which = convert(node, str)
    policy = reading.included.get(which)
    if policy is None:
        known = list(reading.included)
        mend = did_you_mean(which, known) if known else "List it under include: at the top."
        raise node.mark.error(f"No policy {which[:80]!r} is included.", mend)
    return Included(name or f"policy {which}", policy.rules, policy.requires, when)


def _clause_name(node: Marked, names: dict[str, int]) -> str:
    name: str = convert(node, ClauseName)
    if not name.isprintable() or name != name.strip():
        raise node.mark.error("The name of a clause is plain text without blanks around it.", "Rewrite it.")
    if name in names:
        mend = "Verdicts and cases speak of clauses by name: give each its own."
        raise node.mark.error(f"The clause name {name!r} stands on line {names[name]} already.", mend)
    names[name] = node.mark.line
    return name


def _group(node: Marked, how: How, name: str, reading: _Reading) -> Group:
    if not isinstance(node.value, tuple) or not node.value:
        raise node.mark.error(
            f"{how.value!r} needs a list of clauses, at least one.", "Write each as '- clause: …'."
        )
    members = tuple(_node(member, reading) for member in node.value)
    if how is How.ANY:
        for member, place in zip(members, node.value, strict=True):
            if may_skip(member):
                message = (
                    "An alternative under 'any' must not drop out, or a change chooses by what it touches."
                )
                mend = "Put the 'if' around the 'any', or under an 'all' beside a clause that always applies."
                raise place.mark.error(message, mend)
    return Group(name or f"{how.value} of", how, members)
