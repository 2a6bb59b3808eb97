"""A small repository with commits by people of several times and by agents, with notes and traps."""

from __future__ import annotations

import json
from pathlib import Path

from make import git, make_commit, make_repository

ANN, BEA = "Ann Example <ann@example.org>", "Bea Example <bea@example.org>"
BOT = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>"
CLAUDE = "Co-authored-by: Claude <noreply@anthropic.com>"


def code(number: int, lines: int = 30) -> str:
    """Write Python that differs from number to number."""
    body = "".join(f"    total = total + {number} * {at}  # part {at}\n" for at in range(lines))
    return f"def part_{number}(total):\n{body}    return total\n"


def make_history(root: Path) -> Path:
    """Ann and Bea in 2019, 2022 and 2025, agents in 2025, a bot, a revert, a twin and a generated file."""
    make_repository(root)
    for number, year in enumerate((2019, 2019, 2022, 2022, 2023, 2025)):
        make_commit(
            root,
            {f"a{number}.py": code(number)},
            f"add part {number}",
            author=ANN if number % 2 else BEA,
            when=f"{year}-03-0{number + 1}T12:00:00+02:00",
        )
    for number in (10, 11):
        make_commit(
            root,
            {f"a{number}.py": code(number)},
            f"feat: part {number}\n\n- one\n- two\n\n{CLAUDE}",
            author=ANN,
            when=f"2025-03-{number}T12:00:00-05:00",
        )
    make_commit(root, {"b.py": code(20)}, "Bump part", author=BOT, when="2025-03-12T12:00:00+00:00")
    make_commit(root, {"c.py": code(0)}, "small", author=ANN, when="2025-03-13T12:00:00+00:00")
    make_commit(root, {"d.py": "x = 1\n"}, "too small", author=ANN, when="2025-03-14T12:00:00+00:00")
    make_commit(root, {"e_pb2.py": code(21)}, "generate", author=ANN, when="2025-03-15T12:00:00+00:00")
    make_commit(root, {"f.py": code(22)}, 'Revert "part"', author=ANN, when="2025-03-16T12:00:00+00:00")
    return root


def add_note(root: Path, commit: str, path: str, ranges: str) -> None:
    """Note that a session wrote lines of a file."""
    told = {
        "schema_version": "authorship/3.0.0",
        "sessions": {"s_" + "0" * 14: {"agent_id": {"tool": "claude"}}},
    }
    note = f"{path}\n  s_{'0' * 14}::t_{'1' * 14} {ranges}\n---\n{json.dumps(told)}\n"
    git(root, "notes", "--ref=refs/notes/ai", "add", "-F", "-", commit, stdin=note.encode())
