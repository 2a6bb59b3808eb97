"""OWNERS files as Gerrit's code-owners plugin defines them: https://gerrit.googlesource.com/plugins/code-owners"""

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from riskbot.judge.owners import Ownership
from riskbot.judge.owners.folders import MAX_GUARDS, MAX_OWNERS
from riskbot.judge.owners.gerrit import MAX_IMPORTS, Gerrit
from riskbot.judge.owners.gerrit_globs import Globs, sample
from riskbot.judge.owners.gerrit_lines import MAX_RULES, parse
from riskbot.judge.people.who import Who


def owners(texts, path):
    return set(Gerrit.read(texts).of(path).names)


def codes(texts):
    return [lint.code for lint in Gerrit.read(texts).lints]


def guards(texts, path, odd_mode=False):
    return [set(one.names) for one in Gerrit.read(texts).guarding(path, odd_mode=odd_mode)]


TREE = {
    "OWNERS": "# who\nroot@x\n",
    "a/OWNERS": "anna@x # since 2020 #{LAST_RESORT_SUGGESTION}\n\tada@x #{WHATEVER}\n",
    "a/b/OWNERS": "bea@x\n",
    "closed/OWNERS": "set noparent\ncleo@x\n",
}


class TestInheritance:
    @pytest.mark.parametrize(
        ("path", "names"),
        [
            ("f", {"root@x"}),
            ("a/f", {"root@x", "anna@x", "ada@x"}),
            ("a/b/f", {"root@x", "anna@x", "ada@x", "bea@x"}),
            ("a/b/c/d/f", {"root@x", "anna@x", "ada@x", "bea@x"}),
            ("ab/f", {"root@x"}),
            ("closed/f", {"cleo@x"}),
            ("closed/deep/f", {"cleo@x"}),
        ],
    )
    def test_owners_come_from_every_folder_up_to_set_noparent(self, path, names):
        assert owners(TREE, path) == names
        assert not codes(TREE)

    def test_the_nearest_come_first_with_their_distance_and_place(self):
        found = Gerrit.read(TREE).of("a/b/c/f")
        assert [(one.name, one.distance, one.file, one.line) for one in found.owners] == [
            ("bea@x", 1, "a/b/OWNERS", 1),
            ("anna@x", 2, "a/OWNERS", 1),
            ("ada@x", 2, "a/OWNERS", 2),
            ("root@x", 3, "OWNERS", 2),
        ]
        assert (found.path, found.file, found.line, found.pattern) == ("a/b/c/f", "a/b/OWNERS", 1, None)

    def test_the_folder_of_the_file_is_distance_zero(self):
        assert Gerrit.read(TREE).of("a/f").owners[0].distance == 0
        assert Gerrit.read(TREE).of("f").owners[0].distance == 0

    def test_somebody_named_twice_counts_once_where_nearest(self):
        found = Gerrit.read({"OWNERS": "A@x\nb@x", "d/OWNERS": "a@X"}).of("d/f")
        assert [(one.name, one.distance) for one in found.owners] == [("a@X", 0), ("b@x", 1)]

    def test_nobody_owns_what_no_file_speaks_of(self):
        found = Gerrit.read({"a/OWNERS": "a@x"}).of("b/f")
        assert found == Ownership("b/f")

    def test_default_owners_stand_above_the_root(self):
        texts = {"OWNERS": "root@x", "//:refs/meta/config:OWNERS": "default@x", "c/OWNERS": "set noparent"}
        found = Gerrit.read(texts).of("d/f")
        assert [(one.name, one.distance) for one in found.owners] == [("root@x", 1), ("default@x", 2)]
        assert owners(texts, "c/f") == set()

    def test_star_is_everybody_here_and_below(self):
        roster = Gerrit.read({"a/OWNERS": "*\n", "a/b/OWNERS": "b@x", "a/c/OWNERS": "set noparent\nc@x"})
        assert roster.of("a/f").everyone
        assert roster.of("a/b/f").everyone
        assert roster.of("a/b/f").names == ("b@x",)
        assert not roster.of("a/c/f").everyone
        assert not roster.of("f").everyone

    def test_windows_line_ends(self):
        assert owners({"OWNERS": "set noparent\r\na@x\r\nper-file *.md=b@x\r\n"}, "f.md") == {"a@x", "b@x"}
        assert not codes({"OWNERS": "set noparent\r\na@x\r\n"})


