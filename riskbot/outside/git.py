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
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from riskbot.domain.errors import EvaluationError, UsageError
from riskbot.outside import gitscratch
from riskbot.outside.gitcommand import Pipe, execute, failed, run, start, version


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
    hermetic: dict[str, str] = field(repr=False)
    _keeper: object = field(repr=False)

    @classmethod
    def open(cls, path: Path) -> Git:
        """Find the repository that ``path`` (a work tree, a folder in it, a bare repository) belongs to.

        In a hook git names the repository through GIT_DIR and its like: they are honoured when ``path``
        is the current folder, and ignored when it is another one. Raises UsageError where there is no
        repository or git does not trust it, EvaluationError where git is missing or too old.
        """
        try:
            path = Path.cwd() / path
        except FileNotFoundError:
            raise UsageError("The current folder is gone.", mend="Change to one that exists.") from None
        if not path.is_dir():
            raise UsageError(f"There is no folder {path}.", mend="Name a git repository.")
        version()
        repository = gitscratch.repository_environment(path)
        facts = gitscratch.discover(path, repository)
        # What was found is named from here on: with core.worktree the one does not lie around the other.
        repository["GIT_DIR"] = str(facts.directory)
        if not facts.bare:
            repository["GIT_WORK_TREE"] = str(facts.root)
        partial = gitscratch.is_partial(facts.root, repository)
        scratch = gitscratch.make_scratch(facts, repository)
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
            hermetic=gitscratch.hermetic_environment(scratch.path),
            _keeper=scratch,
        )

    def is_shallow(self) -> bool:
        """Say whether history was cut off (``git clone --depth``)."""
        return self.shallow

    def is_partial(self) -> bool:
        """Say whether objects may be missing on purpose (``git clone --filter``)."""
        return self.partial

    def shallow_edges(self) -> frozenset[str]:
        """Return the ids of the commits whose parents a shallow clone left out."""
        if not self.shallow:
            return frozenset()
        return frozenset((self.scratch / "shallow").read_text().split())

    @property
    def empty_tree(self) -> str:
        """The id of the tree without files, which git knows without storing it."""
        if self.object_format == "sha256":
            return "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321"
        return "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

    def ask(self, *arguments: str | bytes, stdin: bytes | None = None, ok: tuple[int, ...] = (0,)) -> bytes:
        """Run git in the repository itself and return its output; see :meth:`run` for the errors."""
        return run(arguments, self.root, self._repository, stdin, ok)

    def head(self) -> str | None:
        """Return the id of the commit that is checked out, None before the first one."""
        asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", "HEAD^{commit}")
        return self.ask(*asked, ok=(0, 1)).decode().strip() or None

    def resolve(self, name: str) -> str:
        """Return the id of the commit that ``name`` means here, in any way gitrevisions(7) knows.

        Raises UsageError where it means none, more than one, or something that is no commit.
        """
        if not name or name.startswith(("-", "^")) or not name.isprintable():
            raise UsageError(f"{name!r} is not the name of a revision.", mend="Name a branch, tag or commit.")
        asked = ("rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}")
        done = execute(("-c", "core.warnAmbiguousRefs=true", *asked), self.root, self._repository)
        if b" is ambiguous" in done.stderr:
            raise UsageError(
                f"The revision {name} is ambiguous: it names more than one thing in this repository.",
                mend="Write it in full: refs/heads/NAME, refs/tags/NAME, or more digits of the commit's id.",
            )
        if done.returncode:
            mend = "Check the name with `git log NAME`; a branch of a remote may need `git fetch` first."
            if self.shallow:
                mend += " This clone is shallow: older commits come with `git fetch --unshallow`."
            raise UsageError(
                f"The revision {name} is unknown in this repository, or is not a commit.", mend=mend
            )
        return done.stdout.decode().strip()

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
        done = execute(arguments, self.scratch, self.hermetic | (env or {}), stdin)
        if done.returncode not in ok:
            raise self._failed(arguments, done.stderr)
        return done.stdout

    def _failed(self, arguments: tuple[str | bytes, ...], stderr: bytes) -> EvaluationError:
        """Make the error for a git command that failed on the repository's objects."""
        problem = failed(arguments, stderr)
        if self.partial:
            problem.mend = (
                "This clone is partial, and riskbot fetches nothing: fetch what it lacks first, for example"
                " with `git diff RANGE`."
            )
        return problem

    @contextmanager
    def stream(
        self, *arguments: str | bytes, warnings: list[str] | None = None, stdin: bytes | None = None
    ) -> Iterator[IO[bytes]]:
        """Run git on the repository's objects and give its output to read while it runs.

        ``stdin`` is what git reads; it is written to a nameless file, so that neither waits for the other. On
        leaving, git is killed if it still runs, and reaped. Where the output was read to its end,
        what git warned of is added to ``warnings``, and a failure raises EvaluationError.
        """
        command = ["git", *arguments]
        with (
            tempfile.TemporaryFile() as said,
            tempfile.TemporaryFile() as given,
            start(command, self.scratch, self.hermetic, said, _written(given, stdin)) as process,
        ):
            if process.stdout is None:
                raise AssertionError("BUG: git was started without a pipe")
            pipe = Pipe(process.stdout.fileno(), closefd=False)
            try:
                yield io.BufferedReader(pipe, 1 << 16)
            except BaseException:
                process.kill()
                raise
            if not pipe.ended:
                process.kill()
                return
            status = process.wait()
            said.seek(0)
            complaint = said.read(4096)
            if status:
                raise self._failed(arguments, complaint)
            if warnings is not None:
                warnings += complaint.decode("utf-8", "replace").splitlines()

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
        with start(command, self.scratch, self.hermetic, subprocess.DEVNULL, subprocess.PIPE) as process:
            if process.stdin is None or process.stdout is None:
                raise AssertionError("BUG: git was started without pipes")
            try:
                yield Blobs(process.stdin, process.stdout)
            finally:
                process.kill()


def _written(file: IO[bytes], content: bytes | None) -> int:
    """Put what git shall read into ``file``, and give what to start git with."""
    if content is None:
        return subprocess.DEVNULL
    file.write(content)
    file.flush()
    file.seek(0)
    return file.fileno()


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
