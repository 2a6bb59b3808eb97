"""OWNERS files as Kubernetes' Prow defines them: https://www.kubernetes.dev/docs/guide/owners/"""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskbot.judge.owners import Ownership
from riskbot.judge.owners.folders import MAX_OWNERS
from riskbot.judge.owners.prow import Prow
from riskbot.judge.owners.prow_files import MAX_FILTERS
from riskbot.judge.owners.prow_yaml import MAX_CHARACTERS, read
from riskbot.judge.owners.regex import compiled
from riskbot.judge.people.who import Who, WhoKind


def owners(texts, path):
    return set(Prow.read(texts).of(path).names)


def codes(texts):
    return [lint.code for lint in Prow.read(texts).lints]


def guards(texts, path, odd_mode=False):
    return [set(one.names) for one in Prow.read(texts).guarding(path, odd_mode=odd_mode)]


def required(texts, path):
    return [{one.name for one in group} for group in Prow.read(texts).of(path).required]


NOPARENT = "options:\n  no_parent_owners: true\n"
TREE = {
    "OWNERS": "approvers:\n- Root\n- sig-build\nreviewers:\n- rev\nlabels:\n- kind/x\n",
    "OWNERS_ALIASES": "aliases:\n  Sig-Build:\n  - '@Bob'\n  - carol\n  empty:\n  flow: {dora, emil}\n",
    "a/OWNERS": "approvers: [anna]\nemeritus_approvers: [old]\n",
    "a/b/OWNERS": "reviewers: [only-reviews]\n",
    "closed/OWNERS": f"{NOPARENT}approvers: [cleo, flow]\n",
    "closed/deep/OWNERS": "approvers: [dan]\n",
    "hollow/OWNERS": f"{NOPARENT}reviewers: [rev]\n",
}


class TestInheritance:
    @pytest.mark.parametrize(
        ("path", "names"),
        [
            ("f", {"@root", "@bob", "@carol"}),
            ("a/f", {"@anna", "@root", "@bob", "@carol"}),
            ("a/b/c/f", {"@anna", "@root", "@bob", "@carol"}),
            ("ab/f", {"@root", "@bob", "@carol"}),
            ("closed/f", {"@cleo", "@dora", "@emil"}),
            ("closed/deep/f", {"@dan", "@cleo", "@dora", "@emil"}),
            ("hollow/f", {"@root", "@bob", "@carol"}),  # nobody named: the option stops nothing
        ],
    )
    def test_approvers_come_from_every_folder_up_to_no_parent_owners(self, path, names):
        assert owners(TREE, path) == names
        assert not codes(TREE)

    def test_the_nearest_come_first_with_their_distance_and_place(self):
        found = Prow.read(TREE).of("a/b/f")
        assert [(one.name, one.distance, one.file, one.line) for one in found.owners] == [
            ("@anna", 1, "a/OWNERS", 1),
            ("@root", 2, "OWNERS", 2),
            ("@bob", 2, "OWNERS", 3),
            ("@carol", 2, "OWNERS", 3),
        ]
        assert (found.path, found.file, found.line, found.pattern) == ("a/b/f", "a/OWNERS", 1, None)

    def test_somebody_found_below_is_enough_for_no_parent_owners(self):
        texts = {"OWNERS": "approvers: [root]", "a/OWNERS": NOPARENT, "a/b/OWNERS": "approvers: [b]"}
        assert owners(texts, "a/b/f") == {"@b"}
        assert owners(texts, "a/f") == {"@root"}

    def test_nobody_owns_what_no_file_speaks_of(self):
        assert Prow.read({"a/OWNERS": "approvers: [a]"}).of("b/f") == Ownership("b/f")

    @pytest.mark.parametrize(
        "folder", ["vendor/a/b", "x/vendor/github.com/acme/c", ".git", "a/_output/d", "vendor/.git"]
    )
    def test_files_where_prow_looks_for_none_name_nobody(self, folder):
        texts = {"OWNERS": "approvers: [root]", f"{folder}/OWNERS": f"{NOPARENT}approvers: [stranger]"}
        assert owners(texts, f"{folder}/f") == {"@root"}
        assert owners({**texts, "vendor/a/OWNERS": "approvers: [v]"}, "vendor/a/b/f") == {"@root", "@v"}

    def test_keys_in_any_letter_case_as_go_reads_them(self):
        texts = {
            "OWNERS": "approvers: [root]",
            "a/OWNERS": "Approvers: [a]\nOptions: {No_Parent_Owners: True}",
        }
        assert owners(texts, "a/f") == {"@a"}
        assert codes(texts) == ["key_case"] * 3


