"""The one door to git: the git command, made hermetic.

Two ways through the door:

* :meth:`Git.ask` runs git *in the repository*: its refs, index and settings count. It is for the few
  questions that only the repository can answer (what does this name mean, which upstream).
* :meth:`Git.run`, :meth:`Git.stream`, :meth:`Git.sizes` and :meth:`Git.blobs` run git in a *scratch
  repository*: an empty bare one in a temporary folder that borrows the real one's objects
  (``objects/info/alternates``, gitrepository-layout(5)). They take object ids, never names, and nothing
  that the repository or its owner configured can change what they read: no diff driver, textconv,
  attribute, filter, hook, alias, replace ref, graft, pager or colour, and no lazy fetching from a
  promisor remote. New objects, if any, are written to the scratch folder, never to the repository.

The command was chosen over pygit2 and dulwich by ``benchmarks/git_door.py``.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO

from riskbot.domain.errors import EvaluationError, RiskbotError, UsageError

OLDEST = (2, 32)
"""The oldest git that will do: GIT_CONFIG_GLOBAL came with 2.32, ``--path-format`` with 2.31."""

SECONDS = 300.0
"""After so long a single git command is given up."""

# Variables that name the repository or say how to find and trust it; git sets some of them for hooks.
_NAMING = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR")
_OBJECTS = ("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH")
_TRUST = ("GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM", "GIT_EXEC_PATH")
_CONFIG = re.compile(r"GIT_CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|PARAMETERS|COUNT|KEY_\d+|VALUE_\d+)\Z")


@dataclass(frozen=True, slots=True)
class Git:
    """One repository. ``root`` is the top of its work tree, or the git directory where there is none.

    ``object_format`` is ``sha1`` or ``sha256``; ``directory`` and ``index`` are the git directory and the
    index file in use. Closing is automatic: the scratch folder goes when the object does.
    """

    root: Path
    bare: bool
    directory: Path
    index: Path
    object_format: str
    shallow: bool
    partial: bool
    scratch: Path
    _repository: dict[str, str] = field(repr=False)
    _hermetic: dict[str, str] = field(repr=False)
    _keeper: object = field(repr=False)

    @classmethod
    def open(cls, path: Path) -> Git:
        """Find the repository that ``path`` (a work tree, a folder in it, a bare repository) belongs to.

        In a hook git names the repository through GIT_DIR and its like: they are honoured when ``path``
        is the current folder, and ignored when it is another one. Raises UsageError where there is no
        repository or git does not trust it, EvaluationError where git is missing or too old.
        """
        path = path.absolute()
        if not path.is_dir():
            raise UsageError(f"There is no folder {path}.", mend="Name a git repository.")
        version()
        repository = _repository_environment(path)
        facts = _discover(path, repository)
        partial = _is_partial(facts.root, repository)
        scratch = _make_scratch(facts, repository)
        return cls(
            root=facts.root,
            bare=facts.bare,
            directory=facts.directory,
            index=facts.index,
            object_format=facts.object_format,
            shallow=facts.shallow is not None,
            partial=partial,
            scratch=scratch.path,
            _repository=repository,
            _hermetic=_hermetic_environment(scratch.path),
            _keeper=scratch,
        )

    def is_shallow(self) -> bool:
        """Say whether history was cut off (``git clone --depth``)."""
        return self.shallow

    def is_partial(self) -> bool:
        """Say whether objects may be missing on purpose (``git clone --filter``)."""
        return self.partial

    @property
    def empty_tree(self) -> str:
        """The id of the tree without files, which git knows without storing it."""
        if self.object_format == "sha256":
            return "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321"
        return "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

    def ask(self, *arguments: str | bytes, stdin: bytes | None = None, ok: tuple[int, ...] = (0,)) -> bytes:
        """Run git in the repository itself and return its output; see :meth:`run` for the errors."""
        return _run(arguments, self.root, self._repository, stdin, ok)

    def run(
        self,
        *arguments: str | bytes,
        stdin: bytes | None = None,
        ok: tuple[int, ...] = (0,),
        env: dict[str, str] | None = None,
    ) -> bytes:
        """Run git on the repository's objects, by id, and return its output.

        Raises EvaluationError where the exit status is not in ``ok``, with what git said.
        """
        return _run(arguments, self.scratch, self._hermetic | (env or {}), stdin, ok)

    @contextmanager
    def stream(self, *arguments: str | bytes) -> Iterator[IO[bytes]]:
        """Run git on the repository's objects and give its output to read while it runs.

        On leaving, git is killed if it still runs, and reaped. Where the output was read to its end and
        git failed, raises EvaluationError.
        """
        command = ["git", *arguments]
        with tempfile.TemporaryFile() as said, _start(command, self.scratch, self._hermetic, said) as process:
            if process.stdout is None:
                raise AssertionError("BUG: git was started without a pipe")
            pipe = _Pipe(process.stdout.fileno(), closefd=False)
            try:
                yield io.BufferedReader(pipe, 1 << 16)
            except BaseException:
                process.kill()
                raise
            if not pipe.ended:
                process.kill()
            elif process.wait():
                said.seek(0)
                raise _failed(arguments, said.read(4096))

    def sizes(self, objects: Iterable[str]) -> dict[str, int | None]:
        """Return the size in bytes of each object, None for one that is not here; nothing is read."""
        asked = list(dict.fromkeys(objects))
        answer = self.run(
            "cat-file",
            "--buffer",
            "--batch-check=%(objectsize)",
            stdin="".join(f"{name}\n" for name in asked).encode(),
        )
        words = [line.rpartition(b" ")[2] for line in answer.splitlines()]
        return {name: int(word) if word.isdigit() else None for name, word in zip(asked, words, strict=True)}

    @contextmanager
    def blobs(self) -> Iterator[Blobs]:
        """Open a persistent reader of blobs (``git cat-file --batch``), closed on leaving."""
        command: list[str | bytes] = ["git", "cat-file", "--batch"]
        with _start(command, self.scratch, self._hermetic, subprocess.DEVNULL, subprocess.PIPE) as process:
            if process.stdin is None or process.stdout is None:
                raise AssertionError("BUG: git was started without pipes")
            try:
                yield Blobs(process.stdin, process.stdout)
            finally:
                process.kill()


@dataclass(frozen=True, slots=True)
class Blobs:
    """Contents by object id. Ask :meth:`Git.sizes` first: what is asked for here is read whole."""

    _requests: IO[bytes]
    _answers: IO[bytes]

    def read(self, name: str) -> bytes | None:
        """Return the content of the object ``name`` (an id), or None where it is missing."""
        try:
            self._requests.write(name.encode() + b"\n")
            self._requests.flush()
        except OSError as problem:
            raise EvaluationError(f"git stopped while objects were read: {problem.strerror}.") from problem
        header = self._answers.readline()
        if header.endswith(b" missing\n"):
            return None
        words = header.split()
        if len(words) != 3:
            raise EvaluationError(
                f"git could not read object {name}.", mend="Run `git fsck` to see what is damaged."
            )
        size = int(words[2])
        content = self._answers.read(size)
        if len(content) != size or self._answers.read(1) != b"\n":
            raise EvaluationError(f"git stopped while it gave object {name}.", mend="Run `git fsck`.")
        return content


class _Pipe(io.FileIO):
    """The reading end of a pipe that remembers whether its end was seen."""

    ended = False

    def readinto(self, buffer: object) -> int | None:
        count = super().readinto(buffer)  # type: ignore[arg-type]
        self.ended = self.ended or count == 0
        return count

    def readall(self) -> bytes:
        rest = super().readall()
        self.ended = True
        return rest


@dataclass(frozen=True, slots=True)
class _Facts:
    """What git says of the repository around a folder."""

    root: Path
    bare: bool
    directory: Path
    objects: Path
    index: Path
    shallow: Path | None
    object_format: str


class _Scratch:
    """The scratch folder, removed with the last reference or at exit (never by a forked child)."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="riskbot-git-"))
        weakref.finalize(self, _remove, self.path, os.getpid())


