"""The PyPI package ``codeowners`` against ours, on patterns that both read as GitHub documents them.

Real files are compared by ``benchmarks/codeowners_differential.py``; these are made in their likeness.
"""

from __future__ import annotations

import random

import pytest
from codeowners import CodeOwners as Peer
from hypothesis import given, settings
from hypothesis import strategies as st

from judge.owners.strategies import PATHS
from riskbot.judge.owners.codeowners import CodeOwners

FOLDERS = (
    "src",
    "lib",
    "docs",
    "tests",
    "api",
    "web",
    "core",
    "pkg",
    "cmd",
    "vendor",
    "internal",
    "build-tools",
)
ENDINGS = ("py", "js", "ts", "go", "md", "yaml", "proto")
NAMES = ("main", "index", "util", "server", "README", "Dockerfile", "test_main", "app.config")
TEAMS = ("@acme/core", "@acme/web", "@acme/sre", "@acme/docs", "@ann", "@bob-b", "sec@example.org")

#: Where the two differ, by the reason; ours is right by the source named in docs/owners.md.
DIVERGENCES = {
    "a comment at the end adds owners": ("*.js @b # ping @alice", "x.js", {"@b"}, {"@b", "@alice"}),
    "'!' negates nothing": ("!x.js @b", "x.js", {"@a"}, {"@a"}),
    "a range does not work": ("src/[ab].py @b", "src/a.py", {"@a"}, {"@b"}),
    "'\\#' does not work": ("\\#x @b", "#x", {"@a"}, {"@b"}),
    "an invalid owner clears": ("x.py bob", "x.py", {"@a"}, set()),
    "an invalid owner is left out": ("x.py @b bob", "x.py", {"@a"}, {"@b"}),
    "other separators end lines": ("# x \u2028* @evil", "f", {"@a"}, {"@evil"}),
    "a form feed ends lines": ("# x \f* @evil", "f", {"@a"}, {"@evil"}),
    "'***' is no pattern": ("/x/*** @b", "x/y", {"@a"}, {"@b"}),
    "'**/' at the end": ("foo/**/ @b", "foo/bar", {"@b"}, {"@a"}),
}


def theirs(text: str, path: str) -> set[str]:
    return {name for _, name in Peer(text).of(path)}


def ours(text: str, path: str) -> set[str]:
    return set(CodeOwners.parse(text, "CODEOWNERS").of(path).names)


@pytest.mark.parametrize("name", DIVERGENCES)
def test_the_known_divergences(name):
    line, path, mine, peer = DIVERGENCES[name]
    text = f"* @a\n{line}\n"
    assert (ours(text, path), theirs(text, path)) == (mine, peer)


def test_a_byte_order_mark_hides_the_first_line_from_the_peer():
    assert ours("\ufeff* @a\n", "x") == {"@a"}
    assert theirs("\ufeff* @a\n", "x") == set()


def tree(chance: random.Random, files: int) -> list[str]:
    def path() -> str:
        folders = chance.choices(FOLDERS, k=chance.randrange(5))
        return "/".join([*folders, f"{chance.choice(NAMES)}.{chance.choice(ENDINGS)}"])

    return [path() for _ in range(files)]


def codeowners(chance: random.Random, paths: list[str]) -> str:
    """Write a file as people do: a default, folders, endings, a few wildcards, comments, some gaps."""
    lines = ["# Owners of this repository", "", f"* {chance.choice(TEAMS)}"]
    for _ in range(chance.randrange(10, 60)):
        parts = chance.choice(paths).split("/")
        folder = "/".join(parts[: chance.randrange(1, len(parts) + 1)])
        ending = chance.choice(ENDINGS)
        pattern = chance.choice(
            [
                f"/{folder}",
                f"/{folder}/" if folder != "/".join(parts) else f"/{folder}",
                folder,
                f"{chance.choice(FOLDERS)}/",
                f"*.{ending}",
                f"/{parts[0]}/**/*.{ending}",
                f"/{parts[0]}/*",
                f"/{parts[0]}/*.{ending}",
                f"**/{chance.choice(FOLDERS)}",
                f"**/{chance.choice(FOLDERS)}/{chance.choice(NAMES)}*",
                f"/{parts[0][:2]}*/",
                f"{chance.choice(NAMES)}.*",
            ]
        )
        names = " ".join(chance.sample(TEAMS, chance.choice([0, 1, 1, 1, 2, 3])))
        lines.append(f"{pattern}{chance.choice([' ', '    ', chr(9)])}{names}".rstrip())
        lines += chance.choice([[], [], [], [""], [f"# {chance.choice(FOLDERS)}"]])
    return chance.choice(["\n", "\r\n"]).join(lines) + "\n"


@pytest.mark.parametrize("seed", range(25))
def test_files_like_real_ones_are_read_alike(seed):
    chance = random.Random(seed)
    paths = tree(chance, 200)
    text = codeowners(chance, paths)
    peer, own = Peer(text), CodeOwners.parse(text, "CODEOWNERS")
    for path in paths:
        owners, line, _, _ = peer.matching_line(path)
        ownership = own.of(path)
        assert set(ownership.names) == {name for _, name in owners}, path
        assert ownership.line == line, path


PLAIN = st.text("ab.*?", min_size=1, max_size=4).filter(lambda text: "**" not in text and text.strip("."))
PATTERNS = st.tuples(
    st.sampled_from(["", "/", "**/"]),
    st.lists(PLAIN | st.just("**"), min_size=1, max_size=3).map("/".join),
    st.sampled_from(["", "", "/"]),
).map("".join)


@settings(max_examples=1000)
@given(st.lists(PATTERNS, min_size=1, max_size=5), PATHS.map(str.lower))
def test_patterns_are_read_alike(patterns, path):
    kept = [pattern for pattern in patterns if not pattern.endswith("**/") and "**/**" not in pattern]
    text = "\n".join(f"{pattern} @o{number}" for number, pattern in enumerate(kept))
    assert ours(text, path) == theirs(text, path)
