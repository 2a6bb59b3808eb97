"""Path patterns as CODEOWNERS has them, and an index that finds the last of many that matches a path.

A pattern is read as gitignore(5) has it, less what GitHub leaves out:

============  ================================================================================
``a/b``       a slash at the start or in the middle: from the root of the repository
``a``, ``a/`` none there: at any depth
``a/``        what is beneath the folder, not a file ``a``
``a/*``       what lies directly in the folder, and nothing deeper
``a/**``      everything beneath the folder
``**/``       as a whole segment: any number of folders, none included
``*``, ``?``  any characters of one segment, none included; one character of a segment
============  ================================================================================

Everything else that names a folder names what is beneath it too. The index is a trie over segments, in which
``**`` waits; wildcard segments are found by their longest literal part. A path costs about its own length,
however many lines there are, unless thousands of wildcards share that part. No regular expression is made and
nothing is tried twice: no pattern takes longer than the product of its length and the path's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

#: A segment that no literal names, yet ``*`` and ``?`` match: what lies in a folder, whatever it is.
SOMETHING: Final = "\0"
#: Folders whose place in the trie is remembered; beyond it the memory is started anew.
_MOST_FOLDERS: Final = 4_096
_ANY: Final = "**"
_STARS: Final = re.compile(r"\*{2,}")


class Pattern(NamedTuple):
    """One pattern: its segments from the root; whether it means the path itself, what is beneath it, or both.

    Neither: it matches nothing.
    """

    segments: tuple[str, ...]
    itself: bool
    beneath: bool

    @classmethod
    def read(cls, text: str) -> Pattern:
        """Read a pattern's text, which every text is: what makes no sense matches nothing."""
        segments = text.removeprefix("/").split("/")
        last = segments.pop()
        floating = not text.startswith("/") and (not segments or (len(segments) == 1 and not last))
        if not text or not _NO_NAMES.isdisjoint(segments) or last in {".", ".."} or not (segments or last):
            return NEVER
        if floating:
            segments.insert(0, _ANY)
        itself = last not in {"", _ANY}
        if itself:
            segments.append(last)
        if "**" in text:
            segments = _tidy(segments)
            # Any number of folders before "everything beneath" add nothing: `a/**/` is `a/**`.
            while not itself and segments and segments[-1] == _ANY:
                segments.pop()
        return cls(tuple(segments), itself, not itself or last != "*" or floating)


#: A pattern that matches nothing.
NEVER: Final = Pattern((), itself=False, beneath=False)
_NO_NAMES: Final = frozenset({"", ".", ".."})


def _tidy(segments: Sequence[str]) -> list[str]:
    """Fold repeated stars: in a segment they say no more than one, and ``**/**`` no more than ``**``."""
    tidy: list[str] = []
    for segment in segments:
        part = segment if segment == _ANY or "**" not in segment else _STARS.sub("*", segment)
        if part != _ANY or tidy[-1:] != [_ANY]:
            tidy.append(part)
    return tidy


def is_wild(segment: str) -> bool:
    """Say whether a segment has anything but literal characters."""
    return "*" in segment or "?" in segment


class Wild:
    """One segment with wildcards. Its pieces between the stars are each sought once, from the left."""

    __slots__ = ("first", "last", "least", "middle", "starred")

    def __init__(self, text: str) -> None:
        first, *rest = text.split("*")
        self.starred = bool(rest)
        self.first = first
        self.last = rest.pop() if rest else ""
        self.middle = tuple(piece for piece in rest if piece)
        self.least = len(first) + len(self.last) + sum(map(len, self.middle))

    def places(self, text: str) -> list[tuple[int, str]] | None:
        """Say where each piece stands in ``text``; None: it does not match."""
        room = len(text) - self.least
        if room < 0 or (room and not self.starred):
            return None
        end = len(text) - len(self.last)
        if not _stands(self.first, text, 0) or not _stands(self.last, text, end):
            return None
        found, start = [(0, self.first), (end, self.last)], len(self.first)
        for piece in self.middle:
            at = _find(piece, text, start, end)
            if at < 0:
                return None
            found.append((at, piece))
            start = at + len(piece)
        return found


