"""Real pushes to a real (bare) repository, through git's own hook and through the pre-commit framework."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from make import GIT_ENV, git, make_commit, make_repository

pytestmark = pytest.mark.slow

RISKBOT = [sys.executable, "-P", "-m", "riskbot"]
CALM = {"greet.py": 'def greet(name):\n    return f"Good morning, {name}!"\n'}
# Runs a command line that comes from outside: held by rules/llm-pitfalls/shell-with-variable.
BAD = {"run.py": "import subprocess\n\n\ndef run(line):\n    subprocess.run(line, shell=True, check=True)\n"}

PRE_COMMIT = """\
repos:
  - repo: local
    hooks:
      - id: riskbot
        name: riskbot
        language: system
        entry: {entry}
        stages: [pre-push]
        always_run: true
        pass_filenames: false
        require_serial: true
        verbose: true
"""


@pytest.fixture
def env(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    cache = {name: str(tmp_path / "cache") for name in ("PRE_COMMIT_HOME", "XDG_CACHE_HOME")}
    return GIT_ENV | cache | {"HOME": str(home), "PYTHONWARNINGS": "error", "COLUMNS": "100"}


@pytest.fixture
def repo(tmp_path):
    """A clone whose ``main`` is on ``origin``."""
    root = make_repository(tmp_path / "a clone", {"greet.py": "def greet(name):\n    return name\n"})
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "origin.git")
    git(root, "remote", "add", "origin", str(tmp_path / "origin.git"))
    git(root, "push", "-q", "origin", "main")
    git(root, "remote", "set-head", "origin", "main")
    return root


def run(root, env, *command):
    return subprocess.run(
        command, cwd=root, env=env, capture_output=True, text=True, check=False, timeout=300
    )


def install(root, env):
    done = run(root, env, *RISKBOT, "hook", "install")
    assert done.returncode == 0, done.stderr
    assert "Installed" in done.stdout


def push(root, env, *refspecs):
    done = run(root, env, "git", "push", "origin", *refspecs)
    assert "Traceback" not in done.stderr
    return done


def remote_refs(tmp_path):
    listed = git(tmp_path / "origin.git", "for-each-ref", "--format=%(refname:short) %(objectname)")
    return dict(line.split() for line in listed.decode().splitlines())


def branch(root, name, files, start="origin/main"):
    git(root, "switch", "-q", "-c", name, start)
    return make_commit(root, files, f"work on {name}")


# --- git's own hook ----------------------------------------------------------------------------------


def test_a_calm_push_goes_through_and_a_bad_one_is_refused(repo, env, tmp_path):
    install(repo, env)
    calm = make_commit(repo, CALM, "greet politely")
    done = push(repo, env, "main")
    assert done.returncode == 0, done.stderr
    assert "main -> origin main" in done.stderr
    assert remote_refs(tmp_path) == {"main": calm}

    bad = make_commit(repo, BAD, "run whatever comes")
    done = push(repo, env, "main")
    assert done.returncode != 0
    assert "shell-with-variable" in done.stderr
    assert "the policy holds it" in done.stderr
    assert remote_refs(tmp_path) == {"main": calm}

    assert push(repo, env, "--no-verify", "main").returncode == 0
    assert remote_refs(tmp_path) == {"main": bad}


def test_that_people_have_still_to_approve_refuses_no_push(repo, env, tmp_path):
    """What is pushed is only proposed; what its author has to mend refuses it all the same."""
    settings = {"pyproject.toml": '[tool.riskbot]\npolicy = "sox"\n', "CODEOWNERS": "* @acme/devs\n"}
    make_commit(repo, settings, "ask for owners")
    git(repo, "push", "-q", "origin", "main")
    install(repo, env)
    calm = make_commit(repo, CALM, "greet politely")
    done = push(repo, env, "main")
    assert done.returncode == 0, done.stderr
    assert "AWAITS REVIEW" in done.stderr
    assert "@acme/devs" in done.stderr
    assert "refused:" not in done.stderr
    assert remote_refs(tmp_path) == {"main": calm}


def test_one_bad_ref_holds_all_of_them_and_each_has_its_heading(repo, env, tmp_path):
    install(repo, env)
    git(repo, "push", "-q", "--no-verify", "origin", "main:old")
    before = remote_refs(tmp_path)
    branch(repo, "calm", CALM)
    branch(repo, "bad", BAD)
    git(repo, "tag", "-a", "-m", "one", "v1", "bad")
    done = push(repo, env, "calm", "bad", "v1", ":old")
    assert done.returncode != 0
    for heading in (
        "calm -> origin calm",
        "bad -> origin bad",
        "v1 -> origin v1",
        "(delete) -> origin old: skipped",
    ):
        assert heading in done.stderr
    assert done.stderr.count("shell-with-variable") == run_once(done.stderr)
    assert remote_refs(tmp_path) == before


def run_once(report):
    """How often the finding may be told: the branch and its tag are one range, so in one report only."""
    first = report.index("bad -> origin bad")
    return report[first:].count("shell-with-variable")


def test_deletions_old_tags_and_copies_go_through_unasked(repo, env, tmp_path):
    install(repo, env)
    git(repo, "push", "-q", "--no-verify", "origin", "main:old")
    git(repo, "tag", "-a", "-m", "one", "v1")
    done = push(repo, env, ":old", "v1", "main:copy")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("skipped") == 3
    assert sorted(remote_refs(tmp_path)) == ["copy", "main", "v1"]


def test_a_forced_push_is_judged_by_what_it_brings(repo, env, tmp_path):
    """The bad commit is on the remote already and goes away; then it comes back by force."""
    install(repo, env)
    calm_start = git(repo, "rev-parse", "main").decode().strip()
    make_commit(repo, BAD, "bad")
    git(repo, "push", "-q", "--no-verify", "origin", "main")
    git(repo, "reset", "-q", "--hard", calm_start)
    calm = make_commit(repo, CALM, "calm")
    done = push(repo, env, "+main")
    assert done.returncode == 0, done.stderr
    assert remote_refs(tmp_path) == {"main": calm}

    git(repo, "reset", "-q", "--hard", calm_start)
    make_commit(repo, BAD, "bad again")
    assert push(repo, env, "+main").returncode != 0
    assert remote_refs(tmp_path) == {"main": calm}


def test_a_bad_root_branch_is_refused(repo, env, tmp_path):
    install(repo, env)
    git(repo, "switch", "-q", "--orphan", "island")
    make_commit(repo, BAD, "an island")
    done = push(repo, env, "island")
    assert done.returncode != 0
    assert "shell-with-variable" in done.stderr
    assert sorted(remote_refs(tmp_path)) == ["main"]


def test_a_commit_without_changes_does_not_block_the_push(repo, env, tmp_path):
    """As used to start a build again: there is nothing in it to hold."""
    install(repo, env)
    head = make_commit(repo, {}, "build again")
    done = push(repo, env, "main")
    assert done.returncode == 0, done.stderr
    assert remote_refs(tmp_path) == {"main": head}


def test_a_push_from_a_worktree_is_checked(repo, env, tmp_path):
    install(repo, env)
    tree = tmp_path / "a tree"
    git(repo, "worktree", "add", "-q", str(tree), "-b", "topic")
    make_commit(tree, BAD, "bad")
    done = push(tree, env, "topic")
    assert done.returncode != 0
    assert "shell-with-variable" in done.stderr
    assert sorted(remote_refs(tmp_path)) == ["main"]


def test_a_push_from_a_bare_repository_is_checked(repo, env, tmp_path):
    branch(repo, "topic", BAD)
    git(tmp_path, "clone", "-q", "--bare", str(repo), "bare.git")
    bare = tmp_path / "bare.git"
    git(bare, "remote", "set-url", "origin", str(tmp_path / "origin.git"))
    git(bare, "config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")
    git(bare, "fetch", "-q", "origin")
    install(bare, env)
    done = push(bare, env, "topic")
    assert done.returncode != 0
    assert "shell-with-variable" in done.stderr


def test_a_repository_named_on_the_command_line_is_found(repo, env, tmp_path):
    """Then the hook runs elsewhere, and only GIT_DIR says which repository is meant."""
    install(repo, env)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    here = ["git", f"--git-dir={repo / '.git'}"]
    for number, command in enumerate([here, [*here, f"--work-tree={repo}"]]):
        done = run(elsewhere, env, *command, "push", "origin", f"main:copy{number}")
        assert done.returncode == 0, done.stderr
        assert f"main -> origin copy{number}: skipped" in done.stderr


def test_wrong_input_is_a_usage_error(repo, env):
    done = subprocess.run(
        [*RISKBOT, "hook", "pre-push", "origin", "x"],
        cwd=repo,
        env=env,
        input=b"hello\n",
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert b"Line 1 of standard input" in done.stderr
    assert b"Traceback" not in done.stderr


def test_uninstall_opens_the_way_again(repo, env, tmp_path):
    install(repo, env)
    bad = make_commit(repo, BAD, "bad")
    done = run(repo, env, *RISKBOT, "hook", "uninstall")
    assert done.returncode == 0
    assert "Removed" in done.stdout
    assert push(repo, env, "main").returncode == 0
    assert remote_refs(tmp_path) == {"main": bad}


# --- the pre-commit framework ------------------------------------------------------------------------


@pytest.fixture
def framework(repo, env):
    """The clone with the framework's pre-push hook; the riskbot of this environment is its hook."""
    entry = shlex.join([*RISKBOT, "hook", "pre-push"])
    (repo / ".git" / "info" / "exclude").write_text(".pre-commit-config.yaml\n")
    (repo / ".pre-commit-config.yaml").write_text(PRE_COMMIT.format(entry=entry))
    quiet = env | {"PYTHONWARNINGS": ""}
    done = run(repo, quiet, sys.executable, "-m", "pre_commit", "install", "-t", "pre-push")
    assert done.returncode == 0, done.stderr
    return repo, quiet


