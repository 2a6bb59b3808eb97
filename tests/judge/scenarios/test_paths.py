"""Renames, copies, deletions, links, submodules and look-alike names: ways out of somebody's folder."""

from __future__ import annotations

import pytest

from judge.make_facts import (
    BOB,
    DAVE,
    added,
    approve,
    case,
    clauses,
    codeowners,
    deleted,
    expect,
    judged,
    modified,
    renamed,
    with_files,
)
from riskbot.domain.change import FileStatus
from riskbot.domain.verdict import Outcome
from riskbot.facts.document import File

HELD, ALLOWED = Outcome.HELD, Outcome.ALLOWED
OWN = "owners approve"


def needs_security(*files: File | str) -> None:
    """Bob's approval is not enough; dave's with it is."""
    verdict = judged(case(with_files(*files), approve(BOB)))
    expect(verdict, HELD, counts=["bob"], open_=[OWN], unlock=[["dave"]])
    assert clauses(verdict)[OWN].could == ("dave",)
    expect(judged(case(with_files(*files), approve(BOB), approve(DAVE))), ALLOWED)


def test_s32_a_rename_out_of_the_folder() -> None:
    needs_security(renamed("secure/x.py", "free/x.py"))


def test_s32_a_rename_into_the_folder() -> None:
    needs_security(renamed("free/x.py", "secure/x.py"))


def test_s33_a_deletion_beside_an_addition() -> None:
    needs_security(deleted("secure/x.py"), added("free/y.py"))


def test_s33_a_copy_into_the_folder() -> None:
    needs_security(renamed("free/x.py", "secure/x.py", FileStatus.COPIED))


def test_s33_a_copy_out_of_the_folder_leaves_it_as_it_was() -> None:
    facts = case(with_files(renamed("secure/x.py", "free/x.py", FileStatus.COPIED)), approve(BOB))
    expect(judged(facts), ALLOWED, counts=["bob"])


@pytest.mark.parametrize("mode", ["120000", "160000"])
def test_s34_the_folder_is_replaced(mode: str) -> None:
    needs_security(deleted("secure/x.py"), added("secure", mode))


@pytest.mark.parametrize("mode", ["120000", "160000"])
def test_s34_even_where_nothing_says_that_the_folder_went(mode: str) -> None:
    needs_security(added("secure", mode))
    expect(judged(case(with_files(added("secure", mode)))), HELD, flags=["link_mode"])


@pytest.mark.parametrize("mode", ["120000", "160000"])
def test_s34_or_taken_away_again(mode: str) -> None:
    needs_security(deleted("secure", mode))


def test_s34_a_file_that_becomes_a_link() -> None:
    link = File(
        status=FileStatus.TYPE_CHANGED,
        old_path="secure",
        new_path="secure",
        old_mode="100644",
        new_mode="120000",
    )
    needs_security(link)


def test_s34_a_parent_of_what_is_owned() -> None:
    """A link in the place of a folder above the owned one takes its place as well."""
    files = with_files(added("lib", "120000"))
    verdict = judged(case(codeowners("/lib/crypto/ @acme/sec"), files, approve(BOB)))
    expect(verdict, HELD, open_=[OWN], unlock=[["dave"]])


def test_s34_a_link_under_another_case() -> None:
    needs_security(added("SECURE", "120000"))


@pytest.mark.parametrize("path", ["Secure/x.py", "SECURE/deep/x.py", "secure/X.py"])
def test_s35_the_same_file_on_checkouts_that_fold_case(path: str) -> None:
    needs_security(added(path))


def test_s35_the_same_file_in_another_normal_form() -> None:
    verdict = judged(
        case(codeowners("/s\u00e9cret/ @acme/sec"), with_files(added("se\u0301cret/x.py")), approve(BOB))
    )
    expect(verdict, HELD, open_=[OWN], unlock=[["dave"]])


def test_s35_and_the_other_way_round() -> None:
    verdict = judged(
        case(codeowners("/se\u0301cret/ @acme/sec"), with_files(added("s\u00e9cret/x.py")), approve(BOB))
    )
    expect(verdict, HELD, open_=[OWN], unlock=[["dave"]])


def test_s35_a_letter_that_only_looks_alike_is_at_least_told() -> None:
    verdict = judged(case(with_files(added("s\u0435cure/x.py")), approve(BOB)))
    assert "look_alike_path" in {note.code for note in verdict.flags}


@pytest.mark.parametrize("path", ["secure\u200b/x.py", "se\u00adcure/x.py", "secure\u202e/x.py"])
def test_s35_an_invisible_letter_is_told(path: str) -> None:
    verdict = judged(case(with_files(added(path)), approve(BOB)))
    assert "look_alike_path" in {note.code for note in verdict.flags}


def test_only_the_mode_changes() -> None:
    needs_security(modified("secure/run.sh", new_mode="100755", added=0, removed=0))


def test_a_deletion_alone() -> None:
    needs_security(deleted("secure/x.py"))


def test_a_submodule_that_moves_on_inside_the_folder() -> None:
    needs_security(modified("secure/vendored", old_mode="160000", new_mode="160000"))


def test_a_name_that_is_not_utf8_is_still_in_its_folder() -> None:
    needs_security("secure/\\xff.py")


def test_one_owned_file_among_many() -> None:
    needs_security(*(f"src/{n}.py" for n in range(50)), "secure/x.py")


def test_a_space_or_a_hash_in_the_name() -> None:
    needs_security("secure/a b#c.py")
