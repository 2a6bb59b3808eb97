"""What tells the year: syntax and fashions that Python gained or lost. Measured to be kept apart.

f-strings came with 3.6 (2016), variable annotations with 3.6, dataclasses with 3.7, the walrus with 3.8,
builtin generics with 3.9, ``X | Y`` and ``match`` with 3.10 (https://docs.python.org/3/whatsnew/); the double
quotes, trailing commas and hanging brackets of black spread from 2018 on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from riskbot.detect.authorship.style.counting import Values, per_hundred, share
from riskbot.detect.authorship.style.lexer import Fragment

_DEF = re.compile(r"\bdef\s+\w+\s*\(([^()]*)\)\s*(->)?")
_PARAMETER = re.compile(r"\b(?!self\b|cls\b)\w+\s*(:)?[^,]*")
_PATTERNS = {
    "optional": re.compile(r"\b(?:Optional|Union)\["),
    "union": re.compile(r"\w\s*\|\s*None\b|\bNone\s*\|"),
    "typing": re.compile(r"\b(?:List|Dict|Tuple|Set|Type|Callable|Any|Iterable)\["),
    "generic": re.compile(r"\b(?:list|dict|tuple|set|type)\["),
    "variable_annotation": re.compile(
        r"^[ \t]*[\w.]+[ \t]*:[ \t]*[A-Za-z_][\w\[\], |.\"']*(?:=|$)", re.MULTILINE
    ),
    "type_comment": re.compile(r"#\s*type:\s*(?!ignore)"),
    "super_bare": re.compile(r"\bsuper\(\)"),
    "super_old": re.compile(r"\bsuper\(\w"),
    "old_python": re.compile(
        r"\bprint\s+[\"']|\bexcept\s+\w+\s*,\s*\w+\s*:|\bsix\.|\bunicode\("
        r"|\bxrange\(|__future__|\(object\):"
    ),
    "unittest": re.compile(r"\bself\.assert\w+\("),
    "dataclass": re.compile(r"@(?:dataclasses\.)?dataclass|@(?:attr\.|attrs\.)?(?:s|define)\b"),
    "path_object": re.compile(r"\bPath\("),
    "path_module": re.compile(r"\bos\.path\."),
    "async": re.compile(r"\basync\s|\bawait\s"),
    "match": re.compile(r"^[ \t]*(?:match|case)[ \t].+:$", re.MULTILINE),
    "percent": re.compile(r"[\"']\s*%\s*[\w({]"),
    "dot_format": re.compile(r"[\"']\.format\("),
}


def syntax(fragments: Sequence[Fragment]) -> Values:
    """Measure what tells the year."""
    counts: Counter[str] = Counter()
    lines = 0
    for one in fragments:
        text = "\n".join(one.lines)
        lines += sum(bool(line.strip()) for line in one.lines)
        for name, pattern in _PATTERNS.items():
            counts[name] += len(pattern.findall(text))
        for parameters, arrow in _DEF.findall(text):
            kinds = _PARAMETER.findall(parameters)
            counts["parameters"] += len(kinds)
            counts["annotated"] += sum(map(bool, kinds))
            counts["defs"] += 1
            counts["arrows"] += bool(arrow)
        for token in one.tokens:
            if token.text == ":=":
                counts["walrus"] += 1
            elif token.kind == "string" and not token.text.endswith(('"""', "'''")):
                prefix = token.text[: min(token.text.find('"') % 999, token.text.find("'") % 999)].lower()
                counts["strings"] += 1
                counts["f"] += "f" in prefix
                counts["u"] += "u" in prefix
                counts["single"] += token.text.endswith("'")
    return {
        **per_hundred({f"era_{name}": counts[name] for name in (*_PATTERNS, "walrus")}, lines),
        "era_fstring": share(counts["f"], counts["strings"]),
        "era_unicode": share(counts["u"], counts["strings"]),
        "quotes_single": share(counts["single"], counts["strings"]),
        "parameters_annotated": share(counts["annotated"], counts["parameters"]),
        "returns_annotated": share(counts["arrows"], counts["defs"]),
    }