def _remove(path: Path, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(path, ignore_errors=True)


@cache
def version() -> tuple[int, ...]:
    """Return git's version; EvaluationError where git is missing or older than :data:`OLDEST`."""
    said = _run(("version",), Path("/"), _plain_environment(), None, (0,)).decode(errors="replace")
    match = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", said)
    found = tuple(int(part or 0) for part in match.groups()) if match else ()
    if found < OLDEST:
        raise EvaluationError(
            f"riskbot needs git {OLDEST[0]}.{OLDEST[1]} or newer; `git version` says: {said.strip()[:80]}",
            mend="Install a newer git.",
        )
    return found


def _plain_environment() -> dict[str, str]:
    """Return the environment without any GIT_*, with everything that changes git's output pinned."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    for name in ("LANGUAGE", "LC_MESSAGES", "PAGER", "LESS"):
        environment.pop(name, None)
    return environment | {
        "LC_ALL": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",  # reading must not refresh the index on the side
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",  # known since git 2.45; the next line does it for the older ones
        "GIT_ALLOW_PROTOCOL": "none",
    }


def _repository_environment(path: Path) -> dict[str, str]:
    """Return the environment for git in the repository at ``path``."""
    kept = [name for name in os.environ if name in _TRUST or _CONFIG.match(name)]
    if path.resolve() == Path.cwd():
        kept += [name for name in (*_NAMING, *_OBJECTS) if name in os.environ]
    environment = _plain_environment() | {name: os.environ[name] for name in kept}
    for name in (*_NAMING, "GIT_OBJECT_DIRECTORY"):
        if environment.get(name):  # hooks get relative ones: they mean the current folder
            environment[name] = str(Path(environment[name]).absolute())
    return environment


def _hermetic_environment(scratch: Path) -> dict[str, str]:
    """Return the environment for git in the scratch repository."""
    return _plain_environment() | {
        "GIT_DIR": str(scratch),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
    }


def _discover(path: Path, environment: dict[str, str]) -> _Facts:
    """Ask git which repository ``path`` belongs to."""
    questions = "--is-bare-repository --is-inside-work-tree --show-object-format --path-format=absolute"
    paths = "--git-dir --git-path objects --git-path index --git-path shallow --show-toplevel"
    try:
        answer = _run(("rev-parse", *questions.split(), *paths.split()), path, environment, None, (0, 128))
    except OSError as problem:  # the folder vanished or may not be entered
        raise UsageError(f"{path} cannot be entered: {problem.strerror}.") from problem
    words = os.fsdecode(answer).removesuffix("\n").split("\n")
    if len(words) not in {7, 8}:
        raise _not_a_repository(path, environment)
    bare, inside, object_format, directory, objects, index, shallow, *top = words
    root = Path(top[0]) if top and inside == "true" else Path(directory)
    return _Facts(
        root=root,
        bare=bare == "true" or root == Path(directory),
        directory=Path(directory),
        objects=Path(objects),
        index=Path(index),
        shallow=Path(shallow) if Path(shallow).is_file() else None,
        object_format=object_format,
    )


def _not_a_repository(path: Path, environment: dict[str, str]) -> RiskbotError:
    """Say why git found no repository that it can use at ``path``."""
    command = ["git", "rev-parse", "--git-dir"]
    done = subprocess.run(command, cwd=path, env=environment, capture_output=True, check=False)
    said = _first_line(done.stderr)
    if "dubious ownership" in said:
        return UsageError(
            f"git does not trust the repository at {path}: it belongs to another user.",
            mend=f"If you trust it, run `git config --global --add safe.directory {path}`.",
        )
    if "not a git repository" in said:
        return UsageError(
            f"{path} is not in a git repository.",
            mend="Run riskbot in one, name one with --repo, or give a diff with --diff.",
        )
    return UsageError(f"git cannot use the repository at {path}: {said}", mend="Mend the repository first.")


def _is_partial(root: Path, environment: dict[str, str]) -> bool:
    """Say whether the repository has a promisor remote (git-clone(1), ``--filter``)."""
    pattern = r"^(extensions\.partialclone|remote\..*\.promisor)$"
    return bool(_run(("config", "--get-regexp", pattern), root, environment, None, (0, 1)))


def _make_scratch(facts: _Facts, environment: dict[str, str]) -> _Scratch:
    """Make the empty bare repository that borrows the real one's objects."""
    config = "[core]\n\trepositoryformatversion = 1\n\tbare = true\n\tattributesFile = /dev/null\n"
    if facts.object_format != "sha1":
        config += f"[extensions]\n\tobjectFormat = {facts.object_format}\n"
    borrowed = [_quoted(os.fsencode(facts.objects))]
    # A push in quarantine reads from more than one place; git has quoted them already.
    borrowed += [
        os.fsencode(part)
        for part in environment.get("GIT_ALTERNATE_OBJECT_DIRECTORIES", "").split(os.pathsep)
        if part
    ]
    try:
        scratch = _Scratch()
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


def _run(
    arguments: tuple[str | bytes, ...],
    folder: Path,
    environment: dict[str, str],
    stdin: bytes | None,
    ok: tuple[int, ...],
) -> bytes:
    """Run git to its end; EvaluationError where it fails, is missing or takes too long."""
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            env=environment,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            check=False,
            timeout=SECONDS,
        )
    except FileNotFoundError as problem:
        raise _missing(folder) from problem
    except subprocess.TimeoutExpired as problem:
        raise EvaluationError(
            f"git was given up after {SECONDS:.0f} seconds (git {_named(arguments)})."
        ) from problem
    if done.returncode not in ok:
        raise _failed(arguments, done.stderr)
    return done.stdout


