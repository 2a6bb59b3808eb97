from make_verdict import make_assessment, make_verdict

from riskbot.domain.assessment import Dimension, Factor, Level, ModelId
from riskbot.domain.finding import Category
from riskbot.report import markdown, risks, text

SIZE = Factor("la", "lines added", 3.0, 0.5, family="size")
LESS = Factor("nf", "files touched", 1.0, -0.75, family="size")
PAST = Factor("past_repairs", "earlier repairs", 1.0, 2.0, family="past")
OTHER = Factor("x", "x", 1.0, 0.125, family="a family of the future")


def test_reasons_are_added_up_by_what_they_are_about():
    assert risks.families((SIZE, LESS, PAST, OTHER)) == [
        "the files' past +2.00",
        "size \u22120.25",
        "a family of the future +0.12",
    ]
    assert risks.families((Factor("la", "lines added", 3.0, 0.5),)) == []


def test_families_are_shown_in_text_and_markdown():
    verdict = make_verdict(make_assessment(factors=(SIZE, LESS, PAST)))
    said = "All of them by family: the files' past +2.00, size \u22120.25."
    assert said in text.render(verdict)
    assert said.replace("'", "&#39;") in markdown.render(verdict) or said in markdown.render(verdict)


def test_without_any_sign_it_does_not_read_as_safe():
    verdict = make_verdict(
        make_assessment(
            dimensions=tuple(
                Dimension(category, Level.NONE, note="not everything could be analysed")
                for category in (Category.SECURITY, Category.PRIVACY)
            )
        )
    )
    for written in (text.render(verdict), markdown.render(verdict)):
        assert "no sign of any was seen, which does not make it safe" in " ".join(written.split())
        assert "Not everything could be analysed." in written


def test_the_note_of_a_model_that_stands_in_is_shown():
    model = ModelId("metrics", "ab" * 32, "OpenStack", "there is no changed line to read")
    verdict = make_verdict(make_assessment(model=model))
    assert "Model metrics: there is no changed line to read." in text.render(verdict)
    assert "there is no changed line to read" in markdown.render(verdict)
    assert "(there is no changed line to read)" in " ".join(text.render(verdict, explain=True).split())


def test_a_list_of_words():
    assert [risks.listed(words) for words in (["a"], ["a", "b"], ["a", "b", "c"])] == [
        "a",
        "a and b",
        "a, b and c",
    ]
