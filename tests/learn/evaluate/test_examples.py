from collections import Counter

from riskbot.learn.evaluate import examples


def test_the_worst_of_both_kinds_come_first_and_no_repository_fills_the_list(scored):
    found = examples.worst(scored, count=6, each=2)
    kinds = Counter(row["kind"] for row in found)
    assert kinds == {"false calm": 6, "false alarm": 6}
    assert max(Counter((row["kind"], row["repository"]) for row in found).values()) == 2
    calm = [row["percentile"] for row in found if row["kind"] == "false calm"]
    assert calm == sorted(calm)
    assert calm[-1] < 25
    label = dict(zip(scored.rows.ids, scored.rows.label, strict=True))
    assert all(label[row["commit"]] == (row["kind"] == "false calm") for row in found)