class TestRequired:
    def test_each_entry_must_have_approved_an_alias_by_one_of_its_members(self):
        texts = {
            "OWNERS_ALIASES": "aliases: {sec: [s1, s2]}",
            "OWNERS": "approvers: [root]\nrequired_reviewers: [sec, Zoe]",
            "a/OWNERS": f"{NOPARENT}approvers: [a]",
            "b/OWNERS": f"{NOPARENT}required_reviewers: [b]\napprovers: [bb]",
        }
        assert required(texts, "f") == [{"@s1", "@s2"}, {"@zoe"}]
        assert required(texts, "a/f") == [
            {"@s1", "@s2"},
            {"@zoe"},
        ]  # this level requires nobody: it stops nothing
        assert required(texts, "b/f") == [{"@b"}]
        assert owners(texts, "b/f") == {"@bb"}

    @pytest.mark.parametrize("entry", ["a b", "true", "[x]", "''", "gone", "empty", '"\\e[1m"'])
    def test_an_entry_that_cannot_be_met_is_not_lost(self, entry):
        texts = {
            "OWNERS_ALIASES": "aliases: {gone: [a b], empty: }",
            "OWNERS": f"approvers: [root]\nrequired_reviewers: [{entry}]",
        }
        ((name,),) = required(texts, "f")
        assert name.isprintable()
        with pytest.raises(ValueError):
            Who.parse(name)

    def test_a_list_that_is_none_is_not_lost_either(self):
        assert len(required({"OWNERS": "approvers: [root]\nrequired_reviewers: zed"}, "f")) == 1

    def test_a_team_may_be_required_but_owns_nothing(self):
        texts = {"OWNERS": "approvers: [root, acme/sec]\nrequired_reviewers: [Acme/Sec]"}
        assert required(texts, "f") == [{"@acme/sec"}]
        assert owners(texts, "f") == {"@root"}
        assert codes(texts) == ["bad_owner"]