def _longest_piece(text: str) -> tuple[str, str]:
    """Return where the longest literal piece of a wildcard segment stands, and the piece."""
    first, *rest = text.split("*")
    last = rest.pop() if rest else ""
    literal = (
        [piece for piece in (last, first, *rest) if "?" not in piece] if "?" in text else [last, first, *rest]
    )
    piece = max(literal, key=len, default="")
    if piece and piece is last:
        return "end", piece
    return ("start" if piece and piece is first else "inner"), piece


def _stands(piece: str, text: str, at: int) -> bool:
    if "?" not in piece:
        return text.startswith(piece, at)
    return all(want in {"?", have} for want, have in zip(piece, text[at : at + len(piece)], strict=True))


def _find(piece: str, text: str, start: int, end: int) -> int:
    """Find the leftmost place of a piece; with ``?`` by shift-and, one machine word for 64 characters."""
    if "?" not in piece:
        return text.find(piece, start, end)
    anything, masks = 0, dict.fromkeys(piece, 0)
    for at, character in enumerate(piece):
        if character == "?":
            anything |= 1 << at
        else:
            masks[character] |= 1 << at
    masks["?"] = 0
    state, goal = 0, 1 << (len(piece) - 1)
    for at in range(start, end):
        state = (state << 1 | 1) & (anything | masks.get(text[at], 0))
        if state & goal:
            return at - len(piece) + 1
    return -1


class _Node:
    """One place in the trie: what ends here, what goes on from here."""

    __slots__ = ("any", "beneath", "itself", "literal", "top", "waits", "wild")

    def __init__(self, *, waits: bool = False) -> None:
        self.literal: dict[str, _Node] | None = None
        self.wild: _Wilds | None = None
        self.any: _Node | None = None
        self.waits = waits
        self.itself = -1
        self.beneath = -1
        self.top = -1

    def child(self, segment: str) -> _Node:
        """Return the node that a pattern's segment leads to, made where there is none."""
        if segment == _ANY:
            if self.any is None:
                self.any = _Node(waits=True)
            return self.any
        if is_wild(segment):
            if self.wild is None:
                self.wild = _Wilds()
            return self.wild.child(segment)
        if self.literal is None:
            self.literal = {}
        node = self.literal.get(segment)
        if node is None:
            node = self.literal[segment] = _Node()
        return node

    def children(self) -> Iterator[_Node]:
        """Go through all that goes on from here."""
        if self.literal is not None:
            yield from self.literal.values()
        if self.wild is not None:
            yield from self.wild.nodes.values()
        if self.any is not None:
            yield self.any


class _Wilds:
    """The wildcard segments that go on from one node, by their longest literal piece."""

    __slots__ = ("buckets", "nodes")

    def __init__(self) -> None:
        self.nodes: dict[str, _Node] = {}
        self.buckets: dict[str, _Bucket] = {}

    def child(self, text: str) -> _Node:
        node = self.nodes.get(text)
        if node is None:
            node = self.nodes[text] = _Node()
            where, piece = _longest_piece(text)
            bucket = self.buckets.get(where)
            if bucket is None:
                bucket = self.buckets[where] = _Bucket()
            bucket.add(piece, text, node)
        return node

    def matching(self, segment: str) -> Iterator[_Node]:
        size = len(segment)
        for where, bucket in self.buckets.items():
            for length in bucket.lengths:
                if length > size:
                    continue
                if where == "end":
                    yield from bucket.matching(segment[size - length :], segment)
                elif where == "start":
                    yield from bucket.matching(segment[:length], segment)
                else:
                    pieces = {segment[at : at + length] for at in range(size - length + 1)}
                    for piece in sorted(pieces) if length else [""]:
                        yield from bucket.matching(piece, segment)


