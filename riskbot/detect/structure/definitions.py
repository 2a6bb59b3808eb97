"""Functions and classes that came, went, were renamed or moved."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from riskbot.detect.structure.compare import FilePair, Pair, Relation
from riskbot.detect.structure.outline import Kind, Piece
from riskbot.detect.structure.world import Hit, World, is_public, is_test, shorten
from riskbot.domain.change import FileStatus
from riskbot.domain.finding import Severity, Side


def check(home: FilePair, world: World) -> Iterator[Hit]:
    """Say per file, at most once each, what was added, removed, renamed and moved."""
    del world  # what moved between files is known already
    if is_test(home.path):
        return
    named = [pair for pair in home.pairs if pair.piece.kind is not Kind.STATEMENT]
    yield from _added(home, [p for p in named if p.relation is Relation.ADDED])
    yield from _removed(home, [p for p in named if p.relation is Relation.REMOVED])
    yield from _renamed(home, [p for p in named if p.relation is Relation.RENAMED])
    yield from _moved(home, [p for p in named if p.relation is Relation.MOVED])
    yield from _values_removed(home)
    yield from _exports(home)
    if home.file.status is FileStatus.RENAMED and home.file.old_path and _module_is_public(home):
        yield Hit(
            "structure.module-renamed",
            home.path,
            None,
            f"The module moved from `{home.file.old_path}` to `{home.path}`. Imports of the old"
            " name break unless"
            " something stays behind there: look for users outside this change.",
            home.file.old_path,
        )


def _module_is_public(home: FilePair) -> bool:
    return is_public(home, Piece(Kind.STATEMENT, "", "", 1, 1, ""))


def _line(pair: Pair, side: Side) -> int | None:
    chosen = pair.before if side is Side.OLD else pair.after
    return chosen[1].source.git_line(chosen[0].start) if chosen else None


def _outermost(pairs: list[Pair]) -> list[Pair]:
    """Without the members of classes that are in the list themselves."""
    classes = {p.piece.qualname for p in pairs if p.piece.kind is Kind.CLASS}
    return [p for p in pairs if p.piece.scope not in classes]


def _added(home: FilePair, pairs: list[Pair]) -> Iterator[Hit]:
    pairs = _outermost(pairs)
    if pairs:
        names = [pair.piece.qualname for pair in pairs]
        yield Hit(
            "structure.definitions-added",
            home.path,
            _line(pairs[0], Side.NEW),
            f"{len(names)} new definition{'s' * (len(names) > 1)}: {shorten(names)}.",
            " ".join(names),
            evidence=tuple(names[:20]),
        )


def _removed(home: FilePair, pairs: list[Pair]) -> Iterator[Hit]:
    pairs = _outermost(pairs)
    gone = [pair for pair in pairs if not _still_there(home, pair.piece)]
    public = [p for p in gone if is_public(home, p.piece)]
    for rule, chosen in (
        ("structure.public-api-removed", public),
        ("structure.definitions-removed", [p for p in gone if p not in public]),
    ):
        if not chosen:
            continue
        names = [pair.piece.qualname for pair in chosen]
        words = "Public names were removed" if chosen is public else "Definitions were removed"
        ending = ". Whoever imports or overrides them breaks: deprecate first, or announce it."
        inherited = all(_may_inherit(home, pair.piece) for pair in chosen)
        if chosen is public and inherited:
            ending = ". Their classes have bases: what is inherited now?"
        yield Hit(
            rule,
            home.file.old_path or home.path,
            _line(chosen[0], Side.OLD),
            f"{words}: {shorten(names)}{ending if chosen is public else '.'}",
            " ".join(names),
            Side.OLD,
            evidence=tuple(names[:20]),
            severity=Severity.LOW if chosen is public and inherited else None,
        )


_VALUE = re.compile(r"^([A-Za-z]\w*)\s*(?::[^=\n]*)?=(?!=)")
_UNSAID = re.compile(r"^(log|logger|LOG|LOGGER|__\w+__)$")


def _values_removed(home: FilePair) -> Iterator[Hit]:
    """Public constants and aliases of a module that went."""
    gone = []
    for pair in home.pairs:
        piece = pair.piece
        match = _VALUE.match(piece.text) if pair.relation is Relation.REMOVED and not piece.scope else None
        if match is None or _UNSAID.match(match[1]) or home.new is None:
            continue
        named = replace(piece, name=match[1])
        again = re.compile(rf"^\s*{match[1]}\b", re.MULTILINE)  # also under if and try
        if any(p.kind is Kind.STATEMENT and not p.scope and again.search(p.text) for p in home.new.pieces):
            continue
        if is_public(home, named) and not _still_there(home, named):
            gone.append((match[1], pair))
    if gone:
        names = [name for name, _ in gone]
        yield Hit(
            "structure.public-api-removed",
            home.file.old_path or home.path,
            _line(gone[0][1], Side.OLD),
            f"Public values were removed: {shorten(names)}. Whoever imports them breaks.",
            " ".join(names),
            Side.OLD,
            evidence=tuple(names[:20]),
            severity=Severity.LOW,
        )


def _may_inherit(home: FilePair, piece: Piece) -> bool:
    """The piece is a method and its class is still there, with bases."""
    classes = home.new.pieces if home.new and piece.scope else ()
    return any(
        p.qualname == piece.scope and p.kind is Kind.CLASS and "(" in p.text and "()" not in p.text
        for p in classes
    )


def _still_there(home: FilePair, piece: Piece) -> bool:
    """The name is still defined (one of several definitions went) or is imported now."""
    if home.new is None:
        return False
    if piece.scope == "" and (piece.name in home.new.aliases or _assigned(home, piece.name)):
        return True
    return any(p.qualname == piece.qualname and p.kind is not Kind.STATEMENT for p in home.new.pieces)


def _assigned(home: FilePair, name: str) -> bool:
    return any(
        p.kind is Kind.STATEMENT
        and p.scope == ""
        and (p.text.startswith((f"{name} =", f"{name}:")) or f" {name}" in p.text.split("\n")[0])
        for p in (home.new.pieces if home.new else ())
    )


def _renamed(home: FilePair, pairs: list[Pair]) -> Iterator[Hit]:
    for pair in pairs:
        if pair.before is None:
            continue
        old, new = pair.before[0].qualname, pair.piece.qualname
        public = is_public(home, pair.before[0])
        ending = " It was public: callers of the old name break." if public else ""
        yield Hit(
            "structure.public-renamed" if public else "structure.renamed",
            home.path,
            _line(pair, Side.NEW),
            f"`{old}` was renamed to `{new}`.{ending}",
            f"{old} {new}",
        )


def _moved(home: FilePair, pairs: list[Pair]) -> Iterator[Hit]:
    by_origin: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_origin[pair.moved_from or ""].append(pair)
    for origin, group in by_origin.items():
        names = [pair.piece.qualname for pair in group]
        edits = [pair.piece.qualname for pair in group if not pair.same]
        note = f" Not only moved, also edited: {shorten(edits)}." if edits else " Nothing in them changed."
        source = "within the file" if origin == home.path else f"from `{origin}`"
        yield Hit(
            "structure.moved",
            home.path,
            _line(group[0], Side.NEW),
            f"Moved {source}: {shorten(names)}.{note}",
            f"{origin} {' '.join(names)}",
            evidence=tuple(names[:20]),
        )


def _exports(home: FilePair) -> Iterator[Hit]:
    if home.old is None or home.new is None or home.old.exports is None or home.new.exports is None:
        return
    gone = sorted(home.old.exports - home.new.exports)
    if gone and _module_is_public(home):
        yield Hit(
            "structure.export-removed",
            home.path,
            None,
            f"`__all__` no longer lists {shorten(gone)}: star imports and documented API lose them.",
            " ".join(gone),
        )
