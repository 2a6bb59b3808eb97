"""CODEOWNERS files and paths for Hypothesis, from few letters so that they meet."""

from hypothesis import strategies as st

SEGMENTS = st.text("abAB.", min_size=1, max_size=3).filter(lambda text: text.strip("."))
PATHS = st.lists(SEGMENTS, min_size=1, max_size=4).map("/".join)
WILD = st.one_of(
    SEGMENTS, st.text("abAB*?", min_size=1, max_size=4).filter(lambda text: "**" not in text), st.just("**")
)


@st.composite
def patterns(draw):
    parts = draw(st.lists(WILD, min_size=1, max_size=4))
    return draw(st.sampled_from(["", "/"])) + "/".join(parts) + draw(st.sampled_from(["", "", "/"]))


OWNERS = st.lists(st.sampled_from(["@a", "@b", "@c", "@org/d", "e@x.org"]), max_size=2, unique=True)
LINES = st.tuples(patterns(), OWNERS).map(lambda pair: " ".join([pair[0], *pair[1]]))
FILES = st.lists(LINES, max_size=8).map("\n".join)
