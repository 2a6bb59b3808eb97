"""Which functions can see data of a zone at all: only those need to be asked where it goes.

Data enters a function where a source is named in it, or where it names something that data comes from: a
function that returns it, an attribute or a global that holds it, a class with such methods. So the names of
the sources are *hot* at first; each function whose text has a hot word is analysed, and what it turns out
to give to others makes more names hot, until there are no more. Where such a function leaves it to others
what is called (a callback that it is passed), those who decide are hot as well, by the function's own name.
A function without a hot word sees symbols only: its summary is made when somebody calls it. Text is read as
Python reads names (NFKC).
"""

from __future__ import annotations

import ast
import bisect
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from riskbot.detect.flows.engine.annotations import zones_of
from riskbot.detect.flows.engine.definitions import ClassInfo, FunctionInfo, Module, last_name
from riskbot.detect.flows.engine.tables import Tables
from riskbot.detect.flows.engine.values import (
    SYMBOL,
    ClassRef,
    ExternalRef,
    FunctionRef,
    Object,
    ObjectId,
    ObjectRef,
    Value,
)
from riskbot.detect.flows.engine.world import Summary, World
from riskbot.detect.flows.trees.tree import Tree

_WORD = re.compile(rb"[A-Za-z_]\w*")
_PART = re.compile(r"[A-Za-z_]\w*")
_COOKIE = re.compile(rb"(?:[^\r\n]*(?:\r\n|\r|\n))??[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)")  # PEP 263
_PLAIN = frozenset(
    {b"utf-8", b"utf8", b"latin-1", b"latin1", b"ascii", b"us-ascii", b"iso-8859-1", b"cp1252"}
)
_ANNOTATION = "Zone"  # Annotated[str, Zone("...")] is a source without being declared
_RUN_BY_TESTS = frozenset({"setUp", "tearDown", "setUpClass", "tearDownClass", "asyncSetUp", "asyncTearDown"})
_FEW = 10  # a name that so many files have, or one in fifty, says little by itself
_DEEPEST = 3  # objects in objects that are looked into for data


def identifiers(content: bytes) -> frozenset[bytes]:
    """All words of a text that may be names, as Python folds them."""
    return frozenset(_WORD.findall(_folded(content)))


def _folded(content: bytes) -> bytes:
    cookie = _COOKIE.match(content)
    if content.isascii() and (cookie is None or cookie[1].lower() in _PLAIN):
        return content
    try:
        text = content.decode("utf-8" if cookie is None else cookie[1].decode())
    except (LookupError, ValueError):
        text = content.decode("utf-8", "replace")
    return unicodedata.normalize("NFKC", text).encode("utf-8", "replace")


def source_words(tables: Tables) -> set[bytes]:
    """The words of which a text must have one to hold a source."""
    words = {_ANNOTATION} | tables.attributes.words()
    for names in tables.sources.values():
        words |= names.words()
    # A key may be any text: its longest part that looks like a name stands for it.
    parts = (max(_PART.findall(word), key=len, default="") for word in words)
    return {part.encode() for part in parts if part}


