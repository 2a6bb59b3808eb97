"""The two detectors of dependencies. What they work with is imported where there is something to look at."""

from __future__ import annotations

from dataclasses import dataclass

from riskbot.domain.change import Change
from riskbot.domain.finding import Detection


@dataclass(frozen=True)
class ImportsDetector:
    """Looks up every import that is new in the change; see docs/dependencies.md for how."""

    name: str = "imports"

    def run(self, change: Change) -> Detection:
        """Resolve the new imports in the head's tree; without a tree they are an omission."""
        if not any(file.is_python for file in change.files):
            return Detection()
        from riskbot.detect.dependencies.unprovided import look

        return look(change)


@dataclass(frozen=True)
class DependenciesDetector:
    """Compares every manifest and lock file of the change; see docs/dependencies.md for what is told."""

    name: str = "dependencies"

    def run(self, change: Change) -> Detection:
        """Read both sides and tell what is new, looser, or from elsewhere."""
        from riskbot.domain.manifests import governs_install

        paths = {path for file in change.files for path in (file.new_path, file.old_path) if path}
        if not any(governs_install(path) for path in paths):
            return Detection()
        from riskbot.detect.dependencies.changes import look

        return look(change)
