r"""Make foreign text harmless: the one place that knows what each format could mistake for its own words.

Names, messages, authors and code come from whoever wrote the change. Nothing here refuses text: what could
act on a reader's terminal, browser or forge is shown instead of obeyed.

===============  ==========================================================================================
visible          no control, format or invisible character survives: each is spelled, ``\x1b``, ``\u202e``
terminal         the same, for a terminal; one line unless asked otherwise
markdown         prose for GitHub-flavoured markdown: no structure, HTML, mention, reference or link
message          the same for a detector's message, whose quoted parts become code spans
code, fence      a code span and a code block that cannot be left early
html             text for HTML, in elements and in quoted attributes
path             reversible, for JSON: names the very bytes of a file name that is not UTF-8
prose            text for JSON: always encodes as UTF-8
json_text        JSON that can be shown on a terminal, equal after parsing
uri              a relative URI reference (RFC 3986) of a path's bytes
public           a sentence or URL without the credentials that URLs may carry
===============  ==========================================================================================
"""

from __future__ import annotations

import html as _html
import re
from urllib.parse import quote

from riskbot.facts.paths import encode

# General categories Cc, Cf, Cs, Zl and Zp (Unicode 16), then the invisible letters and marks among the
# Default_Ignorable_Code_Point (https://www.unicode.org/reports/tr44/). A test holds it against unicodedata.
_UNSAFE = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"
)
_UNSAFE_UNLESS_SPACE = re.compile(f"[{_UNSAFE}]")  # newline and tab may stay
_UNSAFE_CHARACTER = re.compile(f"[\n\t{_UNSAFE}]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}

#: A zero-width space keeps GitHub from linking @names, #numbers and addresses; escaping alone does not,
#: because it looks for them after markdown has been rendered.
_BREAK = "&#8203;"
_MARKDOWN = str.maketrans(
    {character: f"\\{character}" for character in "\\`*_{}[]()~!^="}
    | {"<": "&lt;", ">": "&gt;", "&": "&amp;", "|": "&#124;", "$": f"&#36;{_BREAK}"}
    | {"@": f"@{_BREAK}", "#": f"\\#{_BREAK}"}
)
_LEADING = re.compile(r"^(\s*)([-+]|\d+(?=[.)]))")
#: What GitHub makes links, references or emoji of: ``http://``, ``:name:``, ``www.``, ``GH-1``.
_LINKED = re.compile(r"(?i)(:(?=\S)|www(?=\.)|gh(?=-))")
_CREDENTIALS = re.compile(r"(?<=://)[^/?#\s]*@")
_NOT_UTF8 = re.compile("[\ud800-\udfff]")


def _spell(match: re.Match[str]) -> str:
    character = match[0]
    if character in _SHORT:
        return _SHORT[character]
    number = ord(character)
    if 0xDC80 <= number <= 0xDCFF:  # surrogateescape: the byte that was not UTF-8
        return f"\\x{number - 0xDC00:02x}"
    if number <= 0xFF:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"


def visible(text: str, *, lines: bool = False) -> str:
    r"""Spell every character that acts instead of showing, such as ``\x1b`` and ``\u202e``.

    The result is one line of UTF-8; with ``lines`` its newlines stay, and tabs with them.
    """
    return (_UNSAFE_UNLESS_SPACE if lines else _UNSAFE_CHARACTER).sub(_spell, text)


def terminal(text: str, *, lines: bool = False) -> str:
    """Make text safe to write to a terminal: no escape sequence, control or direction change survives.

    Write it as it is: it is not meant for rich's markup, which riskbot never turns on.
    """
    return visible(text, lines=lines)


def markdown(text: str) -> str:
    """Make prose safe inside a line or table cell of GitHub-flavoured markdown.

    White space is folded: a line break could start a block.
    """
    folded = " ".join(visible(text, lines=True).split())
    escaped = _LINKED.sub(rf"\1{_BREAK}", folded.translate(_MARKDOWN))
    return _LEADING.sub(lambda match: f"{match[1]}{_BREAK}{match[2]}", escaped)


def message(text: str) -> str:
    """Make a detector's message safe as :func:`markdown` does, with its `quoted` parts as code spans."""
    parts = re.split("`([^`]+)`", visible(text, lines=True))
    pieces = [code(part) if number % 2 else _between(part) for number, part in enumerate(parts)]
    return "".join(pieces).removeprefix(_BREAK).removesuffix(_BREAK).strip()


def _between(part: str) -> str:
    """Escape prose beside a code span, with its outer spaces; an empty one keeps two spans apart."""
    if not part.strip():
        return " " if part else _BREAK
    return f"{' ' if part[0].isspace() else ''}{markdown(part)}{' ' if part[-1].isspace() else ''}"


def code(text: str) -> str:
    """Make an inline code span that ends where it should, whatever backticks are in it.

    Falls back to escaped prose for text with a pipe, which would split a table cell even in code.
    """
    shown = visible(text)
    if not shown.strip() or "|" in shown:
        return markdown(shown)
    ticks = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


def fence(text: str, language: str = "") -> str:
    """Make a fenced code block that ends where it should; ``language`` is ours, never foreign."""
    shown = visible(text, lines=True)
    ticks = "`" * max(3, max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    return f"{ticks}{language}\n{shown}\n{ticks}"


def html(text: str) -> str:
    """Make text safe inside an HTML element or a quoted attribute."""
    return _html.escape(visible(text, lines=True), quote=True)


def path(text: str) -> str:
    r"""Spell a path so that it is UTF-8 and still names the same bytes.

    A backslash is doubled and a byte that is not UTF-8 becomes ``\xHH``; nothing else changes, so the way
    back is: ``\\`` is a backslash, ``\xHH`` a byte (``\uHHHH`` a surrogate, which no git path holds).
    """
    return _NOT_UTF8.sub(_spell, encode(text))


def prose(text: str) -> str:
    """Make prose encode as UTF-8: what is not text is shown as U+FFFD."""
    return _NOT_UTF8.sub("\ufffd", text)


def json_text(encoded: str) -> str:
    r"""Spell unsafe characters of finished JSON as ``\uHHHH``: safe to show, equal once parsed.

    Such characters can only stand inside strings; line breaks between values stay.
    """
    return _UNSAFE_UNLESS_SPACE.sub(_json_escape, encoded)


def _json_escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be")
    return "".join(f"\\u{units[i] << 8 | units[i + 1]:04x}" for i in range(0, len(units), 2))


def uri(text: str) -> str:
    """Percent-encode a path's bytes as a relative URI reference (RFC 3986 section 4.2)."""
    return quote(text.encode("utf-8", "surrogatepass" if _lone(text) else "surrogateescape"), safe="/")


def _lone(text: str) -> bool:
    return any(not 0xDC80 <= ord(found) <= 0xDCFF for found in _NOT_UTF8.findall(text))


def public(text: str) -> str:
    """Drop user names, passwords and tokens from the URLs in a text."""
    return _CREDENTIALS.sub("", text)
