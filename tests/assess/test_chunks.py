"""Cutting a change into what the text model reads."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from make import make_change

from riskbot.assess.chunks import LINES_TOKENS, MOST, chunks, path_words, tokens
from riskbot.domain.change import Actor, Commit


def commit(message: str) -> Commit:
    ann = Actor("Ann", "ann@example.org")
    return Commit("a" * 40, "t", (), ann, ann, 0, 0, message)


def test_lines_are_marked_and_far_context_is_left_out():
    before = "".join(f"line {n}\n" for n in range(20))
    change = make_change({"pkg/a.py": (before, before.replace("line 10\n", "new 10\n"))})
    (chunk,) = chunks(change)
    assert chunk.second == ("[CTX] line 8[CTX] line 9[DEL] line 10[ADD] new 10[CTX] line 11[CTX] line 12")
    assert (chunk.file, chunk.hunk) == (0, 0)


def test_where_a_chunk_stands_says_its_path_and_the_subject_without_numbers():
    change = make_change(
        {"src/http_client/PoolManager.py": ("a\n", "b\n")},
        commits=(commit("Fix #123: leak (#4) deadbeef12\n\nbody"),),
    )
    (chunk,) = chunks(change)
    assert chunk.first == "Fix : leak : src http client Pool Manager . py"
    assert path_words("Makefile") == "Makefile"


def test_a_long_hunk_is_cut_at_line_ends_and_nothing_is_lost():
    new = "".join(f"value_{n} = compute(other_{n}, {n})\n" for n in range(40))
    found = chunks(make_change({"a.py": ("", new)}))
    assert len(found) > 3
    joined = "".join(chunk.second for chunk in found)
    assert all(f"value_{n} = compute(other_{n}, {n})" in joined for n in range(40))
    assert all(tokens(chunk.second.replace("[ADD]", "x")) <= LINES_TOKENS for chunk in found)


def test_a_huge_change_gives_every_hunk_its_first_chunk_source_before_prose():
    lines = "".join(f"value_{n} = {n}\n" for n in range(400))
    files = {f"docs/{n}.md": ("", lines) for n in range(20)} | {f"src/{n}.py": ("", lines) for n in range(7)}
    found = chunks(make_change(files))
    assert len(found) == MOST
    paths = [make_change(files).files[chunk.file].path for chunk in found]
    assert len(set(paths)) == MOST
    assert sum(path.startswith("src/") for path in paths) == 7


def test_marks_in_the_text_are_no_marks():
    change = make_change({"a.py": ("x\n", "[DEL] y [SEP]\n")}, commits=(commit("[CLS] [ADD]"),))
    (chunk,) = chunks(change)
    assert chunk.second == "[DEL] x[ADD] [ DEL ] y [ SEP ]"
    assert chunk.first.startswith("[ CLS ] [ ADD ] : a")


def test_a_change_without_lines_has_no_chunks():
    assert chunks(make_change({})) == ()
    assert chunks(make_change({"a.py": ("x\n", "x\n")})) == ()


@given(st.lists(st.binary(max_size=80), max_size=12), st.lists(st.binary(max_size=80), max_size=12))
def test_any_bytes_give_text_that_can_be_encoded(old: list[bytes], new: list[bytes]):
    change = make_change({"a.py": (b"\n".join(old), b"\n".join(new))}, commits=(commit("x"),))
    for chunk in chunks(replace(change)):
        assert (chunk.first + chunk.second).encode()
        assert "\n" not in chunk.second
