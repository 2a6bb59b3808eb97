"""Whom a repair blames, on histories made for it."""

import subprocess

import pytest
from make import git

from learn.label.history import Story
from riskbot.learn.label import Limits


def body(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


ONE = body("def one(a, b):", "    total = a - b", "    return total")
FIXED = ONE.replace("a - b", "a + b")


@pytest.fixture
def story(tmp_path):
    return Story(tmp_path / "r")


def test_the_commit_that_wrote_the_line_is_blamed_by_every_variant(story):
    story.commit("start", {"a.py": body("import os")})
    story.commit("bug", {"a.py": body("import os") + ONE})
    story.commit("other", {"b.py": ONE})
    story.commit("fix", {"a.py": body("import os") + FIXED}, "Fix the sum")
    for variant in ("b", "ag", "r"):
        assert story.blamed(variant) == {"fix>bug"}


def test_only_the_most_recent_of_two_candidates_is_blamed_by_r(story):
    story.commit("early", {"a.py": ONE})
    story.commit("late", {"a.py": ONE + body("def two():", "    return 3")})
    story.commit("fix", {"a.py": FIXED + body("def two():", "    return 2")}, "Fix sums")
    assert story.blamed("b") == story.blamed("ag") == {"fix>early", "fix>late"}
    assert story.blamed("r") == {"fix>late"}


def test_whitespace_alone_is_never_blamed(story):
    story.commit("bug", {"a.py": ONE})
    story.commit("indent", {"a.py": "if True:\n" + "".join(f"    {line}\n" for line in ONE.splitlines())})
    story.commit(
        "fix", {"a.py": "if True:\n" + "".join(f"    {line}\n" for line in FIXED.splitlines())}, "Fix it"
    )
    assert story.blamed("b") == story.blamed("r") == {"fix>bug"}


def test_a_repair_that_only_guards_a_line_blames_who_wrote_it(story):
    story.commit("bug", {"a.py": ONE})
    story.commit("other", {"a.py": ONE + body("def two():", "    return 2")})
    guarded = body("def one(a, b):", "    if a is not None:", "        total = a - b", "    return total")
    story.commit("fix", {"a.py": guarded + body("def two():", "    return 2")}, "Fix the crash")
    for variant in ("b", "ag", "r"):
        assert story.blamed(variant) == {"fix>bug"}


def test_what_a_repair_indents_beside_lines_that_it_changes_is_not_blamed(story):
    story.commit("early", {"a.py": ONE})
    story.commit("sign", {"a.py": ONE.replace("return total", "return -total")})
    repaired = body("def one(a, b):", "    if a is not None:", "        total = a - b", "    return total")
    story.commit("fix", {"a.py": repaired}, "Fix the sign")
    assert story.blamed("b") == {"fix>sign"}


@pytest.mark.parametrize("line", ["__version__ = '1.{}'", "VERSION = (1, {})", "version_info=1, {}"])
def test_the_release_before_is_not_to_blame(story, line):
    story.commit("wrote", {"a.py": body(line.format(1)) + ONE})
    story.commit("release", {"a.py": body(line.format(2)) + ONE})
    story.commit("fix", {"a.py": body(line.format(3)) + FIXED}, "Fix the sum")
    for variant in ("b", "ag", "r"):
        assert story.blamed(variant) == {"fix>wrote"}


def test_what_depends_on_the_version_can_be_to_blame(story):
    story.commit("wrote", {"a.py": body("version = read('VERSION')")})
    story.commit("fix", {"a.py": body("version = read('version')")}, "Fix the path")
    assert story.blamed("r") == {"fix>wrote"}


def test_lines_that_a_repair_only_adds_blame_nobody(story):
    story.commit("bug", {"a.py": ONE})
    story.commit("fix", {"a.py": ONE + body("def two():", "    return 2")}, "Fix the missing function")
    assert story.blamed("b") == set()


@pytest.mark.parametrize(
    "looks",
    [
        body("def one(a, b):", "    total = (", "        a - b", "    )", "    return total").replace(
            "(\n        a - b\n    )", "a \\\n        - b"
        ),
        body("def one(", "    a,", "    b,", "):", "    total = a \\", "      -b", "    return total"),
        ONE.replace("a - b", "a-b").replace("def one(a, b):", "def one(\n    a,\n    b,\n):"),
    ],
    ids=["backslash", "split", "exploded"],
)
def test_a_change_of_looks_is_blamed_by_b_alone_and_looked_through_by_the_others(story, looks):
    story.commit("bug", {"a.py": ONE})
    story.commit("looks", {"a.py": looks})
    repaired = looks.replace("a-b", "a+b").replace("a - b", "a + b").replace("- b", "+ b").replace("-b", "+b")
    assert repaired != looks
    story.commit("fix", {"a.py": repaired}, "Fix it")
    assert story.blamed("ag") == story.blamed("r") == {"fix>bug"}
    if "\\" in looks:
        assert story.blamed("b") == {"fix>looks"}


def test_quotes_are_looks_but_another_text_is_not(story):
    story.commit("bug", {"a.py": "x = 'one'\ny = 'two'\n"})
    story.commit("quotes", {"a.py": 'x = "one"\ny = "2"\n'})
    story.commit("fix", {"a.py": 'x = "eins"\ny = "zwei"\n'}, "Fix the words")
    assert story.blamed("b") == {"fix>quotes"}
    # The two lines are one hunk, and what it says has changed.
    assert story.blamed("ag") == {"fix>quotes"}


def test_a_comment_put_on_top_moves_nothing(story):
    story.commit("bug", {"a.py": ONE})
    story.commit("comment", {"a.py": "# A comment.\n\n" + ONE.replace("    total", "    # why\n    total")})
    story.commit("fix", {"a.py": "# A better comment.\n" + FIXED}, "Fix the sum")
    assert story.blamed("b") == story.blamed("r") == {"fix>bug"}


def test_comments_blank_lines_and_brackets_blame_nobody(story):
    story.commit("start", {"a.py": body("# note", "", "x = [", "    1,", "]", '"""', "")})
    story.commit("fix", {"a.py": body("x = [", "    1]")}, "Fix the note")
    assert story.blamed("b") == {"fix>start"}
    story.commit("fix2", {"a.py": body("x = [", "    1", "", "]")}, "Fix bracket")
    story.commit("fix3", {"a.py": body("x = [", "    1", ")")}, "Fix bracket again")
    assert story.blamed("b") == {"fix>start", "fix2>fix"}


def test_renamed_files_keep_their_writers(story):
    story.commit("bug", {"a.py": ONE * 3})
    story.git("mv", "a.py", "b.py")
    story.commit("rename", {})
    story.commit("fix", {"b.py": FIXED + ONE * 2}, "Fix the sum")
    assert story.blamed("b") == story.blamed("r") == {"fix>bug"}


def test_moved_code_is_looked_through(story):
    code = body("def one(a, b):", "    total = a - b", "    total *= 2", "    return total")
    story.commit("bug", {"a.py": body(*(f"x{n} = {n}" for n in range(30))) + code})
    story.commit("move", {"a.py": body(*(f"x{n} = {n}" for n in range(30))), "b.py": "import os\n" + code})
    story.commit("fix", {"b.py": "import os\n" + code.replace("a - b", "a + b")}, "Fix the sum")
    assert story.blamed("b") == {"fix>move"}
    assert story.blamed("ag") == story.blamed("r") == {"fix>bug"}


def test_merges_pass_on_what_their_parents_wrote(story):
    filler = body(*(f"x{n} = {n}" for n in range(20)))
    story.commit("start", {"a.py": filler})
    story.git("checkout", "-q", "-b", "side")
    story.commit("bug", {"a.py": filler + ONE})
    story.git("checkout", "-q", "main")
    story.commit("main", {"a.py": "import os\n" + filler})
    story.merge("merge", "side", {"a.py": "import os\n" + filler + ONE})
    story.commit("fix", {"a.py": "import sys\n" + filler + FIXED}, "Fix the sum")
    for variant in ("b", "ag"):
        assert story.blamed(variant) == {"fix>bug", "fix>main"}
    assert story.blamed("r") == {"fix>main"}


def test_a_line_that_only_a_merge_wrote_is_blamed_by_b_alone(story):
    story.commit("start", {"a.py": "x = 1\n"})
    story.git("checkout", "-q", "-b", "side")
    story.commit("side", {"a.py": "x = 2\n"})
    story.git("checkout", "-q", "main")
    story.commit("main", {"a.py": "x = 3\n"})
    story.merge("merge", "side", {"a.py": "x = 4\n"})
    story.commit("fix", {"a.py": "x = 5\n"}, "Fix the number")
    assert story.blamed("b") == {"fix>merge"}
    assert story.blamed("ag") == story.blamed("r") == set()


def test_bulk_commits_are_looked_through_line_for_line_and_else_not_blamed(story):
    files = {f"m{n}.py": body(f"value = text({n})", f"def f{n}():", f"    return {n}") for n in range(4)}
    story.commit("bug", {"m0.py": files["m0.py"]})
    story.commit("others", {name: text for name, text in files.items() if name != "m0.py"})
    changed = {name: text.replace("text(", "str(") for name, text in files.items()}
    story.commit("bulk", changed | {"m0.py": changed["m0.py"] + "more = 1\n"})
    story.commit("fix", {"m0.py": "value = str(None)\ndef f0():\n    return 0\nmore = 2\n"}, "Fix m0")
    assert story.blamed("b", limits=Limits(bulk=3)) == {"fix>bulk"}
    assert story.blamed("ag", limits=Limits(bulk=3)) == {"fix>bug"}
    assert story.blamed("ag", limits=Limits(bulk=4)) == {"fix>bulk"}


def test_a_candidate_newer_than_the_repair_is_not_blamed(story):
    story.commit("old", {"a.py": "x = 1\n"})
    story.commit("late", {"a.py": "x = 2\n"}, step=10_000)
    story.commit("fix", {"a.py": "x = 3\n"}, "Fix x", step=-5_000)
    assert story.blamed("b") == {"fix>late"}
    assert story.blamed("ag") == story.blamed("r") == set()


@pytest.mark.parametrize(
    "path", ["tests/a.py", "pkg/test_a.py", "docs/a.py", "pkg/_vendor/a.py", "a_pb2.py", "a.txt"]
)
def test_repairs_outside_the_product_are_not_traced(story, path):
    story.commit("bug", {path: ONE})
    story.commit("fix", {path: FIXED}, "Fix the sum")
    assert story.events() == []


def test_repairs_that_touch_too_much_are_not_traced(story):
    story.commit("bug", {"a.py": ONE, "b.py": ONE})
    story.commit("fix", {"a.py": FIXED, "b.py": FIXED}, "Fix the sums")
    assert story.blamed("b", limits=Limits(files=1)) == set()
    assert story.blamed("b", limits=Limits(lines=1)) == set()
    assert story.blamed("b", limits=Limits(files=2, lines=2)) == {"fix>bug"}


def test_since_cuts_repairs_and_not_the_blamed(story):
    story.commit("bug", {"a.py": ONE, "b.py": ONE})
    story.commit("early", {"a.py": FIXED}, "Fix a")
    story.commit("late", {"b.py": FIXED}, "Fix b\n\nFixes #7")
    assert story.blamed("b") == {"early>bug", "late>bug"}
    (event,) = [event for event in story.events(since=story.time("late")) if event.source == "b"]
    assert (story.names[event.fix], event.known_at, event.linked) == ("late", story.time("late"), True)


@pytest.mark.parametrize(
    "name", [b"-rf.py", b"a\nb.py", b"\xff\xfe.py", b'q"uote\\.py', b":(glob)x.py", b"sp ace\t.py"]
)
def test_hostile_names_are_only_names(story, name):
    path = name.decode("utf-8", "surrogateescape")
    story.commit("bug", {path: ONE + "@@ -1 +1 @@\n", "z.py": ONE})
    story.commit("fix", {path: FIXED, "z.py": FIXED}, "Fix the sums")
    assert story.blamed("b") == {"fix>bug"}


def test_contents_that_look_like_patches_are_only_contents(story):
    text = body(
        "-- a",
        "++ b",
        "diff --git a/x b/x",
        "@@ -1,9 +1,9 @@",
        "\x01" + "a" * 40,
        "index 1..2",
        "\\ No newline",
    )
    story.commit("bug", {"a.py": text + "x = 1"})
    story.commit(
        "fix",
        {"a.py": text.replace("b", "c") + "x = 2"},
        "Fix\x02 it\n\n\udcff".encode("utf-8", "replace").decode(),
    )
    assert story.blamed("b") == {"fix>bug"}


def test_a_link_that_becomes_a_file_and_a_binary_are_read_past(story):
    story.commit("bug", {"a.py": ONE, "b.py": ONE, "z.py": ONE})
    (story.root / "a.py").unlink()
    (story.root / "a.py").symlink_to("b.py")
    story.commit("link", {"b.py": b"\x00" + ONE.encode()})
    (story.root / "a.py").unlink()
    story.commit("file", {"a.py": ONE, "b.py": ONE})
    story.commit("fix", {"a.py": FIXED, "z.py": FIXED}, "Fix it")
    assert story.blamed("b") == {"fix>bug", "fix>file"}


def test_progress_reaches_its_end(story):
    story.commit("bug", {"a.py": ONE})
    story.commit("fix", {"a.py": FIXED}, "Fix it")
    told = []
    story.events(progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


def test_files_with_a_missing_object_are_left_out(story):
    story.commit("bug", {"a.py": ONE, "b.py": ONE + "b = 1\n"})
    story.commit("fix", {"a.py": FIXED, "b.py": FIXED}, "Fix it")
    lost = story.git("rev-parse", "HEAD~:b.py")
    (story.root / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    assert story.blamed("b") == {"fix>bug"}


def test_it_agrees_with_git_blame_on_a_history_with_branches(story):
    """Every line that repairs take away is traced to the commit that ``git blame -w`` names."""
    lines = [f"x{n} = {n}" for n in range(60)]
    story.commit("start", {"a.py": body(*lines)})
    main, side = list(lines), list(lines)
    story.git("checkout", "-q", "-b", "side")
    for n in range(0, 30, 5):
        side[n] = f"x{n} = side({n})"
        story.commit(f"side{n}", {"a.py": body(*side)})
    story.git("checkout", "-q", "main")
    for n in range(32, 60, 5):
        main[n] = f"x{n} = main({n})"
        main.insert(n, f"y{n} = 0")
        story.commit(f"main{n}", {"a.py": body(*main)})
    merged = side[:30] + main[30:]
    merge = story.merge("merge", "side", {"a.py": body(*merged)})
    blame = git(story.root, "blame", "-w", "-s", "--no-abbrev", merge, "--", "a.py").decode().splitlines()
    expected = {
        story.names[line.split()[0].lstrip("^")] for line in blame if story.names.get(line.split()[0])
    }
    story.commit("fix", {"a.py": "z = 0\n"}, "Fix everything")
    found = {pair.removeprefix("fix>") for pair in story.blamed("b")}
    assert found == expected | {"start"}
    assert len(found) > 10


def test_git_is_asked_the_same_few_times_whatever_the_history(story, monkeypatch):
    started = []
    popen = subprocess.Popen

    def count(command, *arguments, **options):
        started.append(command)
        return popen(command, *arguments, **options)

    for n in range(6):
        story.commit(f"fix{n}", {"a.py": f"x = {n}\n"}, f"Fix {n}")
    monkeypatch.setattr(subprocess, "Popen", count)
    before = len(started)
    assert len(story.blamed("b")) == 5
    assert len([command for command in started[before:] if "log" in command]) == 5