PER_FILE = {
    "OWNERS": "root@x\nper-file *.md,docs.config=doc@x , docs@x # ours\nper-file Z=set noparent\nper-file Z=z@x\n",
    "d/OWNERS": "d@x\nper-file *.md=deep@x\n",
}


class TestPerFile:
    @pytest.mark.parametrize(
        ("path", "names"),
        [
            ("f.py", {"root@x"}),
            ("f.md", {"root@x", "doc@x", "docs@x"}),
            ("e/g/docs.config", {"root@x", "doc@x", "docs@x"}),
            ("d/f.md", {"root@x", "doc@x", "docs@x", "d@x", "deep@x"}),
            ("Z", {"z@x"}),
            ("q/Z", {"z@x"}),
            ("d/Z", {"d@x", "z@x"}),  # the folders below the restriction keep their own
        ],
    )
    def test_matches_here_and_below_and_adds_unless_noparent(self, path, names):
        assert owners(PER_FILE, path) == names

    def test_says_which_line_decided(self):
        found = Gerrit.read(PER_FILE).of("a.md")
        assert (found.file, found.line, found.pattern) == ("OWNERS", 2, "*.md,docs.config")

    def test_noparent_takes_from_the_folder_and_all_above(self):
        texts = {"OWNERS": "root@x", "a/OWNERS": "a@x\nper-file *.pem=set  noparent\nper-file *.pem=sec@x"}
        assert owners(texts, "a/k.pem") == {"sec@x"}
        assert owners(texts, "a/k.py") == {"a@x", "root@x"}

    def test_noparent_without_a_grant_leaves_nobody(self):
        assert owners({"OWNERS": "a@x\nper-file k=set noparent"}, "k") == set()

    def test_everybody(self):
        roster = Gerrit.read({"OWNERS": "a@x\nper-file *.txt=*"})
        assert roster.of("f.txt").everyone
        assert not roster.of("f.py").everyone

    def test_choices_are_not_split_at_their_commas(self):
        texts = {"OWNERS": "per-file {a,b}.c,x[,]y=c@x"}
        assert [bool(owners(texts, path)) for path in ("a.c", "b.c", "x,y", "{a", "c.c")] == [
            True,
            True,
            True,
            False,
            False,
        ]

    def test_a_blank_belongs_to_the_glob(self):
        texts = {"OWNERS": "per-file a, b=c@x"}
        assert owners(texts, "a") == {"c@x"}
        assert owners(texts, "b") == set()
        assert codes(texts) == ["blank_in_glob"]

    @pytest.mark.parametrize("glob", ["[", "[]", "{a", "{a{b}}", "[z-a]", "x\\", "/abs", "[a/b]"])
    def test_a_glob_that_is_none_matches_nothing(self, glob):
        texts = {"OWNERS": f"a@x\nper-file {glob}=b@x\nper-file ok=c@x"}
        assert "bad_glob" in codes(texts)
        assert owners(texts, "ok") == {"a@x", "c@x"}
        assert owners(texts, glob.strip("/")) == {"a@x"}
        assert Gerrit.read(texts).of("ok").closed

    def test_include_is_not_for_per_file(self):
        texts = {"OWNERS": "a@x\nper-file f=include /b/OWNERS", "b/OWNERS": "b@x"}
        assert owners(texts, "f") == {"a@x"}
        assert codes(texts) == ["per_file_include"]


