"""Which files of a change semgrep is given, under which ending, and why the others are not.

Only files of languages that some rule is for, where one of these rules speaks of their path. For other files
there is nothing to look for, which is no omission.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from riskbot.detect.rules import Pack, languages
from riskbot.domain.change import Change, FileDiff, Omission, OmissionKind

STEP = "semgrep"
TOO_LARGE = 1_000_000
"""Bytes; hostile files of this size take minutes and gigabytes."""

_LINKS = ("120000", "160000")
_OWN = (".tsx", ".h")  # endings that say more than the language: another syntax, or two languages at once
# The encodings in which ASCII bytes mean ASCII, so that semgrep reads the same code as Python does.
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_PLAIN = re.compile(r"utf-?8(-sig)?|(us-)?ascii|(iso-?|latin-?)[\d-]+|l1|cp-?125\d|windows-?125\d|koi8-[ru]")


@dataclass(frozen=True, slots=True)
class Target:
    """A file to scan: its new content, and the ending of the generated name that semgrep sees."""

    file: FileDiff
    ending: str

    @property
    def new(self) -> tuple[bytes, str]:
        """The head's content, with the ending."""
        return self.file.new or b"", self.ending

    def wanted(self, pack: Pack) -> frozenset[str]:
        """Name the rules that may find something in the head."""
        return pack.wanted(self.file.new_path or "", *self.new)

    @property
    def old(self) -> tuple[bytes, str] | None:
        """The base's, where it is a text to compare with; an empty one has no findings.

        Nor has one that is too large: then the head's findings count as new, the closed way to err.
        """
        old = self.file.old or b""
        fits = old and len(old) <= TOO_LARGE and _is_text(self.file.old_mode)
        return (old, self.ending) if fits else None


def sort(change: Change, pack: Pack) -> tuple[list[Target], list[Omission]]:
    """Take the files that rules speak of and can be scanned, and say of the others why they cannot."""
    told = {omission.path: omission for omission in change.omissions}
    speaking = Speaking(pack)
    targets, omissions = [], []
    for file in change.files:
        if file.new_path is None or not _is_text(file.new_mode):
            continue
        ending = speaking.ending(file.new_path, file.new)
        if ending is None:
            continue
        if file.new is None:
            earlier = told.get(file.new_path)
            kind = earlier.kind if earlier else OmissionKind.CONTENT_UNKNOWN
            reason = earlier.reason if earlier else "only its changed lines are known, not its whole content"
            omissions.append(Omission(kind, STEP, reason, file.new_path))
            continue
        if len(file.new) > TOO_LARGE:
            reason = f"it has {len(file.new):,} bytes; semgrep gets at most {TOO_LARGE:,}"
            omissions.append(Omission(OmissionKind.TOO_LARGE, STEP, reason, file.new_path))
            continue
        targets.append(Target(file, ending))
        if ending == ".py" and (encoding := _odd_encoding(file.new)) is not None:
            reason = f"it declares the encoding {encoding!r}, in which semgrep reads other code than Python"
            omissions.append(Omission(OmissionKind.NOT_SCANNED, STEP, reason, file.new_path))
    return targets, omissions


class Speaking:
    """Which languages a pack speaks of, and where."""

    def __init__(self, pack: Pack) -> None:
        self._rules: dict[str, list[str]] = {}
        for rule, names in pack.languages.items():
            for name in names:
                self._rules.setdefault(name, []).append(rule)
        self._paths = pack.paths

    def ending(self, path: str, content: bytes | None) -> str | None:
        """Give the ending of the generated name; None where no rule speaks of the file."""
        own = languages.of_file(path, content)
        for name in (*own, languages.EVERYTHING):
            if self._speaks(name, path):
                suffix = PurePosixPath(path.lower()).suffix
                return suffix if suffix in _OWN and name in own else languages.BY_ID[name].ending
        return None

    def _speaks(self, language: str, path: str) -> bool:
        return any(
            rule not in self._paths or self._paths[rule].cover(path) for rule in self._rules.get(language, ())
        )


def _is_text(mode: str | None) -> bool:
    return mode not in _LINKS


def _odd_encoding(content: bytes) -> str | None:
    """Return the declared source encoding (PEP 263) if code could hide in it from a reader of ASCII."""
    for line in content.splitlines()[:2] if len(content) < 4096 else content[:4096].splitlines()[:2]:
        if match := _COOKIE.match(line):
            name = match[1].decode("ascii", "replace").lower().replace("_", "-")
            return None if _PLAIN.fullmatch(name) else name[:40]
    return None
