"""What becomes of flows: opened, moved, existing, closed."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from riskbot.detect.flows.compare import compare
from riskbot.domain.zones import Flow, Mode, Step


def flow(file="a.py", line=3, function="f", *, source="vault.get_card", sink="log", zone="pay") -> Flow:
    path = (Step(file, 1, "the source"), Step(file, line, "the sink"))
    return Flow(zone, "user.financial", sink, Mode.ENFORCE, file, line, source, function, path)


def content(*lines: str):
    """Read the same lines from every file."""
    return lambda _: "\n".join(lines).encode()


NOTHING = content()


def fates(before, after, *, renames=(), added=(), old=NOTHING, new=NOTHING):
    done = compare(before, after, renames=dict(renames), added=dict(added), old=old, new=new)
    told = [(one.fate, one.flow.file, one.flow.line) for one in (*done.told, *done.closed)]
    return sorted(told)


def test_a_flow_whose_lines_moved_was_there():
    assert fates([flow(line=3)], [flow(line=90)]) == [("existing", "a.py", 90)]


def test_a_flow_of_another_function_source_sink_or_zone_is_opened():
    for other in (flow(function="g"), flow(source="x"), flow(sink="x"), flow(zone="x"), flow(file="b.py")):
        told = {fate: file for fate, file, _ in fates([flow()], [flow(), other])}
        assert told["opened"] == other.file


def test_a_second_flow_of_the_same_kind_is_opened_where_the_change_added_it():
    added = {"a.py": {3}}
    assert fates([flow(line=3)], [flow(line=3), flow(line=5)], added=added) == [
        ("existing", "a.py", 5),
        ("opened", "a.py", 3),
    ]


def test_a_renamed_file_opens_nothing():
    assert fates([flow()], [flow("b.py")], renames={"a.py": "b.py"}) == [("existing", "b.py", 3)]


def test_code_that_moves_takes_its_flow_along():
    old, new = content("", "", "log.info(card)"), content("", "", "    log.info( card )")
    same = content("", "", "log.info(card)")
    assert fates([flow()], [flow("b.py", function="g")], old=old, new=same) == [("moved", "b.py", 3)]
    assert [fate for fate, *_ in fates([flow()], [flow("b.py")], old=old, new=new)] == ["closed", "opened"]


def test_one_flow_that_went_does_not_pay_for_two_that_came():
    text = content("", "", "log.info(card)")
    told = fates([flow()], [flow("b.py"), flow("c.py")], old=text, new=text)
    assert [fate for fate, *_ in told] == ["moved", "opened"]


def test_a_flow_that_goes_on_pays_for_nothing():
    text = content("", "", "log.info(card)")
    told = fates([flow()], [flow(), flow("b.py")], old=text, new=text)
    assert told == [("existing", "a.py", 3), ("opened", "b.py", 3)]


def test_a_flow_that_is_gone_is_closed():
    assert fates([flow()], []) == [("closed", "a.py", 3)]


def test_unreadable_sinks_never_count_as_moved():
    told = fates([flow()], [flow("b.py")], old=lambda _: None, new=lambda _: None)
    assert [fate for fate, *_ in told] == ["closed", "opened"]


flows = st.lists(
    st.builds(
        flow,
        st.sampled_from(["a.py", "b.py"]),
        st.integers(1, 4),
        st.sampled_from(["f", "g"]),
        source=st.sampled_from(["s", "t"]),
    ),
    max_size=8,
)
texts = st.lists(st.sampled_from(["log(x)", "print(x)", ""]), min_size=4, max_size=4)


@given(flows, flows, texts, texts)
def test_every_flow_is_told_once(before, after, old, new):
    done = compare(before, after, renames={}, added={"a.py": {2}}, old=content(*old), new=content(*new))
    assert Counter(one.flow for one in done.told) == Counter(after)
    kept = [one.before for one in done.told if one.fate != "opened"]
    assert Counter([*kept, *(one.flow for one in done.closed)]) == Counter(before)
    same = compare(after, after, renames={}, added={}, old=content(*new), new=content(*new))
    assert {one.fate for one in same.told} <= {"existing"}
    assert same.closed == ()
