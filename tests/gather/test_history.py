"""Metrics and file histories against the plain slow definition, on real repositories."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from make import git as run
from make import make_change, make_commit, make_file, make_repository

from riskbot.domain.change import Actor, Change, Commit, FileDiff, History, OmissionKind
from riskbot.domain.errors import EvaluationError
from riskbot.gather.history import Measured, serve, start, summarise, walk
from riskbot.gather.history.log import FORMAT, parse
from riskbot.outside.background import Background
from riskbot.outside.git import Git
from tests.gather.plain_history import DAY, Plain, metrics, plain

ANN, BOB = "Ann Lee <ann@example.org>", "Bob [x]* <bob@example.org>"
JOANN = "Jo Ann Lee <joann@example.org>"  # ends like another author's name
TEXT = "".join(f"line {number}\n" for number in range(20))


def day(number: int, second: int = 0) -> str:
    return f"{1_700_000_000 + number * DAY + second} +0200"


def show(root: Path, revision: str, path: str) -> bytes:
    return run(root, "show", f"{revision}:{path}")


def tip(root: Path) -> str:
    return run(root, "rev-parse", "HEAD").decode().strip()


@pytest.fixture
def discarded(tmp_path: Path) -> Path:
    """A history with a side branch that was merged with nothing of it kept."""
    root = make_repository(tmp_path / "discarded", {"a": "1\n", "b": "1\n"})
    run(root, "checkout", "-q", "-b", "side")
    make_commit(root, {"a": "side\n"}, author=BOB, when=day(1))
    run(root, "checkout", "-q", "main")
    make_commit(root, {"b": "2\n"}, author=ANN, when=day(2))
    run(root, "merge", "-q", "-s", "ours", "-m", "merge", "side")
    make_commit(root, {"a": "2\n"}, author=ANN, when=day(200))
    return root


@pytest.fixture
def eventful(tmp_path: Path) -> Path:
    """A history with what histories have: authors by mailmap, a rename, a merge, a deleted file come back."""
    root = make_repository(tmp_path / "eventful")
    make_commit(root, {"a/one.py": TEXT, "a/two.py": "x\ny", "top.txt": "t\n"}, author=ANN, when=day(0))
    mailmap = "Ann Lee <ann@example.org> A. Lee <old@example.org>\n"
    make_commit(root, {".mailmap": mailmap, "a/one.py": TEXT + "more\n"}, author=BOB, when=day(2))
    make_commit(root, {"a/two.py": "x\ny\nz"}, "Fixes #7", author="A. Lee <old@example.org>", when=day(2))
    make_commit(root, {"a/one.py": None, "b/c/one.py": TEXT + "moved\n"}, author=JOANN, when=day(3))
    make_commit(root, {"top.txt": None, "a/bin": b"\0\1\2", "odd\n\"ä'\t.py": "1\n"}, author=ANN, when=day(4))
    run(root, "checkout", "-q", "-b", "side")
    make_commit(root, {"a/two.py": "side\nx\ny\nz", "a/bin": b"\0\2"}, author=BOB, when=day(6))
    run(root, "checkout", "-q", "main")
    make_commit(root, {"top.txt": "back\n", "a/two.py": "x\ny\nz\nmain\n"}, author=ANN, when=day(5))
    merge = {"GIT_AUTHOR_DATE": day(7), "GIT_COMMITTER_DATE": day(7)}
    run(root, "merge", "-q", "-X", "ours", "-m", "Fixes #8", "side", env=merge)
    make_commit(root, {"a/two.py": "x\n", ":(glob)x": "", "odd\n\"ä'\t.py": None}, author=BOB, when=day(7, 9))
    make_commit(root, {"a/two.py": "x\nend", "b/c/one.py": TEXT}, "fixes #9", author=ANN, when=day(200))
    return root


def assert_equal(ours: object, theirs: dict[str, float]) -> None:
    assert asdict(ours) == {name: pytest.approx(value) for name, value in theirs.items()}  # type: ignore[call-overload]


def assert_walk_is_plain(root: Path) -> list[Measured]:
    measured = list(walk(Git.open(root), tip(root)))
    plains = [plain(root, one.entry.id) for one in measured]
    for number, one in enumerate(measured):
        assert_equal(one.metrics, metrics(root, plains[number], plains[:number]))
    return measured


def test_walk_gives_the_plain_metrics_of_every_commit(eventful: Path) -> None:
    measured = assert_walk_is_plain(eventful)
    listed = run(eventful, "rev-list", "--no-merges", "HEAD").decode().split()
    assert sorted(one.entry.id for one in measured) == sorted(listed)
    assert {one.entry.author for one in measured} == {"Ann Lee", "Bob [x]*", "Jo Ann Lee"}


def test_a_branch_that_a_merge_threw_away_is_past_all_the_same(discarded: Path) -> None:
    assert len(list(walk(Git.open(discarded), tip(discarded), exclude=["no/such"]))) == 4
    history = start_at(discarded, tip(discarded))
    assert (history.metrics.ndev, history.metrics.nuc, history.files[0].commits) == (2, 2, 2)


def test_walk_keeps_line_counts_through_a_merge_with_conflicts(eventful: Path) -> None:
    last = list(walk(Git.open(eventful), tip(eventful)))[-2]
    assert last.metrics.lt == len(show(eventful, f"{last.entry.id}^", "a/two.py").split(b"\n")) - 1 + 1


def the_change(root: Path, base: str, head: str) -> Change:
    """The change ``base..head`` as one, made from what the plain definition says of squashing it."""
    base = run(root, "rev-parse", base).decode().strip()
    change = make_change({}, base=base, head=head, commits=(a_commit(root, head),))
    return replace(change, files=tuple(files(root, head)))


def a_commit(root: Path, name: str) -> Commit:
    said = plain(root, name)
    actor = Actor(said.author, "unused@example.org")
    return Commit(name, name, (), actor, actor, said.authored_at, said.committed_at, said.message)


def files(root: Path, name: str) -> Iterator[FileDiff]:
    for path, old, added, removed in plain(root, name).files:
        before = None if old is None else show(root, f"{name}^", old)
        gone = not run(root, "--literal-pathspecs", "ls-tree", "-z", name, "--", path)
        after = None if gone else show(root, name, path)
        made = make_file(path, before, after, old_path=old if old != path else None)
        binary = b"\0" in (before or b"") + (after or b"")
        yield replace(made, added=added, removed=removed, binary=binary, hunks=() if binary else made.hunks)


def before(root: Path, base: str) -> list[Plain]:
    return [plain(root, name) for name in run(root, "rev-list", "--no-merges", base).decode().split()]


def start_at(root: Path, head: str, **options: float) -> History:
    return start(Git.open(root), the_change(root, f"{head}^", head), **options)()


@pytest.mark.parametrize("limit", [0, 100], ids=["whole-log", "log-of-the-paths"])
def test_start_gives_the_plain_metrics_of_the_head(
    eventful: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(serve, "PATHS", limit)
    heads = run(eventful, "rev-list", "--no-merges", "--min-parents=1", "HEAD").decode().split()
    for head in heads:
        base = f"{head}^"
        history = start_at(eventful, head)
        assert history.omissions == ()
        said = before(eventful, base)
        mapped = [replace_author(eventful, base, one) for one in said]
        head_plain = replace_author(eventful, base, plain(eventful, head))
        if head_plain.author == plain(eventful, head).author:
            assert_equal(history.metrics, metrics(eventful, plain(eventful, head), mapped))


def replace_author(root: Path, base: str, one: Plain) -> Plain:
    """Name the author by the mailmap at ``base``, not by the one in the work tree."""
    mailmap = ["-c", f"mailmap.blob={base}:.mailmap", "-c", "mailmap.file="]
    name = run(root, f"--git-dir={root / '.git'}", "--bare", *mailmap, "show", "-s", "--format=%aN", one.id)
    return replace(one, author=name.decode().removesuffix("\n"))


def test_the_mailmap_is_the_one_at_the_base(tmp_path: Path) -> None:
    """A change that rewrites the mailmap does not rewrite its author's past."""
    root = make_repository(tmp_path / "r", {"a": "1\n"})
    make_commit(
        root,
        {"a": "2\n", ".mailmap": "Alice Example <x@y> <eve@example.org>\n"},
        author="Eve <eve@example.org>",
    )
    head = tip(root)
    change = the_change(root, f"{head}^", head)
    eve = replace(change.commits[0], author=Actor("Eve", "eve@example.org"))
    history = start(Git.open(root), replace(change, commits=(eve,)))()
    assert (history.metrics.exp, history.metrics.ndev) == (0, 1)


