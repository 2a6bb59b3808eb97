"""Flows -> JSON: a list of objects, one for each flow, as ``riskbot schema zones-flows`` describes it."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from riskbot.domain.zones import Flow, Mode
from riskbot.report.escape import json_text, path, prose
from riskbot.report.zones.checked import Checked

_Line = Annotated[int, Meta(ge=1)]


class StepEntry(Struct, kw_only=True, forbid_unknown_fields=True):
    """One step of the way."""

    file: Annotated[str, Meta(description="The file's path.")]
    line: Annotated[_Line, Meta(description="Its line, from 1.")]
    what: Annotated[str, Meta(description="What happens to the data there, in words.")]


class FlowEntry(Struct, kw_only=True, forbid_unknown_fields=True):
    """Data of a zone that reaches a sink which does not accept it."""

    file: Annotated[str, Meta(description="The file of the sink.")]
    line: Annotated[_Line, Meta(description="The line of the sink, from 1.")]
    zone: Annotated[str, Meta(description="The zone's id.")]
    sink: Annotated[str, Meta(description="The sink's name in the zone.")]
    mode: Annotated[Mode, Meta(description="The zone's mode: log, which only tells, or enforce.")]
    path: Annotated[
        tuple[StepEntry, ...], Meta(description="The way there: the source first, the sink last.")
    ]


def render(checked: Checked) -> str:
    """Write all flows, in the order of the check, as indented JSON."""
    encoded = msgspec.json.encode([_entry(flow) for flow in checked.flows])
    return json_text(msgspec.json.format(encoded, indent=2).decode()) + "\n"


def schema() -> dict[str, Any]:
    """Describe what :func:`render` writes as JSON schema (draft 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What riskbot zones check writes",
        **msgspec.json.schema(tuple[FlowEntry, ...]),
    }


def _entry(flow: Flow) -> FlowEntry:
    return FlowEntry(
        file=path(flow.file),
        line=max(1, flow.line),
        zone=prose(flow.zone),
        sink=prose(flow.sink),
        mode=flow.mode,
        path=tuple(
            StepEntry(file=path(step.file), line=max(1, step.line), what=prose(step.what))
            for step in flow.path
        ),
    )
