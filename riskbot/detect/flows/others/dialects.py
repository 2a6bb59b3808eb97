"""How each language says in semgrep's patterns what zones say by names.

What a language, or semgrep of it, cannot say is None or empty;
:mod:`riskbot.detect.flows.others.compiled` tells it.
Semgrep's pattern syntax: https://semgrep.dev/docs/writing-rules/pattern-syntax
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """One language: templates with ``{name}``, ``{owner}`` (a class) and ``{key}``.

    ``typed``: values of a type; ``member``: attribute of a value of a type; ``parameters``: what a function
    looks like whose parameter is ``$P``, the second with its name for ``{owner}``; ``returned``: a function
    that bears a decorator or annotation; ``propagators``: calls that put ``$FROM`` into ``$TO``; ``parts``:
    expressions over a variable ``$WHOLE`` that semgrep follows no data through by itself; ``annotated``:
    functions whose parameter ``$P`` has a type.
    """

    language: str
    endings: tuple[str, ...]
    typed: tuple[str, ...]
    member: tuple[str, ...]
    keys: tuple[str, ...]
    unpacked: str | None
    parameters: tuple[str, ...]
    parameters_of: tuple[str, ...]
    keyword: str | None
    returned: str | None
    raised: tuple[str, ...]
    propagators: tuple[str, ...]
    parts: tuple[str, ...] = ()
    annotated: tuple[str, ...] = ()


PYTHON = Dialect(
    language="python",
    endings=(".py",),
    typed=(),  # semgrep's patterns of Python know no types, but they know annotations
    member=(),
    keys=('$ANY["{key}"]', '$ANY.get("{key}", ...)', '$ANY.pop("{key}", ...)'),
    unpacked=None,
    parameters=("def $F(..., $P, ...): ...", "def $F(..., $P: $T, ...): ...", "def $F(..., $P=$D, ...): ..."),
    parameters_of=("def {owner}(..., $P, ...): ...", "def {owner}(..., $P: $T, ...): ..."),
    keyword="{name}(..., {key}=$ARGUMENT, ...)",
    returned="@{name}(...)\ndef $F(...):\n    ...",
    raised=("raise $RAISED", "raise $RAISED from $CAUSE"),
    propagators=(
        *("$TO.append($FROM)", "$TO.extend($FROM)", "$TO.add($FROM)", "$TO.update($FROM)"),
        *("$TO.insert($AT, $FROM)", "$TO.setdefault($KEY, $FROM)", "setattr($TO, $KEY, $FROM)"),
    ),
    annotated=("def $F(..., $P: {name}, ...): ...", "def $F(..., $P: {name} = $D, ...): ..."),
    parts=(
        *("$WHOLE[$A:$B]", "$WHOLE[:$B]", "$WHOLE[$A:]", "$WHOLE[:]"),
        *("{$V for $I in $WHOLE}", "{$K: $V for $I in $WHOLE}"),
    ),
)
_SCRIPT_FUNCTIONS = ("function $F(..., $P, ...) { ... }", "(..., $P, ...) => { ... }")
_SCRIPT_PUTS = (
    "$TO.push(..., $FROM, ...)",
    "$TO.unshift(..., $FROM, ...)",
    "$TO.add($FROM)",
    "$TO.set($KEY, $FROM)",
)
JAVASCRIPT = Dialect(
    language="javascript",
    endings=(".js", ".jsx", ".mjs", ".cjs"),
    typed=(),
    member=(),
    keys=('$ANY["{key}"]', '$ANY.get("{key}")'),
    unpacked="{..., {key}: $VALUE, ...} = $FROM",
    parameters=_SCRIPT_FUNCTIONS,
    parameters_of=("function {owner}(..., $P, ...) { ... }",),
    keyword="{name}(..., {..., {key}: $ARGUMENT, ...}, ...)",
    returned=None,
    raised=("throw $RAISED",),
    propagators=(*_SCRIPT_PUTS, "Object.assign($TO, ..., $FROM, ...)"),
)
TYPESCRIPT = Dialect(
    language="typescript",
    endings=(".ts", ".tsx", ".mts", ".cts"),
    typed=("($ANY: {name})",),
    member=("($ANY: {owner}).{name}",),
    keys=JAVASCRIPT.keys,
    unpacked=JAVASCRIPT.unpacked,
    parameters=JAVASCRIPT.parameters,
    parameters_of=JAVASCRIPT.parameters_of,
    keyword=JAVASCRIPT.keyword,
    returned=None,
    raised=JAVASCRIPT.raised,
    propagators=JAVASCRIPT.propagators,
)
JAVA = Dialect(
    language="java",
    endings=(".java",),
    typed=("({name} $ANY)",),
    member=("({owner} $ANY).{name}",),
    keys=('$ANY.get("{key}")', '$ANY.getOrDefault("{key}", ...)', '$ANY.getString("{key}")'),
    unpacked=None,
    parameters=("$T $F(..., $PT $P, ...) { ... }",),
    parameters_of=("$T {owner}(..., $PT $P, ...) { ... }",),
    keyword=None,
    returned="@{name}(...)\n$T $F(...) { ... }",
    raised=("throw $RAISED;",),
    propagators=(
        *("$TO.add(..., $FROM, ...)", "$TO.addAll(..., $FROM, ...)", "$TO.append($FROM)"),
        *("$TO.put($KEY, $FROM)", "$TO.putAll($FROM)", "$TO.offer($FROM)", "$TO.push($FROM)"),
    ),
)
GO = Dialect(
    language="go",
    endings=(".go",),
    typed=("($ANY : {name})", "($ANY : *{name})"),
    member=("($ANY : {owner}).{name}", "($ANY : *{owner}).{name}"),
    keys=('$ANY["{key}"]',),
    unpacked=None,
    parameters=("func $F(..., $P $T, ...) { ... }",),
    parameters_of=("func {owner}(..., $P $T, ...) { ... }",),
    keyword=None,
    returned=None,
    raised=("panic($RAISED)",),
    propagators=("$TO.WriteString($FROM)", "$TO.Write($FROM)", "copy($TO, $FROM)"),
)
DIALECTS = (PYTHON, JAVASCRIPT, TYPESCRIPT, JAVA, GO)
