"""The engine with a memory: what it found before is used again where nothing it looked at has changed.

Two things are kept between runs (:mod:`.cache`), and neither can change what is found:

* the words of each content, by its name: they tell which files the engine has to look at;
* whole results, with all that they were made from: the contents of the files that were parsed, the words that
  made files worth a look, and the answers to "which file does this import mean". Where another tree has the
  same contents under these paths, no other file with such a word, and the same answers, the engine would do
  the very same things again, so its result stands.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime

import msgspec

from riskbot.detect.flows.cache import Store
from riskbot.detect.flows.engine import Analysis, Basis
from riskbot.detect.flows.engine import analyse as analysed
from riskbot.detect.flows.engine.program import Program
from riskbot.detect.flows.engine.relevance import Words, identifiers, is_hot
from riskbot.detect.flows.trees.tree import Tree
from riskbot.domain.change import Omission
from riskbot.domain.zones import Flow, Zones

__all__ = ["Analysis", "analyse"]

_MOST = 6
"""So many results are kept for one text of the zones: of bases and heads that are checked in turn."""


class _Kept(msgspec.Struct, array_like=True):
    """One result: what it was made from, and what it is. ``paths`` names the set of all paths."""

    paths: str
    parsed: dict[str, str]
    relevant: bytes
    finds: list[tuple[str, str, str | None]]
    flows: list[Flow]
    problems: list[Omission]


class StoredWords(Words):
    """The words of files, kept by the names of their contents, so that most files need not even be read."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    def look(self, digest: str, tree: Tree, path: str) -> frozenset[bytes]:
        """Take the words from the store, else from the file."""
        kept = self._store.get(f"words:{digest}")
        if kept is not None:
            return frozenset(kept.split(b" "))
        content = tree.read(path)
        if content is None:
            return frozenset()
        words = identifiers(content)
        self._store.put(f"words:{digest}", b" ".join(sorted(words)))
        return words


def analyse(
    tree: Tree, zones: Zones, *, store: Store, told: Collection[str] = (), deadline: float | None = None
) -> Analysis:
    """Find the tree's flows, as :func:`riskbot.detect.flows.engine.analyse` does for all of its files.

    That one of the files ``told`` cannot be parsed is a problem even where it matters to no flow.
    A result is not kept where the time ran out.
    """
    today = datetime.now(UTC).date()
    words = StoredWords(store)
    name = f"results:{zones.digest}:{today if _expires(zones) else ''}"
    kept = _read(store, name)
    done = None
    for number, one in enumerate(kept):
        if _stands(one, tree, words):
            done = Analysis(tuple(one.flows), tuple(one.problems))
            if number:
                _write(store, name, [one, *kept[:number], *kept[number + 1 :]])
            break
    if done is None:
        done = analysed(tree, zones, told=(), words=words, today=today, deadline=deadline)
        if done.basis is not None and (deadline is None or time.monotonic() < deadline):
            _write(store, name, [_keep(tree, done, done.basis), *kept])
    return Analysis(
        done.flows, tuple({one.path: one for one in (*done.problems, *_parsed(tree, told))}.values())
    )


def _parsed(tree: Tree, paths: Collection[str]) -> Iterator[Omission]:
    """Parse files, and say of which that cannot be done."""
    if paths:
        program = Program(tree)
        for path in sorted(paths):
            program.readable(path)
        yield from program.problems.values()


def _expires(zones: Zones) -> bool:
    """Tell whether an exception ends some day: then a result holds for the day only."""
    ends = [sink.until for zone in zones.zones for sink in zone.sinks]
    ends += [one.until for zone in zones.zones for one in zone.reclassifiers]
    return any(end is not None for end in ends)


def _keep(tree: Tree, done: Analysis, basis: Basis) -> _Kept:
    paths = tree.paths()
    here = frozenset(paths)
    return _Kept(
        _named(paths),
        {path: tree.digest(path) for path in sorted(basis.parsed) if path in here},
        b" ".join(sorted(basis.relevant)),
        [(name, folder, answer) for (name, folder), answer in basis.finds.items()],
        list(done.flows),
        list(done.problems),
    )


def _stands(kept: _Kept, tree: Tree, words: Words) -> bool:
    """Tell whether the engine would find the same in this tree."""
    paths = tree.paths()
    here = frozenset(paths)
    if not all(path in here and tree.digest(path) == digest for path, digest in kept.parsed.items()):
        return False
    relevant = frozenset(kept.relevant.split(b" "))
    if not all(path in kept.parsed or not is_hot(relevant, words.of(tree, path)) for path in paths):
        return False
    if kept.paths == _named(paths):
        return True
    program = Program(tree)
    return all(program.find(name, f"{folder}/.") == answer for name, folder, answer in kept.finds)


def _named(paths: Iterable[str]) -> str:
    """Name a set of paths."""
    return hashlib.sha256("\0".join(paths).encode("utf-8", "surrogateescape")).hexdigest()


def _read(store: Store, name: str) -> list[_Kept]:
    data = store.get(name)
    try:
        return [] if data is None else msgspec.msgpack.decode(data, type=list[_Kept])
    except msgspec.MsgspecError:
        return []


def _write(store: Store, name: str, kept: list[_Kept]) -> None:
    """Keep the results, the last used first. Paths that are no text cannot be written, which costs time."""
    try:
        store.put(name, msgspec.msgpack.encode(kept[:_MOST]))
    except UnicodeEncodeError:
        return
