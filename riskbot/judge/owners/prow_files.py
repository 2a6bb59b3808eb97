"""What Prow's files say: an OWNERS file's sections, and the groups of OWNERS_ALIASES.

https://github.com/kubernetes-sigs/prow/blob/main/pkg/repoowners/repoowners.go
https://www.kubernetes.dev/docs/guide/owners/
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from riskbot.judge.owners import Lint
from riskbot.judge.owners.folders import HIDDEN
from riskbot.judge.owners.prow_yaml import Node, read
from riskbot.judge.owners.regex import compiled
from riskbot.judge.people.who import Who, WhoKind

MAX_FILTERS = 200
MAX_NAMES = 2_000

_LISTS = ("approvers", "reviewers", "required_reviewers", "labels")
_OPTIONS = ("no_parent_owners", "auto_approve_unowned_subfolders")
# Written for people; Prow passes over every key that it does not know.
_FOR_PEOPLE = {"emeritus_approvers", "emeritus_reviewers", "security_contacts", "component", "subcomponent"}
# In a file that cannot be read: could there be an option that keeps the owners above away?
_MAY_RESTRICT = re.compile(r"no_?parent|\\", re.IGNORECASE)

Aliases = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list: whom it stands for, one login or an alias's members, and its line."""

    names: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Part:
    """People for all files of a folder, or (``pattern``) for those in whose path the filter occurs."""

    approvers: tuple[Entry, ...]
    required: tuple[Entry, ...]
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class OwnersFile:
    """One OWNERS file. ``closed``: not all of it could be read; ``barrier``: that may be a "no parents"."""

    file: str
    parts: tuple[Part, ...] = ()
    noparent: bool = False
    auto: bool = False
    closed: bool = False
    barrier: bool = False
    lints: tuple[Lint, ...] = ()


def parse_aliases(text: str | None, file: str) -> tuple[Aliases | None, tuple[Lint, ...]]:
    """Read OWNERS_ALIASES into alias -> logins; None: it cannot be told what is an alias."""
    document = read(text, file)
    root = document.root
    if root is None:
        return None, document.lints
    reader = _Reader(file, {}, list(document.lints))
    if root.value is None and not root.bad:
        return {}, reader.lints()
    groups = _get(root, "aliases")
    if groups is None:
        reader.lint("bad_value", "The file must be a mapping with the key 'aliases'.", root)
        return None if not isinstance(root.value, dict) else {}, reader.lints()
    if groups.value is None and not groups.bad:
        return {}, reader.lints()
    if not isinstance(groups.value, dict):
        reader.lint("bad_value", "'aliases' must be a mapping from names to lists of logins.", groups)
        return None, reader.lints()
    found: dict[str, tuple[str, ...]] = {}
    for name, node in groups.value.items():
        # One that cannot be read still is an alias, not the login of that name.
        names = tuple(name for entry in reader.entries(node, name) for name in entry.names)
        found[_login(name)] = tuple(dict.fromkeys(names))
    return found, reader.lints()


def parse(text: str | None, file: str, aliases: Aliases | None) -> OwnersFile:
    """Read an OWNERS file; never raises. ``aliases`` None: nobody can say which names are logins."""
    document = read(text, file)
    root = document.root
    if root is None or root.bad or not isinstance(root.value, dict | None):
        lints = document.lints
        if root is not None:
            message = "An OWNERS file must be a mapping, for example with 'approvers'."
            lints = (*lints, Lint("bad_value", message, file, root.line, root.column))
        barrier = text is None or (root is None and _MAY_RESTRICT.search(text) is not None)
        return OwnersFile(file, closed=True, barrier=barrier, lints=lints)
    return _Reader(file, aliases, list(document.lints)).owners(root)


