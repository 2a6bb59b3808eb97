"""Finding a repository, and the scratch repository that borrows its objects."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import tempfile
import weakref
from dataclasses import dataclass
from pathlib import Path

from riskbot.domain.errors import EvaluationError, RiskbotError, UsageError
from riskbot.outside.gitcommand import execute, first_line, plain_environment, run

# Variables that name the repository or say how to find and trust it; git sets some of them for hooks.
_NAMING = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR")
_OBJECTS = ("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH")
_TRUST = ("GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM", "GIT_EXEC_PATH")
_CONFIG = re.compile(r"GIT_CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|PARAMETERS|COUNT|KEY_\d+|VALUE_\d+)\Z")


@dataclass(frozen=True, slots=True)
class Facts:
    """What git says of the repository around a folder."""

    root: Path
    bare: bool
    directory: Path
    objects: Path
    index: Path
    shallow: Path | None
    object_format: str


class Scratch:
    """The scratch folder, removed with the last reference or at exit (never by a forked child)."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="riskbot-git-"))
        weakref.finalize(self, _remove, self.path, os.getpid())


def _remove(path: Path, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(path, ignore_errors=True)


def repository_environment(path: Path) -> dict[str, str]:
    """Return the environment for git in the repository at ``path``."""
    kept = [name for name in os.environ if name in _TRUST or _CONFIG.match(name)]
    if path.resolve() == Path.cwd():
        kept += [name for name in (*_NAMING, *_OBJECTS) if name in os.environ]
    environment = plain_environment() | {name: os.environ[name] for name in kept}
    for name in (*_NAMING, "GIT_OBJECT_DIRECTORY"):
        if environment.get(name):  # hooks get relative ones: they mean the current folder
            environment[name] = str(Path(environment[name]).absolute())
    return environment


def hermetic_environment(scratch: Path) -> dict[str, str]:
    """Return the environment for git in the scratch repository."""
    return plain_environment() | {
        "GIT_DIR": str(scratch),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
    }


def discover(path: Path, environment: dict[str, str]) -> Facts:
    """Ask git which repository ``path`` belongs to."""
    if "\n" in str(path):
        raise UsageError(
            f"The path {path} holds a line break, by which git parts its answers.", mend="Rename it."
        )
    questions = "--is-bare-repository --show-object-format --path-format=absolute"
    paths = "--git-dir --git-path objects --git-path index --git-path shallow --show-toplevel"
    answer = execute(("rev-parse", *questions.split(), *paths.split()), path, environment)
    words = os.fsdecode(answer.stdout).removesuffix("\n").split("\n")
    if len(words) not in {6, 7}:
        raise _unusable(path, first_line(answer.stderr))
    bare, object_format, directory, objects, index, shallow, *top = words
    root = Path(top[0]) if top else Path(directory)
    return Facts(
        root=root,
        bare=bare == "true" or root == Path(directory),
        directory=Path(directory),
        objects=Path(objects),
        index=Path(index),
        shallow=Path(shallow) if Path(shallow).is_file() else None,
        object_format=object_format,
    )


def _unusable(path: Path, said: str) -> RiskbotError:
    """Say why git found no repository that it can use at ``path``; ``said`` is git's complaint."""
    if "dubious ownership" in said:
        named = re.search(r"repository at '(.+)'", said)  # its top, which ``path`` may lie below
        top = named[1] if named else str(path)
        return UsageError(
            f"git does not trust the repository at {top}: it belongs to another user.",
            mend=f"If you trust it, run `git config --global --add safe.directory {shlex.quote(top)}`.",
        )
    if "not a git repository" in said:
        return UsageError(
            f"{path} is not in a git repository.",
            mend="Run riskbot in one, name one with --repo, or give a diff with --diff.",
        )
    return UsageError(f"git cannot use the repository at {path}: {said}", mend="Mend the repository first.")


def is_partial(root: Path, environment: dict[str, str]) -> bool:
    """Say whether the repository has a promisor remote (git-clone(1), ``--filter``)."""
    pattern = r"^(extensions\.partialclone|remote\..*\.promisor)$"
    return bool(run(("config", "--get-regexp", pattern), root, environment, ok=(0, 1)))


def make_scratch(facts: Facts, environment: dict[str, str]) -> Scratch:
    """Make the empty bare repository that borrows the real one's objects."""
    config = "[core]\n\trepositoryformatversion = 1\n\tbare = true\n\tattributesFile = /dev/null\n"
    if facts.object_format != "sha1":
        config += f"[extensions]\n\tobjectFormat = {facts.object_format}\n"
    borrowed = [_quoted(os.fsencode(facts.objects))]
    # A push in quarantine reads from more than one place; git has quoted odd ones already.
    more = environment.get("GIT_ALTERNATE_OBJECT_DIRECTORIES", "").split(os.pathsep)
    borrowed += [
        os.fsencode(part if part.startswith('"') else str(Path(part).absolute())) for part in more if part
    ]
    try:
        scratch = Scratch()
        (scratch.path / "objects" / "info").mkdir(parents=True)
        (scratch.path / "refs").mkdir()
        (scratch.path / "HEAD").write_text("ref: refs/heads/none\n")
        (scratch.path / "config").write_text(config)
        (scratch.path / "objects" / "info" / "alternates").write_bytes(b"\n".join(borrowed) + b"\n")
        if facts.shallow:
            shutil.copyfile(facts.shallow, scratch.path / "shallow")
    except OSError as problem:
        raise EvaluationError(
            f"riskbot could not write to the temporary folder {tempfile.gettempdir()}: {problem.strerror}.",
            mend="Free some space there, or name another folder in TMPDIR.",
        ) from problem
    return scratch


def _quoted(path: bytes) -> bytes:
    """Quote a path the way git's alternates file wants it (C style, only where needed)."""
    if path[:1] not in {b'"', b"#"} and b"\n" not in path:
        return path
    return b'"' + path.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'
