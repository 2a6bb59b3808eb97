"""Builds the tools of the road: the only place that constructs; heavy imports happen here, late."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from riskbot.outside import bundled

DIRECTORY = ".riskbot/directory.json"
SIGNATURES = ".riskbot/signatures.toml"
RISK = "risk"
METRICS = "metrics"
"""The small model's name: it stands in where there is no text to read."""

if TYPE_CHECKING:
    from datetime import datetime

    from riskbot.assess import LinearModel, Model, Scale, Speaker
    from riskbot.detect.adjust import Adjustments
    from riskbot.detect.authorship.style import Style
    from riskbot.detect.detector import Detector
    from riskbot.detect.rules import Pack
    from riskbot.domain.change import Change, Charter
    from riskbot.facts.document import Directory, RecentAuthor, Text
    from riskbot.facts.local import Known
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


def build(
    settings: Settings, change: Change, git: Git | None = None, *, now: datetime | None = None
) -> Tools:
    """Construct detectors, model, scale and policy as the settings and the base's charter say.

    ``git`` is the change's own repository, None for a bare diff; ``now`` the time to judge at, the clock's
    where none is given. Raises ConfigError for the base's own signatures and zones where they are wrong; the
    standards raise it for a policy that is wrong, and EvaluationError for a damaged model or installation,
    when they are asked for.
    """
    from riskbot.pipeline import Tools

    if change.charter.text(SIGNATURES) is not None:
        from riskbot.detect.authorship import catalogue

        catalogue.load(change.charter)  # in a detector's process the error would be a failure among others
    pack = own_rules(settings, change.charter, git)
    adjustments = adjustments_of(change.charter, pack)
    return Tools(
        (*_flows(settings, change, git), *detectors(settings, pack)),
        settings.detector_seconds,
        lambda: replace(standards(settings, change, git, now=now), adjustments=adjustments),
    )


def own_rules(settings: Settings, charter: Charter, git: Git | None) -> Pack | None:
    """Put the repository's own rules at the base to the shipped ones; None where it has none.

    Without a repository there is no base to read them at.
    """
    texts: list[tuple[str, bytes]] = []
    for path in settings.rules:
        texts += [one for one in charter.texts if one[0] == path or one[0].startswith(f"{path}/")]
    if charter.revision is not None and git is not None and settings.rules != type(settings)().rules:
        from riskbot.gather.rules import rule_texts

        texts += rule_texts(git, charter.revision, settings.rules)
    if not texts:
        return None
    from riskbot.detect.rules import is_rule, load, load_own
    from riskbot.detect.rules.tables import tables

    shipped = load(bundled.folder("rules"))
    named = set(settings.rules)
    own = [one for one in dict(texts).items() if one[0] in named or is_rule(one[0])]
    return shipped.joined(load_own(own, frozenset(shipped.rules) | frozenset(tables()))) if own else None


def adjustments_of(charter: Charter, pack: Pack | None) -> Adjustments:
    """Read what the base says of single rules; ``pack`` are all rules of packs where they were loaded."""
    from riskbot.detect.adjust import FILE, NOTHING

    data = charter.text(FILE)
    if data is None:
        return NOTHING
    from riskbot.detect.rules import load
    from riskbot.detect.rules.adjustments import read
    from riskbot.detect.rules.tables import tables

    rules = pack or load(bundled.folder("rules"))
    return read(data, frozenset(rules.rules) | frozenset(tables()))


def standards(
    settings: Settings, change: Change, git: Git | None = None, *, now: datetime | None = None
) -> Standards:
    """Construct what a change is measured and judged by."""
    from datetime import UTC, datetime

    from riskbot.judge.owners.reading import read as read_owners
    from riskbot.pipeline import Standards

    charter = change.charter
    speaker, fallback = scorers(settings)
    speaker = _compared(speaker, settings, change, git)
    chosen = policy(settings, charter)
    known = _known(chosen, settings.policy, change, git)
    rosters = read_owners(known.texts, chosen.rules.owners.format, chosen.rosters)
    return Standards(*speaker, chosen, rosters, known, datetime.now(UTC) if now is None else now, fallback)


def _compared(speaker: Speaker, settings: Settings, change: Change, git: Git | None) -> Speaker:
    """Let percentiles compare with the repository's own past, where the settings ask for that."""
    revision = change.charter.revision
    if settings.percentile_reference != "repository" or git is None or revision is None:
        return speaker
    from functools import partial

    from riskbot.reference import own_scores

    model, measure = speaker
    return model, measure.against(own_scores(git, revision, model, partial(scorers, settings)))


def _known(policy: Policy, named: str, change: Change, git: Git | None) -> Known:
    """Read what the policy needs to know of people; nothing that costs time where it asks for none."""
    from riskbot.facts.local import Known

    governing, directory = _governing(change.charter, named), _directory(change.charter)
    if git is None or not policy.asks_people:
        return Known(governing, directory)
    from riskbot.gather import makers

    return Known(
        _together(_owners_texts(policy, change.charter, git), governing),
        directory,
        makers.redone(git, change.commits),
        {} if directory is None else _recent(directory, change, git),
    )


