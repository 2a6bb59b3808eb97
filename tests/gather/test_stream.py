"""Commits as a stream: the same as git log tells them, in any order, any encoding, any number."""

from __future__ import annotations

import os
import zlib
from hashlib import sha1
from pathlib import Path

import pytest
from clock import seconds
from hypothesis import given
from hypothesis import strategies as st
from make import GIT_ENV, git, make_commit, make_repository

from riskbot.domain.change import Actor
from riskbot.domain.errors import EvaluationError
from riskbot.gather import stream
from riskbot.gather.commits import read_commits
from riskbot.gather.limits import Limits
from riskbot.outside.git import Git

NOBODY = "0" * 40


def make_object(root: Path, content: bytes, kind: str = "commit") -> str:
    """Write an object as it is, however wrong."""
    stored = f"{kind} {len(content)}\0".encode() + content
    name = sha1(stored).hexdigest()
    path = root / ".git" / "objects" / name[:2] / name[2:]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(zlib.compress(stored))
    return name


def grow(root: Path, count: int) -> None:
    """Add a straight line of commits, quickly."""
    parts = [
        f"commit refs/heads/main\ncommitter A <a@example.org> {1_700_000_000 + i} +0000\n"
        f"data {len(text)}\n{text}\n"
        for i in range(count)
        for text in [f"step {i}\n\nCo-authored-by: B <b@example.org>"]
    ]
    git(root, "fast-import", "--quiet", "--force", stdin="".join(parts).encode())


@pytest.fixture
def root(tmp_path):
    repository = make_repository(tmp_path / "r", {"a": "1\n"}, "one\n\nwith a body\n\nKey: value")
    make_commit(
        repository, {"a": "2\n"}, "two", author="Zoë <zoe@example.org>", when="2024-06-01T00:00:00+02:00"
    )
    git(repository, "checkout", "-q", "-b", "side", "HEAD~1")
    make_commit(repository, {"b": "1\n"}, "side")
    git(repository, "checkout", "-q", "main")
    git(repository, "merge", "-q", "--no-ff", "-m", "merge", "side")
    return repository


def tips(root: Path, *names: str) -> list[str]:
    return git(root, "rev-parse", *names).decode().split()


def listed(door: Git, *batches: list[str]) -> list[stream.Streamed]:
    return [one for batch in stream.listed(door, batches) for one in batch]


def test_it_tells_what_git_log_tells(root):
    door = Git.open(root)
    known, _ = read_commits(door, tips(root, "HEAD"), None, Limits())
    found = [one.commit for one in stream.history(door, tips(root, "HEAD"))]
    assert [one.id for one in found] == [one.id for one in known]
    for mine, theirs in zip(found, known, strict=True):
        for field in ("tree", "parents", "author", "committer", "authored_at", "committed_at", "message"):
            assert getattr(mine, field) == getattr(theirs, field)
        assert (mine.written_author, mine.written_committer) == (
            theirs.written_author,
            theirs.written_committer,
        )


def test_no_mailmap_changes_a_name(root):
    make_commit(root, {".mailmap": "Somebody Else <else@example.org> <alice@example.org>\n"}, "map")
    (newest,) = stream.history(Git.open(root), [*tips(root, "HEAD", "^HEAD~1")])
    assert newest.commit.author == Actor("Alice Example", "alice@example.org")


def test_ids_that_are_left_out_and_options(root):
    door = Git.open(root)
    without = stream.history(door, [*tips(root, "HEAD", "^side"), "--no-merges"])
    assert [one.commit.subject for one in without] == ["two"]
    assert list(stream.history(door, [])) == []


