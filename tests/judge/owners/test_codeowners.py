"""CODEOWNERS as GitHub documents it: the edge cases, lints, and whom a change must ask."""

from __future__ import annotations

import unicodedata

import pytest
from clock import seconds
from hypothesis import given, settings
from hypothesis import strategies as st

from judge.owners import naive
from judge.owners.strategies import FILES, PATHS
from riskbot.judge.owners.codeowners import MAX_BYTES, CodeOwners
from riskbot.judge.owners.match import SOMETHING


def parse(text: str | bytes) -> CodeOwners:
    return CodeOwners.parse(text, "CODEOWNERS")


def codes(lints) -> list[str]:
    return [lint.code for lint in lints]


def guards(owners: CodeOwners, path: str, *, odd_mode: bool = False) -> list[str]:
    return [" ".join(one.names) for one in owners.guarding(path, odd_mode=odd_mode)]


# The line after `* @a`, a path, who owns it, and the lint that says why: each is a case on which the
# parsers in use differ.
EDGES = [
    ("*.js @b # ping @alice", "x.js", "@b", None),
    ("*.js @b #@alice", "x.js", "@b", None),
    ("!x.js @b", "x.js", "@a", "undocumented_syntax"),
    ("src/[ab].py @b", "src/a.py", "@a", "undocumented_syntax"),
    ("/apps/[param]/f.ts @b", "apps/[param]/f.ts", "@a", "undocumented_syntax"),
    ("\\#x @b", "#x", "@a", "undocumented_syntax"),
    ("x.py bob", "x.py", "@a", "invalid_owner"),
    ("x.py @b bob", "x.py", "@a", "invalid_owner"),
    ("x.py docs@", "x.py", "@a", "invalid_owner"),
    ("x.py @b/c/d", "x.py", "@a", "invalid_owner"),
    ("x.py @dependabot[bot]", "x.py", "@a", "invalid_owner"),
    ("x.py @b\u0430", "x.py", "@a", "invalid_owner"),
    ("x.py ann@example.org", "x.py", "ann@example.org", None),
    ("/docs/* @b", "docs/a/b.md", "@a", None),
    ("/* @b", "d/f", "@a", None),
    ("/ @b", "f", "@a", None),
    ("/Docs/ @b", "docs/f", "@a", None),
    ("/a\\ b/ @b", "a b/c", "@b", "undocumented_syntax"),
    ("/日本/ @b", "日本/x", "@b", None),
    ("/a,b.txt @b", "a,b.txt", "@b", None),
    ("# x \u2028* @evil", "f", "@a", "control_char"),
    ("# x \x85* @evil", "f", "@a", "control_char"),
    ("# x \x0b* @evil", "f", "@a", "control_char"),
    ("# x \x0c* @evil", "f", "@a", "control_char"),
    ("# x \x1c* @evil", "f", "@a", "control_char"),
    ("# x \r* @evil", "f", "@a", "control_char"),
    ("*\xa0@evil", "f", "@a", "control_char"),
    ("*\x0b@evil", "f", "@a", "control_char"),
    ("/x/*** @b", "x/y", "@a", "undocumented_syntax"),
    ("foo/**/ @b", "foo/bar", "@b", "undocumented_syntax"),
    ("/C#/ @b", "C#/x", "@b", "undocumented_syntax"),
    ("/a\\b @b", "ab", "@a", "undocumented_syntax"),
    ("/sub/ @b", "sub", "@a", None),
    ("/sub @b", "sub", "@b", None),
    ("/x @b\r", "x", "@b", None),
    ("\t /x\t@b \t@c\t", "x", "@b @c", None),
    ("docs/* @b", "docs/x", "@b", None),
    ("docs/ @b", "a/docs/x/y", "@b", None),
    ("**/logs @b", "a/b/logs/x", "@b", None),
    ("[Section]", "Section", "@a", None),
    ("^[Section][2] @b", "Section", "@a", None),
    ("@org/team", "x", "@a", None),
    ("@org/team", "@org/team", "@a", "missing_pattern"),
    ("x.py", "x.py", "", "unowned_by_empty_line"),
    ("x.py # @b", "x.py", "", "unowned_by_empty_line"),
]


