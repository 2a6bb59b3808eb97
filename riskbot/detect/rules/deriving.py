"""What a file must hold for a rule to find anything in it: derived from the rule itself.

The words of a pattern must all be in the file; the parts of ``patterns`` all, of ``pattern-either`` one; a
taint rule needs a source and a sink. What cannot be read so (numbers, constants, other languages) needs
nothing: a rule is left out only where it cannot match.

Semgrep knows names by their imports, so the words of ``os.system`` stand in the file even where the call
says ``run(...)``: in ``from os import system as run``. As semgrep's own filter does, this takes literal
strings and ``metavariable-regex`` for texts that the file holds: a string put together from pieces is not
seen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from riskbot.detect.rules.prefilter import ANY_DECORATOR, DOTTED_DECORATOR, Needs

READ = frozenset({"python", "javascript", "typescript", "go", "java"})
"""Languages whose patterns are read; of rules for others only expressions are."""

_STRINGS = re.compile(
    r"""(?P<kind>\b[a-zA-Z]{1,2})?(?:"{3}.*?"{3}|'{3}.*?'{3}"""
    r"""|"(?P<double>(?:[^"\\\n]|\\.)*)"|'(?P<single>(?:[^'\\\n]|\\.)*)'|`[^`]*`)""",
    re.DOTALL,
)
_COMMENTS = re.compile(r"(?:#|//)[^\n]*")
_DECORATORS = re.compile(r"@\s*([\w$.]+)")
_TOKENS = re.compile(r"\$(?:\.{3})?\w+|\w+")
_WORDS_ONLY = re.compile(r"\^?\((\w+(?:\|\w+)*)\)\$")
_FLAGS = re.compile(r"(?:\(\?[ims]+\))*")
_PARTS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[\^$]", re.DOTALL)
_ASSERTIONS = ("^", "$", r"\A", r"\Z", r"\z")
# The idiom of a rule that asks for a text anywhere in the file before it looks.
_WHOLE_FILE = re.compile(r"\(\?s\)\\A\(\?=\.\*\??\(\?:(.*)\)\)\.\*", re.DOTALL)
_BACK = re.compile(r"\(\?P=\w+\)|(?<!\\)\\[1-9]")
_LONG = re.compile(r"\{\d*,\d{2,}\}")
_LOOKING = re.compile(r"\(\?(?:[=!>]|<[=!])")
# Words that semgrep reads past: constants can be computed, operators and imports written otherwise.
_IGNORED = frozenset(
    re.findall(
        r"\w+",
        "True False None true false null nil undefined not and or in if else elif import from as def async"
        " function const let var new this cls public private protected static final void func pass _",
    )
)


def needs(rule: dict[str, Any]) -> Needs:
    """Derive what a file must hold for ``rule`` (as semgrep reads it) to find anything there."""
    stated = rule.get("metadata", {}).get("prefilter")
    return _all([_patterns(rule), True if stated is None else ["text", stated]])


def _patterns(rule: dict[str, Any]) -> Needs:
    if "match" in rule or "taint" in rule:
        return True
    code, mode = READ.issuperset(rule["languages"]), rule.get("mode", "search")
    if mode == "taint":
        sides = [rule[key] for key in ("pattern-sources", "pattern-sinks") if key in rule]
        return _all([_any([_formula(one, code) for one in side]) for side in sides])
    return _formula(rule, code) if mode == "search" else True


def _formula(part: Any, code: bool) -> Needs:
    """Read one formula: every key of it that must match. Only of ``code`` the words of patterns are known."""
    if not isinstance(part, dict):
        return True
    found: list[Needs] = []
    for key, value in part.items():
        if key in {"pattern", "pattern-inside"}:
            found.append(_pattern(value, code) if isinstance(value, str) else _formula(value, code))
        elif key == "patterns":
            found += [_formula(one, code) for one in value]
            found += [
                _bound(one["metavariable-regex"], value, code) for one in value if "metavariable-regex" in one
            ]
        elif key == "pattern-either":
            found.append(_any([_formula(one, code) for one in value]))
        elif key == "metavariable-pattern" and "language" not in value:
            found.append(_formula(value, code))
        elif key == "pattern-regex":
            found.append(_text(value, multiline=True))
    return _all(found)