class TestImports:
    OTHER = "b@x\nset noparent\nper-file f=only@x\nfile:/c/OWNERS\n"

    @pytest.mark.parametrize(
        "path", ["/b/OWNERS", "//b/OWNERS", "../b/OWNERS", " ../b/OWNERS", "./../b/../b/OWNERS"]
    )
    def test_file_takes_owners_only_and_theirs(self, path):
        texts = {
            "OWNERS": "root@x",
            "a/OWNERS": f"file:{path} # c",
            "b/OWNERS": self.OTHER,
            "c/OWNERS": "c@x",
        }
        assert owners(texts, "a/f") == {"b@x", "c@x", "root@x"}

    def test_include_takes_all(self):
        texts = {
            "OWNERS": "root@x",
            "a/OWNERS": "include /b/OWNERS",
            "b/OWNERS": self.OTHER,
            "c/OWNERS": "c@x",
        }
        assert owners(texts, "a/f") == {"b@x", "c@x", "only@x"}
        assert owners(texts, "a/g") == {"b@x", "c@x"}

    def test_what_file_reaches_is_reached_by_file_alone(self):
        texts = {
            "OWNERS": "root@x",
            "a/OWNERS": "file:/b/OWNERS",
            "b/OWNERS": "include /c/OWNERS",
            "c/OWNERS": self.OTHER,
        }
        assert owners(texts, "a/f") == {"root@x", "b@x"}

    def test_included_per_file_lines_match_in_the_including_folder(self):
        texts = {"a/OWNERS": "include /b/OWNERS", "b/OWNERS": "per-file x/*.c=b@x"}
        assert owners(texts, "a/x/f.c") == {"b@x"}

    def test_per_file_import(self):
        texts = {
            "OWNERS": "a@x\nper-file *.pem=set noparent\nper-file *.pem=file: /SEC_OWNERS\n",
            "SEC_OWNERS": "sec@x\nper-file k.pem=no@x\nset noparent\nfile:/OWNERS_more",
            "OWNERS_more": "more@x",
        }
        assert owners(texts, "k.pem") == {"sec@x", "more@x"}
        found = Gerrit.read(texts).of("d/k.pem")
        assert [(one.name, one.distance, one.file) for one in found.owners] == [
            ("sec@x", 1, "SEC_OWNERS"),
            ("more@x", 1, "OWNERS_more"),
        ]

    def test_a_file_of_another_name_has_no_effect_of_its_own(self):
        texts = {"SEC_OWNERS": "sec@x", "OWNERS_sec": "nonsense", "OWNERS.github": "* @acme/devs"}
        assert owners(texts, "f") == set()
        assert not codes(texts)
        assert codes({**texts, "OWNERS": "per-file f=file:SEC_OWNERS\nfile:OWNERS_sec"}) == ["bad_line"]

    @pytest.mark.parametrize(
        "statement",
        [
            "file:/missing/OWNERS",
            "include ../OWNERS",
            "file:other:/OWNERS",
            "file:o:main:/OWNERS",
            "per-file f=file:/no/OWNERS",
        ],
    )
    def test_an_unresolved_import_is_closed_and_keeps_the_owners_known(self, statement):
        texts = {"OWNERS": f"a@x\n{statement}\n"}
        found = Gerrit.read(texts).of("f")
        assert found.names == ("a@x",)
        assert found.closed
        assert [(lint.code, lint.file, lint.line) for lint in found.lints] == [
            ("unresolved_import", "OWNERS", 2)
        ]
        assert codes(texts) == ["unresolved_import"]

    def test_nobody_known_and_an_import_unresolved_is_closed_not_free(self):
        found = Gerrit.read({"OWNERS": "file:/missing/OWNERS"}).of("f")
        assert not found.owners
        assert found.closed

    def test_arbitrary_files_are_not_imported(self):
        texts = {"OWNERS": "file:/README\nfile:/CODEOWNERS", "README": "mallory@x", "CODEOWNERS": "mallory@x"}
        assert owners(texts, "f") == set()
        assert codes(texts) == ["unresolved_import"] * 2

    def test_files_of_other_projects_go_by_a_key_that_no_path_is(self):
        texts = {
            "a/OWNERS": "file:other:/d/OWNERS\nfile:other:stable:/OWNERS",
            "//other::d/OWNERS": "d@x\nfile:../OWNERS",
            "//other::OWNERS": "up@x",
            "//other:stable:OWNERS": "stable@x",
            "OWNERS": "root@x\nset noparent",
        }
        assert owners(texts, "a/f") == {"d@x", "up@x", "stable@x", "root@x"}
        assert (
            owners(
                {"OWNERS": "file:other:/OWNERS", "other:/OWNERS": "mallory@x", "other::OWNERS": "m@x"}, "f"
            )
            == set()
        )

    def test_climbing_out_of_the_tree_is_unresolved(self):
        assert codes({"a/OWNERS": "file:../../OWNERS", "OWNERS": "r@x"}) == ["unresolved_import"]

    def test_cycles_end(self):
        texts = {
            "a/OWNERS": "a@x\ninclude /b/OWNERS\nfile:OWNERS\nper-file f=file:OWNERS",
            "b/OWNERS": "b@x\ninclude /a/OWNERS\nfile:/b/OWNERS",
        }
        assert owners(texts, "a/f") == {"a@x", "b@x"}
        assert owners(texts, "b/f") == {"a@x", "b@x"}

    def test_imports_are_bounded_and_say_so(self):
        texts = {f"d{n}/OWNERS": f"p{n}@x\nfile:/d{n + 1}/OWNERS" for n in range(1000)}
        found = Gerrit.read(texts).of("d0/f")
        assert 0 < len(found.owners) <= MAX_IMPORTS + 2
        assert found.closed
        assert "too_many_imports" in [lint.code for lint in found.lints]