class TestFilters:
    TEXT = """\
options: {no_parent_owners: true}
filters:
  ".*":
    approvers: [all]
  "\\\\.go$":
    approvers: [go]
    required_reviewers: [sec]
  "^docs/":
    approvers: [docs]
"""

    @pytest.mark.parametrize(
        ("path", "names"),
        [
            ("a/f", {"@all"}),
            ("a/x.go", {"@all", "@go"}),
            ("a/docs/f", {"@all", "@docs"}),
            ("a/docs/x.go", {"@all", "@docs", "@go"}),
            ("a/b/docs/f", {"@all"}),
            ("f", {"@root"}),
        ],
    )
    def test_are_searched_in_the_path_from_their_folder(self, path, names):
        texts = {"OWNERS": "approvers: [root]", "a/OWNERS": self.TEXT}
        assert owners(texts, path) == names
        assert bool(required(texts, path)) == path.endswith(".go")

    def test_no_match_is_nobody_named(self):
        texts = {
            "OWNERS": "approvers: [root]",
            "a/OWNERS": f"{NOPARENT}filters: {{'[.]go$': {{approvers: [go]}}}}",
        }
        assert owners(texts, "a/x.go") == {"@go"}
        assert owners(texts, "a/x.py") == {"@root"}

    def test_say_which_one_decided(self):
        found = Prow.read({"OWNERS": self.TEXT}).of("docs/f")
        assert (found.file, found.line, found.pattern) == ("OWNERS", 4, ".*")

    def test_beside_lists_are_passed_over(self):
        texts = {"OWNERS": "approvers: [a]\nfilters:\n  '.*':\n    approvers: [b]\n"}
        assert owners(texts, "f") == {"@a"}
        assert codes(texts) == ["filters_ignored"]

    @pytest.mark.parametrize(
        "pattern", ["(", "(?=x)", r"(a)\1", "a{2000}", r"\C", "[z-a]", "((a{100}){100}){100}"]
    )
    def test_a_pattern_that_is_none_grants_nothing_and_closes(self, pattern):
        texts = {
            "OWNERS": "approvers: [root]",
            "a/OWNERS": f"{NOPARENT}filters:\n  '{pattern}': {{approvers: [a]}}\n  '^b': {{approvers: [b]}}",
        }
        assert codes(texts) == ["bad_regex"]
        assert owners(texts, "a/b") == {"@b"}
        found = Prow.read(texts).of("a/f")
        # It might have named somebody, and then the option would have kept the owners above away.
        assert not found.owners
        assert found.closed

    def test_bytes_that_are_no_text_match_as_in_go(self):
        texts = {"OWNERS": "filters: {'^a.b$': {approvers: [x]}}"}
        assert owners(texts, "a\udc80b") == {"@x"}
        assert owners(texts, "a\udc80\udc81b") == set()

    def test_are_bounded_and_say_so(self):
        text = "filters:\n" + "".join(f"  'f{n}$': {{approvers: [p{n}]}}\n" for n in range(MAX_FILTERS + 5))
        assert codes({"OWNERS": text}) == ["too_many_filters"]
        assert owners({"OWNERS": text}, f"f{MAX_FILTERS - 1}") == {f"@p{MAX_FILTERS - 1}"}


AUTO = {
    "OWNERS": "approvers: [root]",
    "a/OWNERS": "approvers: [a]\noptions: {auto_approve_unowned_subfolders: true}",
    "a/owned/OWNERS": "approvers: [o]",
    "a/reviewed/OWNERS": "reviewers: [r]",
    "a/broken/OWNERS": "approvers: [",
}


class TestAutoApprove:
    @pytest.mark.parametrize(
        ("path", "everyone"),
        [
            ("a/f", False),
            ("a/sub/f", True),
            ("a/sub/s/f", True),
            ("a/owned/f", False),
            ("a/owned/x/f", False),
            ("a/reviewed/f", True),
            ("a/broken/f", False),
            ("f", False),
        ],
    )
    def test_only_subfolders_that_nobody_owns(self, path, everyone):
        assert Prow.read(AUTO).of(path).everyone == everyone

    def test_at_the_root_its_own_files_are_not_subfolders(self):
        texts = {"OWNERS": "approvers: [root]\noptions: {auto_approve_unowned_subfolders: true}"}
        assert not Prow.read(texts).of("f").everyone
        assert Prow.read(texts).of("d/f").everyone


