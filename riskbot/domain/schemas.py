"""JSON schemas for everybody: what Python alone understands is said as every reader of schemas does."""

from __future__ import annotations

from typing import Any

# https://json-schema.org/draft/2020-12/json-schema-core#section-6.4: patterns should be ECMA-262, which has
# no \A and \Z.
_ANCHORS = {r"\A": "^", r"\Z": "$"}


def portable(schema: Any) -> Any:
    """Copy a schema with its patterns anchored as ECMA-262 has it."""
    if isinstance(schema, dict):
        return {
            key: _anchored(value) if key == "pattern" and isinstance(value, str) else portable(value)
            for key, value in schema.items()
        }
    return [portable(each) for each in schema] if isinstance(schema, list) else schema


def _anchored(pattern: str) -> str:
    for ours, theirs in _ANCHORS.items():
        pattern = pattern.replace(ours, theirs)
    return pattern
