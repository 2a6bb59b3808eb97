"""What the code is made of: which statements and habits, in a hundred lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from riskbot.detect.authorship.style.counting import Values, mean, per_hundred, share
from riskbot.detect.authorship.style.lexer import Fragment, Token

_KEYWORDS = ["class", "def", "for", "if", "elif", "else", "with", "lambda", "raise", "return"]
_KEYWORDS += ["assert", "try", "finally", "not", "and", "or"]
_CALLS = ["isinstance", "len", "print", "getattr", "hasattr"]
_LOGS = frozenset(["logger", "log", "logging", "LOG", "_logger", "warnings"])
_MOCKS = frozenset(["Mock", "MagicMock", "AsyncMock", "patch", "monkeypatch", "mock", "mocker"])
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")
_GUARD = re.compile(r"^\s*if\b.*:\s*$")
_LEAVES = re.compile(r"^\s*(?:return|raise|continue|break)\b")
_IMPORT = re.compile(r"^(\s*)(?:import|from)\s+[\w.]+")
_WORDS = re.compile(r"[^\W\d_]{2,}")
_SENTENCE = 3


def structure(fragments: Sequence[Fragment]) -> Values:
    """Measure what the code is made of."""
    counts: Counter[str] = Counter()
    told: Counter[str] = Counter()
    texts: list[int] = []
    for one in fragments:
        _count(one.tokens, counts)
        _count_more(one.tokens, told)
        texts += [len(_WORDS.findall(text)) for text in _strings(one.tokens)]
        _count_lines(one.lines, told)
    lines = sum(len({token.line for token in one.tokens if token.kind != "comment"}) for one in fragments)
    named = {f"k_{name}": counts[name] for name in _KEYWORDS}
    named |= {f"call_{name}": counts[f"{name}("] for name in _CALLS}
    return {
        **per_hundred(named | {f"n_{name}": told[name] for name in _TOLD}, lines),
        "except_broad": share(told["broad"], told["except"]),
        "except_named": share(told["named"], told["except"]),
        "guard": share(told["guards"], told["ifs"]),
        "import_inner": share(told["inner"], told["imports"]),
        "keyword_arguments": share(told["keyword"], told["keyword"] + told["comma"]),
        "decorated": share(told["decorator"], counts["def"] + counts["class"]),
        "text_words": mean(texts),
        "text_sentences": share(sum(words >= _SENTENCE for words in texts), len(texts)),
    }


_TOLD = [
    "except",
    "imports",
    "decorator",
    "comprehension",
    "ternary",
    "none",
    "get",
    "log",
    "mock",
    "attribute",
    "call",
    "number",
    "text",
    "subscript",
    "equal",
]


def _count(tokens: Sequence[Token], counts: Counter[str]) -> None:
    """Count words, and words that are called."""
    for token, after in _pairs(tokens):
        if token.kind == "name":
            counts[token.text] += 1
            if after == "(":
                counts[f"{token.text}("] += 1


def _count_more(tokens: Sequence[Token], told: Counter[str]) -> None:
    """Count what depends on brackets and neighbours; by cases, since this runs for every token."""
    depth, line, before = 0, -1, ""
    for token, after in _pairs(tokens):
        kind, text = token.kind, token.text
        if kind == "name":
            _count_name(text, after, before, told, depth=depth, starts=token.line != line)
        elif kind == "op":
            if text in _OPEN:
                depth += 1
                if text == "(" and before.isidentifier():
                    told["call"] += 1
                elif text == "[" and (before.isidentifier() or before in _CLOSE):
                    told["subscript"] += 1
            elif text in _CLOSE:
                depth = max(0, depth - 1)
            elif text == ".":
                told["attribute"] += 1
            elif text == ",":
                told["comma"] += depth > 0
            elif text == "=":
                told["equal"] += depth == 0
            elif text == "@" and token.line != line:
                told["decorator"] += 1
        else:
            told[kind if kind == "number" else "text"] += 1
        line, before = token.line, text


def _count_name(text: str, after: str, before: str, told: Counter[str], *, depth: int, starts: bool) -> None:
    """Count what a name is there for."""
    if depth and after == "=":
        told["keyword"] += 1
    if after == "." and text in _LOGS:
        told["log"] += 1
    if text in _MOCKS:
        told["mock"] += 1
    elif text == "for":
        told["comprehension"] += depth > 0
    elif text == "if":
        told["ternary"] += not starts and before != "else" and depth == 0
    elif text == "None":
        told["none"] += before in {"is", "not"}
    elif text == "get":
        told["get"] += before == "." and after == "("
    elif text == "except":
        told["except"] += 1
    elif before == "except" and text in {"Exception", "BaseException"}:
        told["broad"] += 1


def _count_lines(lines: Iterable[str], told: Counter[str]) -> None:
    """Count what shows in whole lines."""
    guard = False
    for line in lines:
        if found := _IMPORT.match(line):
            told["imports"] += 1
            told["inner"] += bool(found[1])
        told["guards"] += guard and bool(_LEAVES.match(line))
        guard = bool(_GUARD.match(line))
        told["ifs"] += guard
        told["named"] += line.lstrip().startswith("except") and " as " in line


def _strings(tokens: Sequence[Token]) -> Iterator[str]:
    """Give the strings that are no triple-quoted ones."""
    return (
        token.text for token in tokens if token.kind == "string" and not token.text.endswith(('"""', "'''"))
    )


def _pairs(tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """Give the tokens that are no comments, each with the text of the next."""
    kept = [token for token in tokens if token.kind != "comment"]
    for at, token in enumerate(kept):
        yield token, kept[at + 1].text if at + 1 < len(kept) else ""
