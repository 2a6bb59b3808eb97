"""What became of each function, class and statement: equal ones are set aside before anything is parsed."""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from riskbot.detect.structure.outline import Kind, Outline, Piece
from riskbot.detect.structure.source import UnreadableError
from riskbot.detect.structure.unit import Unit
from riskbot.domain.change import FileDiff

SIMILAR = 0.75  # share of equal lines above which a removed and an added function are one, renamed
MAX_PAIRINGS = 400  # removed x added in one scope; beyond it only exact matches count


class Relation(Enum):
    """What happened to a piece."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    MOVED = "moved"


@dataclass(eq=False)
class Pair:
    """A piece before and after; the syntax trees are read on first use."""

    relation: Relation
    before: tuple[Piece, Outline] | None
    after: tuple[Piece, Outline] | None
    moved_from: str | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def piece(self) -> Piece:
        """The piece as it is now, or was."""
        side = self.after or self.before
        if side is None:
            raise AssertionError("BUG: a pair without sides")
        return side[0]

    @cached_property
    def old(self) -> Unit | None:
        """The syntax before; None where there is none or it cannot be read (then ``problems`` says so)."""
        return self._read(self.before)

    @cached_property
    def new(self) -> Unit | None:
        """The syntax after; None as for ``old``."""
        return self._read(self.after)

    def _read(self, side: tuple[Piece, Outline] | None) -> Unit | None:
        if side is None:
            return None
        try:
            return Unit(*side)
        except (UnreadableError, RecursionError) as error:
            self.problems.append(str(error))
            return None

    @cached_property
    def same_text(self) -> bool:
        """Both sides read the same but for indentation and the defined name (a pure move or rename)."""
        return bool(self.before and self.after) and _shape(self.before[0]) == _shape(self.after[0])  # type: ignore[index]

    @cached_property
    def same(self) -> bool:
        """Both sides mean the same: only layout, comments, docstrings or annotations differ."""
        if self.same_text:
            return True
        return self.old is not None and self.new is not None and self.old.tokens == self.new.tokens


@dataclass(eq=False)
class FilePair:
    """A Python file before and after, with the pairs of pieces that differ."""

    file: FileDiff
    old: Outline | None
    new: Outline | None
    pairs: list[Pair] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The path a reader looks for."""
        return self.file.path


def compare(files: Iterable[tuple[FileDiff, Outline | None, Outline | None]]) -> list[FilePair]:
    """Match the pieces of every file; then find functions and classes that moved between files."""
    result = [FilePair(file, old, new, _match(old, new)) for file, old, new in files]
    _find_moves(result)
    return result


def _match(old: Outline | None, new: Outline | None) -> list[Pair]:
    before, after = _leftover(old, new)
    pairs = _match_statements(old, new, before, after)
    lost: list[Piece] = []
    by_name: dict[str, list[Piece]] = defaultdict(list)
    for piece in after:
        if piece.kind is not Kind.STATEMENT:
            by_name[piece.qualname].append(piece)
    for piece in before:
        if piece.kind is Kind.STATEMENT:
            continue
        same_name = by_name.get(piece.qualname)
        if same_name and old and new:
            pairs.append(Pair(Relation.CHANGED, (piece, old), (same_name.pop(0), new)))
        else:
            lost.append(piece)
    gained = [piece for pieces in by_name.values() for piece in pieces]
    if old and new:
        pairs += _match_renamed(lost, gained, old, new)
    pairs += [Pair(Relation.REMOVED, (piece, old), None) for piece in lost if old]
    pairs += [Pair(Relation.ADDED, None, (piece, new)) for piece in gained if new]
    return pairs


def _leftover(old: Outline | None, new: Outline | None) -> tuple[list[Piece], list[Piece]]:
    """The pieces of each side that the other side does not have word for word."""
    before, after = (old.pieces if old else []), (new.pieces if new else [])
    common = Counter(_identity(p) for p in before) & Counter(_identity(p) for p in after)
    return _without(before, Counter(common)), _without(after, common)


def _identity(piece: Piece) -> tuple[str, str]:
    return piece.qualname, piece.text