def both(done):
    return done.stdout + done.stderr


def test_through_precommit_a_calm_push_goes_through_and_a_bad_one_is_refused(framework, tmp_path):
    root, env = framework
    calm = make_commit(root, CALM, "greet politely")
    done = push(root, env, "main")
    assert done.returncode == 0, both(done)
    assert "main -> origin main" in both(done)
    assert remote_refs(tmp_path) == {"main": calm}

    branch(root, "topic", BAD)
    done = push(root, env, "topic")
    assert done.returncode != 0
    assert "shell-with-variable" in both(done)
    assert remote_refs(tmp_path) == {"main": calm}


def test_through_precommit_a_bad_root_branch_is_refused(framework, tmp_path):
    root, env = framework
    git(root, "switch", "-q", "--orphan", "island")
    make_commit(root, BAD, "an island")
    git(root, "switch", "-q", "main")  # what is checked out must not stand in for what is pushed
    done = push(root, env, "island")
    assert done.returncode != 0
    assert "shell-with-variable" in both(done)
    assert sorted(remote_refs(tmp_path)) == ["main"]


def test_precommit_shows_only_the_first_ref_and_the_raw_hook_all(framework, tmp_path):
    """The limit that docs/hooks.md names, and what mends it: riskbot's own hook, kept by the framework."""
    root, env = framework
    branch(root, "calm", CALM)
    branch(root, "bad", BAD)
    assert push(root, env, "calm", "bad").returncode == 0
    git(root, "push", "-q", "--no-verify", "origin", ":calm", ":bad")

    done = run(root, env, *RISKBOT, "hook", "install")
    assert done.returncode == 2
    assert "--force" in done.stderr
    assert run(root, env, *RISKBOT, "hook", "install", "--force").returncode == 0
    assert push(root, env, "calm", "bad").returncode != 0
    assert sorted(remote_refs(tmp_path)) == ["main"]


def test_the_published_hook_is_valid_and_fails_closed():
    """By the framework's own reading of the manifest."""
    from pre_commit.clientlib import load_manifest

    manifest = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
    (hook,) = load_manifest(os.fspath(manifest))
    assert hook["id"] == "riskbot"
    assert hook["entry"] == "riskbot hook pre-push"
    assert hook["stages"] == ["pre-push"]
    assert (hook["always_run"], hook["pass_filenames"], hook["require_serial"]) == (True, False, True)


def test_the_projects_own_configuration_is_valid():
    from pre_commit.clientlib import load_config

    config = load_config(os.fspath(Path(__file__).parents[2] / ".pre-commit-config.yaml"))
    hooks = {hook["id"]: hook for repo in config["repos"] for hook in repo["hooks"]}
    assert hooks["riskbot"]["stages"] == ["pre-push"]
