"""The JSON schema of the policy language, for editors: drawn from the very types that the loader checks.

It says all that the types say, and what the loader adds to them as far as a schema can: exactly one kind of
clause, a name for each predicate, ``distinct`` beside ``all`` only. The loader stays the judge: names that
are defined elsewhere in the file, dates and sums are its alone.
"""

from __future__ import annotations

from typing import Any

import msgspec

from riskbot.domain.schemas import portable
from riskbot.judge.agents import MachineFilter, ToolList
from riskbot.judge.condition import Condition
from riskbot.judge.language.calendar import Moment, Window, Zone
from riskbot.judge.language.declarations import (
    AuthorRules,
    BreakGlassRule,
    Duration,
    Flow,
    Include,
    OwnerRules,
    ReviewRules,
)
from riskbot.judge.language.policy import VERSION, About, ClauseName, Groups, PolicyName
from riskbot.judge.people.who import Who
from riskbot.judge.predicates import PREDICATES
from riskbot.judge.predicates.machine import Machine
from riskbot.judge.predicates.readability import Readability
from riskbot.judge.predicates.risk import Risk
from riskbot.judge.predicates.separation import Separation
from riskbot.written.glob import MAX_PATTERN, Glob

TITLE = f"A policy of riskbot, version {VERSION}"
_REFERENCE = "#/$defs/{name}"
_DECLARED: dict[str, Any] = {
    "about": About,
    "include": tuple[Include, ...],
    "groups": Groups,
    "reviews": ReviewRules,
    "authors": AuthorRules,
    "owners": OwnerRules,
    "flows": tuple[Flow, ...],
    "break_glass": BreakGlassRule,
}

# What the language's own scalars look like, as near as one pattern says it; the loader says the rest.
_SCALARS: dict[type, dict[str, Any]] = {
    Glob: {
        "type": "string",
        "description": "A path pattern from the root: * and ? within a segment, ** for any segments.",
        "minLength": 1,
        "maxLength": MAX_PATTERN,
        "pattern": r"^[^/\[\]{}!\\]([^\[\]{}!\\]*[^/\[\]{}!\\])?$",
    },
    Who: {
        "type": "string",
        "description": "A login, @organisation/team, an e-mail address, id:NUMBER, group:NAME or anyone.",
        "minLength": 1,
        "pattern": r"^\S+$",
    },
    Duration: {
        "type": "string",
        "description": "A span of time: 30m, 48h, 7d or 2w.",
        "pattern": r"^[1-9][0-9]{0,4}[mhdw]$",
    },
    Zone: {
        "type": "string",
        "description": "A time zone of the IANA database, such as Europe/Berlin.",
        "pattern": r"^[A-Za-z][A-Za-z0-9_+/-]*$",
    },
    Moment: {
        "type": "string",
        "description": "2026-12-20T00:00, or 18:00 beside days.",
        "pattern": r"^([0-9]{4}-[0-9]{2}-[0-9]{2}T)?[0-9]{2}:[0-9]{2}$",
    },
}

_NO_DATE = {"from": {"pattern": "^[0-9]{2}:"}, "until": {"pattern": "^[0-9]{2}:"}}
_DATE = {"from": {"pattern": "T"}, "until": {"pattern": "T"}}

# What the types check after they are read, said as a schema says it.
_BEYOND: dict[type, dict[str, Any]] = {
    Condition: {
        "minProperties": 1,
        "not": {
            "properties": {"machine": {"type": "array", "contains": {"const": "inferred"}}},
            "required": ["machine"],
        },
    },
    Risk: {"minProperties": 1},
    Separation: {"minProperties": 1},
    Readability: {
        "oneOf": [
            {"required": ["roster"], "not": {"anyOf": [{"required": ["paths"]}, {"required": ["from"]}]}},
            {"required": ["paths", "from"], "not": {"required": ["roster"]}},
        ]
    },
    Machine: {"properties": {"inferred": {"enum": ["allowed", "noted", "asked"]}}, "minProperties": 1},
    ToolList: {"minProperties": 1, "maxProperties": 1},
    MachineFilter: {"properties": {"disclosed": {"const": False}}},
    Window: {
        "if": {"required": ["days"]},
        "then": {"properties": _NO_DATE},
        "else": {"properties": _DATE},
    },
}


def schema() -> dict[str, Any]:
    """Describe a policy file, read as plain YAML, as JSON schema (draft 2020-12)."""
    kinds = [*_DECLARED.values(), Condition, PolicyName, ClauseName, *PREDICATES.values(), *_BEYOND]
    drawn, parts = msgspec.json.schema_components(
        kinds, schema_hook=_SCALARS.__getitem__, ref_template=_REFERENCE
    )
    told = list(drawn)
    count = len(_DECLARED)
    declared = dict(zip(_DECLARED, told[:count], strict=True))
    condition, name, clause, *predicates = told[count : count + 3 + len(PREDICATES)]
    beyond = dict(zip(_BEYOND, told[count + 3 + len(PREDICATES) :], strict=True))
    for kind, more in _BEYOND.items():
        part = parts[beyond[kind]["$ref"].rpartition("/")[2]]
        part.setdefault("allOf", []).append(more)
    parts["Clause"] = _clause(clause, condition, dict(zip(PREDICATES, predicates, strict=True)))
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": TITLE,
        "type": "object",
        "properties": {
            "version": {"description": "The version of the language.", "const": VERSION},
            "name": {"description": "The policy's name.", **name},
            "requires": {"description": "What must hold.", "$ref": "#/$defs/Clause"},
            **declared,
        },
        "required": ["version", "name", "requires"],
        "additionalProperties": False,
        "$defs": {key: parts[key] for key in sorted(parts)},
    }
    shown: dict[str, Any] = portable(_without_null(whole))
    return shown


def _clause(clause: Any, condition: Any, predicates: dict[str, Any]) -> dict[str, Any]:
    """One node of the tree: a group, an included policy or a predicate."""
    node = {"$ref": "#/$defs/Clause"}
    always = {"allOf": [node, {"not": {"required": ["if"]}}]}
    return {
        "title": "Clause",
        "description": "One clause: all, any, include, or one predicate with a name.",
        "type": "object",
        "properties": {
            "clause": {"description": "Its name, unique in the policy: verdicts speak of it.", **clause},
            "if": {"description": "When it applies; without it, always.", **condition},
            "distinct": {"description": "Beside all: no person fills two of its roles.", "type": "boolean"},
            "all": {"description": "All of these must hold.", "type": "array", "items": node, "minItems": 1},
            "any": {"description": "One of these must.", "type": "array", "items": always, "minItems": 1},
            "include": {"description": "An included policy, by its name.", "type": "string"},
            **predicates,
        },
        "additionalProperties": False,
        "dependentRequired": {"distinct": ["all"]},
        "oneOf": [
            *({"required": [kind]} for kind in ("all", "any", "include")),
            *({"required": [kind, "clause"]} for kind in predicates),
        ],
    }


def _without_null(schema: Any) -> Any:
    """Leave out null: the language has none, a key without a value is an error."""
    if isinstance(schema, list):
        return [_without_null(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _without_null(value) for key, value in schema.items() if (key, value) != ("default", None)}
    options = kept.get("anyOf")
    if isinstance(options, list) and {"type": "null"} in options:
        rest = [option for option in options if option != {"type": "null"}]
        del kept["anyOf"]
        kept |= rest[0] if len(rest) == 1 else {"anyOf": rest}
    return kept