class TestNames:
    @pytest.mark.parametrize("name", ["anyone", "ANYONE", "@anyone", "all"])
    def test_a_login_is_a_login_whatever_it_means_elsewhere(self, name):
        (owner,) = Prow.read({"OWNERS": f"approvers: ['{name}']"}).of("f").names
        assert Who.parse(owner).kind is WhoKind.LOGIN

    @pytest.mark.parametrize(
        "name",
        [
            "acme/team",
            "@acme/team",
            "group:stewards",
            "id:17",
            "a@x.org",
            "*",
            "a b",
            "",
            "-a",
            "a\\u200bb",
            "\\ud800",
            "\uff41nna",
        ],
    )
    def test_what_is_no_login_owns_nothing(self, name):
        texts = {"OWNERS": f'approvers: ["{name}", ok]'}
        found = Prow.read(texts).of("f")
        assert found.names in {("@ok",), ()}
        assert found.closed
        assert not found.everyone
        assert set(codes(texts)) & {"bad_owner", "bad_yaml"}

    @pytest.mark.parametrize(
        "name",
        [
            "on",
            "yes",
            "no",
            "true",
            "null",
            "~",
            "0x1f",
            "017",
            "1.5",
            "1e3",
            "2020-01-01",
            "*alias",
            "!!str x",
            "[a, b]",
            "{a: b}",
            "",
        ],
    )
    def test_what_yaml_takes_for_something_else_owns_nothing(self, name):
        texts = {"OWNERS": f"approvers:\n- {name}\n- ok\n"}
        assert owners(texts, "f") - {"@x"} <= {"@ok"}
        if name != "!!str x":
            assert Prow.read(texts).of("f").closed

    def test_a_decimal_number_is_a_login(self):
        assert owners({"OWNERS": "approvers: [1234]"}, "f") == {"@1234"}

    def test_logins_are_one_whatever_their_case(self):
        assert owners({"OWNERS": "approvers: [Anna, '@ANNA', anna]"}, "f") == {"@anna"}


class TestAliases:
    def test_do_not_nest(self):
        texts = {"OWNERS": "approvers: [a]", "OWNERS_ALIASES": "aliases: {a: [b], b: [c]}"}
        assert owners(texts, "f") == {"@b"}

    def test_only_the_one_at_the_root_counts(self):
        texts = {"OWNERS": "approvers: [a]", "d/OWNERS_ALIASES": "aliases: {a: [mallory]}"}
        assert owners(texts, "d/f") == {"@a"}

    @pytest.mark.parametrize("value", ["dave", "", "[]", "[[x]]", "[~]", "*x", "true"])
    def test_one_that_cannot_be_read_is_still_no_login(self, value):
        texts = {
            "OWNERS": "approvers: [team, ok]",
            "OWNERS_ALIASES": f"aliases:\n  team: {value}\n  other: [x]\n",
        }
        assert owners(texts, "f") == {"@ok"}

    @pytest.mark.parametrize("text", [None, "aliases: [", "- a", "aliases: [a]", "x" * (MAX_CHARACTERS + 1)])
    def test_where_they_cannot_be_read_nobody_is_known(self, text):
        texts = {"OWNERS": "approvers: [team]", "OWNERS_ALIASES": text}
        found = Prow.read(texts).of("f")
        assert not found.owners
        assert found.closed
        assert found.lints[0].file == "OWNERS_ALIASES"

    @pytest.mark.parametrize("text", ["", "# nothing\n", "aliases:\n", "aliases: {}", "{}"])
    def test_none_at_all(self, text):
        found = Prow.read({"OWNERS": "approvers: [a]", "OWNERS_ALIASES": text}).of("f")
        assert found.names == ("@a",)