def test_a_list_keeps_its_order_and_its_doubles(root):
    make_object(root, b"x", "blob")
    git(root, "tag", "-a", "-m", "t", "v1")
    first, merge = tips(root, "HEAD~1^", "HEAD")
    blob = git(root, "rev-parse", "HEAD:a").decode().strip()
    names = [first, "side", NOBODY, merge, first, blob, "v1", ":/one", first[:12], "--all", "x" * 300]
    found = listed(Git.open(root), names[:3], [], names[3:])
    subjects = [one.commit.subject if one.commit else None for one in found]
    assert subjects == ["one", "side", None, "merge", "one", None, "merge", None, "one", None, None]
    assert [one.name for one in found if one.commit is None] == [NOBODY, blob, ":/one", "--all", "x" * 200]
    assert all(one.note for one in found if one.commit is None)
    assert found[6].name == merge


def test_one_batch_is_answered_before_the_next_is_asked_for(root):
    asked = []

    def batches():
        for name in tips(root, "HEAD", "side"):
            asked.append(name)
            yield [name]

    answers = stream.listed(Git.open(root), batches())
    next(answers)
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("charset", "name"),
    [("ISO-8859-1", "Zoë"), ("EUC-JP", "山田"), ("windows-1251", "Пётр"), ("UTF-8", "Zoë")],
)
def test_names_and_messages_in_another_encoding(root, charset, name):
    env = {"GIT_AUTHOR_NAME": name.encode(charset), "GIT_COMMITTER_NAME": name.encode(charset)}
    (root / "message").write_bytes(f"{name} war hier".encode(charset))
    git(root, "config", "i18n.logOutputEncoding", "UTF-16")
    command = ["-c", f"i18n.commitEncoding={charset}", "commit", "-q", "--allow-empty", "-F", "message"]
    import subprocess

    subprocess.run(["git", *command], cwd=root, env=GIT_ENV | env, check=True)
    newest = next(stream.history(Git.open(root), tips(root, "HEAD")))
    assert newest.commit.author.name == name
    assert newest.commit.message == f"{name} war hier\n"


@pytest.mark.parametrize("charset", ["rot13", "zip", "no-such", "punycode", "\xff"])
def test_an_encoding_that_is_none_leaves_the_bytes(root, charset):
    (tree,) = tips(root, "HEAD^{tree}")
    who = b"Zo\xc3\xab <z@example.org> 1700000000 +0000"
    text = b"tree %s\nauthor %s\ncommitter %s\nencoding %s\n\nodd\xff" % (
        *(tree.encode(), who, who),
        charset.encode("latin-1"),
    )
    (found,) = listed(Git.open(root), [make_object(root, text)])
    assert found.commit.author.name == "Zoë"
    assert found.commit.message == "odd\ufffd"


@pytest.mark.parametrize(
    ("line", "name", "email", "when"),
    [
        (b"A B <a@b> 12 +0000", "A B", "a@b", 12),
        (b"<a@b> 12 +0000", "", "a@b", 12),
        (b"A <> 12 +0000", "A", "", 12),
        (b"A <a@b>", "A", "a@b", 0),
        (b"A <a@b> -5 +0000", "A", "a@b", 0),
        (b"A <a@b> 99999999999999999999 +0000", "A", "a@b", 0),
        (b"A <a <c@d>> 12 +0000", "A", "a <c@d", 12),
        (b"nothing at all", "", "", 0),
        (b"", "", "", 0),
    ],
)
def test_names_made_by_hand(root, line, name, email, when):
    (tree,) = tips(root, "HEAD^{tree}")
    text = b"tree %s\nauthor %s\ncommitter %s\n\nm" % (tree.encode(), line, line)
    (found,) = listed(Git.open(root), [make_object(root, text)])
    assert found.commit.author == Actor(name, email)
    assert found.commit.committed_at == when
    said = git(root, "log", "--no-walk", "--format=%an%x00%ae", found.name).decode().rstrip("\n")
    assert said.split("\0") == [name, email], "as git reads it"


@pytest.mark.parametrize("content", [b"", b"\n\nmessage", b"tree x\n\nm", b"author A <a> 1 +0\n\nm"])
def test_what_is_no_commit_is_said(root, content):
    (found,) = listed(Git.open(root), [make_object(root, content)])
    assert found.commit is None
    assert found.note