class _Reader:
    """Reads the values of one file; what is wrong is a lint, and closes it."""

    def __init__(self, file: str, aliases: Aliases | None, lints: list[Lint]) -> None:
        self._file = file
        self._aliases = aliases
        self._lints = lints
        self._barrier = False
        self._closed = any(lint.code not in {"bom", "control_char", "duplicate_key"} for lint in lints)

    def lints(self) -> tuple[Lint, ...]:
        """All that is odd."""
        return tuple(self._lints)

    def lint(self, code: str, message: str, node: Node) -> None:
        """Note what cannot be used."""
        self._closed = True
        self._lints.append(Lint(code, message, self._file, node.line, node.column))

    def owners(self, root: Node) -> OwnersFile:
        """Read the whole file."""
        self._keys(root, {*_LISTS, "options", "filters"})
        options = _get(root, "options")
        noparent, auto = (self._option(options, name) for name in _OPTIONS)
        simple = self._part(root, None)
        filters = _get(root, "filters")
        if any(_items(_get(root, name)) for name in _LISTS):
            parts: tuple[Part, ...] = (simple,)
            if filters is not None:
                message = "Filters count only in a file without lists of its own; Prow passes over them."
                self.lint("filters_ignored", message, filters)
        else:
            parts = tuple(self._filters(filters))
        if self._aliases is None:
            self._closed = True
        return OwnersFile(self._file, parts, noparent, auto, self._closed, self._barrier, tuple(self._lints))

    def _filters(self, node: Node | None) -> Iterator[Part]:
        if node is None or (node.value is None and not node.bad):
            return
        if not isinstance(node.value, dict):
            self.lint("bad_value", "'filters' must be a mapping from patterns to lists of people.", node)
            return
        for number, (pattern, inner) in enumerate(node.value.items()):
            if number >= MAX_FILTERS:
                self.lint("too_many_filters", f"Only the first {MAX_FILTERS} filters are read.", inner)
                return
            self._keys(inner, set(_LISTS))
            try:
                compiled(pattern)
                compiled(folding(pattern))
            except ValueError as problem:
                self.lint("bad_regex", f"The filter {pattern[:80]!r} is no pattern: {problem}.", inner)
                continue
            yield self._part(inner, pattern)

    def _part(self, node: Node, pattern: str | None) -> Part:
        approvers = self.entries(_get(node, "approvers"), "approvers")
        required = self.entries(_get(node, "required_reviewers"), "required_reviewers", required=True)
        return Part(approvers, required, pattern)

    def entries(self, node: Node | None, name: str, *, required: bool = False) -> tuple[Entry, ...]:
        """Read a list of logins and aliases, each with whom it stands for.

        Whom nobody can look up owns nothing, but who is ``required`` must not be lost with that: then the
        entry has a name that no account can have.
        """
        if node is None or (node.value is None and not node.bad):
            return ()
        if isinstance(node.value, dict):  # `{a, b}`: Prow takes the keys
            items: tuple[Node, ...] = tuple(Node(key, at.line, at.column) for key, at in node.value.items())
        elif isinstance(node.value, tuple):
            items = node.value
        else:
            self.lint("bad_value", f"{name[:80]!r} must be a list.", node)
            return (_nobody(node, "no list"),) if required else ()
        if len(items) > MAX_NAMES:
            self.lint("too_many_owners", f"Only the first {MAX_NAMES} names of a list are read.", node)
        entries = (self._entry(item, required=required) for item in items[:MAX_NAMES])
        return tuple(entry for entry in entries if entry is not None)

    def _entry(self, node: Node, *, required: bool) -> Entry | None:
        entry = self._named(node, teams=required)
        if required and not (entry and entry.names):
            return _nobody(node, repr(node.value[:80]) if isinstance(node.value, str) else "no name")
        return entry

    def _named(self, node: Node, *, teams: bool) -> Entry | None:
        """Look an entry up; teams can be asked for a review, so they may be required, but own nothing."""
        if node.bad or not isinstance(node.value, str):
            self.lint("bad_owner", "This entry is no login and no alias; it owns nothing.", node)
            return None
        if self._aliases is None:
            return None
        login = _login(node.value)
        if login in self._aliases:
            return Entry(self._aliases[login], node.line)
        if _kind(login) is not WhoKind.LOGIN and not (teams and _kind(login) is WhoKind.TEAM):
            message = f"{node.value[:80]!r} is no login and no alias; it owns nothing."
            self.lint("bad_owner", message, node)
            return None
        return Entry((f"@{login}",), node.line)

    def _option(self, options: Node | None, name: str) -> bool:
        """Read an option. One that restricts counts as on where it cannot be read, the other as off."""
        if options is None or (options.value is None and not options.bad):
            return False
        restricts = name == "no_parent_owners"
        if not isinstance(options.value, dict):
            if restricts:
                self.lint("bad_value", "'options' must be a mapping.", options)
                self._barrier = True
            return False
        if restricts:
            self._keys(options, set(_OPTIONS))
        node = _get(options, name)
        if node is None or (node.value is None and not node.bad):
            return False
        if isinstance(node.value, bool):
            return node.value
        self.lint("bad_value", f"{name!r} must be true or false.", node)
        return restricts

    def _keys(self, node: Node, known: set[str]) -> None:
        """Note the keys that mean nothing."""
        if not isinstance(node.value, dict):
            if node.value is not None or node.bad:
                self.lint("bad_value", "This must be a mapping.", node)
            return
        for key, value in node.value.items():
            if key.casefold() in known:
                if key not in known:
                    self._lints.append(_key_lint("key_case", key, "is read in lower case", self._file, value))
            elif HIDDEN.search(key) or "\ufffd" in key or _MAY_RESTRICT.search(key):
                self.lint("unknown_key", f"The key {key[:80]!r} means nothing here.", value)
                self._barrier = True
            elif key not in _FOR_PEOPLE:
                self._lints.append(_key_lint("unknown_key", key, "means nothing here", self._file, value))


def _key_lint(code: str, key: str, what: str, file: str, node: Node) -> Lint:
    return Lint(code, f"The key {key[:80]!r} {what}.", file, node.line, node.column)


def _get(node: Node, name: str) -> Node | None:
    """A key's value; Go takes keys in any letter case, the last one counts."""
    if not isinstance(node.value, dict):
        return None
    found = None
    for key, value in node.value.items():
        if key.casefold() == name:
            found = value
    return found


def _items(node: Node | None) -> bool:
    return node is not None and bool(node.value)


def folding(pattern: str) -> str:
    """A filter that ignores letter case and Unicode normal form."""
    return "(?i)" + unicodedata.normalize("NFC", pattern)


def _login(text: str) -> str:
    """What Prow compares: lower case, without the @."""
    return text.lower().removeprefix("@")


def _kind(text: str) -> WhoKind | None:
    """What the text names behind an @; None: nothing."""
    try:
        return Who.parse(f"@{text}").kind
    except ValueError:
        return None


def _nobody(node: Node, text: str) -> Entry:
    """Require somebody who does not exist; the blank keeps it from ever being a login."""
    return Entry((f"nobody ({text})",), node.line)
