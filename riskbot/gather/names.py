"""The file names of a unified diff: quoting, prefixes, timestamps. Pure.

git quotes odd names C style (git-config(1), ``core.quotePath``) and puts one folder (``a/``, ``b/``)
before each; plain ``diff -u`` writes names as they were given, then a tab and a time.
"""

from __future__ import annotations

import re

_SIMPLE = {b"a": 7, b"b": 8, b"t": 9, b"n": 10, b"v": 11, b"f": 12, b"r": 13, b'"': 34, b"\\": 92}
_QUOTED = re.compile(rb'"((?:[^"\\\n]|\\.)*)"')
_ESCAPE = re.compile(rb"\\([0-3][0-7]{2}|.)", re.DOTALL)
_PREFIX = re.compile(rb"[abciow12]/")
# 1970-01-01 in some time zone: how `diff -N` and Mercurial date a file that does not exist. Subversion
# says it in words, or calls it revision 0.
_EPOCH = re.compile(
    rb"(?:1969-12-31|1970-01-01|(?:Wed|Thu) (?:Dec 31|Jan (?: |0)?1) .*19(?:69|70)"
    rb"|\((?:nonexistent|revision 0)\))"
)


class BadName(ValueError):  # noqa: N818 - a fault of the input, always turned into a UsageError
    """The name cannot be read; the message says why."""


def decode(name: bytes) -> str:
    """Turn git's bytes into riskbot's paths: UTF-8, other bytes kept as surrogates (PEP 383)."""
    return name.decode("utf-8", "surrogateescape")


def unquote(text: bytes) -> tuple[bytes, bytes]:
    """Read one name at the start of ``text``; return it and what follows.

    A quoted name ends with its quote, a plain one with a tab or at the end of the line.
    Raises BadName for broken quoting.
    """
    if not text.startswith(b'"'):
        name, tab, rest = text.partition(b"\t")
        return name.rstrip(b"\r\n"), tab + rest
    match = _QUOTED.match(text)
    if match is None:
        raise BadName("the quotes of a file name are not closed")
    return _ESCAPE.sub(_unescape, match[1]), text[match.end() :]


def _unescape(match: re.Match[bytes]) -> bytes:
    code = match[1]
    if len(code) == 3:
        return bytes([int(code, 8)])
    if code not in _SIMPLE:
        raise BadName("a quoted file name holds an escape that git does not write")
    return bytes([_SIMPLE[code]])


def from_git_line(text: bytes) -> tuple[bytes, bytes] | None:
    """Read both names of a ``diff --git`` line (``text``: what follows those words).

    Without quotes the line is ambiguous where names hold spaces; it is then read as git-apply(1) does:
    as one name given twice. None where it cannot be (a rename: its own header lines tell the names).
    """
    text = text.rstrip(b"\r\n")
    if text.startswith(b'"'):
        old, rest = unquote(text)
        new, _ = unquote(rest[1:])
        return old, new
    quote = text.find(b' "')
    if quote >= 0 and text.endswith(b'"'):
        new, _ = unquote(text[quote + 1 :])
        return text[:quote], new
    middle = len(text) // 2
    old, new = text[:middle], text[middle + 1 :]
    if len(text) % 2 and text[middle : middle + 1] == b" " and _rest(old) == _rest(new):
        return old, new
    return None


def _rest(name: bytes) -> bytes:
    """Return the name without its prefix folder."""
    return name[2:] if _PREFIX.match(name) else name


def strip_git(old: bytes | None, new: bytes | None) -> tuple[bytes | None, bytes | None]:
    """Take git's prefixes (``a/`` and ``b/``, or ``i/``, ``w/``, ``c/``, ``o/``) from both names.

    Names written with ``diff.noprefix`` are kept: both sides then begin alike.
    """
    both = [name for name in (old, new) if name is not None]
    if not all(_PREFIX.match(name) for name in both) or (len(both) == 2 and both[0][:2] == both[1][:2]):
        return old, new
    return (None if old is None else old[2:]), (None if new is None else new[2:])


def from_plain(old: bytes, new: bytes) -> bytes:
    """Return the one name that a plain diff's ``---`` and ``+++`` lines mean.

    The first folder goes where the rest is the same (``old/x.py`` and ``new/x.py``: the ``-p1`` of
    patch(1)); otherwise the new name counts. Roots and ``..`` are taken off.
    """
    if old == b"/dev/null" or new == b"/dev/null":
        name = _rest(new if old == b"/dev/null" else old)
    else:
        tails = [part.partition(b"/")[2] for part in (old, new)]
        name = tails[1] if tails[0] == tails[1] and tails[1] and old != new else new
    return b"/".join(part for part in name.split(b"/") if part not in {b"", b".", b".."})


def is_epoch(rest: bytes) -> bool:
    """Say whether what follows a plain name is the time at which ``diff -N`` dates a missing file."""
    return bool(_EPOCH.match(rest.lstrip(b"\t ")))


def is_safe(name: bytes) -> bool:
    """Say whether a name stays inside the tree: relative, no ``..``, no NUL, not empty."""
    return bool(name) and b"\0" not in name and not {b"", b".", b".."} & set(name.split(b"/"))