@pytest.mark.parametrize(("line", "path", "owners", "lint"), EDGES, ids=[repr(edge[0]) for edge in EDGES])
def test_the_edges(line, path, owners, lint):
    ownership = parse(f"* @a\n{line}\n").of(path)
    assert " ".join(ownership.names) == owners
    assert ownership.line == (1 if owners == "@a" else 2)
    assert codes(ownership.lints) == ([lint] if lint else [])


def test_the_last_line_decides_and_an_empty_one_takes_away():
    owners = parse("/apps/ @o\n/apps/github\n/apps/github/x @p\n")
    assert owners.of("apps/a").names == ("@o",)
    assert owners.of("apps/github/a").names == ()
    assert owners.of("apps/github/a").line == 2
    assert owners.of("apps/github/x/y").pattern == "/apps/github/x"
    assert owners.of("other").line is None


def test_a_byte_order_mark_hides_no_line():
    owners = parse(b"\xef\xbb\xbf* @a\n")
    assert owners.of("x").names == ("@a",)
    assert codes(owners.of("x").lints) == ["bom"]


def test_bytes_that_are_no_text_are_matched_as_the_bytes_they_are():
    owners = parse(b"* @a\n/caf\xe9/ @b\n")
    assert owners.of("caf\udce9/x").names == ("@b",)
    assert guards(owners, "caf\udce9/x") == ["@b", "@a"]
    assert codes(owners.lints) == ["undocumented_syntax"]


@pytest.mark.parametrize("size", [MAX_BYTES, MAX_BYTES + 1, 3 * 2**20 + 1])
def test_a_file_of_3_mb_owns_nothing_and_says_so(size):
    owners = parse("* @a\n" + "#" * (size - 5))
    assert owners.broken is not None
    assert owners.broken.code == "too_large"
    assert owners.of("x").names == ()
    assert codes(owners.of("x").lints) == ["too_large"]
    assert parse("* @a\n" + "#" * (MAX_BYTES - 6)).of("x").names == ("@a",)


def test_lints_have_places():
    owners = parse("* @a\n  x.py @b bob # no\n\n/ @a\n!y @a\n# \u202e\n")
    assert [(lint.code, lint.line, lint.column) for lint in owners.lints] == [
        ("invalid_owner", 2, 11),
        ("never_matches", 4, 1),
        ("undocumented_syntax", 5, 1),
        ("control_char", 6, 3),
    ]
    assert all(lint.file == "CODEOWNERS" for lint in owners.lints)


@pytest.mark.parametrize(
    ("text", "shadowed"),
    [
        ("/a/ @x\n* @y", [1]),
        ("/a/b/ @x\n/c/ @x\n/a/ @y", [1]),
        ("/a/b @x\n/a @y", [1]),
        ("/a @x\n/a/ @y", []),
        ("/a/*.py @x\n*.py @y", [1]),
        ("/a/*.py @x\n*.js @y", []),
        ("*.py @x\n/a/ @y", []),
        ("/x/gen/y @x\ngen/ @y", [1]),
        ("/x/gen @x\ngen/ @y", []),
        ("/a/* @x\n/* @y", []),
        ("a @x\n/a @y", []),
        ("/a/**/b @x\n/a/ @y", [1]),
        ("/**/b @x\n** @y", [1]),
    ],
)
def test_lines_that_never_decide(text, shadowed):
    found = [lint.line for lint in parse(text).lints if lint.code == "shadowed"]
    assert found == shadowed


def test_the_same_pattern_again():
    lints = parse("/a/ @x\n/b/ @y\n/a/ @z\n").lints
    assert [(lint.code, lint.line) for lint in lints] == [("duplicate_pattern", 1)]


