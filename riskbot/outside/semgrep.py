"""The one door to semgrep: contents in, matches out, and every file accounted for.

Semgrep's command line reports many kinds of "not looked at" as "nothing found" (a file over its size
limit, a rule that timed out, a rule that did not parse). This door is closed instead: a run counts only
when its output is whole, its exit status 0, no rule was skipped and the canary was found; a file counts as
analysed only when semgrep lists it as scanned and no error row names it.

Nothing of the repository reaches the disk but plain contents under generated names in a private folder, so
links, ignore files, odd names and configuration of the change have no say. Inline suppressions are
disabled; who wants to honour them does so knowingly.

Semgrep's JSON: https://semgrep.dev/docs/semgrep-appsec-platform/json-and-sarif
"""

from __future__ import annotations

import codecs
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from riskbot.domain.change import OmissionKind
from riskbot.domain.errors import EvaluationError
from riskbot.outside.semgrepplan import CANARY_RULE, plan

_PYTHON = ".py"
_CANARY_FILE = "canary.py"
_CANARY_TEXT = b"riskbot_canary_sings(1)\n"
_OPTIONS = (
    *("scan", "--experimental", "-j", "1", "--json", "--quiet", "--metrics=off"),
    *("--disable-version-check", "--disable-nosem", "--max-target-bytes", "0"),
    *("--timeout", "5", "--timeout-threshold", "3"),
)
_SIDE_BY_SIDE = 2  # runs at once: each takes some 150 MB
_MANY = 40  # files from which on two runs are faster than one, which starts in .1 s
_BATCH = 4000  # files in one run; their generated names have 230 bytes at most: below any argument limit
_OUTPUT_LIMIT = 512 * 2**20
_FILE = re.compile(r"\d{6}(?:_[ab]+)?\.[a-z]+")
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_STDERR_ALARM = re.compile(r"fixpoint|timed? ?out|out of memory|stack overflow|exception", re.IGNORECASE)
_MEND = "Install riskbot again (it brings semgrep): pip install --force-reinstall riskbot."
_WORST = (OmissionKind.NOT_SCANNED, OmissionKind.TIMEOUT, OmissionKind.PARTLY_PARSED)


@dataclass(frozen=True, slots=True)
class Match:
    """One match: the rule's id, the index of the content, the byte range in it, the message."""

    rule: str
    file: int
    start: int
    end: int
    message: str


@dataclass(frozen=True, slots=True)
class Scan:
    """What a valid run brought. ``troubles``: for each content not (wholly) analysed, which way and why."""

    matches: tuple[Match, ...]
    troubles: dict[int, tuple[OmissionKind, str]] = field(default_factory=dict)
    peak_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Command:
    """How semgrep is started: the program, and the name it is called by."""

    program: str
    name: str


def locate() -> Command:
    """Find semgrep: the one installed beside the running Python first, then the one on PATH.

    Beside Python the engine is started as its own entry point starts it (the binary, called
    ``osemgrep``), which saves the start of a second Python. Raises EvaluationError where there is none.
    """
    with suppress(ImportError, ValueError):
        package = importlib.util.find_spec("semgrep")
        for folder in (package.submodule_search_locations or ()) if package else ():
            core = Path(folder) / "bin" / "semgrep-core"
            if os.access(core, os.X_OK):
                return Command(str(core), "osemgrep")
    beside = Path(sys.executable).parent / "semgrep"
    found = str(beside) if os.access(beside, os.X_OK) else shutil.which("semgrep")
    if found is None:
        raise EvaluationError("Semgrep is not installed, so its rules could not be run.", mend=_MEND)
    return Command(str(Path(found).absolute()), "semgrep")


def scan(
    contents: Sequence[bytes],
    rules: bytes,
    *,
    seconds: float,
    endings: Sequence[str] = (),
    wanted: Sequence[AbstractSet[str]] | None = None,
    command: Command | None = None,
    new_group: bool = True,
) -> Scan:
    """Run ``rules`` (semgrep's JSON, with :data:`CANARY_RULE`) over ``contents``.

    ``endings`` says what each content's generated name ends in (such as ``.py``), by which semgrep tells its
    language; none given: all are Python. ``wanted`` says which rules look at each content; None: all of
    them. A content that no rule wants is not given to semgrep. ``seconds`` bounds the whole; ``new_group``
    gives semgrep a process group of its own, killed with all in it when the time is over (False where the
    caller's group is killed anyway). Raises EvaluationError where semgrep is missing, was killed, ran out of
    time, or its run is not valid.
    """
    chosen = [index for index in range(len(contents)) if wanted is None or wanted[index]]
    if not chosen:
        return Scan(())
    command = command or locate()
    deadline = time.monotonic() + seconds
    entries = json.loads(rules)["rules"]
    if wanted is None:
        wanted = [{entry["id"] for entry in entries}] * len(contents)

    def part(indices: Sequence[int]) -> Scan:
        planned = plan(entries, [wanted[index] for index in indices])
        batch = {
            f"{number:06}{mark}{endings[index] if endings else _PYTHON}": index
            for number, (mark, index) in enumerate(zip(planned.marks, indices, strict=True))
        }
        with tempfile.TemporaryDirectory(prefix="riskbot-semgrep-") as folder:
            run = _Run(Path(folder), command, seconds, deadline, new_group)
            return run.scan(batch, contents, planned.rules)

    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        parts = list(pool.map(part, _batches(chosen)))
    return Scan(
        tuple(sorted((match for one in parts for match in one.matches), key=lambda match: match.file)),
        {index: trouble for one in parts for index, trouble in one.troubles.items()},
        max(one.peak_bytes for one in parts),
    )