class TestBadFiles:
    @pytest.mark.parametrize(
        "text",
        [
            "approvers: [",
            "\t- x",
            "a: b: c",
            "- approvers",
            "just text",
            "%YAML 9.9\n---\n:",
            "approvers: [m]\n  x",
            "!!python/object:os.system {}",
        ],
    )
    def test_is_closed_and_keeps_the_owners_known(self, text):
        texts = {"OWNERS": "approvers: [root]", "a/OWNERS": text}
        found = Prow.read(texts).of("a/f")
        assert found.names == ("@root",)
        assert found.closed
        assert not Prow.read(texts).of("f").closed
        assert found.lints[0].file == "a/OWNERS"

    @pytest.mark.parametrize(
        "text",
        [
            None,
            f"{NOPARENT}approvers: [",
            "options: {noParent: [",
            'options: {"no\\x5fparent_owners": true]',
            f"{NOPARENT}{'#' * MAX_CHARACTERS}",
        ],
    )
    def test_one_that_may_have_kept_the_owners_above_away_does(self, text):
        texts = {"OWNERS": "approvers: [root]", "a/OWNERS": text, "a/b/OWNERS": "approvers: [b]"}
        found = Prow.read(texts).of("a/f")
        assert not found.owners
        assert found.closed
        assert owners(texts, "a/b/f") == {"@b"}

    def test_one_bad_section_does_not_void_the_others(self):
        texts = {"OWNERS": "approvers: [a]\nrequired_reviewers: zed\nreviewers: {x: [}\n"}
        assert Prow.read(texts).of("f").closed
        texts = {"OWNERS": "approvers: [a]\nrequired_reviewers: zed\nlabels: 7\n"}
        assert owners(texts, "f") == {"@a"}
        assert codes(texts) == ["bad_value"]

    @pytest.mark.parametrize("option", ["maybe", "1", "[true]", "yes", "'true'"])
    def test_an_option_that_cannot_be_read_is_the_stricter(self, option):
        texts = {
            "OWNERS": "approvers: [root]",
            "a/OWNERS": f"approvers: [a]\noptions: {{no_parent_owners: {option}}}",
            "b/OWNERS": f"approvers: [b]\noptions: {{auto_approve_unowned_subfolders: {option}}}",
        }
        assert owners(texts, "a/f") == {"@a"}
        assert not Prow.read(texts).of("b/sub/f").everyone
        assert "bad_value" in codes(texts)

    @pytest.mark.parametrize("key", ["no_parent_owners", "noparent", "no_parent_owner"])
    def test_a_restriction_in_the_wrong_place_restricts(self, key):
        texts = {"OWNERS": "approvers: [root]", "a/OWNERS": f"approvers: [a]\n{key}: true"}
        assert owners(texts, "a/f") == {"@a"}
        assert codes(texts) == ["unknown_key"]

    def test_lints_have_their_place(self):
        (lint,) = Prow.read({"OWNERS": "approvers:\n- a\n- b c\n"}).lints
        assert (lint.code, lint.file, lint.line, lint.column) == ("bad_owner", "OWNERS", 3, 3)

    @pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\r"])
    def test_only_a_line_feed_ends_a_line(self, separator):
        texts = {
            "OWNERS": f"approvers: [a] # note{separator}reviewers: [x]\n# more{separator}filters: {{}}\n",
            "b/OWNERS": f"# x{separator}approvers: [mallory]\n",
        }
        assert owners(texts, "b/f") == {"@a"}
        assert set(codes(texts)) == {"control_char"}

    def test_a_byte_order_mark_is_noted_and_costs_nothing(self):
        texts = {"OWNERS": "\ufeffapprovers: [a]\n"}
        assert owners(texts, "f") == {"@a"}
        assert codes(texts) == ["bom"]

    def test_of_keys_that_stand_twice_the_last_counts_as_in_prow(self):
        texts = {"OWNERS": "approvers: [a]\napprovers: [b]\n"}
        assert owners(texts, "f") == {"@b"}
        assert codes(texts) == ["duplicate_key"]

    def test_only_the_first_document_is_read(self):
        texts = {"OWNERS": "approvers: [a]\n---\napprovers: [b]\n"}
        assert owners(texts, "f") == {"@a"}
        assert codes(texts) == ["second_document"]


class TestGuarding:
    def test_folded_folders_guard_too(self):
        texts = {
            "OWNERS": "approvers: [root]",
            "secure/OWNERS": f"{NOPARENT}approvers: [sec]",
            "caf\u00e9/OWNERS": f"{NOPARENT}approvers: [c]",
        }
        assert guards(texts, "Secure/x") == [{"@root"}, {"@sec"}]
        assert guards(texts, "cafe\u0301/x") == [{"@root"}, {"@c"}]
        assert guards(texts, "secure/x") == [{"@sec"}]

    def test_filters_guard_under_folding(self):
        texts = {"OWNERS": "filters:\n  '\\.pem$': {approvers: [sec]}\n  '.*': {approvers: [root]}\n"}
        assert guards(texts, "k.PEM") == [{"@root"}, {"@sec"}]

    def test_a_link_in_a_folders_place_needs_all_that_lies_beneath(self):
        texts = {
            "OWNERS": "approvers: [root]",
            "s/OWNERS": f"{NOPARENT}filters:\n  '.*': {{approvers: [s]}}\n  '\\.pem$': {{approvers: [sec]}}\n",
            "s/deep/OWNERS": f"{NOPARENT}approvers: [deep]",
            "sx/OWNERS": "approvers: [no]",
        }
        assert guards(texts, "s", odd_mode=True) == [{"@root"}, {"@s"}, {"@sec"}, {"@deep"}]
        assert guards(texts, "s") == [{"@root"}]
        assert guards(texts, "S") == [{"@root"}, {"@s"}, {"@sec"}, {"@deep"}]


