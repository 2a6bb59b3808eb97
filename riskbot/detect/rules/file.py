"""Reading one rule file strictly: every key known, every value of its kind, each error with its line."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml

from riskbot.detect.rules import languages
from riskbot.domain.errors import ConfigError
from riskbot.domain.finding import Category
from riskbot.domain.suggest import did_you_mean

LEVELS = ("LOW", "MEDIUM", "HIGH")
CATEGORIES = ("security", "correctness", "best-practice", "maintainability", "performance", "portability")
SUBCATEGORIES = ("vuln", "audit", "secure default")
CASES = ".cases.yaml"
"""What the twin of a native rule ends in."""

_RULE_KEYS = {"id", "severity", "message", "metadata"}
MATCH_KEYS = {
    *("paths", "pattern", "patterns", "pattern-either", "pattern-regex", "mode", "options", "fix"),
    *("pattern-sources", "pattern-sinks", "pattern-sanitizers", "pattern-propagators"),
}
_CWE = re.compile(r"CWE-\d+: \S.*")
_OWASP = re.compile(r"(?:A|API|LLM|CICD-SEC-)\d{1,2}(?::20\d\d)? - \S.*")
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Check = Callable[["Source", yaml.Node], None]


@dataclass(frozen=True, slots=True)
class Source:
    """The file that is read, for its errors."""

    file: Path

    def wrong(self, node: yaml.Node | None, message: str, mend: str = "See docs/rules.md.") -> NoReturn:
        """Raise the ConfigError of a place in the file."""
        mark = node.start_mark if node is not None else None
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise ConfigError(message, file=str(self.file), line=line, column=column, mend=mend)

    def mapping(
        self, node: yaml.Node, required: set[str], optional: AbstractSet[str] = frozenset()
    ) -> dict[str, yaml.Node]:
        """Read a mapping with exactly known keys, each once."""
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, "A mapping of keys to values is expected here.")
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in found:
                self.wrong(key, f"The key {name!r} stands here twice.")
            if name not in required | optional:
                known = ", ".join(sorted(required | optional))
                self.wrong(key, f"The key {name!r} is unknown here.", f"Known keys: {known}.")
            found[name] = value
        for name in sorted(required - found.keys()):
            self.wrong(node, f"The key {name!r} is missing.")
        return found

    def pairs(self, node: yaml.Node) -> list[tuple[str, yaml.Node]]:
        """Read a mapping whose keys are any texts, each once."""
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, "A mapping of keys to values is expected here.")
        found = [(self.text(key), value) for key, value in node.value]
        for index, (key, _) in enumerate(node.value):
            if key.value in {name for name, _ in found[:index]}:
                self.wrong(key, f"The key {key.value!r} stands here twice.")
        return found

    def sequence(self, node: yaml.Node, *, empty: bool = False) -> list[yaml.Node]:
        """Read a list; one with nothing in it only where ``empty`` allows."""
        if not isinstance(node, yaml.SequenceNode) or not (empty or node.value):
            self.wrong(node, "A list is expected here." if empty else "A list with an item is expected here.")
        return list(node.value)

    def number(self, node: yaml.Node) -> int:
        """Read a whole number from 1 on."""
        if not isinstance(node, yaml.ScalarNode) or not re.fullmatch(r"[1-9]\d{0,8}", node.value, re.ASCII):
            self.wrong(node, "A whole number from 1 on is expected here.")
        return int(node.value)

    def text(self, node: yaml.Node, *, empty: bool = False) -> str:
        """Read a string that is not empty, unless ``empty`` allows it."""
        if not isinstance(node, yaml.ScalarNode) or node.tag != "tag:yaml.org,2002:str":
            self.wrong(node, "A text is expected here.")
        if not empty and not node.value.strip():
            self.wrong(node, "A text is expected here.")
        return str(node.value)

    def texts(self, node: yaml.Node) -> list[tuple[yaml.Node, str]]:
        """Read a list of strings that is not empty."""
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self.wrong(node, "A list with at least one text is expected here.")
        return [(item, self.text(item)) for item in node.value]


def _one_of(*allowed: str) -> Check:
    def check(source: Source, node: yaml.Node) -> None:
        if source.text(node) not in allowed:
            source.wrong(node, f"The value must be one of: {', '.join(allowed)}.")

    return check


def _each(accept: Callable[[str], bool], words: str) -> Check:
    def check(source: Source, node: yaml.Node) -> None:
        for item, text in source.texts(node):
            if not accept(text):
                source.wrong(item, f"Each item must be {words}.")

    return check


def _number(source: Source, node: yaml.Node) -> None:
    """Check which of the twenty pitfalls of machine-written code it is (docs/rules.md lists them)."""
    if not (isinstance(node, yaml.ScalarNode) and re.fullmatch(r"[1-9]|1\d|20", node.value, re.ASCII)):
        source.wrong(node, "The pitfall must be a whole number from 1 to 20.")


def _expression(source: Source, node: yaml.Node) -> None:
    """Check an expression of RE2 (https://github.com/google/re2/wiki/Syntax)."""
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(source.text(node), options)
    except re2.error as problem:
        words = problem.args[0].decode() if isinstance(problem.args[0], bytes) else str(problem)
        source.wrong(node, f"This is no expression of RE2 ({words}).")


_METADATA: dict[str, Check] = {
    "category": _one_of(*CATEGORIES),
    "confidence": _one_of(*LEVELS),
    "likelihood": _one_of(*LEVELS),
    "impact": _one_of(*LEVELS),
    "subcategory": _each(SUBCATEGORIES.__contains__, f"one of: {', '.join(SUBCATEGORIES)}"),
    "technology": _each(str.islower, "a name in lower case"),
    "references": _each(lambda text: text.startswith("https://"), "an https address"),
    "risk_dimension": _one_of(*(category.value for category in Category)),
    "llm_pitfall": _number,
    "prefilter": _expression,
    "owasp": _each(lambda text: bool(_OWASP.fullmatch(text)), "of the form 'A03:2021 - Injection'"),
    "cwe": _each(lambda text: bool(_CWE.fullmatch(text)), "of the form 'CWE-89: what it is'"),
}


_OPTIONAL = {"cwe", "owasp", "llm_pitfall", "prefilter"}


def read_rule(file: Path, content: bytes) -> dict[str, Any]:
    """Read and check one rule file; return the rule as semgrep wants it.

    The patterns themselves are semgrep's to check: a rule that it cannot parse makes its whole run a
    Failure. Raises ConfigError with file, line and column.
    """
    source = Source(file)
    _check(source, compose(source, content))
    rule: dict[str, Any] = yaml.load(content, Loader=LOADER)["rules"][0]  # noqa: S506 - a SafeLoader
    return rule


def compose(source: Source, content: bytes) -> yaml.Node:
    """Parse YAML into nodes that know their places; ConfigError where it is none, or empty."""
    try:
        root = yaml.compose(content, Loader=LOADER)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        words = " ".join(str(getattr(problem, "problem", None) or problem).split())
        where = {"line": mark.line + 1, "column": mark.column + 1} if mark else {"line": 1}
        raise ConfigError(
            f"This is not YAML ({words}).", file=str(source.file), mend="Mend the syntax.", **where
        ) from None
    if root is None:
        source.wrong(None, "The file is empty.")
    return root


def _check(source: Source, root: yaml.Node) -> None:
    """Check the file from the top: one rule, named as the file, with its twin beside it."""
    rules = source.mapping(root, {"rules"})["rules"]
    if not isinstance(rules, yaml.SequenceNode) or len(rules.value) != 1:
        source.wrong(rules, "A file holds a list of exactly one rule.")
    native = _has_key(rules.value[0], "detector")
    more = {"detector"} if native else {"languages"}
    rule = source.mapping(rules.value[0], _RULE_KEYS | more, set() if native else MATCH_KEYS)
    if source.text(rule["id"]) != source.file.stem:
        source.wrong(rule["id"], f"The id must be the file's name, {source.file.stem!r}.")
    _one_of("ERROR", "WARNING", "INFO")(source, rule["severity"])
    if native:
        source.text(rule["detector"])
        _check_twin(source, rule["detector"], CASES)
    else:
        for node, name in source.texts(rule["languages"]):
            _check_twin(source, node, _language(source, node, name).twin)
    if "paths" in rule:
        for globs in source.mapping(rule["paths"], set(), {"include", "exclude"}).values():
            source.texts(globs)
    if "$" in source.text(rule["message"]).partition(". ")[0]:
        source.wrong(
            rule["message"], "The first sentence is the rule's title: it cannot hold a metavariable."
        )
    _check_metadata(source, rule["metadata"])


def _has_key(node: yaml.Node, name: str) -> bool:
    return isinstance(node, yaml.MappingNode) and any(key.value == name for key, _ in node.value)


def _language(source: Source, node: yaml.Node, name: str) -> languages.Language:
    """Find the language that is meant; one that riskbot knows no files of would never be looked at."""
    found = languages.of_rule(name)
    if found is None:
        source.wrong(node, f"The language {name!r} is unknown.", did_you_mean(name, languages.known()))
    return languages.BY_ID[found]


def _check_twin(source: Source, node: yaml.Node, ending: str) -> None:
    twin = source.file.with_name(source.file.stem + ending)
    if not twin.is_file():
        mend = "Write lines that it must and must not find (docs/rules.md)."
        source.wrong(node, f"The twin {twin.name} is missing.", mend)


def _check_metadata(source: Source, node: yaml.Node) -> None:
    """Check the metadata; a security rule must name its weakness, and where OWASP lists it."""
    metadata = source.mapping(node, set(_METADATA) - _OPTIONAL, _OPTIONAL)
    for name, value in metadata.items():
        _METADATA[name](source, value)
    category = source.text(metadata["category"])
    for name in ("cwe", "owasp"):
        if category == "security" and name not in metadata:
            source.wrong(node, f"A security rule must name its weakness: the key {name!r} is missing.")