def _batches(chosen: Sequence[int]) -> list[Sequence[int]]:
    """Divide contents among runs: many among two at a time, where there are two cores for them.

    Semgrep's own ``-j 2`` takes longer than one job. Every second one to each, since neighbours are alike.
    """
    most = min(_BATCH, -(-len(chosen) // 2) if len(chosen) >= _MANY and _cores() > 1 else _BATCH)
    count = -(-len(chosen) // most)
    return [chosen[first::count] for first in range(count)]


def _cores() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class _Run:
    """One process over one batch, in one private folder."""

    folder: Path
    command: Command
    seconds: float
    deadline: float
    new_group: bool

    def scan(self, batch: dict[str, int], contents: Sequence[bytes], rules: bytes) -> Scan:
        """Write the batch (generated name to index), run semgrep, and read its answer."""
        for name, index in batch.items():
            content = contents[index]
            (self.folder / name).write_bytes(_as_python_reads(content) if name.endswith(_PYTHON) else content)
        (self.folder / _CANARY_FILE).write_bytes(_CANARY_TEXT)
        (self.folder / "rules.json").write_bytes(rules)
        (self.folder / "home").mkdir()
        status, output, errors = self._execute([*_OPTIONS, "--config", "rules.json", *batch, _CANARY_FILE])
        try:
            return _understand(_valid(status, output, errors), batch)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
            raise _invalid(f"its answer is not semgrep's JSON (exit status {status})", errors) from problem

    def _execute(self, arguments: list[str]) -> tuple[int, bytes, str]:
        """Start semgrep, wait, and return its exit status, output and error output."""
        with (self.folder / "out").open("w+b") as out, (self.folder / "err").open("w+b") as err:
            try:
                process = subprocess.Popen(
                    [self.command.name, *arguments],
                    executable=self.command.program,
                    cwd=self.folder,
                    env=_environment(self.folder),
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=err,
                    process_group=0 if self.new_group else None,
                )
            except OSError as problem:
                raise EvaluationError(
                    f"Semgrep could not be started ({problem.strerror}: {self.command.program}).", mend=_MEND
                ) from problem
            try:
                status = process.wait(max(0.0, self.deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                raise EvaluationError(
                    f"Semgrep did not finish within {self.seconds:.3g} s and was stopped.",
                    mend="Split the change or allow more time.",
                ) from None
            finally:
                self._end(process)
            return status, _read(out), _read(err).decode("utf-8", "replace")

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """Kill what still runs: the group, or the process alone where the group is the caller's."""
        if self.new_group:
            with suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
        if process.returncode is None:
            process.kill()
            process.wait()


def _environment(folder: Path) -> dict[str, str]:
    """Everything semgrep may know of the world: nothing of the caller's settings, tokens or proxies."""
    return {
        "PATH": os.defpath,
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "NO_COLOR": "1",
        "SEMGREP_SEND_METRICS": "off",
        "SEMGREP_ENABLE_VERSION_CHECK": "0",
    }


def _read(file: Any) -> bytes:
    file.seek(0)
    data: bytes = file.read(_OUTPUT_LIMIT + 1)
    if len(data) > _OUTPUT_LIMIT:
        raise EvaluationError(
            f"Semgrep wrote more than {_OUTPUT_LIMIT >> 20} MiB, which cannot be a sound result.",
            mend="Split the change.",
        )
    return data


def _as_python_reads(content: bytes) -> bytes:
    """Put in plain what Python reads otherwise than semgrep; the length stays, so byte offsets hold.

    Python ends a line at a lone carriage return, so a comment would hide the code after it; and semgrep
    finds nothing in the first statement after a byte order mark.
    """
    content = _LONE_RETURN.sub(b"\n", content)
    return b"##\n" + content[3:] if content.startswith(codecs.BOM_UTF8) else content


def _valid(status: int, output: bytes, errors: str) -> dict[str, Any]:
    """Return semgrep's answer if the run counts; raise EvaluationError with what is wrong otherwise.

    An answer of another shape raises whatever reading it raises.
    """
    if status < 0:
        raise EvaluationError(
            f"Semgrep was killed by signal {-status} before it had a result.",
            mend="If memory is short, free some and run again.",
        )
    # Semgrep copies bytes of a scanned file into its messages, whatever their encoding.
    answer: dict[str, Any] = json.loads(output.decode("utf-8", "replace"))
    rows = answer["errors"]
    lost = [row for row in rows if not all(map(_FILE.fullmatch, _named(row) or {""}))]
    lost += [cut for cut in _cuts(answer) if not _FILE.search(json.dumps(cut))]
    if lost or status != 0 or answer["skipped_rules"] != []:
        words = "; ".join(str(row.get("message", row)) for row in lost) or f"exit status {status}"
        raise _invalid(words, errors)
    songs = [row["check_id"] for row in answer["results"] if row["path"] == _CANARY_FILE]
    if CANARY_RULE["id"] not in songs:
        raise _invalid("it did not find the line that it must always find", errors)
    if not rows and _STDERR_ALARM.search(errors):
        raise _invalid("it reported trouble that it did not put in its answer", errors)
    return answer


def _understand(answer: dict[str, Any], indices: dict[str, int]) -> Scan:
    """Translate a run that counts."""
    peak = int(answer.get("time", {}).get("max_memory_bytes", 0))
    return Scan(tuple(_matches(answer, indices)), _troubles(answer, indices), peak)


def _invalid(what: str, errors: str) -> EvaluationError:
    """Make the error of a run that does not count, in one bounded line."""
    words = " ".join(f"{what}. {errors}".split())[:400]
    return EvaluationError(
        f"Semgrep's run does not count: {words}",
        mend="Nothing was taken from it. Check the rules and the installed semgrep version.",
    )


def _named(row: dict[str, Any]) -> set[str]:
    """List the files that an error row names: its own path, its spans, and the places of a partial parse."""
    names = {row.get("path")}
    names.update(span.get("file") for span in row.get("spans") or ())
    kind = row.get("type")
    if isinstance(kind, list) and len(kind) > 1 and isinstance(kind[1], list):
        names.update(place.get("path") for place in kind[1] if isinstance(place, dict))
    return {name for name in names if isinstance(name, str)}


def _matches(answer: dict[str, Any], indices: dict[str, int]) -> Iterator[Match]:
    """Read the matches; equal ranges of one rule (found through two metavariable bindings) once."""
    seen = set()
    for row in answer["results"]:
        rule = row["check_id"]
        index = indices.get(row["path"])
        span = (row["start"]["offset"], row["end"]["offset"])
        if index is None or rule == CANARY_RULE["id"] or (rule, index, span) in seen:
            continue
        seen.add((rule, index, span))
        yield Match(rule, index, *span, message=row["extra"]["message"])


def _troubles(answer: dict[str, Any], indices: dict[str, int]) -> dict[int, tuple[OmissionKind, str]]:
    """Find every file that was not analysed, or only partly; the worst of several reasons stands."""
    found: dict[int, tuple[OmissionKind, str]] = {}
    scanned = set(answer["paths"]["scanned"])
    for name, index in indices.items():
        if name not in scanned:
            found[index] = (OmissionKind.NOT_SCANNED, "semgrep did not scan it")
    for kind, reason, names in _reasons(answer):
        for index in (indices[name] for name in names if name in indices):
            if index not in found or _WORST.index(kind) < _WORST.index(found[index][0]):
                found[index] = (kind, reason)
    return found


def _reasons(answer: dict[str, Any]) -> Iterator[tuple[OmissionKind, str, Iterable[str]]]:
    """Translate error rows, and the taint analyses that were cut short, into omissions."""
    for row in answer["errors"]:
        kind = row.get("type")
        kind = kind[0] if isinstance(kind, list) and kind else kind
        if kind == "PartialParsing":
            yield OmissionKind.PARTLY_PARSED, "semgrep could parse only parts of it", _named(row)
        elif kind == "Timeout":
            reason = f"semgrep ran out of time with the rule {row.get('rule_id')}"
            yield OmissionKind.TIMEOUT, reason, _named(row)
        else:
            yield OmissionKind.NOT_SCANNED, f"semgrep could not analyse it ({kind})", _named(row)
    for cut in _cuts(answer):
        yield OmissionKind.TIMEOUT, "semgrep cut a data-flow analysis short", _FILE.findall(json.dumps(cut))


def _cuts(answer: dict[str, Any]) -> list[Any]:
    """List the data-flow analyses that semgrep gave up before they were complete; they make no error row."""
    return list(answer.get("time", {}).get("fixpoint_timeouts", ()))
