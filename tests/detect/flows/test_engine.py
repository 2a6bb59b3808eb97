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
CONTACT = Zone("contact", "user.contact.email", Mode.LOG, Sources(columns=("User.email",)), SINKS[:1])
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
    return analyse(Texts(texts), zones or Zones((PAYMENTS, CONTACT)), **options)


def differences(texts):
    analysis = found(texts)
    flows = {(flow.file, flow.line) for flow in analysis.flows}
    wrong = [str(problem) for problem in analysis.problems]
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


LEAK = "import vault\nprint(vault.get_card())\n"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"def f(:\n", OmissionKind.UNPARSABLE),
        (b"# coding: utf-8\nx = '\xff'\nvault.get_card()\n", OmissionKind.UNPARSABLE),
        (b"# \xe9 in a comment\nvault.get_card()\n", OmissionKind.UNPARSABLE),
        (b"# coding: no-such-thing\nx = 1\n", OmissionKind.UNPARSABLE),
        (b"x = 1\0\n", OmissionKind.UNPARSABLE),
        (b"print(vault.get_card(" + b"(" * 5000 + b")" * 5000 + b"))\n", OmissionKind.UNPARSABLE),
        (b"x = [" + b"'vault.get_card()', " * 100_000 + b"]\n", OmissionKind.TOO_LARGE),
    ],
)
def test_a_file_that_cannot_be_read_is_an_omission(content, kind):
    analysis = found({"bad.py": content, "good.py": LEAK})
    assert [(one.path, one.kind) for one in analysis.problems] == [("bad.py", kind)]
    assert [flow.file for flow in analysis.flows] == ["good.py"]


def test_a_source_encoding_is_honoured():
    text = "# coding: latin-1\nimport vault\nname = 'é'\nprint(vault.get_card())\n"
    assert [flow.line for flow in found({"app.py": text.encode("latin-1")}).flows] == [4]


@pytest.mark.parametrize(
    "text",
    [
        "x = vault.get_card()\ny = " + " + ".join(["x"] * 4000) + "\nprint(y)\n",
        "x = vault.get_card()\n" + "if x:\n    x = x.strip()\n" * 2000 + "print(x)\n",
        "x = vault.get_card()\n"
        + "".join(f"{'    ' * depth}for i{depth} in x:\n" for depth in range(18))
        + " " * 72
        + "x = x + 1\nprint(x)\n",
        "def f(a):\n    return f(g(f(a)))\ndef g(a):\n    return f(g(g(a)))\nprint(f(vault.get_card()) or vault.get_card())\n",
        "".join(f"def f{n}(a):\n    return f{n + 1}(a) + f{n + 1}([a])\n" for n in range(60))
        + "def f60(a):\n    return a\nprint(f0(vault.get_card()))\n",
        "class A(A): pass\nclass B(C): pass\nclass C(B): pass\nprint(vault.get_card(A(), B()))\n",
        "a = b = []\na.append(b)\nb.append(vault.get_card())\nprint(a)\n",
        "def d(f):\n    return d(d(f))\n@d\ndef g(x):\n    return g(x)\nprint(vault.get_card())\n",
        "from app import *\nfrom app import x as y\nx = y\nprint(vault.get_card())\n",
        "x = vault.get_card()\nx.a = x\nx[0] = x\nprint(x.a.a.a[0][0])\n",
    ],
)
def test_the_work_is_bounded(text):
    started = time.process_time()
    analysis = found({"app.py": "import vault\n" + text})
    assert analysis.flows or analysis.problems
    assert time.process_time() - started < 20


def test_a_deadline_that_has_passed_is_told_of_every_file():
    analysis = found({"a.py": LEAK, "b.py": LEAK, "c.py": "x = 1\n"}, deadline=time.monotonic() - 1)
    assert [(one.path, one.kind) for one in analysis.problems] == [
        ("a.py", OmissionKind.TIMEOUT),
        ("b.py", OmissionKind.TIMEOUT),
    ]