class _Bucket:
    """Wildcard segments by a literal piece of theirs; read when they are first asked for."""

    __slots__ = ("lengths", "read", "unread")

    def __init__(self) -> None:
        self.unread: dict[str, list[tuple[str, _Node]]] = {}
        self.read: dict[str, list[tuple[Wild, _Node]]] = {}
        self.lengths: dict[int, None] = {}

    def add(self, piece: str, text: str, node: _Node) -> None:
        self.unread.setdefault(piece, []).append((text, node))
        self.lengths[len(piece)] = None

    def matching(self, piece: str, segment: str) -> Iterator[_Node]:
        if piece in self.unread:
            self.read[piece] = [(Wild(text), node) for text, node in self.unread.pop(piece)]
        for wild, node in self.read.get(piece, ()):
            if wild.places(segment) is not None:
                yield node


class Index:
    """Many numbered patterns, later ones with higher numbers; of equal ones only the last is kept."""

    __slots__ = ("_folders", "_root")

    def __init__(self, patterns: Iterable[tuple[int, Pattern]]) -> None:
        """Index ``patterns``, given in the order of their numbers."""
        self._root = root = _Node()
        self._folders: dict[str, tuple[list[_Node], int]] = {}
        for number, (segments, itself, beneath) in patterns:
            if not itself and not beneath:
                continue
            node = root
            node.top = number
            for segment in segments:
                literal = node.literal
                child = None if literal is None else literal.get(segment)
                node = node.child(segment) if child is None else child
                node.top = number
            if itself:
                node.itself = number
            if beneath:
                node.beneath = number

    def last(self, path: str) -> int | None:
        """Return the highest number of a pattern that matches ``path``; None: none does."""
        folder, slash, name = path.rpartition("/")
        active, best = self._reach(folder if slash else None)
        for node in _step(active, name, best):
            if node.itself > best:  # noqa: PLR1730 (max is a call, here in the innermost loop)
                best = node.itself
        return None if best < 0 else best

    def all(self, path: str) -> list[int]:
        """Return the numbers of all patterns that match ``path``, in order."""
        active, found = _begin(self._root), set[int]()
        for segment in path.split("/"):
            found.update(node.beneath for node in active)
            active = _step(active, segment, -1)
        found.update(node.itself for node in active)
        return sorted(found - {-1})

    def within(self, folder: str) -> list[int]:
        """Return the numbers of the patterns that name something beneath ``folder``, in order.

        Those that a later pattern takes away with the whole folder are left out, and so are those that
        would name it at any depth.
        """
        active, best = self._reach(folder)
        found, waiting = set[int](), [node for node in active if not node.waits]
        while waiting:
            for child in waiting.pop().children():
                if child.top > best:
                    found.update((child.itself, child.beneath))
                    waiting.append(child)
        return sorted(number for number in found if number > best)

    def _reach(self, folder: str | None) -> tuple[list[_Node], int]:
        """Return the nodes at a folder (None: the root) and the last pattern that holds all that is in it."""
        known = None if folder is None else self._folders.get(folder)
        if known is not None:
            return known
        active = _begin(self._root)
        best = _holding(active, -1)
        if folder is None:
            return active, best
        for segment in folder.split("/"):
            active = _step(active, segment, best)
            best = _holding(active, best)
        if len(self._folders) >= _MOST_FOLDERS:
            self._folders.clear()
        self._folders[folder] = (active, best)
        return active, best


def _holding(active: list[_Node], best: int) -> int:
    for node in active:
        if node.beneath > best:  # noqa: PLR1730
            best = node.beneath
    return best


def _begin(root: _Node) -> list[_Node]:
    return [root] if root.any is None else [root, root.any]


def _step(active: list[_Node], segment: str, best: int) -> list[_Node]:
    """Go one segment further, but nowhere where nothing later than ``best`` can be."""
    following: dict[_Node, None] = {}
    for node in active:
        if node.top <= best:
            continue
        if node.waits:
            following[node] = None
        if node.literal is not None and (child := node.literal.get(segment)) is not None:
            following[child] = None
        if node.wild is not None:
            for wild in node.wild.matching(segment):
                following[wild] = None
    for node in list(following):
        if node.any is not None:
            following[node.any] = None
    return list(following)
