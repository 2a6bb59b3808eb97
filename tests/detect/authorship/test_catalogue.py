"""The catalogue is read strictly: what is wrong is named with file, line and mend."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from detect.authorship.made import SHIPPED, commit

from riskbot.detect.authorship import catalogue, disclosure, naming
from riskbot.detect.authorship.commits import judge
from riskbot.detect.authorship.match import signs
from riskbot.domain.authorship import Category, Kind, Tier
from riskbot.domain.change import Charter
from riskbot.domain.errors import ConfigError
from riskbot.settings import all_keys

OWN = """\
off = ["claude-footer"]

[[tool]]
id = "housebot"
name = "House Bot"

[[signature]]
id = "housebot-email"
tool = "housebot"
tier = "B"
channel = "identity"
emails = ["HouseBot@example.org"]
since = 2026-01-01
source = "our own wiki"
"""


def charter(text: str | bytes) -> Charter:
    return Charter("c" * 40, ((catalogue.OWN, text if isinstance(text, bytes) else text.encode()),))


def test_without_a_file_of_its_own_a_repository_gets_what_is_shipped():
    assert catalogue.load(Charter()) is SHIPPED


def test_a_repository_adds_a_tool_without_code_and_switches_an_entry_off():
    own = catalogue.load(charter(OWN))
    found = judge(commit("x\n\nCo-authored-by: h <housebot@EXAMPLE.org>"), own)
    assert (found.category, found.tool) == (Category.DECLARED, "housebot")
    assert judge(commit("x\n\nAssisted-by: House Bot:m-1"), own).tool == "housebot"
    footer = commit("x\n\nGenerated with [Claude Code](https://claude.com/claude-code)")
    assert signs(footer, SHIPPED)
    assert not signs(footer, own)
    assert "claude-footer" in SHIPPED.signatures, "what is shipped stays as it is"


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('tier = "B"', 'tier = "E"', 8, "'E' is not known here"),
        ('tier = "B"', 'teir = "B"', 8, "no key 'teir'"),
        ('source = "our own wiki"', "", 8, "'source' is missing"),
        ('tool = "housebot"', 'tool = "housebott"', 8, "no tool 'housebott'; Did you mean 'housebot'"),
        ('id = "housebot-email"', 'id = "claude-email"', 8, "There is a signature of this id"),
        ('id = "housebot"', 'id = "claude"', 4, "There is a tool of this id"),
        ('emails = ["HouseBot@example.org"]', "", 8, "needs emails or accounts"),
        ('channel = "identity"', 'channel = "branch"', 8, "needs prefixes"),
        (
            'emails = ["HouseBot@example.org"]',
            'emails = ["a@b.c"]\nlines = ["long enough"]',
            8,
            "has no lines",
        ),
        ('emails = ["HouseBot@example.org"]', 'logins = ["house[bot]"]', 8, "write accounts, or tier C"),
        ('tier = "B"', 'tier = "D"', 8, "tier D and the kind context belong together"),
        ('off = ["claude-footer"]', 'off = ["claude-foter"]', None, "Did you mean 'claude-footer'"),
        ("since = 2026-01-01", "since = soon", 13, "This is not TOML"),
        (
            'channel = "identity"\nemails = ["HouseBot@example.org"]',
            'channel = "footer"\nlines = ["made {by}"]',
            8,
            "{by} is no placeholder here",
        ),
        (
            'channel = "identity"\nemails = ["HouseBot@example.org"]',
            'channel = "footer"\nlines = ["by {token}"]',
            8,
            "fewer than 4 characters",
        ),
        (
            'channel = "identity"\nemails = ["HouseBot@example.org"]',
            'channel = "footer"\nlines = ["made {hex}{token}"]',
            8,
            "two placeholders side by side",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_line(old, new, line, words):
    assert old in OWN
    with pytest.raises(ConfigError) as caught:
        catalogue.load(charter(OWN.replace(old, new)))
    assert words in str(caught.value)
    assert (caught.value.file, caught.value.line) == (catalogue.OWN, line)
    assert caught.value.mend


@pytest.mark.parametrize(
    "data",
    [b"\xff", b"x = 1", b"tool = 3", b"[[tool]]\nid = 3", b"a = " + b"[" * 5000, b"#" * (1 << 20) + b"#"],
)
def test_files_that_are_no_catalogue_are_refused(data):
    with pytest.raises(ConfigError):
        catalogue.load(charter(data))


def test_every_shipped_entry_says_what_it_must():
    for one in SHIPPED.signatures.values():
        assert one.source.strip(), one.id
        assert one.kind is Kind.CONTEXT or one.tool or one.named, one.id
        first, since = one.entry.first_seen, one.entry.since
        if first is not None and one.kind is not Kind.AUTOMATION:
            assert since is not None, one.id
            assert first - since >= dt.timedelta(days=90), f"{one.id}: the gate leaves no margin"
        needs_gate = one.kind in {Kind.AGENT, Kind.ASSISTED} and one.channel not in {"branch", "label"}
        assert since is not None or not needs_gate, one.id
        assert one.tier is not Tier.C or one.confidence < 0.99 or one.channel == "branch", one.id


def test_no_address_is_two_tools():
    for address, entries in SHIPPED.addresses.items():
        plain = {(one.tool, one.kind) for one in entries if not one.names}
        assert len(plain) <= 1, address


def test_every_shipped_entry_can_match():
    """Each placeholder of a pattern can be filled, and each literal is long enough to be looked for."""
    fill = {
        "{uuid}": "01234567-89ab-cdef-0123-456789abcdef",
        "{hex}": "0123456789abcdef" * 2,
        "{token}": "o/r_1",
    }
    for one in SHIPPED.signatures.values():
        for pattern in one.lines:
            line = re.sub(r"\{\w+\}", lambda found: fill.get(found[0], " x "), pattern.text).strip()
            found = signs(commit(f"s\n\n{line}"), SHIPPED)
            assert one.id in {sign.signature for sign in found}, line


def test_the_trailer_that_is_asked_for_is_one_that_counts():
    tools = {one.tool for one in SHIPPED.signatures.values() if one.kind is Kind.AGENT and one.tool}
    for tool in sorted(tools):
        for form in disclosure.FORMS:
            for model in ("", "claude-opus-4.5", "GPT-5.4"):
                line = disclosure.trailer(form, tool, model, SHIPPED)
                found = judge(commit(f"s\n\n{line}\n"), SHIPPED)
                assert (found.category, found.disclosed) == (Category.DECLARED, True), line
                assert found.tool == tool, line


def test_the_forms_are_those_of_the_setting():
    (key,) = (key for key in all_keys() if key.name == "disclosure_trailer")
    for form in (*disclosure.FORMS, disclosure.OFF):
        assert key.convert(form) == form


@pytest.mark.parametrize("model", ["x\nCo-authored-by: y <z@w>", "<script>", "a\u202eb", "m" * 999])
def test_the_line_to_add_is_one_harmless_line(model):
    for form in disclosure.FORMS:
        line = disclosure.trailer(form, "claude", model[: naming.MODEL_LIMIT], SHIPPED)
        assert line.isprintable()
        assert line.count("<") == (form == "co-authored-by")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ClaudeCode:claude-opus-4.8 [pytest]", ("claude", "claude-opus-4.8")),
        ("Claude Code (claude-opus-4-5)", ("claude", "claude-opus-4-5")),
        ("[Claude Code](https://claude.com/claude-code)", ("claude", "")),
        ("Claude Opus 4.8 <noreply@anthropic.com>", ("claude", "Claude Opus 4.8")),
        ("GitHub Copilot with GPT-5.4", ("copilot", "GPT-5.4")),
        ("Gemini 2.5 Pro", ("gemini", "Gemini 2.5 Pro")),
        ("Claude 4.5", ("claude", "Claude 4.5")),
        ("Claude Code v2.1.0 (claude-opus-4-5)", ("claude", "claude-opus-4-5")),
        ("OpenCode 1.2.26 (Claude Sonnet 4.6)", ("opencode", "Claude Sonnet 4.6")),
        ("Cursor / claude-4.5-sonnet", ("cursor", "claude-4.5-sonnet")),
        ("claude-4.5-sonnet via Cursor", ("claude", "claude-4.5-sonnet")),
        ("homegrown:glm-4.7", ("llm", "glm-4.7")),
        ("Ben Example and Claude", ("claude", "")),
        ("Claude Code <me@example.org>", ("claude", "")),
        ("Claude <me@example.org>", None),
        ("Claude Aubertin", None),
        ("Devin Marlowe, Jules Okafor", None),
        ("me@example.org", None),
        ("openstack/project-config:roles/copy-release-tools-scripts/files/x", None),
        ("http://example.org/generator", None),
        ("", None),
    ],
)
def test_a_value_names_a_tool_or_a_person(value, expected):
    found = naming.named_in(value, SHIPPED)
    assert (None if found is None else (found.tool, found.model)) == expected


PAGE = Path(__file__).parents[3] / "docs" / "authorship-signatures.md"


def test_the_page_of_signatures_is_drawn_from_the_data():
    from detect.authorship.page import drawn, write

    write(PAGE)
    assert PAGE.read_text(encoding="utf-8") == drawn(), "GOLDEN=write pytest draws it anew"
