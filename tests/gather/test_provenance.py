"""What lies beside the commits, from real repositories: notes, traces, the branch, signatures, lines."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from make import git, make_commit, make_repository

from riskbot.domain.change import Change, Provenance
from riskbot.domain.errors import ConfigError
from riskbot.gather import notes, provenance, signers
from riskbot.gather.limits import Limits
from riskbot.gather.local import from_commits, from_range, from_staged, from_worktree
from riskbot.gather.noted import patches
from riskbot.outside import signatures
from riskbot.outside.git import Git
from riskbot.outside.gitobjects import objects

SESSION = "s_c9883b05a2487d"
KEYS = ".riskbot/agents.allowed_signers"

needs_keys = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen makes the keys")


def beside(root: Path, spec: str = "main..HEAD", limits: Limits | None = None) -> Provenance:
    told = change(root, spec, limits).provenance
    assert told is not None
    return told


def change(root: Path, spec: str = "main..HEAD", limits: Limits | None = None) -> Change:
    return from_range(Git.open(root), spec, limits or Limits()).change


def branch(root: Path, name: str = "topic") -> Path:
    make_repository(root, {"a.py": "a = 1\n"})
    git(root, "checkout", "-q", "-b", name)
    return root


def attributed(path: str = "a.py", ranges: str = "1-9") -> bytes:
    sessions = {SESSION: {"agent_id": {"tool": "claude", "id": "1", "model": "m"}}}
    known = {
        "schema_version": "authorship/3.0.0",
        "base_commit_sha": "1" * 40,
        "prompts": {},
        "sessions": sessions,
    }
    return f"{path}\n  {SESSION}::t_9f8e7d6c5b4a32 {ranges}\n---\n{json.dumps(known)}".encode()


def annotate(root: Path, commit: str, note: bytes, ref: str = notes.ATTRIBUTION) -> None:
    git(root, "notes", f"--ref={ref}", "add", "-f", "-F", "-", commit, stdin=note)


def hang_git(folder: Path, monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    """Put a git first on the path that never ends where it is given ``word``."""
    found = shutil.which("git")
    script = folder / "hanging" / "git"
    script.parent.mkdir()
    script.write_text(
        f'#!/bin/sh\nfor one; do [ "$one" = "{word}" ] && exec tail -f /dev/null; done\nexec {found} "$@"\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(script.parent), prepend=os.pathsep)


# --- notes -------------------------------------------------------------------------------------------------


def test_no_notes_is_not_the_same_as_none_on_these_commits(tmp_path):
    root = branch(tmp_path / "r")
    first = git(root, "rev-parse", "HEAD").decode().strip()
    make_commit(root, {"a.py": "a = 2\n"})
    assert (beside(root).notes, beside(root).corrections) == (None, None)
    annotate(root, first, attributed())
    annotate(root, first, b"{}", notes.CORRECTIONS)
    assert (beside(root).notes, beside(root).corrections) == ((), ())


def test_notes_of_the_range_come_with_the_commits_own_diffs(tmp_path):
    root = branch(tmp_path / "r")
    one = make_commit(root, {"a.py": "a = 1\nb = 2\n"})
    two = make_commit(root, {"a.py": "zero = 0\na = 1\nb = 2\n"})
    annotate(root, one, attributed(ranges="2"))
    annotate(root, two, b'{"says": "human"}', notes.CORRECTIONS)
    told = beside(root)
    assert told.notes == ((one, attributed(ranges="2") + b"\n"),)
    assert told.corrections == ((two, b'{"says": "human"}\n'),)
    ((name, (file,)),) = told.patches
    assert (name, file.path, file.added_lines()) == (one, "a.py", {2})
    assert file.new_blob == git(root, "rev-parse", f"{one}:a.py").decode().strip()
    assert told.omitted == ()


def test_notes_are_found_in_folders_of_any_depth(tmp_path):
    """git parts a notes tree into folders as it grows; here each depth is made by hand."""
    root = branch(tmp_path / "r")
    ids = [make_commit(root, {"a.py": f"a = {n}\n"}) for n in range(4)]
    lines = b""
    for depth, name in enumerate(ids):
        blob = git(root, "hash-object", "-w", "--stdin", stdin=f"note {depth}".encode()).decode().strip()
        parts = [name[at : at + 2] for at in range(0, depth * 2, 2)] + [name[depth * 2 :]]
        lines += f"100644 {blob}\t{'/'.join(parts)}\0".encode()
    env = {"GIT_INDEX_FILE": str(tmp_path / "index")}
    git(root, "update-index", "-z", "--add", "--index-info", env=env, stdin=lines)
    tree = git(root, "write-tree", env=env).decode().strip()
    tip = git(root, "commit-tree", "-m", "notes", tree).decode().strip()
    git(root, "update-ref", notes.ATTRIBUTION, tip)
    found = dict(beside(root).notes or ())
    assert found == {name: f"note {depth}".encode() for depth, name in enumerate(ids)}
    opened = Git.open(root)
    assert sorted(name for name, _ in notes.every(opened, tip)) == sorted(ids)
    assert list(notes.contents(opened, [blob for _, blob in notes.every(opened, tip)])) == [
        found[name] for name, _ in notes.every(opened, tip)
    ]


def test_a_large_note_is_left_out_and_said(tmp_path, monkeypatch):
    root = branch(tmp_path / "r")
    one, two = (make_commit(root, {"a.py": f"a = {n}\n"}) for n in (2, 3))
    annotate(root, one, b"x" * 5000)
    annotate(root, two, b"small")
    monkeypatch.setattr(notes, "MAX_BYTES", 4000)
    told = beside(root)
    assert told.notes == ((two, b"small\n"),)
    assert told.omitted == (f"the note of {one[:12]} is over the limit: it has 5,001 bytes",)


def test_a_notes_ref_that_is_no_notes_tree_is_said(tmp_path):
    root = branch(tmp_path / "r")
    make_commit(root, {"a.py": "a = 2\n"})
    blob = git(root, "hash-object", "-w", "--stdin", stdin=b"x").decode().strip()
    git(root, "update-ref", notes.ATTRIBUTION, blob)
    told = beside(root)
    assert told.notes == ()
    assert len(told.omitted) == 1


def test_merges_have_no_diff_of_their_own(tmp_path):
    root = branch(tmp_path / "r")
    make_commit(root, {"a.py": "a = 2\n"})
    git(root, "checkout", "-q", "-b", "side", "main")
    make_commit(root, {"b.py": "b = 1\n"})
    git(root, "checkout", "-q", "topic")
    git(root, "merge", "-q", "--no-ff", "-m", "merge", "side")
    merge = git(root, "rev-parse", "HEAD").decode().strip()
    annotate(root, merge, attributed())
    told = beside(root)
    assert [name for name, _ in told.notes or ()] == [merge]
    assert told.patches == ()
    assert merge not in dict(told.lines)
    assert len(told.lines) == 2


def test_a_root_and_an_empty_commit_have_diffs(tmp_path):
    root = make_repository(tmp_path / "r", {"a.py": "a = 1\n"})
    first = git(root, "rev-parse", "HEAD").decode().strip()
    empty = make_commit(root, {})
    for name in (first, empty):
        annotate(root, name, attributed())
    opened = Git.open(root)
    commits = from_commits(opened, None, empty, "all", Limits()).change.commits
    noted = [(commit.id, b"") for commit in commits]
    omitted: list[str] = []
    found = dict(patches(opened, commits, noted, Limits(), omitted))
    assert [file.path for file in found[first]] == ["a.py"]
    assert (found[empty], omitted) == ((), [])


def test_a_missing_object_spoils_only_the_diffs_that_need_it(tmp_path):
    root = branch(tmp_path / "r")
    ids = [make_commit(root, {"a.py": f"a = {n}\n" * 3, f"f{n}.py": f"x = {n}\n"}) for n in range(2, 8)]
    for name in ids:
        annotate(root, name, attributed())
    git(root, "config", "gc.auto", "0")
    blob = git(root, "rev-parse", f"{ids[2]}:f4.py").decode().strip()
    (root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    opened = Git.open(root)
    commits = _commits(opened, ids)
    omitted: list[str] = []
    found = dict(patches(opened, commits, [(name, b"") for name in ids], Limits(), omitted))
    assert set(found) == {*ids} - {ids[2]}
    assert all(len(patch) == 2 for patch in found.values())
    assert omitted == [f"1 diffs of commits with notes were not read, {ids[2][:12]} the first"]


def _commits(opened: Git, ids: list[str]):
    from riskbot.gather.commits import read_commits

    return read_commits(opened, ["--no-walk=unsorted", *ids], None, Limits())[0]


def test_diffs_over_the_limits_are_left_out_and_said(tmp_path):
    root = branch(tmp_path / "r")
    ids = [make_commit(root, {"a.py": f"a = {n}\n" * 50}) for n in (2, 3)]
    opened = Git.open(root)
    noted = [(name, b"") for name in ids]
    for limits in (Limits(max_lines=120), Limits(max_patch_bytes=1_000)):
        omitted: list[str] = []
        found = dict(patches(opened, _commits(opened, ids), noted, limits, omitted))
        assert list(found) == [ids[0]]
        assert len(omitted) == 1


# --- the branch --------------------------------------------------------------------------------------------


def test_the_branch_is_the_one_that_is_named_else_the_current_one(tmp_path):
    root = branch(tmp_path / "r", "claude/mend")
    make_commit(root, {"a.py": "a = 2\n"})
    git(root, "branch", "same")
    assert beside(root).branch == "claude/mend"
    assert beside(root, "main..same").branch == "same"
    assert beside(root, "main..refs/heads/same").branch == "same"
    assert beside(root, "HEAD^!").branch == "claude/mend"


def test_a_detached_head_has_a_branch_only_where_one_alone_ends_there(tmp_path):
    root = branch(tmp_path / "r", "claude/mend")
    make_commit(root, {"a.py": "a = 2\n"})
    tip = git(root, "rev-parse", "HEAD").decode().strip()
    git(root, "checkout", "-q", "--detach")
    assert beside(root).branch == "claude/mend"
    assert beside(root, f"main..{tip}").branch == "claude/mend"
    git(root, "branch", "other")
    assert beside(root).branch is None


def test_a_branch_of_a_remote_is_known_without_the_remotes_name(tmp_path):
    root = branch(tmp_path / "r", "topic")
    make_commit(root, {"a.py": "a = 2\n"})
    git(root, "update-ref", "refs/remotes/origin/cursor/fix", "HEAD")
    git(root, "checkout", "-q", "--detach")
    git(root, "branch", "-q", "-D", "topic")
    assert beside(root).branch == "cursor/fix"
    assert beside(root, "main..origin/cursor/fix").branch == "cursor/fix"


def test_what_is_not_committed_has_its_branch_and_nothing_else(tmp_path):
    root = branch(tmp_path / "r", "codex/x")
    (root / "a.py").write_text("a = 3\n")
    assert from_worktree(Git.open(root), Limits()).change.provenance == Provenance(branch="codex/x")
    git(root, "add", "a.py")
    assert from_staged(Git.open(root), Limits()).change.provenance == Provenance(branch="codex/x")
    git(root, "checkout", "-q", "--detach")
    assert from_staged(Git.open(root), Limits()).change.provenance == Provenance()


# --- the head's tree ---------------------------------------------------------------------------------------


def test_settings_of_agents_and_traces_are_those_of_the_head(tmp_path):
    root = branch(tmp_path / "r")
    make_commit(
        root,
        {
            "CLAUDE.md": "x",
            ".cursor/rules/a.md": "x",
            ".cursorrules": "x",
            ".github/copilot-instructions.md": "x",
            ".github/instructions/a.md": "x",
            ".gitignore": "x",
            "src/AGENTS.md": "x",
            ".agent-trace/traces.jsonl": "{}\n",
            ".agent-trace/notes.txt": "x",
        },
    )
    told = beside(root)
    assert set(told.configs) == {
        "CLAUDE.md",
        ".cursor/",
        ".cursorrules",
        ".agent-trace/",
        ".github/",
        ".github/copilot-instructions.md",
        ".github/instructions/",
    }
    assert told.traces == ((".agent-trace/traces.jsonl", b"{}\n"),)
    make_commit(root, {".agent-trace/traces.jsonl": None, "CLAUDE.md": None})
    assert beside(root).traces == ()
    assert "CLAUDE.md" not in beside(root).configs


def test_a_linked_trace_is_not_followed(tmp_path):
    root = branch(tmp_path / "r")
    (root / ".agent-trace").mkdir()
    (root / ".agent-trace" / "traces.jsonl").symlink_to("/etc/passwd")
    make_commit(root, {})
    assert beside(root).traces == ()


def test_large_and_many_traces_are_bounded(tmp_path, monkeypatch):
    root = branch(tmp_path / "r")
    make_commit(root, {f".agent-trace/{n:02}.jsonl": "x" * (9_000 if n == 0 else 1) for n in range(25)})
    monkeypatch.setattr(notes, "MAX_BYTES", 8_000)
    told = beside(root)
    assert [path for path, _ in told.traces] == [f".agent-trace/{n:02}.jsonl" for n in range(1, 20)]
    assert len(told.omitted) == 2


# --- lines -------------------------------------------------------------------------------------------------


def test_lines_are_counted_for_each_commit(tmp_path):
    root = branch(tmp_path / "r")
    one = make_commit(root, {"a.py": "a = 1\nb = 2\nc = 3\n", "data.bin": b"\0\1"})
    two = make_commit(root, {"a.py": "c = 3\n", "weiß\t x.py": "x = 1\n"})
    lines = {name: dict(files) for name, files in beside(root).lines}
    assert lines == {one: {"a.py": 2, "data.bin": 0}, two: {"a.py": 0, "weiß\t x.py": 1}}
    assert beside(root, "HEAD^!").lines == ((two, (("a.py", 0), ("weiß\t x.py", 1))),)


def test_lines_that_take_too_long_are_said_to_be_unknown(tmp_path, monkeypatch):
    root = branch(tmp_path / "r")
    for n in (2, 3):
        make_commit(root, {"a.py": f"a = {n}\n"})
    hang_git(tmp_path, monkeypatch, "--numstat")
    monkeypatch.setattr(provenance, "SECONDS", 0.05)
    told = beside(root)
    assert told.lines == ()
    assert told.omitted == ("the lines of the commits were not counted within 0 seconds",)


def test_beside_very_many_commits_only_the_newest_are_looked_up(tmp_path, monkeypatch):
    root = branch(tmp_path / "r")
    ids = [make_commit(root, {"a.py": f"a = {n}\n"}) for n in (2, 3, 4)]
    annotate(root, ids[0], attributed())
    annotate(root, ids[2], attributed())
    monkeypatch.setattr(provenance, "MAX_COMMITS", 2)
    told = beside(root)
    assert [name for name, _ in told.notes or ()] == [ids[2]]
    assert [name for name, _ in told.lines] == [ids[2], ids[1]]
    assert told.omitted == ("only what lies beside the newest 2 commits was read",)


# --- signatures --------------------------------------------------------------------------------------------


def make_key(folder: Path, name: str = "key") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return path


def sign(root: Path, key: Path, files: dict[str, str], when: str = "2026-05-01T12:00:00+00:00") -> str:
    """Commit ``files``, signed with ``key``."""
    for name, text in files.items():
        (root / name).write_text(text)
    git(root, "add", "-A")
    signing = ("-c", "gpg.format=ssh", "-c", f"user.signingkey={key}")
    env = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    git(root, *signing, "commit", "-q", "-S", "-m", "signed", env=env)
    return git(root, "rev-parse", "HEAD").decode().strip()


def listed(key: Path, who: str = "noreply@anthropic.com", options: str = "") -> str:
    return f"{who} {options}{key.with_suffix('.pub').read_text()}"


def repository(root: Path, keys: str) -> Path:
    make_repository(root, {"a.py": "a = 1\n", KEYS: keys})
    git(root, "checkout", "-q", "-b", "topic")
    return root


@needs_keys
def test_a_signature_by_a_key_that_the_base_lists_is_verified(tmp_path):
    agent, other = make_key(tmp_path / "k", "agent"), make_key(tmp_path / "k", "other")
    root = repository(tmp_path / "r", f"# agents\n\n{listed(agent)}")
    good = sign(root, agent, {"a.py": "a = 2\n"})
    sign(root, other, {"a.py": "a = 3\n"})
    make_commit(root, {"a.py": "a = 4\n"}, author="Claude <noreply@anthropic.com>")
    told = beside(root)
    assert told.verified == ((good, "noreply@anthropic.com"),)
    assert told.omitted == ()


@needs_keys
def test_a_list_that_the_change_itself_brings_counts_for_nothing(tmp_path):
    mine, agent = make_key(tmp_path / "k", "mine"), make_key(tmp_path / "k", "agent")
    root = repository(tmp_path / "r", listed(agent))
    sign(root, mine, {KEYS: listed(mine)})
    sign(root, mine, {"a.py": "a = 3\n"})
    assert beside(root).verified == ()


@needs_keys
def test_without_a_list_nothing_is_asked_whatever_the_user_trusts(tmp_path, monkeypatch):
    agent = make_key(tmp_path / "k")
    root = make_repository(tmp_path / "r", {"a.py": "a = 1\n"})
    git(root, "checkout", "-q", "-b", "topic")
    sign(root, agent, {"a.py": "a = 2\n"})
    trusted = tmp_path / "trusted"
    trusted.write_text(listed(agent))
    git(root, "config", "gpg.ssh.allowedSignersFile", str(trusted))
    settings = tmp_path / "gitconfig"
    settings.write_text(f'[gpg "ssh"]\n\tallowedSignersFile = {trusted}\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    assert git(root, "log", "-1", "--format=%G?").decode().strip() == "G"
    assert beside(root).verified == ()


@needs_keys
def test_the_users_own_list_adds_no_key_to_the_bases(tmp_path, monkeypatch):
    agent, mine = make_key(tmp_path / "k", "agent"), make_key(tmp_path / "k", "mine")
    root = repository(tmp_path / "r", listed(agent))
    sign(root, mine, {"a.py": "a = 2\n"})
    trusted = tmp_path / "trusted"
    trusted.write_text(listed(mine))
    settings = tmp_path / "gitconfig"
    settings.write_text(f'[gpg "ssh"]\n\tallowedSignersFile = {trusted}\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    git(root, "config", "gpg.ssh.allowedSignersFile", str(trusted))
    assert beside(root).verified == ()


@needs_keys
def test_a_signature_of_other_content_is_not_good(tmp_path):
    agent = make_key(tmp_path / "k")
    root = repository(tmp_path / "r", listed(agent))
    signed = sign(root, agent, {"a.py": "a = 2\n"})
    forged = git(root, "cat-file", "commit", signed).replace(b"\n\nsigned", b"\n\nforged")
    name = git(root, "hash-object", "-t", "commit", "-w", "--stdin", stdin=forged).decode().strip()
    git(root, "reset", "-q", "--hard", name)
    assert beside(root).verified == ()


@needs_keys
def test_a_key_counts_only_while_the_list_lets_it(tmp_path):
    agent = make_key(tmp_path / "k")
    root = repository(tmp_path / "r", listed(agent, options='valid-before="20260101" '))
    old = sign(root, agent, {"a.py": "a = 2\n"}, "2025-06-01T12:00:00+00:00")
    sign(root, agent, {"a.py": "a = 3\n"}, "2026-06-01T12:00:00+00:00")
    assert beside(root).verified == ((old, "noreply@anthropic.com"),)


@needs_keys
def test_a_key_listed_for_other_purposes_does_not_sign_commits(tmp_path):
    agent = make_key(tmp_path / "k")
    root = repository(tmp_path / "r", listed(agent, options='namespaces="file" '))
    sign(root, agent, {"a.py": "a = 2\n"})
    assert beside(root).verified == ()


@needs_keys
@pytest.mark.parametrize(
    ("limit", "said"), [("MAX_SIGNED", "only the newest 1 of 2"), ("SECONDS", "within 0")]
)
def test_checking_signatures_is_bounded_and_says_so(tmp_path, monkeypatch, limit, said):
    agent = make_key(tmp_path / "k")
    root = repository(tmp_path / "r", listed(agent))
    ids = [sign(root, agent, {"a.py": f"a = {n}\n"}) for n in (2, 3)]
    if limit == "MAX_SIGNED":
        monkeypatch.setattr(signers, "MAX_SIGNED", 1)
    else:
        hang_git(tmp_path, monkeypatch, "gpg.ssh.program=ssh-keygen")
        monkeypatch.setattr(signatures, "SECONDS", 0.05)
    told = beside(root)
    assert told.verified == (((ids[1], "noreply@anthropic.com"),) if limit == "MAX_SIGNED" else ())
    assert said in told.omitted[0]


@needs_keys
def test_without_ssh_keygen_it_is_said_that_nothing_was_checked(tmp_path, monkeypatch):
    agent = make_key(tmp_path / "k")
    root = repository(tmp_path / "r", listed(agent))
    sign(root, agent, {"a.py": "a = 2\n"})
    only_git = tmp_path / "bin"
    only_git.mkdir()
    found = shutil.which("git")
    assert found is not None
    (only_git / "git").symlink_to(found)
    monkeypatch.setenv("PATH", str(only_git))
    told = beside(root)
    assert told.verified == ()
    assert told.omitted == ("signatures were not checked: ssh-keygen is not here",)


@pytest.mark.parametrize(
    "line",
    ["noreply@anthropic.com", "who ssh-ed25519", "who rsa AAAA", "ssh-ed25519 AAAA", '"open ssh-rsa AAAA'],
)
def test_a_line_that_is_no_key_names_file_line_and_mend(tmp_path, line):
    root = repository(tmp_path / "r", f"# a comment\n{line}\n")
    make_commit(root, {"a.py": "a = 2\n"})
    with pytest.raises(ConfigError, match=r"agents\.allowed_signers:2: .* ssh-keygen\(1\)"):
        beside(root)


@pytest.mark.parametrize(
    "line",
    [
        "a@example.org ssh-ed25519 AAAAC3Nz",
        "a@example.org,*@example.org ssh-rsa AAAA== a comment",
        '"a b" namespaces="git,file",valid-after="20240101" ecdsa-sha2-nistp256 AAAA',
        "*@example.org cert-authority sk-ssh-ed25519@openssh.com AAAA",
        "  \t",
        "# ssh",
    ],
)
def test_lines_as_ssh_keygen_takes_them(tmp_path, line):
    root = repository(tmp_path / "r", f"{line}\n")
    make_commit(root, {"a.py": "a = 2\n"})
    assert beside(root).verified == ()


# --- cost --------------------------------------------------------------------------------------------------


def test_it_costs_three_commands_of_git(tmp_path, monkeypatch):
    """Counted where processes start: the refs, one reader of objects, and the lines in the background."""
    root = branch(tmp_path / "r")
    for n in (2, 3):
        make_commit(root, {"a.py": f"a = {n}\n"})
    told = change(root)
    opened = Git.open(root)
    started: list[object] = []
    real = subprocess.Popen.__init__

    def counting(self: object, *arguments: object, **options: object) -> None:
        started.append(arguments)
        real(self, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(subprocess.Popen, "__init__", counting)
    tips = [str(told.head), f"^{told.base}"]
    counted = provenance.count(opened, told.commits, tips, Limits())
    provenance.read(opened, told, "HEAD", counted, Limits())
    assert len(started) == 3


def test_the_reader_gives_notes_in_the_order_of_the_commits(tmp_path):
    root = branch(tmp_path / "r")
    ids = [make_commit(root, {"a.py": f"a = {n}\n"}) for n in range(2, 6)]
    for name in ids:
        annotate(root, name, name.encode())
    opened = Git.open(root)
    tip = git(root, "rev-parse", notes.ATTRIBUTION).decode().strip()
    with objects(opened, notes.MAX_BYTES) as reader:
        found, omitted = notes.read(opened, reader, tip, [ids[2], "f" * 40, ids[0]])
    assert [name for name, _ in found] == [ids[2], ids[0]]
    assert omitted == ()