def test_file_histories_tell_owners_fixes_and_churn(eventful: Path) -> None:
    history = start_at(eventful, tip(eventful))
    two, one = history.files
    assert (two.path, two.commits, two.fixes) == ("a/two.py", 5, 1)
    assert [(share.author, share.commits, share.added) for share in two.authors] == [
        ("Ann Lee", 3, 2 + 2 + 2),  # a last line that gains a newline or a neighbour is replaced
        ("Bob [x]*", 2, 1),
    ]
    assert two.owner_share == 3 / 5
    assert (two.first_changed_at, two.last_changed_at) == (1_700_000_000, 1_700_000_000 + 7 * DAY + 9)
    assert two.recent_commits == 0
    # The past of a renamed file begins with the renaming commit, as git shows it at the new path.
    assert (one.commits, one.churn_added, one.authors[0].author) == (1, 21, "Jo Ann Lee")


def test_recent_commits_are_those_of_ninety_days(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "r", {})
    for number in (0, 10, 50, 100):
        make_commit(root, {"a": f"{number}\n"}, when=day(number))
    assert [file.recent_commits for file in start_at(root, tip(root)).files] == [2]


def test_walk_and_start_agree_on_a_linear_history(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "linear", {})
    contents = {"a/x.py": TEXT, "a/y.py": "1\n2\n", "z": "z"}
    for number, author in enumerate([ANN, BOB, ANN, ANN, JOANN, BOB]):
        contents = {path: f"{number}\n{content}" for path, content in contents.items()}
        make_commit(
            root, dict(list(contents.items())[number % 3 :]), author=author, when=day(number, number % 2)
        )
    make_commit(root, {"a/x.py": None, "b/x.py": contents["a/x.py"], "new": "n\n"}, author=BOB, when=day(9))
    for one in list(walk(Git.open(root), tip(root), files=lambda _: True))[1:]:
        history = start_at(root, one.entry.id)
        assert history.metrics == one.metrics
        assert history.files == one.files


