"""The JSON schema of ``zones.yaml``, for editors: drawn from the very types that the loader checks.

The loader stays the judge: names that stand twice, hosts of prefixes and expiry are its alone.
"""

from __future__ import annotations

from typing import Any

import msgspec

from riskbot.detect.flows.language.declared import DRAWN, ZonesBody
from riskbot.domain.schemas import portable


def schema() -> dict[str, Any]:
    """Describe a zones file, read as plain YAML, as JSON schema (draft 2020-12)."""
    drawn = msgspec.json.schema(ZonesBody, schema_hook=DRAWN.__getitem__)
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Policy zones of riskbot, version 1",
        **drawn,
    }
    shown: dict[str, Any] = portable(_without_null(whole))
    return shown


def _without_null(schema: Any) -> Any:
    """Leave out null, which the language does not have, and defaults that say no more than "nothing"."""
    if isinstance(schema, list):
        return [_without_null(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _without_null(value) for key, value in schema.items() if key != "default"}
    options = kept.get("anyOf")
    if isinstance(options, list) and {"type": "null"} in options:
        rest = [option for option in options if option != {"type": "null"}]
        del kept["anyOf"]
        kept |= rest[0] if len(rest) == 1 else {"anyOf": rest}
    return kept
