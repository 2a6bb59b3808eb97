"""A small shop with zones, as a real repository, and its changes put before the flows detector."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from riskbot.detect.detector import detect
from riskbot.detect.flows.detector import FlowsDetector
from riskbot.domain.change import Change
from riskbot.domain.finding import Detection, Finding
from riskbot.gather import local
from riskbot.outside.git import Git
from tests.make import make_commit, make_repository

ZONES = """\
version: 1
zones:
  - id: payments
    data_category: user.financial.credit_card
    mode: enforce
    owner: payments
    sources: {calls: [vault.get_card], attributes: [card_number]}
    sinks:
      log: {calls: ["log.$M", "logging.$M", print]}
    reclassifiers:
      - {call: shop.masking.mask_pan, to: x.shop.masked, owner: payments}
"""
LOGGED = ZONES.replace("mode: enforce", "mode: log")
SHOP: dict[str, str | bytes | None] = {
    ".riskbot/zones.yaml": ZONES,
    "shop/__init__.py": "",
    "shop/vault.py": "def get_card(user):\n    return db(user)\n",
    "shop/report.py": "def tell(what):\n    words = f'told: {what}'\n    print(words)\n",
    "shop/masking.py": "def mask_pan(pan):\n    return '*' + pan[-4:]\n",
    "shop/main.py": "from shop.report import tell\n\n\ndef main(user):\n    tell(user.name)\n",
}
OPENED = "from shop import vault\nfrom shop.report import tell\n\n\ndef main(user):\n    tell(vault.get_card(user))\n"
MASKED = (
    "from shop import vault\nfrom shop.masking import mask_pan\nfrom shop.report import tell\n\n\n"
    "def main(user):\n    tell(mask_pan(vault.get_card(user)))\n"
)


@dataclass
class Shop:
    """A repository, and where results are kept between runs."""

    root: Path
    cache: Path

    def commit(self, **files: str | bytes | None) -> None:
        """Commit files; in their names ``__`` stands for a slash, and ``.py`` is added."""
        make_commit(self.root, {name.replace("__", "/") + ".py": text for name, text in files.items()})

    def change(self, spec: str = "HEAD^!") -> Change:
        return local.from_range(Git.open(self.root), spec, local.Limits()).change

    def look(self, spec: str = "HEAD^!", *, seconds: float = 100) -> Detection:
        """Run the detector on a range, here."""
        return FlowsDetector(Git.open(self.root), seconds, self.cache).run(self.change(spec))

    def detect(self, spec: str = "HEAD^!") -> Detection:
        """Run the detector on a range in its cell, as a check does."""
        detector = FlowsDetector(Git.open(self.root), 100, self.cache)
        return detect(self.change(spec), [detector], seconds=120)


def make_shop(folder: Path, files: dict[str, str | bytes | None] | None = None) -> Shop:
    """Make the shop; ``files`` are put over its own."""
    present = {name: text for name, text in (SHOP | (files or {})).items() if text is not None}
    return Shop(make_repository(folder / "shop", present), folder / "cache")


def told(detection: Detection) -> list[tuple[str, str, int | None, bool]]:
    """What the findings say: rule, file, line, and whether the change introduced it."""
    return [(one.rule, one.location.path, one.location.line, one.introduced) for one in detection.findings]


def one(detection: Detection, rule: str = "zone-flow") -> Finding:
    """The only finding of a rule."""
    (found,) = (each for each in detection.findings if each.rule == rule)
    return found
