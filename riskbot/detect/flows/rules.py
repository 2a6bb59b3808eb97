"""What the flows detector may say of flows. What it says of a change to zones.yaml stands in ``changes``."""

from __future__ import annotations

from riskbot.domain.finding import Category, Confidence, Rule, Severity

_CWE = ("CWE-359: Exposure of Private Personal Information to an Unauthorized Actor",)
_REFERENCES = (
    "https://engineering.fb.com/2024/08/27/security/privacy-aware-infrastructure-purpose-limitation-meta/",
)

OPENED = Rule(
    "zone-flow",
    "Data of a policy zone reaches a place that does not accept it",
    "The zone promises that its data goes nowhere else. Keep the data away from there; or let a registered"
    " reclassifier mask it first; or, if the place may have it, let the zone's owner say so in"
    " .riskbot/zones.yaml, in a change of its own.",
    Severity.HIGH,
    Confidence.MEDIUM,
    Category.PRIVACY,
    _CWE,
    _REFERENCES,
)
CLOSED = Rule(
    "zone-flow-closed",
    "Data of a policy zone no longer reaches a place that does not accept it",
    "Nothing to mend: the base had this flow and the change takes it away.",
    Severity.INFO,
    Confidence.MEDIUM,
    Category.PRIVACY,
)
PREVIEW = Rule(
    "zone-flow-preview",
    "Under the new zones.yaml this flow will be found",
    "The change is still judged by the base's zones. Once it is merged, this flow counts as existing: mend it"
    " soon, since changes around it will be held where the zone's mode is enforce.",
    Severity.INFO,
    Confidence.MEDIUM,
    Category.PRIVACY,
)
UNREAD = Rule(
    "zone-files-unread",
    "Files that the change leaves alone could not be read for flows",
    "Flows through them are not known, neither before nor after the change. Mend the files, or leave them out"
    " by `exclude` in .riskbot/zones.yaml.",
    Severity.INFO,
    Confidence.HIGH,
    Category.PRIVACY,
)
RULES = (OPENED, CLOSED, PREVIEW, UNREAD)
