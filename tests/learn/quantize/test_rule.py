from learn.quantize.rows import broken, row
from riskbot.learn.quantize.rule import pick

REFERENCE = row("torch-fp32", 1.0, drop=0.0, size=90_000_000, torch=True)


def test_the_fastest_of_those_that_may_be_shipped_is_picked():
    picked, refused = pick([REFERENCE, row("slow", 0.6), row("quick", 0.4)])
    assert picked == "quick"
    assert refused == {
        "torch-fp32": "needs torch to score; 90.0 MB, over 26",
        "slow": "slower: 0.60 of fp32's time, the fastest takes 0.40",
    }


def test_a_faster_one_that_needs_torch_or_is_large_or_ranks_worse_is_not():
    barred = [
        row("torch", 0.1, torch=True),
        row("large", 0.2, size=26_000_001),
        row("worse", 0.3, drop=0.0031),
    ]
    picked, refused = pick([*barred, row("good", 0.5)])
    assert picked == "good"
    assert refused == {
        "torch": "needs torch to score",
        "large": "26.0 MB, over 26",
        "worse": "AUC drop 0.0031, over 0.003",
    }


def test_the_limits_themselves_are_allowed():
    assert pick([row("edge", drop=0.003, size=26_000_000)])[0] == "edge"


def test_a_road_that_ranks_better_than_fp32_is_allowed():
    assert pick([row("lucky", drop=-0.01)])[0] == "lucky"


def test_what_is_not_a_number_is_no_small_drop():
    assert pick([row("odd", drop=float("nan"))])[0] == ""


def test_of_equally_fast_ones_the_portable_is_picked():
    rows = [row("full", 0.40, largest=0.001), row("seven", 0.459, portable=True)]
    assert pick(rows) == ("seven", {"full": "as fast, but other scores on processors without VNNI"})


def test_a_portable_one_that_is_slower_is_not():
    assert pick([row("full", 0.40), row("seven", 0.461, portable=True)])[0] == "full"


def test_of_equally_fast_and_portable_ones_that_which_changes_least_is_picked():
    rows = [row("rough", 0.40, largest=0.05), row("fine", 0.41, largest=0.01)]
    assert pick(rows) == ("fine", {"rough": "as fast, but changes probabilities by up to 0.050"})


def test_where_none_may_be_shipped_none_is_picked():
    assert pick([REFERENCE, broken("fx", "TraceError")])[0] == ""
    assert pick([]) == ("", {})
