"""What a reviewer should notice about the paths of a change: look-alike names, links, what governs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from riskbot.domain.verdict import Note
from riskbot.facts.document import CODEOWNERS, File, Text
from riskbot.facts.paths import encode

# Scripts whose letters are drawn alike (https://www.unicode.org/reports/tr39/, restriction level
# "highly restrictive"): mixing them within one name is what a look-alike needs.
_ALIKE = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")


def path_flags(files: tuple[File, ...], texts: tuple[Text, ...]) -> Iterator[Note]:
    """Name the paths to look at, one note a kind."""
    changed = {path for file in files for path in file.paths}
    alike = sorted(path for path in changed if _deceives(path))
    if alike:
        reason = "Names mix scripts that look alike or hide letters: what you read may not be what you think."
        yield Note("look_alike_path", reason, tuple(_spelled(path) for path in alike[:10]))
    odd = sorted({path for file in files if _is_link(file) for path in file.paths})
    if odd:
        reason = "Links or submodules stand where files or folders could: their owners are asked as well."
        yield Note("link_mode", reason, tuple(encode(path) for path in odd[:10]))
    # A CODEOWNERS file that is new can take the place of the one that counted.
    governing = sorted({encode(path) for path in changed} & {*CODEOWNERS, *(text.path for text in texts)})
    if governing:
        reason = "The change touches what it is judged by; it is judged by the version at its base."
        yield Note("governing_change", reason, tuple(governing[:10]))


def _is_link(file: File) -> bool:
    return bool({file.old_mode, file.new_mode} & {"120000", "160000"})


def _deceives(path: str) -> bool:
    """Say whether a name is not what it looks like: letters of two scripts, or some that cannot be seen."""
    if path.isascii():
        return False
    if any(unicodedata.category(letter) in {"Cf", "Zl", "Zp"} for letter in path):
        return True
    return any(len(_scripts(name)) > 1 for name in re.split(r"[/.]", path))


def _scripts(name: str) -> set[str]:
    """The look-alike scripts that a name's letters are of; endings are names of their own."""
    words = (unicodedata.name(letter, "").split(" ", 1)[0] for letter in name if letter.isalpha())
    return {word for word in words if word in _ALIKE}


def _spelled(path: str) -> str:
    """Show which letters are not what they seem."""
    odd = sorted({letter for letter in path if not letter.isascii()})
    return f"{encode(path)} ({', '.join(f'U+{ord(letter):04X}' for letter in odd[:5])})"