class TestHostile:
    @pytest.mark.parametrize(
        "pattern", ["(a*)*b", "(a|aa)+$b", "(.*a){25}$x", "(a?){50}a{50}b", "^(([a-z])+.)+[A-Z]([a-z])+$"]
    )
    def test_a_pattern_bomb_takes_no_time(self, pattern):
        texts = {"OWNERS": f"filters:\n  '{pattern}': {{approvers: [a]}}\n"}
        began = time.perf_counter()
        roster = Prow.read(texts)
        for path in ("a" * 40, "a" * 4000):
            assert roster.guarding(path)
        assert time.perf_counter() - began < 1

    @pytest.mark.parametrize(
        "text",
        [
            "[" * 100_000,
            "{a: " * 50_000,
            "approvers: " + "[" * 500 + "]" * 500,
            "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\napprovers: *c\n",
            "approvers: [" + "a," * 100_000 + "]",
            "- " * 100_000,
            "? " * 100_000,
            "x: |\n" + " a\n" * 60_000,
            "<<: *x\n",
        ],
    )
    def test_yaml_bombs_do_not_go_off(self, text):
        began = time.perf_counter()
        roster = Prow.read({"OWNERS": text, "OWNERS_ALIASES": text})
        roster.guarding("f")
        assert time.perf_counter() - began < 3
        assert len(roster.lints) < 5000

    def test_owners_are_bounded_and_say_so(self):
        texts = {
            "OWNERS": "approvers: [" + ",".join(f"p{n}" for n in range(1500)) + "]",
            "a/OWNERS": "approvers: [near]",
        }
        found = Prow.read(texts).of("a/f")
        assert len(found.owners) == MAX_OWNERS
        assert found.owners[0].name == "@near"
        assert "too_many_owners" in [lint.code for lint in found.lints]

    def test_a_large_tree_is_quick(self):
        texts = {
            f"d{n % 50}/e{n}/OWNERS": f"filters:\n  '.*': {{approvers: [p{n}]}}\n  '\\.md$': {{approvers: [q{n}]}}\n"
            for n in range(1000)
        }
        texts["OWNERS"] = "approvers: [root]"
        paths = [f"d{n % 50}/e{n % 1000}/s/f{n}.{'md' if n % 3 else 'py'}" for n in range(3000)]
        roster = Prow.read(texts)
        began = time.perf_counter()
        for path in paths:
            roster.guarding(path)
        assert time.perf_counter() - began < 2  # 0.1 on a quiet machine


def test_the_bytes_of_re2_alone_are_not_go():
    with pytest.raises(ValueError, match="part of the syntax"):
        compiled(r"a\C")
    assert compiled(r"a\\C")(r"a\C")
    with pytest.raises(ValueError, match="longer"):
        compiled("x*" * 600)


def test_a_node_knows_its_place():
    root = read("approvers:\n  - a\n", "OWNERS").root
    (entry,) = root.value["approvers"].value
    assert (entry.value, entry.line, entry.column) == ("a", 2, 5)


