"""Escaping: nothing that others wrote acts on a terminal, a browser or a forge."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from report.strategies import hostile
from riskbot.report import escape

BREAK = "\u200b"


def test_no_control_format_or_separator_character_of_unicode_survives():
    forbidden = [
        chr(n)
        for n in range(sys.maxunicode + 1)
        if unicodedata.category(chr(n)) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    ]
    assert [char for char in forbidden if char in escape.visible(char)] == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", "\\x1b[2J"),
        ("\x9b31m", "\\x9b31m"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("user\u202eexe.txt", "user\\u202eexe.txt"),
        ("\U000e0041", "\\U000e0041"),
        ("caf\udce9", "caf\\xe9"),
        ("\u3164", "\\u3164"),
        ("caf\u00e9 \u6f22\u5b57 \U0001f600", "caf\u00e9 \u6f22\u5b57 \U0001f600"),
    ],
)
def test_what_acts_is_spelled_and_what_shows_is_left(text, shown):
    assert escape.terminal(text) == shown


def test_lines_may_stay_when_asked_for_but_a_carriage_return_never_does():
    assert escape.terminal("a\r\nb\x1b", lines=True) == "a\\r\nb\\x1b"


@settings(deadline=None)
@given(hostile)
def test_visible_text_is_printable_utf8_on_one_line(text):
    shown = escape.visible(text)
    shown.encode("utf-8")
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", shown)


def undo(text: str) -> bytes:
    """Read an escaped path back, as docs/report.md tells a consumer to."""
    out = b""
    for piece in re.findall(r"\\\\|\\x[0-9a-f]{2}|[^\\]+", text):
        if piece == "\\\\":
            out += b"\\"
        elif piece.startswith("\\x"):
            out += bytes([int(piece.removeprefix("\\x"), 16)])
        else:
            out += piece.encode()
    return out


@settings(deadline=None)
@given(st.binary(min_size=1))
def test_an_escaped_path_is_utf8_and_names_the_same_bytes(raw):
    text = raw.decode("utf-8", "surrogateescape")
    spelled = escape.path(text)
    spelled.encode("utf-8")
    assert undo(spelled) == raw


@settings(deadline=None)
@given(st.binary(min_size=1))
def test_a_uri_names_the_same_bytes_in_characters_that_uris_may_have(raw):
    spelled = escape.uri(raw.decode("utf-8", "surrogateescape"))
    assert unquote_to_bytes(spelled) == raw
    assert re.fullmatch(r"[A-Za-z0-9_.~/-]+|(?:%[0-9A-F]{2}|[A-Za-z0-9_.~/-])+", spelled)


@settings(deadline=None)
@given(st.recursive(hostile.map(escape.prose), lambda inner: st.lists(inner, max_size=3), max_leaves=5))
def test_json_made_showable_parses_to_the_same_and_holds_nothing_unsafe(value):
    encoded = escape.json_text(json.dumps(value, ensure_ascii=False, indent=1))
    assert json.loads(encoded) == value
    assert escape.visible(encoded, lines=True) == encoded


def tokens(text: str) -> list[str]:
    """The structure that a markdown reader sees, without the words."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    found = []
    for token in parser.parse(text):
        found.append(token.type)
        found += [child.type for child in token.children or () if child.type not in {"text", "text_special"}]
    return found


def words(text: str) -> str:
    """The text that a markdown reader shows."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return "".join(child.content for token in parser.parse(text) for child in token.children or ())


@settings(deadline=None)
@given(hostile)
def test_escaped_prose_adds_no_structure_to_a_line_or_a_table_cell(text):
    safe = escape.markdown(text) or "x"
    assert tokens(safe) == tokens("word")
    assert tokens(f"| a |\n|---|\n| {safe} |") == tokens("| a |\n|---|\n| word |")
    assert words(f"| a | b |\n|---|---|\n| {safe} | end |").endswith("end")  # a cell too many is dropped


@settings(deadline=None)
@given(hostile)
def test_escaped_prose_still_says_the_same(text):
    folded = " ".join(escape.visible(text, lines=True).split())
    assert words(escape.markdown(text)).replace(BREAK, "") == folded


@settings(deadline=None)
@given(hostile)
def test_no_mention_reference_link_or_emoji_survives_rendering(text):
    shown = words(escape.markdown(text))
    assert not re.search(r"@\w|#\w|://|(?i:www\.)|(?i:gh-)|:\w", shown)


@settings(deadline=None)
@given(hostile)
def test_a_code_span_ends_where_it_should_in_a_line_and_in_a_table(text):
    span = escape.code(text)
    if not span.startswith("`"):
        assert "|" in text or not text.strip() or not escape.visible(text).strip()
        return
    assert tokens(span) == tokens("`word`")
    assert tokens(f"| a |\n|---|\n| {span} b |") == tokens("| a |\n|---|\n| `word` b |")


@settings(deadline=None)
@given(hostile)
def test_a_message_may_quote_code_and_nothing_else(text):
    safe = escape.message(text)
    allowed = {"inline", "paragraph_open", "paragraph_close", "code_inline"}
    assert set(tokens(f"x {safe}")) <= allowed


def test_quoted_parts_of_a_message_become_code():
    assert escape.message("`a` calls `b_c`.") == "`a` calls `b_c`."
    assert escape.message("`a``b`") == "`a`&#8203;`b`"


@settings(deadline=None)
@given(hostile)
def test_a_code_block_holds_all_of_its_text(text):
    parsed = MarkdownIt("commonmark").parse(escape.fence(text, "diff") + "\n\nafter")
    assert [token.type for token in parsed] == ["fence", "paragraph_open", "inline", "paragraph_close"]
    assert parsed[0].content == escape.visible(text, lines=True) + "\n"


@settings(deadline=None)
@given(hostile)
def test_html_has_no_tags_and_no_quotes(text):
    assert not re.search(r"[<>\"']", escape.html(text))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:token@host/x.git", "https://host/x.git"),
        ("https://x-access-token:ghs_abc@github.com/o/r and more", "https://github.com/o/r and more"),
        ("ssh://git@host/r", "ssh://host/r"),
        ("https://host/a@b", "https://host/a@b"),
        ("https://u:p@ss@host/r", "https://host/r"),
    ],
)
def test_credentials_in_addresses_are_dropped(url, shown):
    assert escape.public(url) == shown
