"""Which files are traced, which of their lines carry code, and which edits change only the looks."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

ENDINGS = ("py", "pyi", "pyx", "pxd", "pxi")
"""Endings of the files that are traced: what counts as source code of Python projects."""

_ASIDE = re.compile(
    r"""(?:^|/)(?:tests?|testing|testsuite|unittests?|functional_tests|integration_tests|e2e)/
      | (?:^|/)(?:test_[^/]*|[^/]*_tests?|tests?|conftest)\.\w{1,4}\Z
      | (?:^|/)(?:docs?|examples?|samples?|tutorials?|benchmarks?|demos?)/
      | (?:^|/)(?:_?vendor(?:ed)?|third[_-]party|3rdparty|extern(?:als?)?|node_modules|site-packages)/
      | _pb2(?:_grpc)?\.pyi?\Z
      | (?:^|/)(?:_version|versioneer|ez_setup|setup|conf|noxfile|parsetab|lextab)\.py\Z
    """,
    re.IGNORECASE | re.VERBOSE,
)
_COMMENT = b"#"
_WORD = re.compile(rb"[^\W_]")
_RELEASE = re.compile(rb"_{0,2}version(?:_info|__)?\s*=\s*[\"'(\d]", re.IGNORECASE)
"""The release's number: a repair that is released at once would blame the release before."""
_SPACE = b" \t\r\n\f\v"
_LOOKS = re.compile(rb",(?=[)\]}])|\\(?=\s*\Z)|\b[uU](?=[\"'])")
_QUOTES = bytes.maketrans(b"'", b'"')


def pathspecs(endings: Sequence[str] = ENDINGS) -> list[str]:
    """Return git's pathspecs of the files that are traced or whose lines may move into such."""
    return [f":(glob)**/*.{ending}" for ending in endings]


def is_production(path: str) -> bool:
    """Say whether a defect in this file is one of the product: no test, document, example, vendored copy."""
    return _ASIDE.search(path) is None


def carries_code(line: bytes) -> bool:
    """Say whether a line can be at fault: no blank, comment, lone brackets or quotes, or release number."""
    text = line.strip(_SPACE)
    return not text.startswith(_COMMENT) and _WORD.search(text) is not None and _RELEASE.match(text) is None


def look(lines: Sequence[bytes]) -> list[bytes]:
    """Return each line without what formatters change: spaces, comments, quotes, trailing commas, ``u''``."""
    return [_look(line) for line in lines]


def _look(line: bytes) -> bytes:
    text = line.lstrip(_SPACE)
    return b"" if text.startswith(_COMMENT) else _LOOKS.sub(b"", text).translate(_QUOTES, _SPACE)


def same_looks(old: Sequence[bytes], new: Sequence[bytes]) -> array[int] | None:
    """Map each line of ``new`` to the line of ``old`` (from 0) that holds its text, if only looks changed.

    None where the code differs. Lines may have been joined or split anywhere.
    """
    before, after = look(old), look(new)
    whole = _joined(before)
    if whole != _joined(after) or not whole:
        return None
    starts = [0, *accumulate(map(len, before))][:-1]
    places = [0, *accumulate(map(len, after))][:-1]
    return array("I", (max(0, bisect_right(starts, place) - 1) for place in places))


def _joined(lines: Sequence[bytes]) -> bytes:
    """Join what is left; a comma at a line's end may stand before a bracket only now."""
    return _LOOKS.sub(b"", b"".join(lines))
