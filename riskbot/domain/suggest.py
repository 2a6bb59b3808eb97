"""What somebody may have meant by a word that is not known: for the mend of every configuration error."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Name the nearest known word as a question, or all of them where none is near.

    ``known`` must not be empty. Compares without regard to case and to ``-`` against ``_``.
    """
    import difflib  # only ever needed when something is wrong already

    choices = {choice.lower().replace("-", "_"): choice for choice in known}
    near = difflib.get_close_matches(word[:100].lower().replace("-", "_"), choices, n=1)
    if near:
        return f"Did you mean {choices[near[0]]!r}?"
    return f"Known here: {', '.join(sorted(choices.values()))}."
