"""The risk model: boosted trees over the features, plus what a text model makes of the changed lines.

::

    logit = intercept + trees(features) + weight * (text - center)
    text  = log mean exp of the chunks' scores

The calibration is folded into these numbers. Each feature's contribution is the trees' own (see
:mod:`riskbot.assess.trees`), so the factors add up to the logit.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from riskbot.assess import features, hunks
from riskbot.assess.blend import reference_of
from riskbot.assess.chunks import chunks
from riskbot.assess.classifier import Classifier
from riskbot.assess.features import words
from riskbot.assess.features.less import Sizes
from riskbot.assess.manifest import MEND, Manifest, sound
from riskbot.assess.model import Reading, Scored, by_weight, pooled
from riskbot.assess.trees import Trees
from riskbot.domain.assessment import Factor, HunkRisk, ModelId
from riskbot.domain.change import Change
from riskbot.domain.errors import EvaluationError
from riskbot.domain.finding import Detection

BLEND = "blend.json"
CALIBRATION = "calibration.json"
TEXT = "text"
_OUTLINE = ("ns", "nd", "nf", "entropy", "la", "ld", "lt", "age")
"""What is worked out anew without a hunk, beside the families of sizes and words."""
_COUNTED = 5_000
"""In a change of more lines the words are not counted anew for each hunk."""
_FAMILY = {name: family for family, names in features.FAMILIES.items() for name in names}
_TEXT_TITLE = "what the changed lines read like"
_UNKNOWN = "not known; the model has learnt what that usually means"
_OFF = "left out: the setting author_features is off"
_BLIND = "what is known of the author is left out: the setting author_features is off"
_UNREAD = "there is no changed line to read; the training average stands in for it"


@dataclass(frozen=True, slots=True)
class TextPart:
    """How the text model's score enters: ``weight * (score - center)``, in logits."""

    weight: float
    center: float

    def contribution(self, score: float | None) -> float:
        """Give its part of the logit; 0 where nothing was read, as the training average gives."""
        return 0.0 if score is None else self.weight * (score - self.center)


