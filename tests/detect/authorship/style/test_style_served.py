"""The setting, and what a guess does to a change: it is shown, and it is evidence of nothing."""

from __future__ import annotations

from dataclasses import replace

from make import make_change

from riskbot.detect.authorship.catalogue import shipped
from riskbot.detect.authorship.change import authorship
from riskbot.detect.authorship.commits import Guess
from riskbot.domain.authorship import Category
from riskbot.domain.change import Actor, Commit
from riskbot.settings import Settings
from riskbot.toolbox import detectors

ANN = Actor("Ann", "ann@example.org")


def commit(name: str) -> Commit:
    return Commit(name * 40, "t", ("p",), ANN, ANN, 1_700_000_000, 1_700_000_000, "change")


def sure(_commit: Commit, patch: object) -> Guess:
    return Guess(0.99, flagged=True, note=f"{len(patch)} files")


def test_a_change_of_one_commit_is_guessed_at_and_nothing_else_is_said_of_it():
    change = replace(make_change({"a.py": ("", "x = 1\n")}), commits=(commit("a"),), head="a" * 40)
    told = authorship(change, shipped(), style=sure)
    assert told.inferred is True
    assert told.probability == 0.99
    assert told.category is Category.INFERRED
    assert told.agent is False
    assert (told.declared, told.tools) == (False, ())
    assert "1 files" in told.commits[0].note


def test_without_it_nothing_is_inferred_and_several_commits_are_not_guessed_at():
    change = replace(make_change({"a.py": ("", "x = 1\n")}), commits=(commit("a"),), head="a" * 40)
    assert authorship(change, shipped()).inferred is None
    several = replace(change, commits=(commit("a"), commit("b")))
    told = authorship(several, shipped(), style=sure)
    assert (told.inferred, told.probability) == (None, None)


def test_it_is_loaded_only_where_the_settings_ask_for_it():
    (off,) = (one for one in detectors(Settings()) if one.name == "authorship")
    assert off.style is None
    (on,) = (one for one in detectors(Settings(authorship_style=True)) if one.name == "authorship")
    assert on.style.warning
