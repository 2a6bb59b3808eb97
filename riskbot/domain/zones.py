"""Policy zones and the flows of data that they speak of: what ``zones.yaml`` declares, what was found.

A *zone* is a category of data with its sources (where it enters), its sinks (where it must not go, or may go
only if the sink's label is equal or stricter), its reclassifiers (what may take the label off) and its
stewards. The mechanism is Meta's (Policy Zones in Privacy Aware Infrastructure,
https://engineering.fb.com/2024/08/27/security/privacy-aware-infrastructure-purpose-limitation-meta/), done
statically and per change: it promises nothing about what happens at run time.

Names in patterns are dotted names. ``$X`` stands for exactly one part. A pattern means every name that ends
with it at a dot, after imports and aliases are resolved: ``vault.get_card`` is also ``app.vault.get_card``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Mode(Enum):
    """Whether a flow is only told (``log``) or held (``enforce``)."""

    LOG = "log"
    ENFORCE = "enforce"


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a zone's data enters a program; each a tuple of patterns.

    ``calls``: what these calls return. ``functions``: the same, told at the definition (``module.func`` or
    ``Class.method``). ``attributes``: every attribute so named (``x.card_number``), or of a class
    (``User.email``). ``keys``: literal keys of mappings (``row["card_number"]``, ``row.get("card_number")``).
    ``parameters``: parameters so named, or of a function (``charge.card``). ``columns``: ``Model.column`` or
    ``table.column``. ``decorators``: functions that bear one return the zone's data. ``types``: parameters,
    variables, attributes, fields and returns annotated with one, by name or as ``Annotated[..., Zone("<the
    category>")]``, which counts for every zone without being listed.
    """

    calls: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    decorators: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sink:
    """Where data leaves: a call's arguments, what a decorated function returns, what is raised or stored.

    ``accepts`` are categories that may go there: a category means itself and everything below it. A call
    whose first literal argument (or the literal beginning of it) starts with one of ``allow_literal_prefix``
    is allowed. ``arguments`` limits the sink to these positions (from 0) and keywords; empty: all of them.
    ``raises``: what an exception is raised with. ``columns``: ``Model.column`` that data is stored into.
    ``until`` is the date (YYYY-MM-DD) after which ``accepts`` and ``allow_literal_prefix`` no longer count.
    """

    name: str
    calls: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    return_of_decorated: tuple[str, ...] = ()
    raises: bool = False
    columns: tuple[str, ...] = ()
    accepts: tuple[str, ...] = ()
    allow_literal_prefix: tuple[str, ...] = ()
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Reclassifier:
    """A function whose result no longer is the zone's data; ``to`` is the category that it is instead."""

    call: str
    to: str | None = None
    owner: str | None = None
    until: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Zone:
    """One zone as declared; ``line`` is where. ``sinks`` hold those that the file declares for all."""

    id: str
    data_category: str
    mode: Mode = Mode.LOG
    sources: Sources = Sources()
    sinks: tuple[Sink, ...] = ()
    reclassifiers: tuple[Reclassifier, ...] = ()
    allowed_purposes: tuple[str, ...] = ()
    stewards: tuple[str, ...] = ()
    owner: str | None = None
    same_as: tuple[str, ...] = ()
    description: str = ""
    line: int = 1


@dataclass(frozen=True, slots=True)
class Zones:
    """All zones of a file. ``exclude`` are globs of paths not looked at; ``digest`` names the text."""

    zones: tuple[Zone, ...] = ()
    exclude: tuple[str, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a flow: where (1-based line), and in words what happens to the data there."""

    file: str
    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Flow:
    """Data of a zone that reaches a sink which does not accept it. ``path``: the source first, the sink last.

    ``source`` names the source as the zone declares it (such as ``vault.get_card``); ``function`` is the
    qualified name of the function in which the sink stands. Together with zone, sink and file they identify
    the flow when lines move.
    """

    zone: str
    category: str
    sink: str
    mode: Mode
    file: str
    line: int
    source: str
    function: str
    path: tuple[Step, ...]
    engine: str = "ast"