def _without(pieces: list[Piece], common: Counter[tuple[str, str]]) -> list[Piece]:
    rest = []
    for piece in pieces:
        if common[_identity(piece)] > 0:
            common[_identity(piece)] -= 1
        else:
            rest.append(piece)
    return rest


def _match_statements(
    old: Outline | None, new: Outline | None, before: list[Piece], after: list[Piece]
) -> list[Pair]:
    """Pair plain statements of one scope: by the name they assign or their first word, then in order."""
    pairs: list[Pair] = []
    waiting: dict[tuple[str, str], list[Piece]] = defaultdict(list)
    for piece in before:
        if piece.kind is Kind.STATEMENT:
            waiting[piece.scope, _lead(piece)].append(piece)
    for piece in after:
        if piece.kind is not Kind.STATEMENT or new is None:
            continue
        partners = waiting.get((piece.scope, _lead(piece)))
        if partners and old:
            pairs.append(Pair(Relation.CHANGED, (partners.pop(0), old), (piece, new)))
        else:
            pairs.append(Pair(Relation.ADDED, None, (piece, new)))
    pairs += [Pair(Relation.REMOVED, (p, old), None) for rest in waiting.values() for p in rest if old]
    return pairs


def _lead(piece: Piece) -> str:
    """What a statement begins with: ``NAME =``, ``import``, ``if``."""
    text = piece.text.lstrip()
    head = text.split("=")[0].split(":")[0].strip()
    return head if head.isidentifier() else text.split(None, 1)[0]


def _match_renamed(lost: list[Piece], gained: list[Piece], old: Outline, new: Outline) -> list[Pair]:
    pairs: list[Pair] = []
    if len(lost) * len(gained) > MAX_PAIRINGS:
        return pairs
    for piece in list(lost):
        rivals = [p for p in gained if p.scope == piece.scope and p.kind is piece.kind]
        scored = [(similarity(piece, rival), rival) for rival in rivals]
        best, rival = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        if rival is not None and best >= SIMILAR and piece.kind is Kind.FUNCTION:
            lost.remove(piece)
            gained.remove(rival)
            pairs.append(Pair(Relation.RENAMED, (piece, old), (rival, new)))
    return pairs


def _find_moves(files: list[FilePair]) -> None:
    """Turn "removed here, added there" under one name into "moved" (also within a file, between classes)."""
    added: dict[str, list[tuple[FilePair, Pair]]] = defaultdict(list)
    for home in files:
        for pair in home.pairs:
            if pair.relation is Relation.ADDED and pair.piece.name:
                added[pair.piece.name].append((home, pair))
    for origin in files:
        for pair in [p for p in origin.pairs if p.relation is Relation.REMOVED and p.piece.name in added]:
            best = _best_home(pair, added[pair.piece.name])
            if best is None:
                continue
            home, target = best
            added[pair.piece.name].remove(best)
            home.pairs.remove(target)
            origin.pairs.remove(pair)
            home.pairs.append(Pair(Relation.MOVED, pair.before, target.after, origin.path))


def _best_home(pair: Pair, homes: list[tuple[FilePair, Pair]]) -> tuple[FilePair, Pair] | None:
    candidates = [home for home in homes[:20] if home[1].piece.kind is pair.piece.kind]
    scored = [(similarity(pair.piece, home[1].piece), home) for home in candidates]
    best, found = max(scored, key=lambda item: item[0], default=(0.0, None))
    return found if best >= SIMILAR else None


def similarity(one: Piece, other: Piece) -> float:
    """The share of equal lines, 0 to 1, without indentation and defined name; short pieces must be equal."""
    a, b = _shape(one), _shape(other)
    if a == b:
        return 1.0 if len(a) > 1 else 0.5
    if min(len(a), len(b)) < 4 or min(len(a), len(b)) / max(len(a), len(b)) < SIMILAR / 1.5:
        return 0.0
    return difflib.SequenceMatcher(a=a[1:400], b=b[1:400], autojunk=False).ratio()


def _shape(piece: Piece) -> list[str]:
    lines = [line.strip() for line in piece.text.split("\n")]
    for number, line in enumerate(lines):
        if line.startswith(("def ", "async def ", "class ")):
            lines[number] = line.replace(piece.name, "_", 1)
            break
    return [line for line in lines if line]
