"""What somebody may have meant by a word that is not known: for the mend of every configuration error."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Name the nearest known word as a question, or all of them where none is near.

    ``known`` must not be empty. Compares without regard to case and to ``-`` against ``_``.
    """
    import difflib  # only ever needed when something is wrong already

    choices = {choice.lower().replace("-", "_"): choice for choice in known}
    meant = word[:100].lower().replace("-", "_")
    near = difflib.get_close_matches(meant, choices, n=1)
    if near and len(near[0]) < 6 and near[0][:1] != meant[:1]:
        near = []  # short words resemble one another by chance: owner is not none
    if near:
        return f"Did you mean {choices[near[0]]!r}?"
    return f"Known here: {', '.join(sorted(choices.values()))}."