def _governing(charter: Charter, policy: str) -> tuple[Text, ...]:
    """Write down the policy and the directory, where the base has its own."""
    from riskbot.facts.document import Text
    from riskbot.facts.paths import encode

    found = []
    for path in sorted({policy, DIRECTORY}):
        data = charter.text(path)
        if data is not None:
            try:
                text = data.decode("utf-8")
            except UnicodeDecodeError:
                text = None
            found.append(Text(path=encode(path), text=text, size=len(data)))
    return tuple(found)


def _together(texts: tuple[Text, ...], more: tuple[Text, ...]) -> tuple[Text, ...]:
    """Add the texts whose paths are not there yet."""
    paths = {text.path for text in texts}
    return (*texts, *(text for text in more if text.path not in paths))


def _owners_texts(policy: Policy, charter: Charter, git: Git) -> tuple[Text, ...]:
    """Read the owners files and rosters that the policy needs, at the base."""
    if charter.revision is None:
        return ()
    from riskbot.gather.governing import owners_texts

    return owners_texts(git, charter.revision, policy.rules.owners.format, policy.rosters)


def _recent(directory: Directory, change: Change, git: Git) -> dict[str, tuple[RecentAuthor, ...]]:
    """Say who lately wrote the touched lines, as far as the directory knows the addresses."""
    if change.base is None:
        return {}
    from riskbot.facts import document
    from riskbot.facts.plain import time
    from riskbot.gather import makers
    from riskbot.judge.people import directory as people

    accounts = document.Facts(
        schema=document.SCHEMA, repository="", change=document.Change(), accounts=directory.accounts
    )
    index = people.Directory(accounts, {})
    found = {}
    for path, wrote in makers.recent_authors(git, change.base, change.files).items():
        found[path] = tuple(
            document.RecentAuthor(account=account, lines=one.lines, last_at=time(one.last_at))
            for one in wrote
            if (account := index.by_email(one.email)) is not None
        )
    return found


def _directory(charter: Charter) -> Directory | None:
    """Read who is who, where the team has written it down: there is no forge to ask."""
    data = charter.text(DIRECTORY)
    if data is None:
        return None
    from riskbot.facts import read_directory

    return read_directory(data, DIRECTORY)


def detectors(settings: Settings, pack: Pack | None = None) -> tuple[Detector, ...]:
    """List every detector; the slowest first, so that it starts first. Adding one is adding a line.

    ``pack`` are the rules to run where they are not just the shipped ones.
    """
    from riskbot.detect.authorship.detector import AuthorshipDetector
    from riskbot.detect.charter import CharterDetector
    from riskbot.detect.dependencies.detectors import DependenciesDetector, ImportsDetector
    from riskbot.detect.limits import LimitsDetector
    from riskbot.detect.semgrep import SemgrepDetector
    from riskbot.detect.structure import StructureDetector
    from riskbot.detect.text import TextDetector

    return (
        SemgrepDetector(bundled.folder("rules"), seconds=settings.semgrep_seconds, pack=pack),
        StructureDetector(),
        TextDetector(),
        CharterDetector(settings.rules),
        LimitsDetector(),
        ImportsDetector(),
        DependenciesDetector(),
        AuthorshipDetector(settings.authorship_weak, settings.disclosure_trailer, _style(settings)),
    )


def _flows(settings: Settings, change: Change, git: Git | None) -> tuple[Detector, ...]:
    """Make what looks for flows where there are zones; without any not even a process is started.

    It leaves the others' time a margin, so that what it has by then is told and not lost.
    """
    from riskbot.detect.flows.detector import FlowsDetector, concerns

    if not concerns(change):
        return ()
    from riskbot.detect.flows import PATH
    from riskbot.detect.flows.language import zones

    text = change.charter.text(PATH)
    if text is not None:
        zones.load(text, PATH)  # in a detector's process the error would be a failure among others
    return (FlowsDetector(git, seconds=settings.detector_seconds * 0.8, semgrep=settings.zones_semgrep),)


def _style(settings: Settings) -> Style | None:
    """Load the model of style where the settings ask for it, even though it has not passed its gate."""
    if not settings.authorship_style:
        return None
    from riskbot.detect.authorship import style

    return style.load(experimental=True)


def scorers(settings: Settings) -> tuple[Speaker, Speaker | None]:
    """Construct who speaks, and who speaks where that one finds no text to read."""
    speaker = scorer(settings)
    return speaker, None if speaker[0].id.name == METRICS else metrics_scorer(settings)


def scorer(settings: Settings) -> Speaker:
    """Construct the model that the settings name, and its scale; the small one where that is not there."""
    if settings.model == METRICS:
        return metrics_scorer(settings)
    from riskbot.assess import RiskModel

    folder = bundled.folder("models") / settings.model  # a full path stays as it is
    if settings.model == RISK and not (folder / "manifest.toml").exists():
        small, measure = metrics_scorer(settings)
        note = f"it stands in: the model {settings.model} is not installed"
        return replace(small, id=replace(small.id, note=note)), measure
    model = RiskModel.load(folder, author_features=settings.author_features)
    return model, scale(settings, model)


def metrics_scorer(settings: Settings) -> tuple[LinearModel, Scale]:
    """Construct the small model and its scale."""
    from riskbot.assess import LinearModel

    model = LinearModel.load(bundled.folder("models") / METRICS)
    return model, scale(settings, model)


def scale(settings: Settings, model: Model) -> Scale:
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
