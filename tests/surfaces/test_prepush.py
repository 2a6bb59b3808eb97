"""Which commits a push is taken to send, on real repositories, for every kind of ref line."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make import git, make_commit, make_repository

from riskbot.domain.errors import ConfigError, EvaluationError, UsageError
from riskbot.domain.verdict import Outcome
from riskbot.outside.git import Git
from riskbot.surfaces import prepush
from riskbot.surfaces.prepush import Range, RefUpdate, Skipped

ZERO = "0" * 40


def published(tmp_path, branch):
    """Make a repository whose one branch (two commits) is on ``origin``, as last fetched."""
    root = make_repository(tmp_path / "work", {"a.py": "one = 1\n"})
    git(root, "branch", "-m", branch)
    make_commit(root, {"a.py": "one = 2\n"})
    git(tmp_path, "init", "-q", "--bare", "-b", branch, "origin.git")
    git(root, "remote", "add", "origin", str(tmp_path / "origin.git"))
    git(root, "push", "-q", "origin", branch)
    return root


@pytest.fixture
def repo(tmp_path):
    """A repository whose ``main`` is on ``origin``, which is known to be the default branch there."""
    root = published(tmp_path, "main")
    git(root, "remote", "set-head", "origin", "main")
    return root


def rev(root, name):
    return git(root, "rev-parse", name).decode().strip()


def push_lines(root, *refspecs, remote="origin"):
    """What git itself gives to a pre-push hook for this push."""
    hook = root / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\ncat > told; exit 1\n")
    hook.chmod(0o755)
    told = root / "told"
    told.unlink(missing_ok=True)
    with pytest.raises(AssertionError, match="failed to push"):
        git(root, "push", remote, *refspecs)
    return told.read_bytes()


def ranges_of(root, *refspecs, remote="origin"):
    lines = push_lines(root, *refspecs, remote=remote)
    return prepush.ranges(Git.open(root), remote, prepush.parse(lines))


# --- reading the lines -------------------------------------------------------------------------------

REFS = st.text(st.characters(exclude_characters="\n \0", exclude_categories=["Cs"]), min_size=1).filter(bool)
IDS = st.one_of(st.just(ZERO), st.from_regex(r"\A[0-9a-f]{39}[1-9a-f]\Z"))


@given(st.lists(st.tuples(st.lists(REFS, min_size=1, max_size=3).map(" ".join), IDS, REFS, IDS)))
def test_every_line_git_can_write_is_read_back(rows):
    """Local refs may hold spaces, as in ``git push origin ':/fix typo:refs/heads/x'``."""
    stdin = "".join(" ".join(row) + "\n" for row in rows).encode()
    expected = [
        RefUpdate(local_ref, None if local == ZERO else local, remote_ref, None if remote == ZERO else remote)
        for local_ref, local, remote_ref, remote in rows
    ]
    assert list(prepush.parse(stdin)) == expected


@given(st.binary())
def test_garbage_is_a_usage_error_or_nothing_else(stdin):
    lines = stdin.removesuffix(b"\n").split(b"\n") if stdin else []
    try:
        updates = prepush.parse(stdin)
    except UsageError as problem:
        number = re.search(r"Line (\d+) of standard input", str(problem))
        good = lines[: int(number[1]) - 1]  # everything before the named line is fine
        assert len(prepush.parse(b"".join(line + b"\n" for line in good))) == len(good) < len(lines)
    else:
        assert len(updates) == len(lines)


@pytest.mark.parametrize(
    "bad",
    [
        b"refs/heads/a\n",
        b"\n",
        b"refs/heads/a 123 refs/heads/a " + ZERO.encode() + b"\n",
        b"refs/heads/a " + b"A" * 40 + b" refs/heads/a " + ZERO.encode() + b"\n",
        b" " + ZERO.encode() + b" refs/heads/a " + ZERO.encode(),
        b"refs/heads/a " + b"1" * 41 + b" refs/heads/a " + ZERO.encode(),
    ],
)
def test_a_malformed_line_is_named_by_its_number(bad):
    good = f"refs/heads/m {'1' * 40} refs/heads/m {ZERO}\n".encode()
    with pytest.raises(UsageError, match="Line 2 of standard input") as caught:
        prepush.parse(good + bad)
    assert caught.value.exit_code == 2


def test_ids_of_sha256_repositories_are_read():
    (update,) = prepush.parse(f"refs/heads/a {'a' * 64} refs/heads/b {'0' * 64}\n".encode())
    assert update == RefUpdate("refs/heads/a", "a" * 64, "refs/heads/b", None)


def test_ref_names_that_are_not_utf8_survive():
    (update,) = prepush.parse(b"refs/heads/\xff " + b"1" * 40 + b" refs/heads/\xff " + b"2" * 40 + b"\n")
    assert update.local_ref.encode("utf-8", "surrogateescape") == b"refs/heads/\xff"


# --- ranges ------------------------------------------------------------------------------------------


def test_new_commits_on_a_known_branch_start_at_what_the_remote_has(repo):
    before = rev(repo, "main")
    head = make_commit(repo, {"a.py": "one = 3\n"})
    (found,) = ranges_of(repo, "main")
    assert isinstance(found, Range)
    assert (found.base, found.head) == (before, head)
    assert "forced" not in found.origin


def test_a_new_branch_starts_at_the_merge_base_with_the_default_branch(repo):
    fork = rev(repo, "main")
    git(repo, "switch", "-q", "-c", "topic")
    make_commit(repo, {"b.py": "two = 2\n"})
    head = make_commit(repo, {"b.py": "two = 3\n"})
    (found,) = ranges_of(repo, "topic")
    assert (found.base, found.head) == (fork, head)
    assert "origin/main" in found.origin


def test_a_stacked_branch_is_still_measured_from_the_default_branch(repo):
    fork = rev(repo, "main")
    git(repo, "switch", "-q", "-c", "below")
    make_commit(repo, {"b.py": "two = 2\n"})
    git(repo, "push", "-q", "origin", "below")
    git(repo, "switch", "-q", "-c", "above")
    head = make_commit(repo, {"b.py": "two = 3\n"})
    (found,) = ranges_of(repo, "above")
    assert (found.base, found.head) == (fork, head)


def test_without_a_default_branch_the_nearest_remote_commit_is_the_base(tmp_path):
    root = published(tmp_path, "trunk")
    fork = rev(root, "trunk")
    git(root, "switch", "-q", "-c", "topic")
    head = make_commit(root, {"b.py": "two = 2\n"})
    (found,) = ranges_of(root, "topic")
    assert (found.base, found.head) == (fork, head)
    assert "nearest" in found.origin


def test_the_nearest_commit_is_the_one_merged_in_last(tmp_path):
    """Work of the remote that was merged in on the way is not part of what is pushed."""
    root = published(tmp_path, "trunk")
    git(root, "switch", "-q", "-c", "topic")
    make_commit(root, {"b.py": "two = 2\n"})
    git(root, "switch", "-q", "trunk")
    merged = make_commit(root, {"c.py": "three = 3\n"})
    git(root, "push", "-q", "origin", "trunk")
    git(root, "switch", "-q", "topic")
    git(root, "merge", "-q", "--no-edit", "trunk")
    (found,) = ranges_of(root, "topic")
    assert (found.base, found.head) == (merged, rev(root, "topic"))


def test_the_first_push_of_all_is_checked_whole(repo, tmp_path):
    git(tmp_path, "init", "-q", "--bare", "fresh.git")
    git(repo, "remote", "remove", "origin")
    git(repo, "remote", "add", "fresh", str(tmp_path / "fresh.git"))
    (found,) = ranges_of(repo, "main", remote="fresh")
    assert (found.base, found.head) == (None, rev(repo, "main"))


def test_a_root_branch_without_common_ancestor_is_checked_whole(repo):
    git(repo, "switch", "-q", "--orphan", "pages")
    head = make_commit(repo, {"index.html": "hello\n"})
    (found,) = ranges_of(repo, "pages")
    assert (found.base, found.head) == (None, head)
    assert "shares no history" in found.origin


def test_a_branch_whose_commits_are_all_there_is_skipped(repo):
    git(repo, "branch", "again")
    (found,) = ranges_of(repo, "again")
    assert isinstance(found, Skipped)
    assert found.outcome is Outcome.ALLOWED
    assert "origin" in found.reason


def test_commits_pushed_to_another_branch_are_checked_when_they_reach_a_known_one(repo):
    """Only a new ref may be skipped for commits seen elsewhere: main receives these for the first time."""
    before = rev(repo, "main")
    git(repo, "switch", "-q", "-c", "topic")
    head = make_commit(repo, {"b.py": "two = 2\n"})
    git(repo, "push", "-q", "origin", "topic")
    (found,) = ranges_of(repo, "topic:main")
    assert (found.base, found.head) == (before, head)


def test_a_deletion_is_skipped_and_said(repo):
    git(repo, "push", "-q", "origin", "main:old")
    (found,) = ranges_of(repo, ":old")
    assert isinstance(found, Skipped)
    assert "deletes" in found.reason
    assert found.update.local is None


def test_a_forced_push_starts_where_both_sides_parted(repo):
    fork = rev(repo, "main~1")
    git(repo, "reset", "-q", "--hard", "main~1")
    head = make_commit(repo, {"a.py": "one = 9\n"})
    (found,) = ranges_of(repo, "+main")
    assert (found.base, found.head) == (fork, head)
    assert "forced" in found.origin


def test_without_a_remote_head_main_is_taken_for_the_default_branch(tmp_path):
    root = published(tmp_path, "main")
    fork = rev(root, "main")
    git(root, "switch", "-q", "-c", "topic")
    head = make_commit(root, {"b.py": "two = 2\n"})
    (found,) = ranges_of(root, "topic")
    assert (found.base, found.head) == (fork, head)
    assert "origin/main" in found.origin


def test_a_branch_that_is_only_moved_back_sends_nothing(repo):
    git(repo, "reset", "-q", "--hard", "main~1")
    (found,) = ranges_of(repo, "+main")
    assert isinstance(found, Skipped)


def test_a_forced_push_over_unrelated_history_is_measured_from_what_is_known(repo):
    """Nothing in common with what the ref held, something in common with another branch."""
    git(repo, "switch", "-q", "--orphan", "pages")
    make_commit(repo, {"index.html": "hello\n"})
    git(repo, "push", "-q", "origin", "pages")
    git(repo, "switch", "-q", "main")
    fork, head = rev(repo, "main"), make_commit(repo, {"a.py": "one = 3\n"})
    (found,) = ranges_of(repo, "+main:pages")
    assert (found.base, found.head) == (fork, head)


def test_a_forced_push_over_commits_never_fetched_starts_at_the_merge_base_with_what_was(repo, tmp_path):
    fork = rev(repo, "main")
    git(tmp_path, "clone", "-q", "origin.git", "colleague")
    make_commit(tmp_path / "colleague", {"b.py": "two = 2\n"})
    git(tmp_path / "colleague", "push", "-q", "origin", "main")
    head = make_commit(repo, {"a.py": "one = 3\n"})
    lines = push_lines(repo, "+main")
    absent = lines.split()[3].decode()
    with pytest.raises(AssertionError):
        git(repo, "cat-file", "-e", absent)
    (found,) = prepush.ranges(Git.open(repo), "origin", prepush.parse(lines))
    assert (found.base, found.head) == (fork, head)
    assert "origin/main" in found.origin


@pytest.mark.parametrize("options", [(), ("-a", "-m", "one")], ids=["light", "annotated"])
def test_a_tag_is_peeled_to_its_commit(repo, options):
    fork, head = rev(repo, "main"), make_commit(repo, {"a.py": "one = 3\n"})
    git(repo, "tag", *options, "v1")
    (found,) = ranges_of(repo, "v1")
    assert (found.base, found.head) == (fork, head)


def test_a_tag_on_pushed_commits_has_nothing_new(repo):
    git(repo, "tag", "-a", "-m", "one", "v1")
    (found,) = ranges_of(repo, "v1")
    assert isinstance(found, Skipped)
    assert found.outcome is Outcome.ALLOWED


def test_a_tag_on_something_else_than_a_commit_is_undecided(repo):
    git(repo, "tag", "blob", rev(repo, "main:a.py"))
    (found,) = ranges_of(repo, "blob")
    assert isinstance(found, Skipped)
    assert found.outcome is Outcome.UNDECIDED


def test_refs_that_come_to_the_same_commits_share_one_range(repo):
    make_commit(repo, {"a.py": "one = 3\n"})
    git(repo, "tag", "-a", "-m", "one", "v1")
    (found,) = ranges_of(repo, "main", "v1", "main:copy")
    assert sorted(update.remote_ref for update in found.updates) == [
        "refs/heads/copy",
        "refs/heads/main",
        "refs/tags/v1",
    ]


def test_several_refs_are_each_looked_at(repo):
    fork = rev(repo, "main")
    git(repo, "push", "-q", "origin", "main:old")
    expected = set()
    for name in ("one", "two"):
        git(repo, "switch", "-q", "-c", name, "main")
        expected.add((fork, make_commit(repo, {f"{name}.py": "x = 1\n"})))
    found = ranges_of(repo, "one", "two", ":old", "main:copy")
    assert {(step.base, step.head) for step in found if isinstance(step, Range)} == expected
    assert sum(isinstance(step, Skipped) for step in found) == 2


def test_a_remote_given_as_a_location_is_measured_by_all_remotes(repo, tmp_path):
    git(tmp_path, "init", "-q", "--bare", "fork.git")
    fork, head = rev(repo, "main"), make_commit(repo, {"a.py": "one = 3\n"})
    location = str(tmp_path / "fork.git")
    (found,) = ranges_of(repo, "main", remote=location)
    assert (found.base, found.head) == (fork, head)


def test_a_password_in_the_location_is_not_repeated(repo):
    head = rev(repo, "main")
    update = RefUpdate("refs/heads/main", head, "refs/heads/main", None)
    secret = "https://me:hunter2@example.org/x.git"
    (skipped,) = prepush.ranges(Git.open(repo), secret, (update,))
    written = []
    prepush.review((skipped,), secret, lambda _range: 0, written.append)
    assert "example.org" in "".join(written)
    assert "hunter2" not in "".join(written) + skipped.reason


def test_a_shallow_clone_is_measured_from_what_it_has(repo, tmp_path):
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{tmp_path / 'origin.git'}", "shallow")
    shallow = tmp_path / "shallow"
    fork, head = rev(shallow, "main"), make_commit(shallow, {"a.py": "one = 3\n"})
    (found,) = ranges_of(shallow, "main:topic")
    assert (found.base, found.head) == (fork, head)


def test_a_linked_worktree_knows_the_remote(repo, tmp_path):
    git(repo, "worktree", "add", "-q", str(tmp_path / "tree"), "-b", "topic")
    fork, head = rev(repo, "main"), make_commit(tmp_path / "tree", {"b.py": "two = 2\n"})
    update = RefUpdate("refs/heads/topic", head, "refs/heads/topic", None)
    (found,) = prepush.ranges(Git.open(tmp_path / "tree"), "origin", (update,))
    assert (found.base, found.head) == (fork, head)


# --- the pre-commit framework ------------------------------------------------------------------------


def test_precommit_names_both_ends(repo):
    before, head = rev(repo, "main"), make_commit(repo, {"a.py": "one = 3\n"})
    environment = {
        "PRE_COMMIT_FROM_REF": before,
        "PRE_COMMIT_TO_REF": head,
        "PRE_COMMIT_LOCAL_BRANCH": "refs/heads/main",
        "PRE_COMMIT_REMOTE_BRANCH": "refs/heads/main",
        "PRE_COMMIT_REMOTE_NAME": "origin",
    }
    door = Git.open(repo)
    assert prepush.from_precommit(door, environment) == (
        "origin",
        (RefUpdate("refs/heads/main", head, "refs/heads/main", before),),
    )


def test_precommit_without_ends_means_the_local_branch(repo):
    """So it says that a new root branch is pushed, whichever branch is checked out."""
    git(repo, "switch", "-q", "--orphan", "pages")
    head = make_commit(repo, {"index.html": "hello\n"})
    git(repo, "switch", "-q", "main")
    environment = {
        "PRE_COMMIT_LOCAL_BRANCH": "refs/heads/pages",
        "PRE_COMMIT_REMOTE_BRANCH": "refs/heads/pages",
        "PRE_COMMIT_REMOTE_NAME": "origin",
    }
    door = Git.open(repo)
    remote, updates = prepush.from_precommit(door, environment)
    (found,) = prepush.ranges(door, remote, updates)
    assert (found.base, found.head) == (None, head)


def test_precommit_run_by_hand_means_head(repo):
    fork, head = rev(repo, "main"), make_commit(repo, {"a.py": "one = 3\n"})
    door = Git.open(repo)
    remote, updates = prepush.from_precommit(door, {})
    (found,) = prepush.ranges(door, remote, updates)
    assert (remote, found.base, found.head) == ("origin", fork, head)


def test_precommit_with_an_unknown_revision_is_a_usage_error(repo):
    with pytest.raises(UsageError, match="nonsense"):
        prepush.from_precommit(Git.open(repo), {"PRE_COMMIT_TO_REF": "nonsense"})


# --- the worst of all --------------------------------------------------------------------------------

UPDATE = RefUpdate("refs/heads/a", "1" * 40, "refs/heads/a", None)


def a_range(number):
    update = RefUpdate(f"refs/heads/{number}", "1" * 40, f"refs/heads/{number}", None)
    return Range(None, str(number) * 40, "made for a test", (update,))


@pytest.mark.parametrize(
    ("codes", "worst"),
    [([], 0), ([0], 0), ([0, 1, 0], 1), ([1, 0], 1), ([1, 3], 3), ([3, 1], 3), ([0, 3, 0], 3)],
)
def test_the_worst_exit_code_wins_and_every_range_is_checked(codes, worst):
    answers, checked = iter(codes), []
    steps = tuple(a_range(number) for number in range(len(codes)))

    def check(step):
        checked.append(step)
        return next(answers)

    assert prepush.review(steps, "origin", check, lambda _text: None) == worst
    assert checked == list(steps)


@pytest.mark.parametrize(
    ("problem", "code"),
    [(EvaluationError("git broke."), 3), (ConfigError("a key is unknown.", file="pyproject.toml"), 2)],
)
def test_an_error_of_one_range_is_said_and_the_others_are_checked(problem, code, capsys):
    def check(step):
        if step == a_range(1):
            raise problem
        return 1

    steps = (a_range(1), a_range(2))
    written = []
    assert prepush.review(steps, "origin", check, written.append) == code
    assert problem.message in capsys.readouterr().err
    assert len(written) == 2


def test_every_ref_gets_its_heading():
    shared = Range(None, "1" * 40, "x", (UPDATE, RefUpdate("v1", "1" * 40, "refs/tags/v1", None)))
    gone = Skipped(RefUpdate("(delete)", None, "refs/heads/old", "2" * 40), "it is deleted.")
    written = []
    prepush.review((shared, gone), "origin", lambda _range: 0, written.append)
    assert "".join(written).splitlines() == [
        "a -> origin a",
        "v1 -> origin v1",
        "",
        "(delete) -> origin old: skipped, it is deleted.",
    ]


def test_a_skipped_ref_that_cannot_be_read_is_undecided():
    step = Skipped(UPDATE, "it points to no commit.", Outcome.UNDECIDED)
    assert prepush.review((step,), "origin", lambda _range: 0, lambda _text: None) == 3


def test_control_characters_in_ref_names_are_spelled_out():
    hostile = RefUpdate("refs/heads/\x1b[2Jx", "1" * 40, "refs/heads/\u202ey", None)
    written = []
    prepush.review((Range(None, "1" * 40, "x", (hostile,)),), "origin", lambda _range: 0, written.append)
    assert "\x1b" not in "".join(written)
    assert "\u202e" not in "".join(written)
