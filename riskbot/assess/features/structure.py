"""Structure: what the syntax trees of the Python files say, before against after."""

from __future__ import annotations

from collections import Counter

from riskbot.domain.change import Change
from riskbot.domain.finding import Detection, FileShape, Severity

DETECTOR = "structure"
_RULES = {
    "checks": (
        ("check-removed check-loosened call-unguarded assert-removed raise-removed auth-removed auth-opened"),
        "checks removed or loosened",
    ),
    "errors": (
        (
            "exception-broadened exception-swallowed exception-absorbed exception-suppressed"
            " exception-cause-dropped"
        ),
        "error handling that hides more",
    ),
    "interface": (
        (
            "public-api-removed public-renamed signature-breaking async-changed binding-changed"
            " bases-changed default-changed export-removed module-renamed"
        ),
        "breaks of an interface",
    ),
    "compatible": ("signature-changed", "public signatures extended"),
    "effects": (
        (
            "new-dynamic-code new-deserialization new-subprocess new-network new-file-io"
            " new-crypto new-concurrency new-reflection new-global-state"
        ),
        "new effects on the world",
    ),
    "limits": (
        ("constant-changed limit-changed timeout-removed tls-verify-disabled"),
        "constants and limits changed",
    ),
    "tests": ("test-removed test-skipped assertions-removed", "tests removed or weakened"),
    "untested": ("code-without-test", "code changed without a test"),
    "complex": (
        ("complexity-increased nesting-increased mutable-default"),
        "functions that became hard to follow",
    ),
    "migrations": (
        ("migration-operation migration-destructive migration-raw migration-not-null"),
        "database migrations",
    ),
    "dependency": ("new-dependency", "new third-party imports"),
}
_OF = {f"structure.{rule}": name for name, (rules, _) in _RULES.items() for rule in rules.split()}

TITLES: dict[str, str] = {
    "defs_added": "functions and classes added",
    "defs_removed": "functions and classes removed",
    "defs_changed": "functions and classes changed",
    "defs_moved": "functions and classes moved",
    "defs_cosmetic": "functions and classes changed in looks alone",
    "complexity_delta": "paths through the code added",
    "complexity_touched": "paths through the changed functions",
    "complexity_most": "paths through the hardest changed function",
    "asserts_delta": "assertions added",
    **{f"found_{name}": title for name, (_, title) in _RULES.items()},
    "found_serious": "structural findings of medium severity or more",
}


def measure(change: Change, detection: Detection | None) -> dict[str, float | None]:
    """Give the family's numbers; None where no Python file could be read, or nobody looked."""
    del change
    shapes = () if detection is None else detection.shapes
    if detection is None or not shapes or any(failed.step == DETECTOR for failed in detection.failures):
        return dict.fromkeys(TITLES)
    found = [finding for finding in detection.findings if finding.detector == DETECTOR]
    families = Counter(_OF.get(finding.rule, "") for finding in found)
    return {
        **_shapes(shapes),
        **{f"found_{name}": families[name] for name in _RULES},
        "found_serious": sum(finding.severity >= Severity.MEDIUM for finding in found),
    }


def _shapes(shapes: tuple[FileShape, ...]) -> dict[str, float | None]:
    return {
        "defs_added": sum(shape.added for shape in shapes),
        "defs_removed": sum(shape.removed for shape in shapes),
        "defs_changed": sum(shape.changed for shape in shapes),
        "defs_moved": sum(shape.moved for shape in shapes),
        "defs_cosmetic": sum(shape.cosmetic for shape in shapes),
        "complexity_delta": sum(shape.complexity for shape in shapes),
        "complexity_touched": sum(shape.touched for shape in shapes),
        "complexity_most": max(shape.hardest for shape in shapes),
        "asserts_delta": sum(shape.asserts for shape in shapes),
    }