class TestBadLines:
    @pytest.mark.parametrize(
        "line",
        [
            "bob",
            "@bob",
            "a@",
            "@",
            "**",
            "* *",
            "*,*",
            "a@x b@x",
            "a@x,b@x",
            "a@x *",
            "<a@x>",
            "set",
            "setnoparent",
            "per-file",
            "per-file =a@x",
            "per-file f=",
            "per-file f",
            "per-file f=bob",
            "per-file f=a@x,",
            "per-file f=*,bob",
            "per-file f,=a@x",
            "per-file f#=a@x",
            "include",
            "include:",
            "file:",
            "file",
            "per-file f g=a@x",
            "noparent",
            "group:x",
            "anyone",
            "a@x@y",
        ],
    )
    def test_is_a_lint_with_its_place_and_grants_nothing(self, line):
        texts = {"OWNERS": f"one@x\n  {line}\ntwo@x\n"}
        roster = Gerrit.read(texts)
        assert (roster.lints[0].code, roster.lints[0].file, roster.lints[0].line) == ("bad_line", "OWNERS", 2)
        assert roster.lints[0].column in {3, None}
        found = roster.of("f")
        assert found.names == ("one@x", "two@x")
        assert not found.everyone
        assert found.closed

    @pytest.mark.parametrize(
        "line",
        [
            "set noparnet no parent",
            "SET NOPARENT",
            "set no-parent",
            "noparent",
            "set noparent please",
            "\ufeffset noparent",
            "set\u00a0noparent",
            "set nopar ent",
            "per-file f g=set noparent",
            "per-file [=set noparent",
        ],
    )
    def test_what_looks_like_a_restriction_restricts(self, line):
        texts = {"OWNERS": "root@x", "a/OWNERS": f"{line}\na@x"}
        assert owners(texts, "a/f") == {"a@x"}
        assert "taken_as_noparent" in codes(texts)

    @pytest.mark.parametrize("right", ["set noparent,sec@x", "set noparentt", "set  no_parent"])
    def test_a_per_file_restriction_misspelled_restricts_those_files(self, right):
        texts = {"OWNERS": f"root@x\nper-file *.pem={right}\nper-file *.pem=sec@x"}
        assert owners(texts, "k.pem") == {"sec@x"}
        assert owners(texts, "k.py") == {"root@x"}
        assert codes(texts) == ["bad_line"]

    @pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\r", "\x1c", "\x1e"])
    def test_only_a_line_feed_ends_a_line(self, separator):
        texts = {
            "OWNERS": f"a@x\n# note{separator}mallory@x\n# more{separator}*\n",
            "b/OWNERS": f"b@x{separator}*\n",
        }
        roster = Gerrit.read(texts)
        assert roster.of("f").names == ("a@x",)
        assert not roster.of("f").everyone
        assert roster.of("b/f").names == ("a@x",)
        assert not roster.of("b/f").everyone
        assert {lint.code for lint in roster.lints} >= {"control_char"}

    def test_a_restriction_that_other_readers_would_find_counts(self):
        assert owners({"OWNERS": "root@x", "a/OWNERS": "# x\u2028set noparent\na@x"}, "a/f") == {"a@x"}

    @pytest.mark.parametrize(
        "line", ["\ufeff*", "*\u200b", "mallory@x\u202e", "\u200bmallory@x", "per-file f=mallory@x\u2060"]
    )
    def test_what_cannot_be_seen_grants_nothing(self, line):
        found = Gerrit.read({"OWNERS": f"{line}\na@x"}).of("f")
        assert found.names == ("a@x",)
        assert not found.everyone
        assert found.closed

    def test_a_hidden_character_in_a_comment_costs_nobody_ownership(self):
        texts = {"OWNERS": "a@x # na\u200bive\n"}
        assert owners(texts, "f") == {"a@x"}
        assert codes(texts) == ["control_char"]

    def test_a_file_that_cannot_be_read_is_closed_and_lets_nobody_in_from_above(self):
        texts = {"OWNERS": "root@x", "a/OWNERS": None, "a/b/OWNERS": "b@x"}
        found = Gerrit.read(texts).of("a/f")
        assert not found.owners
        assert found.closed
        assert owners(texts, "a/b/f") == {"b@x"}
        assert owners(texts, "f") == {"root@x"}
        assert codes(texts) == ["unreadable"]

    def test_an_address_that_names_nobody_is_dropped(self):
        texts = {"OWNERS": f"a@x\n{'l' * 65}@x\na/b@x\nper-file f=c/d@x,e@x"}
        assert owners(texts, "f") == {"a@x", "e@x"}
        assert codes(texts) == ["bad_owner"] * 3


