"""The hook file: where it goes, whose it is, what it runs, and that nobody else's hook is lost."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from make import GIT_ENV, git, make_commit, make_repository

from riskbot.domain.errors import EvaluationError, UsageError
from riskbot.outside.git import Git
from riskbot.surfaces import hooks

FOREIGN = "#!/bin/sh\ncat > foreign-was-told\nexit ${FOREIGN_CODE:-0}\n"

# Stands where the interpreter would: answers the hook's question whether riskbot is there, then records
# what it was given. So the script is tested by itself, and fast; the real thing is in test_hook_push.py.
STAND_IN = """\
#!/bin/sh
[ "$2" = -c ] && exit 0
{ printf '%s\\n' "$*"; cat; } > riskbot-was-told
echo "on standard output"
exit ${RISKBOT_CODE:-0}
"""


@pytest.fixture
def repo(tmp_path):
    root = make_repository(tmp_path / "a repository's", {"a.py": "one = 1\n"})
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "origin.git")
    git(root, "remote", "add", "origin", str(tmp_path / "origin.git"))
    return root


@pytest.fixture
def stand_in(tmp_path):
    path = tmp_path / "an interpreter's" / "python"
    path.parent.mkdir()
    executable(path, STAND_IN)
    return str(path)


def executable(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def push(root, *refspecs, **env):
    return subprocess.run(
        ["git", "push", "origin", *(refspecs or ["main"])],
        cwd=root,
        env=GIT_ENV | env,
        capture_output=True,
        text=True,
        check=False,
    )


def on_remote(tmp_path):
    return git(tmp_path / "origin.git", "for-each-ref", "--format=%(refname)").decode().split()


def default_place(root):
    return root / ".git" / "hooks" / "pre-push"


# --- where it goes -----------------------------------------------------------------------------------


def test_install_writes_an_executable_file_where_git_looks(repo):
    placed = hooks.install(Git.open(repo))
    assert placed.path == default_place(repo)
    assert stat.S_IMODE(placed.path.stat().st_mode) == 0o755
    assert str(placed.path) in placed.sentence
    assert sys.executable in placed.path.read_text()
    assert sorted(path.name for path in placed.path.parent.iterdir() if "pre-push" in path.name) == [
        "pre-push",
        "pre-push.sample",
    ]


def test_git_runs_it_with_the_remote_and_every_ref(repo, stand_in, tmp_path):
    hooks.install(Git.open(repo), python=stand_in)
    done = push(repo, "main", "main:copy")
    assert done.returncode == 0, done.stderr
    told = (repo / "riskbot-was-told").read_text().splitlines()
    assert told[0] == f"-P -m riskbot hook pre-push origin {tmp_path / 'origin.git'}"
    assert [line.split()[2] for line in told[1:]] == ["refs/heads/main", "refs/heads/copy"]
    assert on_remote(tmp_path) == ["refs/heads/copy", "refs/heads/main"]


def test_a_refusal_stops_the_push(repo, stand_in, tmp_path):
    hooks.install(Git.open(repo), python=stand_in)
    assert push(repo, RISKBOT_CODE="1").returncode != 0
    assert on_remote(tmp_path) == []


@pytest.mark.parametrize("chained", [False, True])
def test_standard_output_is_left_to_git(repo, stand_in, chained):
    """``git push --porcelain`` is read by programs."""
    if chained:
        executable(default_place(repo), FOREIGN)
    hooks.install(Git.open(repo), python=stand_in, force=chained)
    done = push(repo, "--porcelain", "main")
    assert "on standard output" not in done.stdout
    assert "on standard output" in done.stderr


@pytest.mark.parametrize("kind", ["absolute", "relative", "home"])
def test_core_hooks_path_is_honoured(repo, stand_in, tmp_path, kind, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    value, folder = {
        "absolute": (str(tmp_path / "my hooks"), tmp_path / "my hooks"),
        "relative": (".my hooks", repo / ".my hooks"),
        "home": ("~/hooks", tmp_path / "home" / "hooks"),
    }[kind]
    git(repo, "config", "core.hooksPath", value)
    (repo / "sub").mkdir()
    placed = hooks.install(Git.open(repo / "sub"), python=stand_in)
    assert placed.path == folder / "pre-push"
    assert not default_place(repo).exists()
    done = push(repo, HOME=str(tmp_path / "home"))
    assert done.returncode == 0, done.stderr
    assert (repo / "riskbot-was-told").exists()
    assert ("working tree" in placed.sentence) == (kind == "relative")
    assert ("every repository" in placed.sentence) == (kind != "relative")
    assert hooks.uninstall(Git.open(repo)).path == placed.path
    assert not placed.path.exists()


def test_switched_off_hooks_are_said(repo):
    git(repo, "config", "core.hooksPath", "/dev/null")
    with pytest.raises(UsageError, match="switched off"):
        hooks.install(Git.open(repo))


def test_a_worktree_shares_the_hook(repo, stand_in, tmp_path):
    git(repo, "worktree", "add", "-q", str(tmp_path / "tree"), "-b", "topic")
    placed = hooks.install(Git.open(tmp_path / "tree"), python=stand_in)
    assert placed.path == default_place(repo)
    assert placed.sentence.endswith("pre-push.")
    assert push(tmp_path / "tree", "topic").returncode == 0
    assert (tmp_path / "tree" / "riskbot-was-told").exists()


@pytest.mark.parametrize("value", [None, "my hooks"])
def test_a_bare_repository_has_hooks_too(repo, stand_in, tmp_path, value):
    git(tmp_path, "clone", "-q", "--bare", str(repo), "bare.git")
    bare = tmp_path / "bare.git"
    git(bare, "remote", "set-url", "origin", str(tmp_path / "origin.git"))
    if value:
        git(bare, "config", "core.hooksPath", value)
    placed = hooks.install(Git.open(bare), python=stand_in)
    assert placed.path == bare / (value or "hooks") / "pre-push"
    done = push(bare)
    assert done.returncode == 0, done.stderr
    assert (bare / "riskbot-was-told").exists()


def test_a_missing_hooks_folder_is_made(repo):
    shutil.rmtree(repo / ".git" / "hooks")
    assert hooks.install(Git.open(repo)).path.is_file()


def test_a_folder_that_may_not_be_written_is_an_error_in_words(repo, monkeypatch):
    def refuse(*arguments, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(hooks.tempfile, "mkstemp", refuse)
    with pytest.raises(EvaluationError, match="Permission denied"):
        hooks.install(Git.open(repo))


def test_an_unknown_hook_type_is_a_usage_error(repo):
    with pytest.raises(UsageError, match="post-merge"):
        hooks.install(Git.open(repo), hook_type="post-merge")


# --- whose it is -------------------------------------------------------------------------------------


def test_installing_twice_changes_nothing(repo):
    def written():  # not when it was read: looking at it is no change
        found = first.path.stat()
        return found.st_ino, found.st_mode, found.st_size, found.st_mtime_ns, found.st_ctime_ns

    first = hooks.install(Git.open(repo))
    before = written()
    again = hooks.install(Git.open(repo))
    assert "nothing to do" in again.sentence
    assert written() == before


def test_installing_again_takes_the_new_interpreter(repo, stand_in):
    hooks.install(Git.open(repo))
    placed = hooks.install(Git.open(repo), python=stand_in)
    assert "Renewed" in placed.sentence
    assert push(repo).returncode == 0
    assert (repo / "riskbot-was-told").exists()


def test_a_foreign_hook_is_never_overwritten_unasked(repo):
    hook = executable(default_place(repo), FOREIGN)
    with pytest.raises(UsageError, match="--force") as caught:
        hooks.install(Git.open(repo))
    assert caught.value.exit_code == 2
    assert hook.read_text() == FOREIGN


def test_uninstall_leaves_a_foreign_hook(repo):
    hook = executable(default_place(repo), FOREIGN)
    with pytest.raises(UsageError, match="left alone"):
        hooks.uninstall(Git.open(repo))
    assert hook.read_text() == FOREIGN


def test_uninstall_removes_what_install_wrote_and_can_be_repeated(repo):
    hook = hooks.install(Git.open(repo)).path
    hooks.uninstall(Git.open(repo))
    assert not hook.exists()
    assert "nothing to remove" in hooks.uninstall(Git.open(repo)).sentence


def test_force_keeps_the_foreign_hook_and_uninstall_brings_it_back(repo):
    hook = executable(default_place(repo), FOREIGN)
    hook.chmod(0o711)
    hooks.install(Git.open(repo), force=True)
    hooks.install(Git.open(repo), force=True)  # a second time must not keep our own as the foreign one
    assert hook.with_name("pre-push.before-riskbot").read_text() == FOREIGN
    placed = hooks.uninstall(Git.open(repo))
    assert "back" in placed.sentence
    assert hook.read_text() == FOREIGN
    assert stat.S_IMODE(hook.stat().st_mode) == 0o711
    assert not hook.with_name("pre-push.before-riskbot").exists()


def test_a_kept_hook_is_never_overwritten_by_another(repo):
    hook = executable(default_place(repo), FOREIGN)
    hooks.install(Git.open(repo), force=True)
    executable(hook, "#!/bin/sh\n# a third one\n")
    with pytest.raises(UsageError, match="taken too"):
        hooks.install(Git.open(repo), force=True)
    assert hook.read_text() == "#!/bin/sh\n# a third one\n"
    assert hook.with_name("pre-push.before-riskbot").read_text() == FOREIGN


def test_a_failed_write_puts_the_foreign_hook_back(repo, monkeypatch):
    hook = executable(default_place(repo), FOREIGN)

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(hooks.os, "fsync", full)
    with pytest.raises(EvaluationError, match="No space left"):
        hooks.install(Git.open(repo), force=True)
    assert hook.read_text() == FOREIGN
    assert sorted(path.name for path in hook.parent.glob("*pre-push*")) == ["pre-push", "pre-push.sample"]


def test_nothing_is_written_through_a_link(repo):
    """A hook that links to a file of the project: the link moves aside, the file stays as it is."""
    tracked = executable(repo / "tools" / "pre-push", FOREIGN)
    default_place(repo).symlink_to("../../tools/pre-push")
    with pytest.raises(UsageError, match="is a link to"):
        hooks.install(Git.open(repo))
    hooks.install(Git.open(repo), force=True)
    assert not default_place(repo).is_symlink()
    assert tracked.read_text() == FOREIGN
    hooks.uninstall(Git.open(repo))
    assert default_place(repo).is_symlink()
    assert tracked.read_text() == FOREIGN


def test_a_link_to_a_riskbot_hook_is_not_removed(repo, tmp_path):
    elsewhere = executable(tmp_path / "shared-hook", hooks.script(sys.executable).decode())
    default_place(repo).symlink_to(elsewhere)
    with pytest.raises(UsageError, match="left alone"):
        hooks.uninstall(Git.open(repo))
    assert default_place(repo).is_symlink()


def test_a_dangling_link_counts_as_a_hook(repo):
    default_place(repo).symlink_to("gone")
    with pytest.raises(UsageError, match="is a link to gone"):
        hooks.install(Git.open(repo))


def test_a_linked_hooks_folder_is_followed_and_said(repo, tmp_path, stand_in):
    shutil.rmtree(repo / ".git" / "hooks")
    (tmp_path / "shared").mkdir()
    (repo / ".git" / "hooks").symlink_to(tmp_path / "shared")
    placed = hooks.install(Git.open(repo), python=stand_in)
    assert (tmp_path / "shared" / "pre-push").is_file()
    assert "every repository" in placed.sentence
    assert push(repo).returncode == 0
    assert (repo / "riskbot-was-told").exists()


def test_a_foreign_hook_that_only_quotes_ours_is_foreign(repo):
    quoting = "#!/bin/sh\n# like\n# the\n# riskbot hook: pre-push\n"
    executable(default_place(repo), quoting)
    with pytest.raises(UsageError):
        hooks.install(Git.open(repo))


# --- what it runs ------------------------------------------------------------------------------------


def test_the_script_is_plain_sh(repo):
    done = subprocess.run(
        ["sh", "-n"], input=hooks.script("/o'dd \"$(x)` path\n/python"), capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_both_hooks_read_the_same_lines_and_both_must_agree(repo, stand_in, tmp_path):
    executable(default_place(repo), FOREIGN)
    hooks.install(Git.open(repo), python=stand_in, force=True)
    assert push(repo, "main", "main:copy", FOREIGN_CODE="7").returncode != 0
    assert on_remote(tmp_path) == []
    told = (repo / "riskbot-was-told").read_text().splitlines()
    assert (repo / "foreign-was-told").read_text().splitlines() == told[1:]
    assert len(told) == 3
    assert push(repo, "main").returncode == 0
    assert on_remote(tmp_path) == ["refs/heads/main"]


def test_the_earlier_hook_is_not_run_for_a_push_that_riskbot_refuses(repo, stand_in, tmp_path):
    """It may act (git-lfs uploads), and nothing is pushed anyway."""
    executable(default_place(repo), FOREIGN)
    hooks.install(Git.open(repo), python=stand_in, force=True)
    assert push(repo, RISKBOT_CODE="3").returncode != 0
    assert not (repo / "foreign-was-told").exists()
    assert on_remote(tmp_path) == []


def test_an_empty_input_stays_empty_for_both(repo, stand_in):
    push(repo)
    executable(default_place(repo), FOREIGN)
    hooks.install(Git.open(repo), python=stand_in, force=True)
    assert push(repo).returncode == 0  # everything is up to date; git runs the hook all the same
    assert (repo / "foreign-was-told").read_bytes() == b""
    assert len((repo / "riskbot-was-told").read_text().splitlines()) == 1


def test_an_earlier_hook_that_was_switched_off_stays_off(repo, stand_in):
    executable(default_place(repo), FOREIGN).chmod(0o644)
    hooks.install(Git.open(repo), python=stand_in, force=True)
    assert push(repo).returncode == 0
    assert not (repo / "foreign-was-told").exists()


def test_riskbot_on_path_stands_in_for_a_vanished_interpreter(repo, tmp_path):
    hooks.install(Git.open(repo), python=str(tmp_path / "gone" / "python"))
    executable(tmp_path / "bin" / "riskbot", '#!/bin/sh\necho "$*" > riskbot-was-told\n')
    done = push(repo, PATH=f"{tmp_path / 'bin'}{os.pathsep}{GIT_ENV['PATH']}")
    assert done.returncode == 0, done.stderr
    assert (repo / "riskbot-was-told").read_text().startswith("hook pre-push origin ")


@pytest.fixture
def bare_path(tmp_path):
    """A PATH with git and the usual tools but without riskbot."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in ("git", "sh", "cat"):
        (folder / name).symlink_to(shutil.which(name))
    return str(folder)