def _start(
    command: list[str | bytes],
    folder: Path,
    environment: dict[str, str],
    stderr: IO[bytes] | int,
    stdin: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start git with a pipe to read from."""
    try:
        return subprocess.Popen(
            command, cwd=folder, env=environment, stdin=stdin, stdout=subprocess.PIPE, stderr=stderr
        )
    except FileNotFoundError as problem:
        raise _missing(folder) from problem


def _missing(folder: Path) -> RiskbotError:
    if folder.is_dir():
        return EvaluationError("The command git was not found.", mend="Install git and put it on PATH.")
    return EvaluationError(f"The folder {folder} vanished while riskbot was reading.")


def _failed(arguments: tuple[str | bytes, ...], stderr: bytes) -> EvaluationError:
    return EvaluationError(
        f"git failed (git {_named(arguments)}): {_first_line(stderr)}",
        mend="Run `git fsck` if the repository may be damaged.",
    )


def _named(arguments: tuple[str | bytes, ...]) -> str:
    """Name a git command for a message, without its operands."""
    words = [os.fsdecode(part) for part in arguments]
    return next((word for word in words if word.isidentifier() or "-" in word[1:]), words[0])


def _first_line(stderr: bytes) -> str:
    """Return the line of git's complaint that says most, safe to show."""
    lines = stderr.decode("utf-8", "replace").splitlines()
    chosen = next(
        (line for line in lines if line.startswith(("fatal:", "error:"))), (lines or ["no reason"])[0]
    )
    text = chosen.partition(": ")[2] or chosen
    return "".join(char if char.isprintable() else "?" for char in text)[:300]