class TestGuarding:
    def test_folded_folders_guard_too(self):
        texts = {
            "OWNERS": "root@x",
            "secure/OWNERS": "set noparent\nsec@x",
            "caf\u00e9/OWNERS": "set noparent\nc@x",
        }
        assert guards(texts, "Secure/x") == [{"root@x"}, {"sec@x"}]
        assert guards(texts, "SECURE/Deep/x") == [{"root@x"}, {"sec@x"}]
        assert guards(texts, "cafe\u0301/x") == [{"root@x"}, {"c@x"}]
        assert guards(texts, "secure/x") == [{"sec@x"}]
        assert guards(texts, "other/x") == [{"root@x"}]

    def test_per_file_lines_guard_under_folding(self):
        texts = {"OWNERS": "root@x\nper-file *.pem,id_rsa=set noparent\nper-file *.pem,id_rsa=sec@x"}
        assert guards(texts, "K.PEM") == [{"root@x"}, {"sec@x"}]
        assert guards(texts, "d/ID_RSA") == [{"root@x"}, {"sec@x"}]
        assert guards(texts, "k.pem") == [{"sec@x"}]

    def test_a_range_that_runs_backwards_when_folded_still_counts(self):
        texts = {"OWNERS": "r@x\nper-file [Z-a]1=a@x\nper-file [a\u0301-b]1=b@x"}
        assert owners(texts, "Z1") == {"a@x", "r@x"}
        assert guards(texts, "A1") == [{"r@x"}, {"a@x", "r@x"}]

    def test_another_spelling_of_an_owned_name_cannot_go_by_its_own_line(self):
        texts = {
            "OWNERS": "per-file x.py=set noparent\nper-file x.py=a@x\nper-file X.PY=set noparent\nper-file X.PY=b@x"
        }
        assert guards(texts, "X.PY") == [{"b@x"}, {"a@x"}]

    def test_a_link_in_a_folders_place_needs_the_owners_of_the_folder_and_of_what_lies_beneath(self):
        texts = {
            "OWNERS": "root@x\nper-file s/*=set noparent\nper-file s/*=star@x",
            "s/OWNERS": "set noparent\ns@x\nper-file *.pem=set noparent\nper-file *.pem=sec@x",
            "s/deep/OWNERS": "deep@x",
            "sx/OWNERS": "no@x",
        }
        assert guards(texts, "s", odd_mode=True) == [{"root@x"}, {"s@x"}, {"sec@x"}, {"s@x", "deep@x"}]
        assert guards(texts, "s") == [{"root@x"}]
        assert guards(texts, "S") == [{"root@x"}, {"s@x"}, {"sec@x"}, {"s@x", "deep@x"}]

    def test_a_link_in_the_place_of_a_folder_without_a_file_of_its_own(self):
        assert guards(
            {"OWNERS": "r@x\nper-file s/**=set noparent\nper-file s/**=s@x"}, "s", odd_mode=True
        ) == [{"r@x"}, {"s@x"}]

    def test_too_many_guards_are_not_silently_fewer(self):
        texts = {f"s/d{n}/OWNERS": f"p{n}@x" for n in range(MAX_GUARDS + 50)}
        found = Gerrit.read(texts).guarding("s", odd_mode=True)
        assert len(found) <= MAX_GUARDS + 2
        assert found[-1].closed
        assert not found[-1].owners