WORDS = st.sampled_from(
    [
        "approvers",
        "reviewers",
        "required_reviewers",
        "filters",
        "options",
        "no_parent_owners",
        "auto_approve_unowned_subfolders",
        "aliases",
        ": ",
        ":\n",
        "\n",
        "\n  ",
        "\n- ",
        "a",
        "b",
        "team",
        "true",
        "null",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "'.*'",
        "'x$'",
        "*a",
        "&a ",
        "!!x ",
        "#",
        "\u2028",
        "\ufeff",
        "\udc80",
        "'",
        '"',
        "\\",
        "---\n",
        "? ",
        "|",
        "\t",
    ]
)
LINES = st.sampled_from(
    [
        "approvers: [a]",
        "approvers: [b, team]",
        "required_reviewers: [c]",
        "options: {no_parent_owners: true}",
        "options: {auto_approve_unowned_subfolders: true}",
        "filters: {'[.]md$': {approvers: [d]}}",
        "filters: {'F': {approvers: [e]}, '.*': {approvers: [f]}}",
        "nonsense",
        "labels: []",
    ]
)
FILES = st.one_of(
    st.none(),
    st.lists(LINES, max_size=4).map("\n".join),
    st.lists(WORDS, max_size=20).map("".join),
    st.text(max_size=30),
)
TEXTS = st.dictionaries(
    st.sampled_from(["OWNERS", "OWNERS_ALIASES", "b/OWNERS", "b/c/OWNERS", "B/OWNERS"]), FILES
)
ANY_PATHS = st.sampled_from(["f", "b/f", "b/c/f.md", "B/C/f.md", "b", "B", "b/C", "b\udc80/f", "x.MD"])


@settings(max_examples=1000, deadline=None)
@given(TEXTS, ANY_PATHS, st.booleans())
def test_anything_reads_and_guards_no_less_than_it_owns(texts, path, odd_mode):
    roster = Prow.read(texts)
    found = roster.guarding(path, odd_mode=odd_mode)
    assert found[0] == roster.of(path)
    assert {one.path for one in found} == {path}
    for owner in (owner for one in found for owner in one.owners):
        assert Who.parse(owner.name).kind is WhoKind.LOGIN
    assert found == Prow.read(texts).guarding(path, odd_mode=odd_mode)
    demands = {(frozenset(one.names), one.everyone) for one in found}
    assert demands <= {(frozenset(one.names), one.everyone) for one in roster.guarding(path, odd_mode=True)}


@settings(max_examples=700, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["OWNERS", "b/OWNERS", "b/c/OWNERS"]),
        st.lists(LINES, max_size=3, unique_by=lambda line: line[:4]).map("\n".join),
    ),
    ANY_PATHS,
    st.sampled_from(["OWNERS", "b/OWNERS", "b/c/OWNERS"]),
)
def test_no_parent_owners_never_adds_an_owner(texts, path, where):
    if where not in texts or "options" in texts[where]:
        return
    before = Prow.read(texts).of(path)
    after = Prow.read({**texts, where: f"{texts[where]}\n{NOPARENT}"}).of(path)
    assert set(after.names) <= set(before.names)
    assert bool(after.names) or not before.names or after.closed


@settings(max_examples=700, deadline=None)
@given(TEXTS, ANY_PATHS, FILES)
def test_a_file_beneath_never_frees_what_was_owned(texts, path, text):
    before = Prow.read({**texts, "b/c/OWNERS": ""}).of(path)
    after = Prow.read({**texts, "b/c/OWNERS": text}).of(path)
    if before.owners or before.closed:
        assert after.owners or after.closed


@settings(max_examples=1000, deadline=None)
@given(TEXTS, ANY_PATHS, st.lists(st.booleans(), min_size=8, max_size=8))
def test_another_spelling_never_needs_less(texts, path, flips):
    other = "".join(char.swapcase() if flips[at % 8] else char for at, char in enumerate(path))
    roster = Prow.read(texts)
    asked = roster.of(path)
    if not asked.owners:
        return  # nobody is known: a spelling that a folder of its own has owners for may well name them
    if any("filters" in (text or "") for text in texts.values()):
        return  # who is named for one spelling of a file alone owns that one, and only that
    assert any(
        set(one.names) <= set(asked.names) and (one.names or one.closed) for one in roster.guarding(other)
    )
