"""Lines of a CODEOWNERS file that can never decide, because a later one covers all that they match.

Not every such line is found, only the plain cases: the same pattern again, everything (``*``), a folder above
it (``/a/``), a name at any depth in its way (``a/``), its ending at any depth (``*.py``). Linear in the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from riskbot.judge.owners import Lint
from riskbot.judge.owners.lines import Rule
from riskbot.judge.owners.match import Pattern, is_wild

#: Folders further down are not looked at.
_DEEPEST: Final = 64


def shadows(rules: Sequence[Rule], file: str) -> Iterator[Lint]:
    """Find the lines that a later one makes pointless, from the last line to the first."""
    same: dict[Pattern, Rule] = {}
    covers = _Covers()
    for rule in reversed(rules):
        pattern = rule.pattern
        if pattern is None or not (pattern.itself or pattern.beneath):
            continue
        if pattern in same:
            again = same[pattern]
            message = f"Line {again.line} has the same pattern, so this line never decides."
            yield Lint("duplicate_pattern", message, file, rule.line, 1)
        elif (cover := covers.over(pattern)) is not None:
            message = (
                f"{cover.text} on line {cover.line} covers all that this line matches: it never decides."
            )
            yield Lint("shadowed", message, file, rule.line, 1)
        same[pattern] = same.get(pattern, rule)
        covers.add(rule, pattern)


class _Covers:
    """The patterns seen so far that cover others in a way that is easy to tell."""

    def __init__(self) -> None:
        self.everything: Rule | None = None
        self.folders: dict[tuple[str, ...], Rule] = {}
        self.names: dict[tuple[str, bool], Rule] = {}
        self.endings: dict[str, Rule] = {}

    def add(self, rule: Rule, pattern: Pattern) -> None:
        segments = pattern.segments
        if pattern.beneath and (not segments or segments == ("**", "*")):
            if pattern.itself or not segments:
                self.everything = self.everything or rule
        elif pattern.beneath and not any(map(is_wild, segments)):
            self.folders.setdefault(segments, rule)
        elif len(segments) == 2 and segments[0] == "**" and pattern.beneath:
            name = segments[1]
            if not is_wild(name):
                self.names.setdefault((name, pattern.itself), rule)
            elif pattern.itself and name.startswith("*") and not is_wild(name[1:]):
                self.endings.setdefault(name[1:], rule)

    def over(self, pattern: Pattern) -> Rule | None:
        """Return a pattern that covers all that this one matches."""
        if self.everything is not None:
            return self.everything
        segments = pattern.segments
        for end, segment in enumerate(segments[:_DEEPEST], 1):
            last = end == len(segments)
            # A folder's rule holds what is beneath it; a file of that name only if it means itself too.
            beneath = not last or not pattern.itself
            found = self._named(segments[:end], segment, beneath=beneath)
            if found is not None:
                return found
        return None

    def _named(self, start: tuple[str, ...], segment: str, *, beneath: bool) -> Rule | None:
        if segment == "**":
            return None
        if not is_wild(segment):
            rule = self.names.get((segment, True)) or (self.names.get((segment, False)) if beneath else None)
            folder = self.folders.get(start)
            if folder is not None and (beneath or (folder.pattern is not None and folder.pattern.itself)):
                return folder
            if rule is not None:
                return rule
        tail = segment[segment.rfind("*") + 1 :]
        if "?" in tail:
            return None
        return next((self.endings[tail[at:]] for at in range(len(tail)) if tail[at:] in self.endings), None)