class TestHostile:
    @pytest.mark.parametrize(
        "line",
        [
            "per-file " + "*a" * 18 + "*b=x@x",
            "per-file " + "{a,aa}*" * 18 + "b=x@x",
            "per-file " + "**/a" * 100 + "=x@x",
            "per-file " + "{**/,}" * 50 + "=x@x",
            "per-file " + "?" * 400 + "=x@x",
        ],
    )
    def test_a_pattern_bomb_takes_no_time(self, line):
        began = time.perf_counter()
        roster = Gerrit.read({"OWNERS": f"root@x\n{line}"})
        for path in ("a" * 40, "a" * 4000, "a/" * 2000 + "c"):
            assert roster.guarding(path)
        assert time.perf_counter() - began < 1

    @pytest.mark.parametrize(
        "line",
        [
            "per-file " + "a," * 30_000,
            " " * 50_000 + "x",
            "a" * 100_000,
            "file:" + "a:" * 50_000,
            "per-file a=" + "a@x," * 20_000,
            "set" + " " * 50_000 + "x",
        ],
    )
    def test_long_lines_are_linear(self, line):
        began = time.perf_counter()
        assert parse(line, "OWNERS").lints
        assert time.perf_counter() - began < 1

    def test_lints_are_bounded(self):
        assert len(parse("bad\n" * 100_000, "OWNERS").lints) < 300

    def test_owners_are_bounded_and_say_so(self):
        found = Gerrit.read({"OWNERS": "".join(f"p{n}@x\n" for n in range(5000)), "a/OWNERS": "near@x"}).of(
            "a/f"
        )
        assert len(found.owners) == MAX_OWNERS
        assert found.owners[0].name == "near@x"
        assert "too_many_owners" in [lint.code for lint in found.lints]

    def test_rules_are_bounded_and_a_restriction_beyond_still_restricts(self):
        text = "a@x\n" + "per-file f=b@x\n" * MAX_RULES + "per-file k=set noparent\n"
        assert owners({"OWNERS": "root@x", "d/OWNERS": text}, "d/k") == {"a@x"}
        assert "too_many_rules" in codes({"OWNERS": text})

    def test_a_large_tree_is_quick(self):
        texts = {
            f"d{n % 50}/e{n}/OWNERS": f"p{n}@x\nper-file *.md,BUILD=q{n}@x\nper-file t?st*=r@x\n"
            for n in range(1000)
        }
        texts["OWNERS"] = "root@x"
        paths = [f"d{n % 50}/e{n % 1000}/s/f{n}.{'md' if n % 3 else 'py'}" for n in range(3000)]
        roster = Gerrit.read(texts)
        for path in paths[::3]:
            roster.of(path)  # the folders' files are put together at their first use
        began = time.perf_counter()
        for path in paths:
            roster.guarding(path)
        assert time.perf_counter() - began < 2  # 0.1 on a quiet machine


