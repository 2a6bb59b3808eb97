"""Builds the tools of the road: the only place that constructs; heavy imports happen here, late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskbot.outside import bundled

DIRECTORY = ".riskbot/directory.json"

if TYPE_CHECKING:
    from riskbot.assess import LinearModel, Scale
    from riskbot.detect.detector import Detector
    from riskbot.domain.change import Charter
    from riskbot.facts.document import Directory, Text
    from riskbot.gather.limits import Limits
    from riskbot.judge.language.declarations import Include
    from riskbot.judge.language.policy import Policy
    from riskbot.outside.git import Git
    from riskbot.pipeline import Standards, Tools
    from riskbot.settings import Settings


def limits(settings: Settings) -> Limits:
    """Say how much of a change is read."""
    from riskbot.gather.limits import Limits

    return Limits(max_file_bytes=settings.max_file_bytes, max_total_bytes=settings.max_total_bytes)


def build(settings: Settings, charter: Charter, git: Git | None = None) -> Tools:
    """Construct detectors, model, scale and policy as the settings and the base's charter say.

    ``git`` is the change's own repository, None for a bare diff. The standards raise ConfigError for a
    policy that is wrong and EvaluationError for a damaged model or installation, when they are asked for.
    """
    from riskbot.pipeline import Tools

    return Tools(detectors(settings), settings.detector_seconds, lambda: standards(settings, charter, git))


def standards(settings: Settings, charter: Charter, git: Git | None = None) -> Standards:
    """Construct what a change is measured and judged by."""
    from datetime import UTC, datetime

    from riskbot.assess import LinearModel
    from riskbot.judge.owners.reading import read as read_owners
    from riskbot.pipeline import Standards

    model = LinearModel.load(bundled.folder("models") / "metrics")
    measure = scale(settings, model)
    if settings.percentile_reference == "repository" and git is not None and charter.revision is not None:
        from riskbot.reference import own_scores

        measure = measure.against(own_scores(git, charter.revision, model))
    chosen = policy(settings, charter)
    texts = _texts(chosen, charter, git)
    rosters = read_owners(texts, chosen.rules.owners.format, chosen.rosters)
    return Standards(model, measure, chosen, rosters, texts, _directory(charter), datetime.now(UTC))


def _texts(policy: Policy, charter: Charter, git: Git | None) -> tuple[Text, ...]:
    """Read the owners files that the policy needs, at the base."""
    if git is None or charter.revision is None or not policy.asks_people:
        return ()
    from riskbot.gather.governing import owners_texts

    return owners_texts(git, charter.revision, policy.rules.owners.format, policy.rosters)


def _directory(charter: Charter) -> Directory | None:
    """Read who is who, where the team has written it down: there is no forge to ask."""
    data = charter.text(DIRECTORY)
    if data is None:
        return None
    from riskbot.facts import read_directory

    return read_directory(data, DIRECTORY)


def detectors(settings: Settings) -> tuple[Detector, ...]:
    """List every detector; the slowest first, so that it starts first. Adding one is adding a line."""
    from riskbot.detect.charter import CharterDetector
    from riskbot.detect.semgrep import SemgrepDetector
    from riskbot.detect.structure import StructureDetector
    from riskbot.detect.text import TextDetector

    return (
        SemgrepDetector(bundled.folder("rules"), seconds=settings.semgrep_seconds),
        StructureDetector(),
        TextDetector(),
        CharterDetector(),
    )


def scale(settings: Settings, model: LinearModel) -> Scale:
    """Construct the scale that turns the model's probability into percentile, band and gates."""
    from riskbot.assess import Bands, Mode, Scale

    bands, gates = settings.bands, settings.gates
    return Scale.of(
        model,
        bands=Bands(bands.weekend, bands.yellow, bands.red),
        modes=(Mode("weekend", gates.weekend), Mode("yellow", gates.yellow), Mode("red", gates.red)),
        incomplete=settings.unanalysed_band,
    )


def policy(settings: Settings, charter: Charter) -> Policy:
    """Load the policy that the settings name: a path under ``.riskbot/`` at the base, else a shipped one."""
    from riskbot.domain.errors import ConfigError
    from riskbot.judge.language.policy import from_charter, load

    if "/" in settings.policy:
        return from_charter(charter, settings.policy, shipped_policy)
    path = bundled.folder("policies") / f"{settings.policy}.yml"
    if not path.is_file():
        shipped = sorted(one.stem for one in path.parent.glob("*.yml") if not one.stem.endswith(".cases"))
        raise ConfigError(
            f"There is no shipped policy {settings.policy!r}.",
            file="policy",
            mend=f"Shipped are: {', '.join(shipped)}. One of your own is named by its path under .riskbot/.",
        )
    return load(path.read_bytes(), file=f"policies/{path.name}", source=f"shipped with riskbot: {path.name}")


def shipped_policy(include: Include) -> bytes | None:
    """Find the text of an included policy that ships with riskbot: ``repository: riskbot, ref: shipped``."""
    if (include.repository, include.ref) != ("riskbot", "shipped"):
        return None
    path = bundled.folder("policies") / include.path.removeprefix("policies/")
    known = {one for one in bundled.folder("policies").glob("*.yml") if not one.stem.endswith(".cases")}
    return path.read_bytes() if path in known else None
