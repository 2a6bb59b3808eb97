"""Reverts, reverts of reverts, and changes that land again."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learn.label.history import Story
from riskbot.learn.label import Event, known
from riskbot.learn.label.history import Logged
from riskbot.learn.label.reverts import reverts


def told(*messages: str) -> list[tuple[str, str, str]]:
    """Say what the messages of a history give; commit n has an id that begins with n."""
    commits = [Logged(f"{n}".rjust(7, "a").ljust(40, "0"), 1, n, text) for n, text in enumerate(messages)]
    places = {commit.id: n for n, commit in enumerate(commits)}
    return [(event.source, places[event.commit], places[event.fix]) for event in reverts(commits)]


def name(n: int) -> str:
    return f"{n}".rjust(7, "a").ljust(40, "0")


def test_a_revert_names_a_commit_in_full_or_in_short():
    assert told("One", f"Undo\n\nThis reverts commit {name(0)}.") == [("revert", 0, 1)]
    assert told("One", f"Undo\n\nThis reverts commit {name(0)[:9]}, for now") == [("revert", 0, 1)]
    assert told("One", f"Undo\n\nThis reverts commit {'f' * 40}.") == []


def test_a_short_name_that_two_commits_share_names_none():
    commits = [Logged("a" * 39 + "1", 1, 1, "x"), Logged("a" * 39 + "2", 1, 2, "y")]
    assert list(reverts([*commits, Logged("b" * 40, 1, 3, "This reverts commit aaaaaaaaaa")])) == []


def test_without_an_id_the_latest_commit_with_the_subject_is_meant():
    assert told("One", "One", "Two", 'Revert "One"') == [("revert", 1, 3)]
    assert told("One (#1)", 'Revert "One (#1)" (#2)') == [("revert", 0, 1)]
    assert told("One (#1)", 'Revert "One"') == [("revert", 0, 1)]
    assert told('Revert "One"', "One") == []


def test_the_revert_of_a_revert_lands_the_original_again():
    assert told("One", 'Revert "One"', 'Revert "Revert "One""') == [("revert", 0, 1), ("reland", 0, 2)]
    by_id = f"Again\n\nThis reverts commit {name(1)}."
    assert told("One", f"Undo\n\nThis reverts commit {name(0)}.", by_id) == [
        ("revert", 0, 1),
        ("reland", 0, 2),
    ]


@pytest.mark.parametrize("again", ["One", "One (#9)", 'Reland "One"', 'Reapply "One" (#8)', "Re-land: One"])
def test_a_change_lands_again(again):
    assert told("One", 'Revert "One"', again) == [("revert", 0, 1), ("reland", 0, 2)]


def test_it_lands_again_only_once_and_only_after_a_revert():
    assert told("One", "One") == []
    assert told("One", 'Revert "One"', "One", "One") == [("revert", 0, 1), ("reland", 0, 2)]
    assert told("One", 'Revert "One"', "One", 'Revert "One"') == [
        ("revert", 0, 1),
        ("reland", 0, 2),
        ("revert", 2, 3),
    ]


def test_one_commit_may_take_back_several():
    text = f"Undo both\n\nThis reverts commit {name(0)}.\nThis reverts commit {name(1)}."
    assert told("One", "Two", text) == [("revert", 0, 2), ("revert", 1, 2)]


def test_reverts_in_a_real_history(tmp_path):
    story = Story(tmp_path / "r")
    story.commit("start", {"a.txt": "1\n"})
    story.commit("bad", {"a.txt": "2\n"})
    for undo in ("undo", "again"):
        story.clock += 60
        story.git("-c", "core.editor=true", "revert", "--no-edit", "HEAD")
        story.names[story.git("rev-parse", "HEAD")] = undo
    assert story.blamed("revert") == {"undo>bad"}
    assert story.blamed("reland") == {"again>bad"}
    events = story.events()
    assert known(events, "revert", until=story.time("undo")) == {events[0].commit}
    assert known(events, "revert", until=story.time("undo") - 1) == set()


@given(st.lists(st.text(alphabet='Rev"t Oneal()#1\n', max_size=60), max_size=12))
def test_any_messages_can_be_read(messages):
    for source, target, fix in told(*messages):
        assert source in {"revert", "reland"}
        assert target < fix


@pytest.mark.parametrize("piece", ["Revert ", 'Revert "', "Revert commit: ", "a" * 8, "[x]", "Reland -"])
def test_long_messages_take_no_long_time(piece):
    begin = time.process_time()
    told("One", piece * 20_000, f"{piece}\n" * 20_000)
    assert time.process_time() - begin < 1


def test_known_cuts_by_time_source_and_issue():
    events = [
        Event("a", "r", "f", 10, linked=False),
        Event("b", "r", "g", 20, linked=True),
        Event("c", "b", "g", 20, linked=True),
    ]
    assert known(events, "r") == {"a", "b"}
    assert known(events, "r", until=19) == {"a"}
    assert known(events, "r", until=20, linked=True) == {"b"}
