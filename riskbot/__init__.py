"""riskbot scores the risk of a change and keeps the rules of its review.

One road, four nouns, five verbs::

    gather -> Change    detect -> Finding    assess -> Assessment    judge -> Verdict    report -> words

Every door (command line, hook, Action, service) passes through :func:`riskbot.pipeline.review`.
The names below are imported when they are first asked for, so that importing riskbot costs nothing.
"""

TYPE_CHECKING = False  # type checkers know the name; importing typing would cost 7 ms at every start

__version__ = "0.1.0"

_FACE = {
    "Assessment": "riskbot.domain.assessment",
    "Change": "riskbot.domain.change",
    "Finding": "riskbot.domain.finding",
    "RiskbotError": "riskbot.domain.errors",
    "Verdict": "riskbot.domain.verdict",
    "review": "riskbot.pipeline",
}

if TYPE_CHECKING:
    from riskbot.domain.assessment import Assessment
    from riskbot.domain.change import Change
    from riskbot.domain.errors import RiskbotError
    from riskbot.domain.finding import Finding
    from riskbot.domain.verdict import Verdict
    from riskbot.pipeline import review

__all__ = ["Assessment", "Change", "Finding", "RiskbotError", "Verdict", "review"]


def __getattr__(name: str) -> object:
    """Import a name of the face on first use (PEP 562)."""
    if name not in _FACE:
        raise AttributeError(f"module 'riskbot' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_FACE[name]), name)