class Relevance:
    """The hot words of one analysis, and the files and functions that have some.

    ``words`` of a file are asked for once (``known`` may hold them by the content's name).
    """

    def __init__(self, world: World, tree: Tree, paths: Sequence[str], known: Words | None = None) -> None:
        self._world, self._tree, self._paths = world, tree, paths
        self._known = Words() if known is None else known
        self._hot = source_words(world.tables)
        self._lines: dict[str, dict[bytes, list[int]]] = {}
        self._new: set[bytes] = set()
        # Names that many files have count only together with one of these: their class or module.
        self._paired: dict[bytes, set[bytes]] = {}
        self._new_paired: dict[bytes, set[bytes]] = {}
        self._common: dict[bytes, bool] = {}
        self._counts: Counter[bytes] = Counter()
        self._at: dict[str, list[int]] = {}  # of a file: its lines with a hot word, ascending
        self._at_new: dict[str, list[int]] = {}
        self._infos: set[FunctionInfo] = set()

    def hot(self) -> frozenset[bytes]:
        """The words that make a file worth a look; ``name&home``: a name that counts only beside its home."""
        pairs = {word + b"&" + home for word, homes in self._paired.items() for home in homes}
        return frozenset(self._hot | pairs)

    def files(self) -> list[str]:
        """List the files that have a hot word."""
        return self._having(self._hot, self._paired)

    def fresh_files(self) -> list[str]:
        """List the files that have a word that is hot since the last :meth:`grow`."""
        return self._having(self._new, self._new_paired)

    def _having(self, hot: set[bytes], paired: dict[bytes, set[bytes]]) -> list[str]:
        found: list[str] = []
        for path in self._paths:
            words = self._known.of(self._tree, path)
            if not hot.isdisjoint(words) or any(
                word in words and not homes.isdisjoint(words) for word, homes in paired.items()
            ):
                found.append(path)
        return found

    def wants(self, info: FunctionInfo) -> bool:
        """Tell whether the function has a hot word, in its decorators and the functions inside it, too."""
        return self._has(info, self._at, self._hot, self._paired)

    def warmed(self, info: FunctionInfo) -> bool:
        """Tell whether the function has a word that is hot since the last :meth:`grow`."""
        return self._has(info, self._at_new, self._new, self._new_paired)

    def _has(
        self, info: FunctionInfo, at: dict[str, list[int]], hot: set[bytes], paired: dict[bytes, set[bytes]]
    ) -> bool:
        path = info.module.path
        found = at.get(path)
        if found is None:
            lines = self._lines_of(info.module)
            words = hot & lines.keys()
            words |= {word for word, homes in paired.items() if word in lines and not homes.isdisjoint(lines)}
            found = at[path] = sorted({line for word in words for line in lines[word]})
        first = min((info.node.lineno, *(one.lineno for one in info.decorators)))
        place = bisect.bisect_left(found, first)
        return place < len(found) and found[place] <= (info.node.end_lineno or first)

    def _lines_of(self, module: Module) -> dict[bytes, list[int]]:
        if module.path not in self._lines:
            found: dict[bytes, list[int]] = {}
            content = _folded(self._tree.read(module.path) or b"")
            for number, line in enumerate(content.splitlines(), 1):
                for word in _WORD.findall(line):
                    found.setdefault(self._known.same(word), []).append(number)
            self._lines[module.path] = found
        return self._lines[module.path]

    def grow(self) -> bool:
        """Make hot what by now is known to give data to others; tell whether anything new is."""
        were, paired = set(self._hot), {word: set(homes) for word, homes in self._paired.items()}
        while True:
            before = len(self._infos)
            for name, home in self._names():
                self._heat(name, home)
            if len(self._infos) == before:
                break
        self._new = self._hot - were
        self._new_paired = {
            word: homes - paired.get(word, set())
            for word, homes in self._paired.items()
            if not homes <= paired.get(word, set())
        }
        self._at.clear()
        self._at_new.clear()
        return bool(self._new or self._new_paired)

    def _heat(self, name: str, home: str) -> None:
        """Make a name hot; ``home`` is the full name of what it is defined in."""
        if name.startswith("<"):
            return
        word = name.encode()
        if self._is_common(word):
            self._paired.setdefault(word, set()).add(home.rpartition(".")[2].encode())
        else:
            self._hot.add(word)

    def _is_common(self, word: bytes) -> bool:
        known = self._common.get(word)
        if known is None:
            if not self._counts:
                for path in self._paths:
                    self._counts.update(self._known.of(self._tree, path))
            known = self._common[word] = self._counts[word] > max(_FEW, len(self._paths) // 50)
        return known

    def _names(self) -> Iterator[tuple[str, str]]:
        world = self._world
        for (info, _), summary in world.memo.items():
            if info not in self._infos and self._gives(summary):
                self._infos.add(info)
                yield from _called(info)
        for info, value in world.wrapped.items():
            if value is not None and info not in self._infos and self._bears(value, {}):
                self._infos.add(info)
                yield from _called(info)
        for key, value in world.facts.items():
            if isinstance(key[-1], str) and self._bears(value, {}):
                home = str(key[1])
                yield key[-1], home.removesuffix(".py").replace("/", ".") if key[0] == "global" else home
        for frame in list(world.bodies.values()):
            for name, value in frame.vars.items():
                if self._bears(value, frame.heap):
                    yield name, frame.module.name
        for (home_of, name), value in world.class_values.items():
            if self._bears(value, {}):
                yield name, home_of.dotted
        yield from self._aliases()
        yield from self._deciding()

    def _deciding(self) -> Iterator[tuple[str, str]]:
        """Those who decide what is called with the data: they pass a callback."""
        for info in self._world.asking:
            if not _hidden(info.name):
                yield info.name, info.dotted.rpartition(".")[0]

    def _aliases(self) -> Iterator[tuple[str, str]]:
        """Other names of what is hot: imported under another name, inherited from."""
        for module in self._world.program.parsed():
            for statements in module.bound.values():
                for one in statements:
                    if isinstance(one, ast.ImportFrom):
                        yield from (
                            (a.asname, a.asname) for a in one.names if a.asname and self._is_hot(a.name)
                        )
            for info in list(module.made.values()):
                if isinstance(info, ClassInfo):
                    for name, annotation in info.annotated.items():
                        if zones_of(self._world, module, annotation):
                            yield name, info.dotted
            for info in module.classes.values():
                if any(last_name(base).encode() in self._hot for base in info.node.bases):
                    yield info.name, info.dotted.rpartition(".")[0]

    def _is_hot(self, name: str) -> bool:
        return name.encode() in self._hot or name.encode() in self._paired

    def _gives(self, summary: Summary) -> bool:
        """Tell whether a caller gets data of a zone, or something that gives it."""
        objects = summary.objects
        return (
            self._bears(summary.result, objects)
            or self._bears(summary.raised, objects)
            or any(
                self._bears(value, objects) for _, after in summary.effects.values() for value in after.all()
            )
        )

    def _bears(self, value: Value, objects: dict[ObjectId, Object], depth: int = 0) -> bool:
        if any(label.zone != SYMBOL for label in value.labels):
            return True
        for one in value.refs:
            if isinstance(one, FunctionRef) and (one.info in self._infos or self._declared(one.info.dotted)):
                return True
            if isinstance(one, ExternalRef) and self._declared(one.name):
                return True
            if isinstance(one, ClassRef) and self._hot_class(one.info):
                return True
            if isinstance(one, ObjectRef) and depth < _DEEPEST:
                for made in (objects.get(one.id), self._world.heap.get(one.id)):
                    if made is None:
                        continue
                    if isinstance(made.info, ClassInfo) and self._hot_class(made.info):
                        return True
                    if any(self._bears(inner, objects, depth + 1) for inner in made.all()):
                        return True
        return False

    def _declared(self, name: str) -> bool:
        sources = self._world.tables.sources
        return bool(sources["calls"].find(name) or sources["functions"].find(name))

    def _hot_class(self, info: ClassInfo) -> bool:
        """Whether an object of the class gives data without any of its methods being named."""
        return any(
            method in self._infos and _hidden(name)
            for base in self._world.program.order(info)
            if isinstance(base, ClassInfo)
            for name, method in base.methods.items()
        )


def _called(info: FunctionInfo) -> Iterable[tuple[str, str]]:
    """The name by which somebody may call a function, its own or that of its class, and where it is.

    What a test runner calls by its name, nobody else calls: its data goes nowhere from there.
    """
    if info.name.startswith("test") or info.name in _RUN_BY_TESTS:
        return ()
    if not _hidden(info.name):
        return ((info.name, info.dotted.rpartition(".")[0]),)
    return () if info.owner is None else ((info.owner.name, info.owner.dotted.rpartition(".")[0]),)


def _hidden(name: str) -> bool:
    """Whether a function is called without being named: ``__init__``, ``__str__``."""
    return name.startswith("__") and name.endswith("__")


def is_hot(relevant: frozenset[bytes], words: frozenset[bytes]) -> bool:
    """Whether a file with these words is worth a look, by what :meth:`Relevance.hot` gave."""
    return not relevant.isdisjoint(words) or any(
        word in words and home in words
        for word, mark, home in (one.partition(b"&") for one in relevant)
        if mark
    )


class Words:
    """The words of files by the names of their contents."""

    def __init__(self) -> None:
        self._of: dict[str, frozenset[bytes]] = {}
        self._same: dict[bytes, bytes] = {}

    def of(self, tree: Tree, path: str) -> frozenset[bytes]:
        """The words of a file; none where it cannot be read."""
        digest = tree.digest(path)
        found = self._of.get(digest)
        if found is None:
            words = self.look(digest, tree, path)
            # One object for a word that many files have.
            found = self._of[digest] = frozenset(map(self._same.setdefault, words, words))
        return found

    def same(self, word: bytes) -> bytes:
        """The object that stands for a word wherever it is kept."""
        return self._same.setdefault(word, word)

    def look(self, digest: str, tree: Tree, path: str) -> frozenset[bytes]:  # noqa: ARG002 - for those that keep them
        """Read the words from the file itself."""
        return identifiers(tree.read(path) or b"")
