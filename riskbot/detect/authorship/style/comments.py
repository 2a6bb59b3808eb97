"""How comments and docstrings are written: how many, how long, in which form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from riskbot.detect.authorship.style.counting import Values, mean, share
from riskbot.detect.authorship.style.lexer import Fragment, Token

_VERB = re.compile(
    r"(?:"
    r"add|apply|assert|build|calculate|call|check|clean|collect|compute|configure|convert|create|"
    r"define|delete|determine|ensure|execute|extract|fetch|filter|find|format|generate|get|handle|"
    r"initialise|initialize|insert|iterate|load|log|look|make|map|merge|mock|parse|patch|prepare|"
    r"process|raise|read|register|remove|replace|reset|resolve|restore|return|run|save|send|set|setup|"
    r"simulate|skip|sort|start|stop|store|test|try|update|use|validate|verify|wait|write"
    r")\b",
    re.IGNORECASE,
)
_HEDGES = re.compile(
    r"\b(?:ensures?|should|instead|because|otherwise|note|only|avoid|since)\b", re.IGNORECASE
)
_CODE = re.compile(r"^[\w.]+\s*(?:=[^=]|\()|^(?:def|import|from|return|if|for|print)\b.*[:(]\s*$|^\w+\.\w+\(")
_NUMBERED = re.compile(r"^(?:step\s+)?\d+[.):]", re.IGNORECASE)
_RULE = re.compile(r"[-=*#~]{4,}")
_MARK = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
_DIRECTIVE = re.compile(r"^(?:noqa|type:|pragma|pylint|fmt:|mypy|ruff|nosec|flake8|isort)", re.IGNORECASE)
_GOOGLE = re.compile(
    r"^[ \t]*(?:Args|Arguments|Returns|Raises|Yields|Example|Examples):[ \t]*$", re.MULTILINE
)
_REST = re.compile(r"^[ \t]*:(?:param|return|returns|raises|type|rtype)\b", re.MULTILINE)
_NUMPY = re.compile(r"^[ \t]*-{4,}[ \t]*$", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_][\w'-]*")
_QUOTES = re.compile(r"^\w{0,2}(?:\"{3}|'{3})|(?:\"{3}|'{3})$")


def comments(fragments: Sequence[Fragment]) -> Values:
    """Measure the comments."""
    alone: list[str] = []
    inline: list[str] = []
    leading = 0
    lines = sum(bool(line.strip()) for one in fragments for line in one.lines)
    for one in fragments:
        busy = {token.line for token in one.tokens if token.kind != "comment"}
        for token in one.tokens:
            if token.kind != "comment":
                continue
            (inline if token.line in busy else alone).append(token.text.lstrip("#! ").rstrip())
            leading += token.line not in busy and token.line + 1 in busy
    said = [text for text in (*alone, *inline) if text and not _DIRECTIVE.match(text)]
    prose = [text for text in said if not _RULE.search(text) and not _CODE.search(text)]
    first = [found.group() for text in prose if (found := _WORD.match(text))]
    return {
        "comment_lines": share(len(alone), lines),
        "comment_inline": share(len(inline), lines),
        "comment_leading": share(leading, len(alone)),
        "comment_words": mean(len(text.split()) for text in prose),
        "comment_capital": share(sum(word[0].isupper() for word in first), len(first)),
        "comment_verb": share(sum(bool(_VERB.match(word)) for word in first), len(first)),
        "comment_period": share(sum(text.endswith(".") for text in prose), len(prose)),
        "comment_hedge": share(sum(bool(_HEDGES.search(text)) for text in prose), len(prose)),
        "comment_bracket": share(sum("(" in text for text in prose), len(prose)),
        "comment_tick": share(sum("`" in text for text in prose), len(prose)),
        "comment_numbered": share(sum(bool(_NUMBERED.match(text)) for text in said), len(said)),
        "comment_rule": share(sum(bool(_RULE.search(text)) for text in said), len(said)),
        "comment_mark": share(sum(bool(_MARK.search(text)) for text in said), len(said)),
        "comment_code": share(sum(bool(_CODE.search(text)) for text in said), len(said)),
        "comment_directive": share(len(alone) + len(inline) - len(said), len(alone) + len(inline)),
        **_docstrings(fragments, lines),
        "symbols": _symbols(fragments, lines),
    }


def _docstrings(fragments: Sequence[Fragment], lines: int) -> Values:
    found = [text for one in fragments for text in _bodies(one.tokens)]
    defined = sum(token.text in {"def", "class"} for one in fragments for token in one.tokens)
    inner = [_QUOTES.sub("", text) for text in found]
    summaries = [text.strip().partition("\n")[0].strip() for text in inner]
    first = [word.group() for text in summaries if (word := _WORD.match(text))]
    return {
        "docstrings": share(len(found), defined),
        "docstring_lines": share(sum(text.count("\n") + 1 for text in found), lines),
        "docstring_length": mean(text.count("\n") + 1 for text in found),
        "docstring_single": share(sum("\n" not in text for text in found), len(found)),
        "docstring_words": mean(len(text.split()) for text in summaries),
        "docstring_period": share(sum(text.endswith(".") for text in summaries), len(summaries)),
        "docstring_hugs": share(sum(not text[:1].isspace() for text in inner), len(inner)),
        "docstring_third": share(sum(_is_third(word) for word in first), len(first)),
        "docstring_google": share(sum(bool(_GOOGLE.search(text)) for text in inner), len(inner)),
        "docstring_rest": share(sum(bool(_REST.search(text)) for text in inner), len(inner)),
        "docstring_numpy": share(sum(bool(_NUMPY.search(text)) for text in inner), len(inner)),
    }


def _is_third(word: str) -> bool:
    """Say whether a first word is a verb like "Returns": it ends with a single s."""
    return word.endswith("s") and not word.endswith("ss") and word.lower() not in {"this", "tests", "is"}


def _bodies(tokens: Sequence[Token]) -> Iterator[str]:
    """Give the triple-quoted strings that begin a body or the fragment."""
    before = ":"
    for token in tokens:
        if token.kind == "comment":
            continue
        if token.kind == "string" and before == ":" and token.text.endswith(('"""', "'''")):
            yield token.text
        before = token.text


def _symbols(fragments: Sequence[Fragment], lines: int) -> float | None:
    """Give the share of lines with an arrow, a long dash, a check mark or the like in a comment or text."""
    marked = sum(
        any("\u2010" <= char <= "\u2bff" or char >= "\U0001f000" for char in token.text)
        for one in fragments
        for token in one.tokens
        if token.kind in {"comment", "string"} and not token.text.isascii()
    )
    return share(marked, lines)