@settings(max_examples=500)
@given(FILES, st.lists(PATHS, min_size=1, max_size=5))
def test_shadowed_lines_never_decide(text, paths):
    owners = parse(text)
    dead = {lint.line for lint in owners.lints if lint.code in {"shadowed", "duplicate_pattern"}}
    assert dead.isdisjoint(owners.of(path).line for path in paths)


@settings(max_examples=1000)
@given(st.binary(max_size=200) | st.text(max_size=200), PATHS | st.text(min_size=1, max_size=20))
def test_reading_never_fails(data, path):
    owners = parse(data)
    assert owners.of(path).path == path
    assert owners.guarding(path, odd_mode=True)[0] == owners.of(path)
    assert all(lint.line is None or lint.line >= 1 for lint in owners.lints)


@settings(max_examples=1000)
@given(FILES, PATHS)
def test_it_is_what_the_obvious_reader_says(text, path):
    lines = [line for line in text.split("\n") if not line.split()[:1] or not line.split()[0].endswith("**/")]
    decided: tuple[int | None, tuple[str, ...]] = (None, ())
    for number, line in enumerate(lines, 1):
        pattern, *names = line.split() or [""]
        if pattern and naive.matches(pattern, path):
            decided = (number, tuple(names))
    ownership = parse("\n".join(lines)).of(path)
    assert (ownership.line, ownership.names) == decided


@settings(max_examples=500)
@given(FILES, FILES, PATHS)
def test_a_line_that_does_not_count_takes_nothing_away(before, after, path):
    plain = parse(f"{before}\n\n{after}")
    for bad in ("x.py bob", "!a @b", "a/[ab] @b", "** nobody @", "\\#a @b", "* \x0b@b", "*** @b", "@b"):
        broken = parse(f"{before}\n{bad}\n{after}")
        assert broken.of(path).names == plain.of(path).names
        assert set(guards(broken, path)) >= set(guards(plain, path))


# Whom a change must ask.


def test_a_path_that_only_differs_in_letters_is_guarded():
    owners = parse("* @devs\n/secure/ @sec\n/caf\u00e9/ @cafe\n")
    assert guards(owners, "secure/x") == ["@sec"]
    assert guards(owners, "Secure/x") == ["@devs", "@sec"]
    assert guards(owners, "SECURE/x") == ["@devs", "@sec"]
    assert guards(owners, "cafe\u0301/x") == ["@devs", "@cafe"]
    assert guards(owners, "free/x") == ["@devs"]


def test_capitals_in_patterns_ask_for_no_more_than_needed():
    owners = parse("* @a\n/Docs/ @d\n/Docs/API/ @e\n*.java @j\n*Test.java @q\nREADME* @r\n")
    assert guards(owners, "Docs/API/x") == ["@e"]
    assert guards(owners, "Docs/x") == ["@d"]
    assert guards(owners, "docs/api/x") == ["@a", "@e"]
    assert guards(owners, "src/FooTest.java") == ["@q"]
    assert guards(owners, "src/Foo.java") == ["@j"]
    assert guards(owners, "src/footest.java") == ["@j", "@q"]
    assert guards(owners, "Docs/README.md") == ["@r"]


def test_two_spellings_guard_each_other():
    owners = parse("/secure/ @sec\n/SECURE/ @other\n")
    assert guards(owners, "secure/x") == ["@sec", "@other"]
    assert set(guards(owners, "SECURE/x")) == {"@sec", "@other"}
    assert set(guards(owners, "SeCure/x")) == {"", "@sec", "@other"}


def test_a_link_in_the_place_of_a_folder_is_guarded_by_it_and_what_is_beneath():
    owners = parse("* @a\n/secure/ @sec\n/secure/keys/ @keys\n/other/deep/x @deep\n")
    assert guards(owners, "secure") == ["@a"]
    assert guards(owners, "secure", odd_mode=True) == ["@a", "@sec", "@keys"]
    assert guards(owners, "Secure", odd_mode=True) == ["@a", "@sec", "@keys"]
    assert guards(owners, "other", odd_mode=True) == ["@a", "@deep"]
    assert guards(owners, "secure/file", odd_mode=True) == ["@sec"]


