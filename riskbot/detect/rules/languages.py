"""Languages that rules may be for: which files are of them, and what a twin's name ends in.

Semgrep passes over a file whose ending it does not know in silence, so riskbot classifies files itself, by
name, ending or the first line of a script, and gives semgrep a generated name with an ending that it knows.
The endings are semgrep's own (https://semgrep.dev/docs/supported-languages), with some that people use too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True)
class Language:
    """One language by semgrep's name for it.

    ``ending`` is what a generated name and a twin end in; ``endings`` are those of the repository's files,
    ``names`` expressions that a whole file name may match, ``interpreters`` what a script's first line names.
    """

    id: str
    ending: str
    endings: tuple[str, ...]
    names: tuple[str, ...] = ()
    interpreters: tuple[str, ...] = ()

    @property
    def twin(self) -> str:
        """What the twin of a rule for this language ends in; a YAML twin must not look like a rule."""
        return ".test.yaml" if self.id == "yaml" else self.ending


_TABLE = (
    Language("python", ".py", (".py", ".pyi", ".pyw"), ("SConstruct", "wscript"), ("python", "pypy")),
    Language("yaml", ".yaml", (".yaml", ".yml"), (r"\.clang-format",)),
    Language(
        "dockerfile",
        ".dockerfile",
        (".dockerfile", ".containerfile"),
        (r"(?:Docker|Container)file(?:[._-].*)?",),
    ),
    Language("bash", ".sh", (".sh", ".bash", ".zsh", ".ksh"), (), ("bash", "sh", "dash", "zsh", "ksh")),
    Language("json", ".json", (".json", ".ipynb", ".webmanifest"), (r"Pipfile\.lock", r"composer\.lock")),
    Language("javascript", ".js", (".js", ".jsx", ".mjs", ".cjs"), (), ("node", "nodejs")),
    Language("typescript", ".ts", (".ts", ".tsx", ".mts", ".cts"), (), ("ts-node", "deno")),
    Language("go", ".go", (".go",)),
    Language("java", ".java", (".java",)),
    Language("kotlin", ".kt", (".kt", ".kts")),
    Language("scala", ".scala", (".scala", ".sbt")),
    Language("ruby", ".rb", (".rb", ".rake", ".gemspec"), ("Rakefile", "Gemfile"), ("ruby",)),
    Language("php", ".php", (".php", ".phtml"), (), ("php",)),
    Language("csharp", ".cs", (".cs",)),
    Language("c", ".c", (".c", ".h")),
    Language("cpp", ".cpp", (".cc", ".cpp", ".cxx", ".hh", ".hpp", ".hxx", ".h")),
    Language("rust", ".rs", (".rs",)),
    Language("swift", ".swift", (".swift",)),
    Language("lua", ".lua", (".lua",), (), ("lua",)),
    Language("terraform", ".tf", (".tf", ".tfvars", ".hcl", ".tofu")),
    Language("html", ".html", (".html", ".htm", ".jinja", ".jinja2", ".j2")),
    Language("xml", ".xml", (".xml", ".plist")),
    Language("solidity", ".sol", (".sol",)),
    Language("generic", ".txt", ("",)),
)
BY_ID = {language.id: language for language in _TABLE}
"""Every language by its id."""

EVERYTHING = "generic"
"""The language of every text file; only files of no other language get its ending."""

ALIASES = {
    "py": "python",
    "python3": "python",
    "sh": "bash",
    "docker": "dockerfile",
    "js": "javascript",
    "ts": "typescript",
    "golang": "go",
    "kt": "kotlin",
    "c#": "csharp",
    "c++": "cpp",
    "tf": "terraform",
    "hcl": "terraform",
    "sol": "solidity",
    "spacegrep": "generic",
    "regex": "generic",
    "none": "generic",
}
"""Other names that semgrep has for them."""

_SHEBANG = re.compile(rb"#![ \t]*(?:[^\s]*/)?(?:env[ \t]+(?:-S[ \t]+)?(?:[^\s]*/)?)?([A-Za-z-]+)")
_ENDINGS: dict[str, list[str]] = {}
for _language in _TABLE[:-1]:
    for _ending in _language.endings:
        _ENDINGS.setdefault(_ending, []).append(_language.id)
_NAMES = [(re.compile("|".join(one.names)), one.id) for one in _TABLE if one.names]
_INTERPRETERS = {name: one.id for one in _TABLE for name in one.interpreters}


def known() -> tuple[str, ...]:
    """List every name that a rule may give a language."""
    return (*BY_ID, *ALIASES)


def of_rule(name: str) -> str | None:
    """Find the language that a rule means by ``name``; None for one that riskbot classifies no files to."""
    return name if name in BY_ID else ALIASES.get(name)


def of_file(path: str, content: bytes | None) -> tuple[str, ...]:
    """Say which languages a file is of, by its name first, then by the first line of a script.

    Empty where it is of none that is known; ``generic``, which every file is of, is never among them.
    ``.h`` is both C and C++.
    """
    name = PurePosixPath(path).name
    for pattern, language in _NAMES:
        if pattern.fullmatch(name):
            return (language,)
    found = _ENDINGS.get(PurePosixPath(name.lower()).suffix)
    if found is not None:
        return tuple(found)
    match = _SHEBANG.match(content or b"")
    script = _INTERPRETERS.get(match[1].decode("ascii")) if match else None
    return (script,) if script else ()
