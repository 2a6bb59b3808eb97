"""The syntax of ``zones.yaml``: each struct is a mapping of the language, its check and its JSON schema.

What a field means is said once, beside the nouns that it becomes: :mod:`riskbot.domain.zones`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal, Self

from msgspec import Meta, Struct, field

from riskbot.detect.flows.language.taxonomy import OWN, Category, Purpose, fideslang
from riskbot.domain.zones import Mode
from riskbot.written.glob import MAX_PATTERN, Glob

_VARIABLE = re.compile(r"\$[A-Z][A-Z0-9_]*")
_URL = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
_BARE_URL = re.compile(r"h|ht|htt|https?:?/?", re.IGNORECASE)


class Name(str):
    """A pattern of dotted names, ``$X`` for any one part; ValueError for another.

    A part is a name of Python (other languages' are a subset, but for ``$``).
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Check the parts, and that not every name matches."""
        if "(" in text or text.startswith("@"):
            raise ValueError(f"{text[:80]!r} is no dotted name; leave out '@' and parentheses.")
        parts = text.split(".")
        if "*" in text or "" in parts:
            raise ValueError(f"{text[:80]!r} is no dotted name; write $X for any one part: 'log.$X'.")
        for part in parts:
            if not (part.isidentifier() or _VARIABLE.fullmatch(part)):
                raise ValueError(f"{part[:40]!r} in {text[:80]!r} is no name; write names and $X, with dots.")
        if all(part.startswith("$") for part in parts):
            raise ValueError(f"{text[:80]!r} matches every name; write at least one part out.")
        return super().__new__(cls, text)


class Column(Name):
    """``Model.column`` or ``table.column``."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Check that there are two parts."""
        if "." not in text:
            raise ValueError(f"{text[:80]!r} names no table; write Model.column or table.column.")
        return super().__new__(cls, text)


class Until(str):
    """The last day on which an exception counts, ``YYYY-MM-DD``."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Check the day."""
        try:
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
                raise ValueError  # noqa: TRY301 - one message for both
            date.fromisoformat(text)
        except ValueError:
            raise ValueError(f'{text[:40]!r} is no day; write one in quotes, like "2027-01-31".') from None
        return super().__new__(cls, text)


class Prefix(str):
    """How a literal argument must begin to be allowed."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Refuse what a foreign address can begin with too."""
        url = _URL.match(text)
        if not text.strip() or _BARE_URL.fullmatch(text) or (url and not text[url.end() :].strip("/")):
            raise ValueError(f"{text[:80]!r} names no host: every address would be allowed.")
        if url and not text.endswith("/"):
            raise ValueError(
                f"The address {text[:80]!r} must end in '/': so does {text[:60] + '.evil.example'!r} begin."
            )
        return super().__new__(cls, text)


class Iri(str):
    """A concept of the Data Privacy Vocabulary (https://w3id.org/dpv)."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Check that it is one of DPV's."""
        if not re.fullmatch(r"https://w3id\.org/dpv(?:[/#][A-Za-z0-9/#._-]*)?", text):
            raise ValueError(f"{text[:80]!r} is no IRI of DPV; write https://w3id.org/dpv/pd#....")
        return super().__new__(cls, text)


SCALARS: dict[type, Any] = {
    kind: kind for kind in (Name, Column, Until, Prefix, Iri, Category, Purpose, Glob)
}
"""The language's own scalars: each is built from text, and says in its ValueError what would be right."""

_PART = r"(?:[^\W\d]\w*|\$[A-Z][A-Z0-9_]*)"
DRAWN: dict[type, dict[str, Any]] = {
    Name: {"type": "string", "pattern": rf"^{_PART}(?:\.{_PART})*$"},
    Column: {"type": "string", "pattern": rf"^{_PART}(?:\.{_PART})+$"},
    Until: {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "format": "date"},
    Prefix: {"type": "string", "minLength": 1},
    Iri: {"type": "string", "pattern": r"^https://w3id\.org/dpv(?:[/#][A-Za-z0-9/#._-]*)?$"},
    Category: {"anyOf": [{"enum": [*fideslang().categories]}, {"type": "string", "pattern": OWN}]},
    Purpose: {"anyOf": [{"enum": [*fideslang().uses]}, {"type": "string", "pattern": OWN}]},
    Glob: {"type": "string", "minLength": 1, "maxLength": MAX_PATTERN},
}
"""What each looks like in a JSON schema, as near as one can say it; the loader says the rest."""

_MANY = Meta(max_length=1000)
Names = Annotated[tuple[Name, ...], _MANY]
Columns = Annotated[tuple[Column, ...], _MANY]
Categories = Annotated[tuple[Category, ...], _MANY]
Key = Annotated[str, Meta(min_length=1, max_length=200)]
Line = Annotated[str, Meta(pattern=r"\A\S(.{0,198}\S)?\Z")]
Prose = Annotated[str, Meta(min_length=1, max_length=2000)]
Argument = Annotated[int, Meta(ge=0, le=100)] | Annotated[str, Meta(pattern=r"\A(?:\d{1,2}|[^\W\d]\w*)\Z")]
Id = Annotated[str, Meta(pattern=r"\A[A-Za-z][A-Za-z0-9_-]{0,63}\Z")]


class _Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all mappings share: keys that the language does not have are errors."""


class SourcesBody(_Part, frozen=True):
    """``sources``: where the zone's data enters."""

    calls: Names = ()
    functions: Names = ()
    attributes: Names = ()
    keys: Annotated[tuple[Key, ...], _MANY] = ()
    parameters: Names = ()
    columns: Columns = ()
    decorators: Names = ()
    types: Names = ()


class SinkBody(_Part, frozen=True):
    """One sink below its name: where data leaves."""

    calls: Names = ()
    arguments: Annotated[tuple[Argument, ...], _MANY] = ()
    return_of_decorated: Names = ()
    raises: bool = field(default=False, name="raise")
    columns: Columns = ()
    accepts: Categories = ()
    allow_literal_prefix: Annotated[tuple[Prefix, ...], _MANY] = ()
    until: Until | None = None


class ReclassifierBody(_Part, frozen=True):
    """One of ``reclassifiers``: what may take the label off."""

    call: Name
    to: Category | None = None
    owner: Line | None = None
    until: Until | None = None
    reason: Prose | None = None


Sinks = Annotated[dict[Id, SinkBody], Meta(max_length=100)]


class ZoneBody(_Part, frozen=True):
    """One of ``zones``."""

    id: Id
    data_category: Category
    mode: Mode = Mode.LOG
    sources: SourcesBody = SourcesBody()
    sinks: Sinks = field(default_factory=dict)
    reclassifiers: Annotated[tuple[ReclassifierBody, ...], _MANY] = ()
    allowed_purposes: Annotated[tuple[Purpose, ...], _MANY] = ()
    stewards: Annotated[tuple[Line, ...], _MANY] = ()
    owner: Line | None = None
    same_as: Annotated[tuple[Iri, ...], _MANY] = ()
    description: Prose = ""


class ZonesBody(_Part, frozen=True):
    """The whole file."""

    zones: Annotated[tuple[ZoneBody, ...], Meta(min_length=1, max_length=200)]
    version: Literal[1] = 1
    sinks: Sinks = field(default_factory=dict)
    exclude: Annotated[tuple[Glob, ...], _MANY] = ()