@dataclass(frozen=True)
class RiskModel:
    """The loaded model. ``author_features`` False: what is known of the author counts as unknown."""

    id: ModelId
    reference: tuple[float, ...]
    intercept: float
    trees: Trees
    text: TextPart
    classifier: Classifier
    author_features: bool = True

    @classmethod
    def load(cls, folder: Path, *, author_features: bool = True, threads: int = 1) -> Self:
        """Read a model from its folder: every file's hash first, then its content, then whether they agree.

        ``threads`` share the text model's work. Raises EvaluationError, naming the file, where one is
        missing, changed, damaged or made for other features than this riskbot measures.
        """
        manifest = Manifest.open(folder)
        told = {name: manifest.read(name) for name in (BLEND, CALIBRATION)}
        with sound(folder):
            blend = json.loads(told[BLEND])
            trees = Trees.parse(blend)
            intercept, weight, center = (
                _finite(number)
                for number in (blend["intercept"], blend["text"]["weight"], blend["text"]["center"])
            )
            reference = reference_of(json.loads(told[CALIBRATION]), folder)
        _measured(manifest, trees)
        classifier = Classifier.of(manifest, threads=threads)
        if classifier.schema != manifest.schema_text:
            raise EvaluationError(
                f"The text model in {folder} was made for other features than its manifest names.", mend=MEND
            )
        note = "" if author_features else _BLIND
        identity = ModelId(manifest.name, manifest.sha256, manifest.reference, note)
        return cls(
            identity, reference, intercept, trees, TextPart(weight, center), classifier, author_features
        )

    @property
    def compares(self) -> bool:
        """Whether the trees ask for anything that comparing syntax trees tells."""
        return not set(features.FAMILIES["structure"]).isdisjoint(self.trees.features)

    def read(self, change: Change) -> Reading:
        """Give each chunk of the change its score."""
        found = chunks(change)
        return Reading(found, tuple(self.classifier.scores((chunk.first, chunk.second) for chunk in found)))

    def values(self, change: Change, detection: Detection) -> dict[str, float | None]:
        """Measure what the trees ask for."""
        found = features.numbers(change, detection)
        if not self.author_features:
            found |= dict.fromkeys(features.PEOPLE)
        return {name: found[name] for name in self.trees.features}

    def logit_of(self, change: Change, detection: Detection, reading: Reading | None = None) -> float:
        """Score a change, in logits, without the reasons."""
        reading = self.read(change) if reading is None else reading
        text = self.text.contribution(reading.score)
        return self._checked((self.intercept, self.trees.logit(self.values(change, detection)), text))

    def score(self, change: Change, detection: Detection, reading: Reading | None = None) -> Scored:
        """Score a change, and say why: a factor for each feature that moves it and one for the text."""
        reading = self.read(change) if reading is None else reading
        values = self.values(change, detection)
        factors = by_weight([*self._features(values), self._text(change, reading)])
        intercept = math.fsum((self.intercept, self.trees.base))
        logit = self._checked((intercept, *(factor.contribution for factor in factors)))
        return Scored(logit, intercept, factors, self._hunks(change, values, reading))

    def _checked(self, parts: tuple[float, ...]) -> float:
        logit = math.fsum(parts)
        if not math.isfinite(logit):
            raise EvaluationError(f"The model {self.id.name} gives this change no score.", mend=MEND)
        return logit

    def _features(self, values: Mapping[str, float | None]) -> list[Factor]:
        named = features.TITLES
        return [
            Factor(name, named[name], values[name], part, self._note(name, values[name]), _FAMILY[name])
            for name, part in self.trees.contributions(values).items()
            if part
        ]

    def _note(self, name: str, value: float | None) -> str:
        if value is not None:
            return ""
        return _OFF if not self.author_features and name in features.PEOPLE else _UNKNOWN

    def _text(self, change: Change, reading: Reading) -> Factor:
        score = reading.score
        read = len({(chunk.file, chunk.hunk) for chunk in reading.chunks})
        whole = sum(len(file.hunks) for file in change.files)
        note = (
            _UNREAD
            if score is None
            else ""
            if read >= whole
            else f"{read} of {whole:,} changed places were read"
        )
        return Factor(TEXT, _TEXT_TITLE, score, self.text.contribution(score), note, TEXT)

    def _hunks(
        self, change: Change, values: Mapping[str, float | None], reading: Reading
    ) -> tuple[HunkRisk, ...]:
        """Leave out each hunk: its chunks from the text, its lines and its file from sizes and words.

        Sizes come from running sums. Words are counted anew for the few hunks whose text was read, unless the
        change is so large that this would take long.
        """
        small = sum(map(features.churn, change.files)) <= _COUNTED
        texts = self._text_parts(reading)
        moving = self.trees.moving(values)
        ranked = []
        sizes = Sizes(change)
        for left in hunks.left_out(change, features.measure(change)):
            text = texts.get((left.file, left.hunk))
            less = {name: features.FEATURES[name].of(left.metrics) for name in _OUTLINE}
            less |= sizes.without(left.file, left.hunk, left.metrics.lt)
            if small and text is not None:
                less |= words.measure(hunks.without(change, left.file, left.hunk))
            score = moving.fall(less) + (text or 0.0)
            ranked.append(left.risk(change, score, text))
        return hunks.ordered(ranked)

    def _text_parts(self, reading: Reading) -> dict[tuple[int, int], float]:
        """Say for each hunk that was read how far the text's contribution falls without it."""
        whole = self.text.contribution(reading.score)
        places = [(chunk.file, chunk.hunk) for chunk in reading.chunks]
        found = {}
        for place in dict.fromkeys(places):
            rest = (score for at, score in zip(places, reading.scores, strict=True) if at != place)
            found[place] = whole - self.text.contribution(pooled(rest))
        return found


def _finite(told: Any) -> float:
    number = float(told)
    if isinstance(told, (str, bool)) or not math.isfinite(number):
        raise ValueError(f"{told!r:.80} is no number of a model")
    return number


def _measured(manifest: Manifest, trees: Trees) -> None:
    """Refuse a model that asks for what this code does not measure, or in another meaning."""
    strange = [name for name in trees.features if name not in features.TITLES]
    if manifest.schema != features.CATALOGUE_VERSION or trees.features != manifest.features or strange:
        raise EvaluationError(
            f"The model in {manifest.folder} was fitted on features of version {manifest.schema}"
            + (f" ({', '.join(strange[:5])} among them)" if strange else "")
            + f"; this riskbot measures version {features.CATALOGUE_VERSION}.",
            mend=MEND,
        )