# Globs against a matcher so plain that it is plainly right.


def naive(glob, path):
    """Backtracking over the dialect; classes and groups by expansion.

    A "|" matches nothing: it ends what a group expanded to, since "{*,a}*" holds no "**".
    """
    if not glob:
        return not path
    if glob[0] == "|":
        return naive(glob[1:], path)
    if glob.startswith("**"):
        return any(naive(glob[2:], path[n:]) for n in range(len(path) + 1))
    head, rest = glob[0], glob[1:]
    if head == "*":
        return any("/" not in path[:n] and naive(rest, path[n:]) for n in range(len(path) + 1))
    if head == "{":
        choices, _, rest = rest.partition("}")
        return any(naive(f"{choice}|{rest}", path) for choice in choices.split(","))
    if head == "[":
        body, _, rest = rest.partition("]")
        negated = body.startswith("!")
        inside = path[:1] in body[negated:]
        return bool(path) and path[0] != "/" and inside != negated and naive(rest, path[1:])
    if head == "?":
        return bool(path) and path[0] != "/" and naive(rest, path[1:])
    return path[:1] == head and naive(rest, path[1:])


PIECES = st.sampled_from(
    ["a", "b", ".", "/", "*", "**", "?", "[ab]", "[!a]", "{a,b.}", "{*,ab}", "a.b", "+", "$"]
)
GLOBS = (
    st.lists(PIECES, min_size=1, max_size=6)
    .map("".join)
    .filter(lambda glob: "***" not in glob and glob[0] != "/")
)
PATHS = st.lists(st.sampled_from("ab.+$"), min_size=1, max_size=4).map("".join)
TREE_PATHS = st.lists(PATHS, min_size=1, max_size=3).map("/".join)


@settings(max_examples=1500, deadline=None)
@given(GLOBS, TREE_PATHS)
@example("*.b", "a/.b")
@example("a.b", "ba.b")
@example("a{*,ab}*", "a/b")
def test_globs_match_as_the_plain_reading_of_them(glob, path):
    expected = naive(glob, path) or any(naive(glob, path[match.end() :]) for match in re.finditer("/", path))
    assert bool(Globs([(0, glob)]).matching(path)) == expected


@settings(max_examples=500, deadline=None)
@given(GLOBS)
def test_a_glob_matches_its_sample_where_that_is_a_path(glob):
    if "[!" not in glob and "//" not in sample(glob) and sample(glob) and glob.strip("/") == glob:
        assert Globs([(0, glob)]).matching(sample(glob))