def test_a_huge_message_keeps_its_beginning_and_its_trailers(root):
    (tree,) = tips(root, "HEAD^{tree}")
    who = b"A <a@example.org> 1700000000 +0000"
    message = b"subject\n\n" + b"x" * (3 << 20) + b"\n\nCo-authored-by: B <b@example.org>\n"
    text = b"tree %s\nauthor %s\ncommitter %s\n\n%s" % (tree.encode(), who, who, message)
    name = make_object(root, text)
    after = make_object(root, text.replace(b"x" * (3 << 20), b"y"))
    found, small = listed(Git.open(root), [name, after])
    assert found.commit.subject == "subject"
    assert found.commit.message.endswith("B <b@example.org>\n")
    assert len(found.commit.message) <= stream.MAX_BYTES
    assert "3,145," in found.note
    assert small.note == ""


def test_batches_are_small_where_messages_are_long():
    commit = listed_commit(2 << 20)
    sizes = [len(batch) for batch in stream.batched([stream.Streamed("x", commit)] * 7)]
    assert sizes == [3, 3, 1]
    sizes = [len(batch) for batch in stream.batched([stream.Streamed("x", None)] * 401)]
    assert sizes == [200, 200, 1]


def listed_commit(size: int):
    from riskbot.domain.change import Commit

    nobody = Actor("", "")
    return Commit(NOBODY, NOBODY, (), nobody, nobody, 0, 0, "m" * size)


def test_every_ref_but_notes(root):
    git(root, "notes", "--ref=ai", "add", "-m", "a note", "HEAD")
    git(root, "tag", "blob", "HEAD:a")
    git(root, "tag", "-a", "-m", "t", "old", "HEAD~1")
    git(root, "checkout", "-q", "--detach")
    make_commit(root, {"c": "1\n"}, "detached")
    door = Git.open(root)
    subjects = {one.commit.subject for one in stream.history(door, stream.every_tip(door))}
    assert subjects == {"one", "two", "side", "merge", "detached"}


def test_a_repository_without_a_commit(tmp_path):
    door = Git.open(make_repository(tmp_path / "r"))
    assert list(stream.history(door, stream.every_tip(door))) == []


def test_a_shallow_clone_ends_where_it_ends_and_parents_are_told(root, tmp_path):
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{root}", str(shallow))
    (only,) = stream.history(Git.open(shallow), tips(shallow, "HEAD"))
    assert only.commit.parents == tuple(tips(root, "HEAD^1", "HEAD^2"))


def test_a_history_with_a_hole_fails_and_says_so(root):
    hole = tips(root, "side")[0]
    (root / ".git" / "objects" / hole[:2] / hole[2:]).unlink()
    with pytest.raises(EvaluationError, match="rev-list"):
        list(stream.history(Git.open(root), tips(root, "HEAD")))


def test_replaced_commits_are_what_they_were(root):
    old, new = tips(root, "HEAD", "side")
    git(root, "replace", old, new)
    (found,) = listed(Git.open(root), [old])
    assert found.commit.subject == "merge"


def test_leaving_early_ends_the_processes(root):
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    if not children.exists():
        pytest.skip("this system does not tell a process's children")
    grow(root, 3_000)
    earlier = set(children.read_text().split())  # of other tests
    commits = stream.history(Git.open(root), tips(root, "main"))
    next(commits)
    assert set(children.read_text().split()) - earlier
    commits.close()
    assert not set(children.read_text().split()) - earlier


def test_tens_of_thousands_a_second(tmp_path):
    """Of our own processor's time; git's two processes work beside it."""
    root = make_repository(tmp_path / "r")
    grow(root, 5_000)
    door, names = Git.open(root), tips(root, "main")
    assert seconds(lambda: sum(1 for _ in stream.history(door, names))) < 5_000 / 10_000
    ids = [one.name for one in stream.history(door, names)]
    assert seconds(lambda: listed(door, ids)) < 5_000 / 10_000


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail(content):
    found = stream._commit(NOBODY, content)
    assert found is None or isinstance(found.message, str)
    stream._ident(content, content[:8])
