"""Floor 3: Verdict -> words; pure: everything a report says stands in the verdict.

========  =============================================================================================
text      for a person at a terminal
json      one document, described by ``riskbot schema report``
jsonl     the same facts, one record a line, for logs
sarif     SARIF 2.1.0, for code scanning
markdown  for a pull request's comment or a job's summary
========  =============================================================================================

Importing this package costs nothing; each formatter is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from riskbot.domain.verdict import Reviewed

FORMATS = ("text", "json", "sarif", "markdown", "jsonl")

__all__ = ["FORMATS", "render"]


def render(
    verdict: Reviewed,
    format: str,  # noqa: A002 (the word that readers of the command line know)
    *,
    color: bool = False,
    width: int = 100,
    explain: bool = False,
    unicode: bool = True,
) -> str:
    """Write the verdict in one of :data:`FORMATS`, ending with a newline; it encodes as UTF-8.

    ``color``, ``width`` (columns), ``explain`` (everything, not the gist) and ``unicode`` (False: ASCII
    only) matter to ``text`` alone. Raises ValueError for a format that is not in FORMATS.
    """
    match format:
        case "text":
            from riskbot.report import text

            return text.render(verdict, color=color, width=width, explain=explain, unicode=unicode)
        case "json":
            from riskbot.report import document

            return document.render(verdict)
        case "jsonl":
            from riskbot.report import jsonl

            return jsonl.render(verdict)
        case "sarif":
            from riskbot.report import sarif

            return sarif.render(verdict)
        case "markdown":
            from riskbot.report import markdown

            return markdown.render(verdict)
    raise ValueError(f"unknown report format {format!r}; one of {', '.join(FORMATS)}")