def test_nobody_guards_nothing_more():
    owners = parse("* @a\n/free/\n")
    assert guards(owners, "free/x") == [""]
    assert guards(owners, "Free/x") == ["@a"]


def test_both_readings_guard_where_github_documents_none():
    owners = parse("* @a\n/apps/[id]/ @b\nx.py @c bob\n/a\\ b @d\n")
    assert guards(owners, "apps/[id]/x") == ["@a", "@b"]
    assert guards(owners, "x.py") == ["@a", "@c"]
    assert guards(owners, "a b") == ["@d", "@a"]


def variants(path: str) -> set[str]:
    forms = {path, path.swapcase(), path.upper(), path.lower(), path.title()}
    return forms | {unicodedata.normalize(form, text) for text in forms for form in ("NFC", "NFD")}


ACCENTS = st.lists(st.text("aAeE\u00e9\u00c9\u0301*", min_size=1, max_size=3), min_size=1, max_size=3)


@settings(max_examples=1000)
@given(
    FILES | st.lists(ACCENTS.map(lambda parts: "/" + "/".join(parts) + " @z"), max_size=6).map("\n".join),
    PATHS | ACCENTS.map("/".join),
    st.booleans(),
)
def test_changing_letters_never_loses_who_guards(text, path, odd_mode):
    """What guards a path besides its own owners, in each reading, is the same for every spelling of it."""
    owners = parse(text)
    readings = (owners._documented, *owners._others)

    def own(one: str) -> set[int | None]:
        """The lines that decide for the path as it is spelled, and with ``odd_mode`` for what is beneath it."""
        spelled = [one, f"{one}/{SOMETHING}"] if odd_mode else [one]
        found = {reading.last(each) for reading in readings for each in spelled}
        found |= {number for reading in readings if odd_mode for number in reading._as_written.within(one)}
        return {None if number is None else owners.rules[number].line for number in found}

    def guarding(one: str) -> set[int | None]:
        return {found.line for found in owners.guarding(one, odd_mode=odd_mode)}

    asked, mine = guarding(path), own(path)
    for other in variants(path):
        assert asked - mine <= guarding(other) | own(other)
        assert owners.guarding(other, odd_mode=odd_mode)[0] == owners.of(other)


@settings(max_examples=500)
@given(FILES.map(str.lower), PATHS.map(str.lower), st.booleans())
def test_a_well_spelled_path_loses_no_owner_by_another_spelling(text, path, odd_mode):
    owners = parse(text)
    asked = {found.names for found in owners.guarding(path, odd_mode=odd_mode) if found.names}
    for other in variants(path):
        assert asked <= {found.names for found in owners.guarding(other, odd_mode=odd_mode)}


@settings(max_examples=500)
@given(FILES, PATHS)
def test_a_link_asks_for_no_less_than_a_file(text, path):
    owners = parse(text)
    plain, odd = owners.guarding(path), owners.guarding(path, odd_mode=True)
    assert odd[0] == plain[0]
    assert {one.line for one in plain} <= {one.line for one in odd}


# Time.


@pytest.mark.parametrize(
    "line",
    [
        "*" + "a*" * 20 + "b",
        "/" + "**/a" * 20 + "b",
        "?a*" * 20 + "b",
        "/*" * 20 + "/b",
        "A*" * 20 + "B",
        "x" * 240 + "*a" * 20,
    ],
)
@pytest.mark.parametrize("numbered", [False, True])
def test_ten_thousand_hostile_lines_take_less_than_a_second(line, numbered):
    lines = (f"{line}{number if numbered else ''} @owner" for number in range(10_000))
    text = "\n".join(lines)[: MAX_BYTES - 1]

    def read() -> None:
        owners = parse(text)
        owners.of("a" * 40)
        owners.guarding("/".join("aA" * 10), odd_mode=True)

    assert seconds(read) < 1


