"""The engine on small programs: what leaks is found, what does not is left alone, and nothing brings it down."""

import textwrap
import time

import pytest

from riskbot.detect.flows.engine import analyse
from riskbot.domain.change import OmissionKind
from riskbot.domain.zones import Mode, Reclassifier, Sink, Sources, Zone, Zones
from tests.detect.flows.constructs import CASES, FILES

SINKS = (
    Sink("log", calls=("log.$M", "logging.$M", "print")),
    Sink(
        "egress",
        calls=("requests.post", "httpx.post", "aiohttp.post"),
        allow_literal_prefix=("https://psp.example/",),
    ),
    Sink("response", return_of_decorated=("$APP.get", "$APP.post")),
    Sink("exception", raises=True),
)
PAYMENTS = Zone(
    "payments",
    "user.financial.credit_card",
    Mode.ENFORCE,
    Sources(
        calls=("vault.get_card",),
        attributes=("card_number",),
        keys=("card_number",),
        parameters=("card_no",),
        decorators=("vault.card_data",),
        types=("CardNumber",),
    ),
    SINKS,
    (Reclassifier("masking.mask_pan"),),
)
HEAD = "import vault\nimport logging\nfrom masking import mask_pan\nlog = logging.getLogger(__name__)\n"


class Texts:
    """A tree of texts."""

    def __init__(self, texts):
        self.texts = {
            path: text if isinstance(text, bytes) else text.encode() for path, text in texts.items()
        }

    def paths(self):
        return sorted(self.texts)

    def read(self, path):
        return self.texts.get(path)

    def digest(self, path):
        return str(hash(self.texts[path]))


def found(texts, zones=None, **options):
    return analyse(Texts(texts), zones or Zones((PAYMENTS,)), **options)


def differences(texts):
    flows = {(flow.file, flow.line) for flow in found(texts).flows}
    wrong = []
    for path, text in texts.items():
        for number, line in enumerate(text.split("\n"), 1):
            if ("# leak" in line) != ((path, number) in flows):
                wrong.append(f"{'missed' if '# leak' in line else 'false'} {path}:{number} {line.strip()}")
    return wrong


@pytest.mark.parametrize("name", CASES)
def test_a_construct(name):
    assert differences({"app.py": HEAD + textwrap.dedent(CASES[name])}) == []


@pytest.mark.parametrize("name", FILES)
def test_across_files(name):
    assert differences({path: textwrap.dedent(text) for path, text in FILES[name].items()}) == []