def test_a_new_file_has_honest_zeros(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "r", {"a": "1\n"})
    make_commit(root, {"b": "1\n"}, author=BOB)
    history = start_at(root, tip(root))
    found = history.metrics
    assert (found.lt, found.ndev, found.age, found.nuc, found.exp, found.sexp) == (0, 0, 0, 0, 0, 0)
    assert (history.files[0].commits, history.files[0].owner_share, history.omissions) == (0, None, ())


def test_a_shallow_clone_knows_nothing_of_the_past(eventful: Path, tmp_path: Path) -> None:
    run(tmp_path, "clone", "-q", "--depth", "2", f"file://{eventful}", "shallow")
    history = start_at(tmp_path / "shallow", tip(eventful))
    found = asdict(history.metrics)
    assert {name for name, value in found.items() if value is None} == {
        "ndev",
        "age",
        "nuc",
        "exp",
        "rexp",
        "sexp",
    }
    assert found["lt"] == 22
    assert [omission.kind for omission in history.omissions] == [OmissionKind.SHALLOW_HISTORY]
    assert history.files == ()


def test_a_partial_clone_counts_changes_but_no_lines(eventful: Path, tmp_path: Path) -> None:
    run(eventful, "config", "uploadpack.allowFilter", "true")
    run(tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{eventful}", "partial")
    change = the_change(eventful, f"{tip(eventful)}^", tip(eventful))
    whole, part = (start(Git.open(root), change)() for root in (eventful, tmp_path / "partial"))
    assert (part.metrics.nuc, part.metrics.age) == (whole.metrics.nuc, whole.metrics.age)
    assert (whole.metrics.ndev, part.metrics.ndev) == (3, 4)  # the mailmap is not here either
    assert part.files == ()
    assert [omission.kind for omission in part.omissions] == [OmissionKind.MISSING_OBJECT]


def test_a_bare_diff_has_no_history() -> None:
    change = make_change({"a.py": ("1\n", "2\n")}, base=None, head=None)
    diff = replace(change, files=tuple(replace(file, old=None, new=None) for file in change.files))
    history = start(None, diff)()
    known = {name for name, value in asdict(history.metrics).items() if value is not None}
    assert known == {"ns", "nd", "nf", "entropy", "la", "ld"}
    assert {omission.kind for omission in history.omissions} == {
        OmissionKind.NO_HISTORY,
        OmissionKind.CONTENT_UNKNOWN,
    }


def test_a_working_tree_has_the_author_whom_git_would_name(
    eventful: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", os.devnull)
    run(eventful, "config", "user.name", "A. Lee")
    run(eventful, "config", "user.email", "old@example.org")
    change = make_change({"a/two.py": ("x\nend", "x\n")}, base=tip(eventful), head=None)
    history = start(Git.open(eventful), change)()
    assert (history.metrics.exp, history.metrics.fix) == (11, None)
    assert [omission.kind for omission in history.omissions] == [OmissionKind.NO_HISTORY]


def test_git_that_takes_too_long_leaves_an_omission(eventful: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Late(Background):
        def finish(self) -> Iterator[bytes]:
            yield from super().finish()
            raise TimeoutError

    monkeypatch.setattr(serve, "Background", Late)
    history = start_at(eventful, tip(eventful), seconds=9)
    assert {omission.kind for omission in history.omissions} == {OmissionKind.TIMEOUT}
    assert (history.metrics.ndev, history.metrics.exp, history.files) == (None, None, ())


def test_a_past_that_could_not_be_read_is_not_taken_for_one_that_is_not_there(
    eventful: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: object, **_options: object) -> Background:
        raise EvaluationError("git could not be started: no memory.")

    monkeypatch.setattr(serve, "Background", fails)
    history = start_at(eventful, tip(eventful), seconds=9)
    assert {omission.kind for omission in history.omissions} == {OmissionKind.MISSING_OBJECT}
    assert history.metrics.ndev is None


def test_a_commit_from_the_future_does_not_make_its_files_look_old(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "r")
    make_commit(root, {"a.py": "1\n"}, author=ANN, when=day(0))
    make_commit(root, {"a.py": "2\n"}, author=ANN, when="4070908800 +0000")  # 2099
    history = start_at(root, tip(root))
    assert history.metrics.age is not None
    assert history.metrics.age <= (time.time() - 1_700_000_000) / DAY


def test_an_unknown_base_is_an_omission_not_an_error(eventful: Path) -> None:
    change = replace(the_change(eventful, "HEAD^", tip(eventful)), base="f" * 40)
    history = start(Git.open(eventful), change)()
    assert {omission.kind for omission in history.omissions} == {OmissionKind.MISSING_OBJECT}
    assert history.metrics.ndev is None


def test_a_range_is_summarised_file_by_file_following_renames(eventful: Path) -> None:
    summary = summarise(Git.open(eventful), tip(eventful))
    one = summary.files["b/c/one.py"]
    assert "a/one.py" not in summary.files
    assert (one.commits, one.added, one.removed) == (4, [0, 1, 1, 20], [1, 1, 0, 0])
    assert (one.contributors, one.minor_contributors, one.churns) == (3, 1, [-1, 0, 1, 20])
    assert one.experience == 21 / 24
    assert (max(summary.change_sets), len(summary.change_sets)) == (3, 9)


def by_hand(root: Path, author: bytes, text: str) -> str:
    """Commit one file with an author line of any bytes."""
    blob = run(root, "hash-object", "-w", "--stdin", stdin=text.encode()).decode().strip()
    tree = run(root, "mktree", stdin=f"100644 blob {blob}\tf\n".encode()).strip()
    parent = run(root, "rev-parse", "--verify", "-q", "HEAD").strip()
    body = b"tree %s\nparent %s\nauthor %s\ncommitter %s\n\nby hand\n" % (tree, parent, author, author)
    made = (
        run(root, "hash-object", "-t", "commit", "-w", "--stdin", "--literally", stdin=body).decode().strip()
    )
    run(root, "update-ref", "HEAD", made)
    return made


def test_commits_made_by_hand_are_counted(tmp_path: Path) -> None:
    """Names that are not UTF-8 are found again, and times that are none do not stop the walk."""
    root = make_repository(tmp_path / "r", {"f": "0\n"})
    by_hand(root, b"J\xf6rg <j@x> no time at all", "1\n")
    by_hand(root, b"J\xf6rg <j@x> 99999999999999999999999999 +0000", "2\n")
    head = by_hand(root, b"J\xf6rg <j@x> 1714565000 +0000", "3\n")
    *_, last = walk(Git.open(root), head, files=lambda _: True)
    assert (last.entry.author, last.metrics.exp, last.metrics.ndev, last.metrics.nuc) == (
        "J\ufffdrg",
        2,
        2,
        3,
    )
    history = start_at(root, head)
    assert (history.metrics, history.files, history.omissions) == (last.metrics, last.files, ())


@given(st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_parsing_does_not_depend_on_how_the_bytes_arrive(whole_log: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole_log)), max_size=20)))
    chunks = [whole_log[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole_log)], strict=True)]
    assert list(parse(chunks)) == list(parse([whole_log]))