WORDS = st.sampled_from(
    [
        "a@x",
        "b@x",
        "*",
        "set noparent",
        "set",
        "noparent",
        "per-file ",
        "*.md",
        "f",
        "=",
        ",",
        "file:",
        "include ",
        "/b/OWNERS",
        "../OWNERS",
        "OWNERS",
        "#",
        " ",
        "\n",
        "\u2028",
        "\ufeff",
        "o:",
        "[",
        "{",
        "[Z-a]",
        "[a\u0301-b]",
        "?",
        "\udc80",
        "bob",
    ]
)
TEXTS = st.dictionaries(
    st.sampled_from(["OWNERS", "b/OWNERS", "b/c/OWNERS", "B/OWNERS", "X_OWNERS"]),
    st.one_of(st.none(), st.lists(WORDS, max_size=25).map("".join), st.text(max_size=40)),
)
ANY_PATHS = st.sampled_from(["f", "b/f", "b/c/f.md", "B/C/f.md", "b", "B", "b/C", "b\udc80/f", "x.md"])


@settings(max_examples=1000, deadline=None)
@given(TEXTS, ANY_PATHS, st.booleans())
def test_anything_reads_and_guards_no_less_than_it_owns(texts, path, odd_mode):
    roster = Gerrit.read(texts)
    found = roster.guarding(path, odd_mode=odd_mode)
    assert found[0] == roster.of(path)
    assert {one.path for one in found} == {path}
    for owner in (owner for one in found for owner in one.owners):
        assert Who.parse(owner.name).kind.value == "email"
    assert roster.guarding(path, odd_mode=odd_mode) == Gerrit.read(texts).guarding(path, odd_mode=odd_mode)
    demands = {(frozenset(one.names), one.everyone) for one in found}
    assert demands <= {(frozenset(one.names), one.everyone) for one in roster.guarding(path, odd_mode=True)}


@settings(max_examples=700, deadline=None)
@given(TEXTS, ANY_PATHS, st.sampled_from(["OWNERS", "b/OWNERS", "b/c/OWNERS"]))
def test_set_noparent_never_adds_an_owner(texts, path, where):
    before = Gerrit.read(texts).of(path)
    if texts.get(where) is None:
        return
    after = Gerrit.read({**texts, where: f"{texts[where]}\nset noparent"}).of(path)
    assert set(after.names) <= set(before.names)
    assert before.everyone or not after.everyone


@settings(max_examples=700, deadline=None)
@given(
    TEXTS,
    ANY_PATHS,
    st.text(st.characters(blacklist_characters="\n"), max_size=20).filter(
        lambda t: "@" not in t and t.strip() != "*" and not t.strip().startswith("*#")
    ),
)
def test_a_line_without_an_address_gives_nobody_anything(texts, path, line):
    texts = {**texts, "OWNERS": texts.get("OWNERS") or ""}
    before = Gerrit.read(texts).of(path)
    after = Gerrit.read({**texts, "OWNERS": f"{texts['OWNERS']}\n{line}"}).of(path)
    if not re.search("file|include|per-file", line):
        assert set(after.names) <= set(before.names)
        assert before.everyone or not after.everyone


@settings(max_examples=1000, deadline=None)
@given(TEXTS, ANY_PATHS, st.lists(st.booleans(), min_size=8, max_size=8))
def test_another_spelling_never_needs_less(texts, path, flips):
    other = "".join(char.swapcase() if flips[at % 8] else char for at, char in enumerate(path))
    roster = Gerrit.read(texts)
    asked = roster.of(path)
    if not asked.owners:
        return  # nobody is known: a spelling that a folder of its own has owners for may well name them
    if any("per-file" in (text or "") for text in texts.values()):
        return  # who is named for one spelling of a file alone owns that one, and only that
    assert any(
        set(one.names) <= set(asked.names)
        and (one.names or one.closed or one.everyone)
        and (asked.everyone or not one.everyone)
        for one in roster.guarding(other)
    )
