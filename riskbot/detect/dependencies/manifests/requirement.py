"""One requirement: PEP 508 and what pip takes beside it (URLs, paths), and how tightly each format binds."""

from __future__ import annotations

import re

from riskbot.detect.dependencies.manifests.model import Bound, Declared, Origin, normalised

_VCS = re.compile(r"(?:git|hg|svn|bzr)\+", re.IGNORECASE)
_URL = re.compile(r"(?:(?:git|hg|svn|bzr)\+)?(?:https?|ssh|ftp|file|git|s3)(?:\+\w+)?:", re.IGNORECASE)
_SCP = re.compile(r"(?:git\+)?[\w.\-]+@[\w.\-]+:\S")
_NAME = re.compile(r"\s*([A-Za-z0-9](?:[\w.\-]*[A-Za-z0-9])?)")
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9][\w.\-]*)")
_ARCHIVE = re.compile(r"([A-Za-z0-9][\w.]*?)-\d[^/]*\.(?:whl|tar\.gz|zip|tgz|tar\.bz2)(?:[#?].*)?$")
_MAX_LENGTH = 4_000  # characters; a longer requirement is nobody's
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def bound_of(specifier: str) -> Bound:
    """Say how tightly a PEP 440 version specifier, or Poetry's caret and tilde, holds a version."""
    found = Bound.NONE
    for part in re.split(r"[,\s]*,[,\s]*|\|\|", specifier.strip()):
        text = part.strip()
        if not text or text == "*":
            continue
        if text.startswith(("===", "==")) or text[0].isdigit():
            found = max(found, Bound.UPPER if "*" in text else Bound.PINNED)
        elif text.startswith(("<", "~", "^")):
            found = max(found, Bound.UPPER)
        elif text.startswith(">"):
            found = max(found, Bound.LOWER)
    return Bound.LOWER if "||" in specifier and found is Bound.PINNED else found


def origin_of(url: str) -> Origin:
    """Say what kind of place an address is."""
    if _VCS.match(url) or _SCP.match(url) or re.match(r"git:|ssh:", url, re.IGNORECASE):
        return Origin.VCS
    if re.match(r"file:", url, re.IGNORECASE) or not _URL.match(url):
        return Origin.PATH
    return Origin.URL


def revision_of(url: str) -> str:
    """Give what a version control URL names after its last ``@``: a branch, tag or commit; "" if nothing."""
    address = url.partition("#")[0]
    _, _, path = address.partition("://")
    _, slash, path = (path or address).partition("/")
    return path.rpartition("@")[2] if slash and "@" in path else ""


def is_commit(revision: str) -> bool:
    """Tell whether it is a whole commit id, which cannot be moved."""
    return bool(_COMMIT.fullmatch(revision.lower()))


def direct(name: str, written: str, url: str, *, line: int | None = None, group: str = "") -> Declared:
    """Make the dependency that comes from an address."""
    origin = origin_of(url)
    revision = revision_of(url) if origin is Origin.VCS else ""
    bound = Bound.PINNED if is_commit(revision) or "sha256=" in url else Bound.NONE
    return Declared(
        normalised(name),
        written,
        line,
        bound=bound,
        origin=origin,
        url=url,
        revision=revision,
        group=group,
    )


def parse(text: str, *, line: int | None = None, group: str = "") -> Declared | None:
    """Read one requirement as pip would; None where it is none.

    What is no valid PEP 508 but begins with a name is taken with what follows as its specifier.
    """
    text = text.strip()
    if not text or len(text) > _MAX_LENGTH:
        return None
    if _URL.match(text) or _SCP.match(text) or text.startswith((".", "/", "~/")):
        return _address(text, line, group)
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        read = Requirement(text)
    except (InvalidRequirement, RecursionError):
        return _loose(text, line, group)
    if read.url is not None:
        return direct(read.name, text, read.url, line=line, group=group)
    specifier = str(read.specifier)
    return Declared(
        normalised(read.name),
        text,
        line,
        specifier,
        bound_of(specifier),
        group=group,
        extras=tuple(sorted(read.extras)),
    )


def _address(text: str, line: int | None, group: str) -> Declared:
    """Name what an address installs: its egg, its archive's name, else its last part."""
    url = re.split(r"\s+;\s|\s+#", text, maxsplit=1)[0].strip()
    match = _EGG.search(url) or _ARCHIVE.search(url.rpartition("/")[2])
    if match:
        name = match[1]
    else:
        name = re.split(r"[@#?]", url.rstrip("/").rpartition("/")[2])[0].removesuffix(".git")
    return direct(re.sub(r"\[.*", "", name) or ".", text, url, line=line, group=group)


def _loose(text: str, line: int | None, group: str) -> Declared | None:
    match = _NAME.match(text)
    if match is None:
        return None
    rest = re.sub(r"^\s*\[[^\]]*\]", "", text[match.end() :]).partition(";")[0].strip()
    if rest and not re.match(r"[<>=!~^*]", rest):
        return None
    return Declared(normalised(match[1]), text, line, rest, bound_of(rest), group=group)