@pytest.fixture
def whole_log(eventful: Path) -> bytes:
    return run(eventful, "log", "-z", "--raw", "--numstat", "--no-abbrev", "-M", FORMAT)


PATHS = ["a/x", "a/y/z", "b/x", "top"]
LINES = st.lists(st.sampled_from(["one", "two", "three", ""]), max_size=6).map("\n".join)
EDITS = st.dictionaries(st.sampled_from(PATHS), st.one_of(st.none(), LINES), max_size=3)
STEPS = st.lists(
    st.tuples(EDITS, st.sampled_from(["A", "B", "C"]), st.integers(0, 2 * DAY), st.booleans()),
    min_size=1,
    max_size=6,
)


def imported(root: Path, steps: list[tuple[dict[str, str | None], str, int, bool]]) -> Path:
    """Make a history by git fast-import; a step with True begins a second line that the last step merges."""
    run(root, "init", "-q", "-b", "main", ".")
    stream, when, present, mark = b"", 1_700_000_000, set[str](), 0
    for edits, author, delta, fix in steps:
        mark, when = mark + 1, when + delta
        message = b"Fixes #1" if fix else b"change"
        stream += b"commit refs/heads/main\nmark :%d\n" % mark
        stream += b"author %s <%s@example.org> %d +0000\n" % (author.encode(), author.encode(), when)
        stream += b"committer C <c@example.org> %d +0000\ndata %d\n%s\n" % (when, len(message), message)
        for path, content in edits.items():
            if content is not None:
                present.add(path)
                stream += b"M 644 inline %s\ndata %d\n%s\n" % (path.encode(), len(content), content.encode())
            elif path in present:
                present.discard(path)
                stream += b"D %s\n" % path.encode()
    run(root, "fast-import", "--quiet", stdin=stream)
    return root


@given(steps=STEPS)
@settings(max_examples=12, deadline=None)
def test_any_small_history_has_the_plain_metrics(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[dict[str, str | None], str, int, bool]]
) -> None:
    root = imported(tmp_path_factory.mktemp("history"), steps)
    measured = assert_walk_is_plain(root)
    assert (
        start_at(root, measured[-1].entry.id).metrics == measured[-1].metrics if len(measured) > 1 else True
    )
