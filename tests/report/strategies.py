"""Hypothesis strategies: verdicts whose every word was chosen by somebody hostile."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st
from make import make_change
from make_verdict import (
    make_assessment,
    make_commit_noun,
    make_finding,
    make_verdict,
)

from riskbot.domain.assessment import Dimension, Factor, HunkRisk, Level, Sign
from riskbot.domain.authorship import (
    Authorship,
    CommitAuthorship,
    Correction,
    FileAuthorship,
    Kind,
    Share,
    Tier,
)
from riskbot.domain.authorship import Category as Authored
from riskbot.domain.authorship import Sign as Mark
from riskbot.domain.change import Actor, Omission, OmissionKind
from riskbot.domain.finding import Category, Evidence, Failure, Location, Side
from riskbot.domain.verdict import Clause, PolicyId, Status, Verdict

#: Pieces that mean something to a terminal, a browser, a forge or rich.
_PIECES = (
    "\x1b[31m", "\x1b]0;title\x07", "\x9b2J", "\r", "\n", "\t", "\x00", "\x7f", "\u202e", "\u2066", "\u200b", "\ufeff",
    "\u2028", "\U000e0041", "\udcff", "\udc80", "\ud800", "[bold red]", "[/]", ":smile:", "@octocat", "@org/team", "#1",
    "GH-1", "a/b#2", "https://evil.example", "www.evil.example", "x@y.example", "<img src=x onerror=alert(1)>",
    "</details>", "<!--", "-->", "|", "||", "\\|", "\\", "`", "```", "~~~", "****", "__", "[a](http://b)", "![a](b)",
    "\n# head", "\n- item", "\n1. item", "\n> quote", "\n---", "\n===", "&amp;", "&#64;", "$x$", "{0}", "%41", " ", "..",
    "\u6f22\u5b57", "e\u0301", "\U0001f600",
)  # fmt: skip
hostile = st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=8)), max_size=5).map("".join)
named = hostile.filter(bool)
paths = named.map(lambda text: text.replace("\0", "") or "x")


@st.composite
def authorships(draw: st.DrawFn) -> Authorship:
    """Draw what hostile commits say of who wrote them."""
    commit = "1" * 40
    signs = tuple(
        Mark(
            draw(st.sampled_from(Kind)),
            draw(st.sampled_from(Tier)),
            draw(hostile),
            draw(hostile),
            draw(hostile),
            draw(hostile),
            draw(hostile),
            counts=draw(st.booleans()),
            commit=draw(st.sampled_from((None, commit))),
            path=draw(st.one_of(st.none(), paths)),
            note=draw(hostile),
        )
        for _ in range(draw(st.integers(0, 3)))
    )
    category = draw(st.sampled_from(Authored))
    correction = Correction(commit, draw(hostile), draw(hostile), draw(hostile), 1, draw(hostile))
    told = CommitAuthorship(
        commit,
        category,
        draw(hostile),
        draw(hostile),
        signs=signs,
        share=Share(0.25, 0.5, 4),
        corrections=(correction,) if draw(st.booleans()) else (),
        note=draw(hostile),
    )
    return Authorship(
        category,
        declared=True,
        disclosed=draw(st.sampled_from((None, True, False))),
        tools=(draw(hostile),),
        share=Share(0.25, 0.5, 4),
        signs=signs,
        commits=(told,),
        files=(FileAuthorship(draw(paths), 4, 1, 1),),
        notes=(draw(hostile),),
    )


@st.composite
def verdicts(draw: st.DrawFn) -> Verdict:
    """Draw a verdict with hostile names, messages, authors, code and numbers of things."""
    path, other = draw(paths), draw(paths)
    code = draw(hostile).encode("utf-8", "surrogatepass")
    change = make_change(
        {path: (b"one\ntwo\n", b"one\n" + code + b"\ntwo\n")},
        repository=draw(hostile),
        origin=draw(hostile),
        commits=(replace(make_commit_noun(draw(hostile)), author=Actor(draw(hostile), draw(hostile))),),
    )
    side = draw(st.sampled_from(Side))
    findings = tuple(
        make_finding(
            draw(named),
            draw(st.sampled_from((path, other))),
            message=draw(hostile),
            fingerprint=draw(named),
            location=Location(path, draw(st.sampled_from((None, 1, 2, 3, 99))), None, side),
            introduced=draw(st.booleans()),
            suppressed_by=draw(st.one_of(st.none(), hostile)),
            evidence=(Evidence(draw(hostile), draw(st.sampled_from((None, Location(other, 1))))),),
            flow=tuple(
                Evidence(draw(hostile), draw(st.sampled_from((None, Location(other, 1), Location(path, 2)))))
                for _ in range(draw(st.integers(0, 3)))
            ),
        )
        for _ in range(draw(st.integers(0, 2)))
    )
    assessment = make_assessment(
        change,
        findings=findings,
        omissions=(
            Omission(OmissionKind.BINARY, draw(hostile), draw(hostile), draw(st.one_of(st.none(), paths))),
        ),
        failures=(Failure(draw(hostile), draw(hostile), draw(hostile)),),
        factors=(Factor("x", draw(hostile), 1.0, 0.5, draw(hostile)),),
        hunks=tuple(
            HunkRisk(path, h.old_start, h.old_count, h.new_start, h.new_count, 0.1)
            for h in change.files[0].hunks
        ),
        band_note=draw(hostile),
        dimensions=(
            Dimension(
                draw(st.sampled_from(Category)),
                Level.HIGH,
                (
                    Sign(
                        Level.HIGH, Evidence(draw(hostile), Location(path, draw(st.sampled_from((None, 1)))))
                    ),
                ),
                3,
                draw(hostile),
            ),
            Dimension(Category.PRIVACY, Level.NONE),
        ),
        authorship=draw(st.one_of(st.none(), authorships())),
    )
    clause = Clause(draw(hostile), Status.PENDING, draw(hostile), (draw(hostile),))
    root = Clause("default", Status.PENDING, "1 of 1 clauses is not met", clauses=(clause,))
    return make_verdict(assessment, root=root, policy=PolicyId(draw(hostile), draw(hostile), "00" * 32))