def _pattern(text: str, code: bool) -> Needs:
    """List the words that a pattern needs; a decorator's last name is a word of its own, with its ``@``."""
    if not code:
        return True
    strings = [match["double"] or match["single"] for match in _STRINGS.finditer(text) if _is_plain(match)]
    plain = _COMMENTS.sub(" ", _STRINGS.sub(" ", text))
    words = [word for one in strings for word in re.findall(r"\w+", one)]
    for name in _DECORATORS.findall(plain):
        last = name.rpartition(".")[2]
        words.append(f"@{last}" if "$" not in last else DOTTED_DECORATOR if "." in name else ANY_DECORATOR)
    words += [word for word in _TOKENS.findall(plain) if not word[:1].isdigit() and word not in _IGNORED]
    return _all([word for word in dict.fromkeys(words) if "$" not in word and word.isascii()])


def _is_plain(match: re.Match[str]) -> bool:
    """Tell whether a literal stands for itself: no prefix, no escape, nothing that semgrep fills in."""
    text = match["double"] or match["single"] or ""
    return bool(text) and match["kind"] is None and not re.search(r"\\|\.\.\.|\$[A-Z_.]|=~|[{}%]", text)


def _bound(condition: dict[str, Any], siblings: list[Any], code: bool) -> Needs:
    """Read what a metavariable must be: one of some words, or a text that matches."""
    expression, name = condition["regex"], condition["metavariable"]
    words = _WORDS_ONLY.fullmatch(expression) if code and isinstance(expression, str) else None
    if words is None:
        return _text(expression, multiline=False)
    uses = list(_uses(siblings, name))
    decorators = uses and all(re.search(rf"@[\w$.]*\.\{name}\b", text) for text in uses)
    prefix = "@" if decorators else ""
    return _any([prefix + word if word.isascii() else True for word in words[1].split("|")])


def _uses(part: Any, name: str) -> Iterator[str]:
    """List the patterns (not the forbidden ones) that hold a metavariable."""
    if isinstance(part, str):
        if re.search(rf"\{name}\b", part):
            yield part
    elif isinstance(part, list):
        for one in part:
            yield from _uses(one, name)
    elif isinstance(part, dict):
        for key, value in part.items():
            if not key.startswith(("pattern-not", "metavariable", "focus")):
                yield from _uses(value, name)


def _text(expression: Any, *, multiline: bool) -> Needs:
    """Take an expression that the file's text must match; ``True`` where RE2 cannot read it.

    What RE2 lacks (references back, looking around), and limits of repeats, which would count bytes, are put
    more loosely: that asks for less, never for more. A metavariable's expression begins and ends where the
    metavariable does, which is anywhere in the file, so that its anchors are left out.
    """
    if not isinstance(expression, str) or not expression.isascii():
        return True  # a file is searched as bytes
    import re2

    flags = _FLAGS.match(expression)
    start = flags.end() if flags else 0
    body, ahead = expression[start:], expression[:start]
    if multiline:
        whole = _WHOLE_FILE.fullmatch(expression)
        ahead, body = ("(?ms)", whole[1]) if whole else (ahead + "(?m)", body)
        body = _BACK.sub("(?s:.*?)", body)
    else:
        body = _PARTS.sub(lambda part: "(?:)" if part[0] in _ASSERTIONS else part[0], body)
    body = _LONG.sub("*", _without_looking(body).replace(r"\K", ""))
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(ahead + body, options)
    except re2.error:
        return True
    return ["text", ahead + body]


def _without_looking(expression: str) -> str:
    """Leave out what looks ahead or back: without it the expression matches at least as much."""
    while (start := _LOOKING.search(expression)) is not None:
        depth, at, inside = 0, start.start(), False
        while at < len(expression):
            sign = expression[at]
            if sign == "\\":
                at += 1
            elif inside or sign == "[":
                inside = sign != "]"
            elif sign in "()":
                depth += 1 if sign == "(" else -1
                if depth == 0:
                    break
            at += 1
        expression = expression[: start.start()] + expression[at + 1 :]
    return expression


def _all(parts: list[Any]) -> Needs:
    left = _cheap_first(part for part in parts if part is not True)
    if len(left) < 2:
        return left[0] if left else True
    return ["all", *left]


def _any(parts: list[Any]) -> Needs:
    if any(part is True for part in parts) or not parts:
        return True
    left = _cheap_first(parts)
    return left[0] if len(left) == 1 else ["any", *left]


def _cheap_first(parts: Iterable[Any]) -> list[Any]:
    """Drop what stands there twice; a word is asked for before a text."""
    distinct = {json.dumps(part): part for part in parts}
    return sorted(distinct.values(), key=lambda part: 0 if isinstance(part, str) else 1 + (part[0] == "text"))
