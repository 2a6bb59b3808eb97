"""The flows detector: which flows of data a change opens, moves, keeps and closes, by the zones of its base.

No comment in the code silences it: who may send the data elsewhere is said in ``zones.yaml``, by its owner.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from riskbot.detect.flows import PATH
from riskbot.domain.change import Change
from riskbot.domain.finding import Detection

if TYPE_CHECKING:
    from riskbot.outside.git import Git


def concerns(change: Change) -> bool:
    """Tell whether there is anything to look for: zones at the base, or an edit of them. Costs nothing."""
    return change.charter.text(PATH) is not None or any(
        PATH in {file.old_path, file.new_path} for file in change.files
    )


@dataclass(frozen=True)
class FlowsDetector:
    """Looks for flows in the base's whole tree and in the head's.

    ``git`` is the change's repository; without one only the change's own files are known, which is told.
    ``seconds`` bounds the whole run: what was not analysed by then is an Omission. ``cache`` overrides the
    folder in which results are kept between runs. ``semgrep``: the compiled zones are run on the change's
    Python, too, beside the engine.
    """

    git: Git | None = None
    seconds: float = 120.0
    cache: Path | None = None
    semgrep: bool = False
    name: str = field(default="flows", init=False)

    def run(self, change: Change) -> Detection:
        """Compare both trees. Raises ConfigError where the base's zones cannot be read."""
        if not concerns(change):
            return Detection()
        from riskbot.detect.flows.review import review

        return review(change, self.git, self.seconds, self.cache, semgrep=self.semgrep)