def test_without_riskbot_the_push_is_refused_and_the_way_out_is_named(repo, tmp_path, bare_path):
    hooks.install(Git.open(repo), python=str(tmp_path / "gone" / "python"))
    done = push(repo, PATH=bare_path)
    assert done.returncode != 0
    assert "could not be started" in done.stderr
    assert "git push --no-verify" in done.stderr
    assert on_remote(tmp_path) == []
    assert push(repo, "--no-verify", "main", PATH=bare_path).returncode == 0


def test_an_interpreter_that_lost_riskbot_does_not_count(repo, tmp_path, bare_path):
    lost = executable(tmp_path / "lost" / "python", "#!/bin/sh\nexit 1\n")
    hooks.install(Git.open(repo), python=str(lost))
    assert "could not be started" in push(repo, PATH=bare_path).stderr


def test_nothing_is_imported_from_the_folder_that_is_pushed(repo, tmp_path):
    """A change may hold an ``argparse.py`` or a ``riskbot`` package of its own."""
    poison = "import pathlib\npathlib.Path('poisoned').touch()\n"
    make_commit(repo, dict.fromkeys(("argparse.py", "riskbot/__init__.py", "os.py", "typing.py"), poison))
    hooks.install(Git.open(repo))
    push(repo)
    assert not Path(repo, "poisoned").exists()