def test_a_pattern_longer_than_any_path_asks_for_its_owners_and_frees_nothing():
    owners = parse(f"* @a\n/deep/{'x/' * 5_000} @b\n/deep/{'y/' * 5_000}\n{'z*' * 5_000} @c")
    assert codes(owners.lints) == ["too_long", "too_long", "too_long"]
    assert owners.of("deep/x/" + "x/" * 5_000).names == ("@a",)
    assert guards(owners, "deep/" + "x/" * 5_000 + "f") == ["@a", "@b"]
    assert guards(owners, "deep/" + "y/" * 5_000 + "f") == ["@a"]
    assert guards(owners, "z" * 5_000) == ["@a", "@c"]
    assert guards(owners, "deep/x") == ["@a"]


@pytest.mark.parametrize(
    "text",
    ["a\n" * 50_001, "*" + " @a" * 250_001, ("/a" * 2_000 + " @a\n") * 200],
    ids=["lines", "owners", "segments"],
)
def test_a_file_of_more_rules_than_anybody_writes_is_not_read(text):
    owners = parse(text)
    assert owners.broken.code == "too_long"
    assert owners.of("a").lints == (owners.broken,)
    assert not owners.of("a").names


def test_a_file_of_very_many_rules_is_read():
    assert parse("a/b @b\n" * 45_000 + "\n# x\n" * 100_000).of("a/b").names == ("@b",)


HOSTILE = {
    "tiny lines": "".join(f"{number:x} @b\n" for number in range(330_000)),
    "as many lines as are read": "".join(f"{number:x} @b\n" for number in range(49_000)),
    "no owners": "a\n" * 1_499_000,
    "bad lines": "a b\n" * 740_000,
    "empty lines": "\n" * 2_999_000,
    "hidden characters": "\x0b @o\n" * 590_000,
    "segments": "a/" * 1_499_000 + " @b",
    "segments of stars": "**/a/" * 590_000 + " @b",
    "wildcard segments": "*/" * 1_499_000 + " @b",
    "stars": "x*" * 1_499_000 + " @b",
    "question marks": "?" * 2_900_000 + "* @b",
    "owners": "*" + " @a" * 990_000,
    "brackets": "[a" * 1_490_000 + " @b",
    "blanks": "\\ " * 1_490_000 + " @b",
    "an address": "x a@" + "a." * 1_490_000,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_three_hostile_megabytes_are_read_and_answered_in_a_moment(what):
    def read() -> None:
        owners = parse(HOSTILE[what])
        for path in ("a", "a/" * 500 + "b", "x" * 4_000):
            owners.guarding(path, odd_mode=True)

    assert seconds(read, tries=1) < 3  # 1 on a machine that does nothing else


def test_three_megabytes_take_about_a_second_at_most():
    line = "/src/module/part/*.py @org/team-one @org/team-two # " + "x" * 240 + "\n"
    text = line * (MAX_BYTES // len(line))
    assert len(text) > MAX_BYTES - 400
    assert seconds(lambda: parse(text).of("src/module/part/x.py")) < 1


def test_time_is_linear_in_lines_and_in_paths():
    def text(lines: int) -> str:
        return "".join(
            f"/src/d{n % 50}/m{n}/ @o{n}\n*.e{n} @p @q\n/Lib/**/n{n}/*.py @z\n" for n in range(lines // 3)
        )

    small, large = text(2_000), text(16_000)
    assert seconds(lambda: parse(large)) < 24 * seconds(lambda: parse(small))
    owners = parse(small), parse(large)
    paths = [f"src/d{n % 50}/m{n}/f.e{n}" for n in range(3_000)]
    for one in owners:
        one.guarding("x")
    times = [seconds(lambda one=one: [one.guarding(path) for path in paths]) for one in owners]
    assert times[1] < 5 * times[0] + 0.05
    assert times[1] < 1
