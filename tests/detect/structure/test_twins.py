"""What a reviewer must hear beside the plain case of each rule, and the innocent edit that looks like it."""

from __future__ import annotations

import textwrap
from typing import NamedTuple

import pytest
from make import make_change

from riskbot.detect.structure import StructureDetector
from riskbot.domain.finding import Severity

CODE, TEST = "pkg/a.py", "tests/test_a.py"


class Twin(NamedTuple):
    """A rule, what happens, and the text before and after; several twins may stand for one rule."""

    rule: str
    what: str
    before: str | None
    after: str | None
    path: str = CODE


def rules(twin: Twin) -> list[str]:
    """The rules above info, as often as they fired."""
    old, new = (None if text is None else textwrap.dedent(text).lstrip("\n") for text in twin[2:4])
    findings = StructureDetector().run(make_change({twin.path: (old, new)})).findings
    return [f.rule.removeprefix("structure.") for f in findings if f.severity is not Severity.INFO]


def of(*groups: list[Twin]) -> pytest.MarkDecorator:
    twins = [twin for group in groups for twin in group]
    return pytest.mark.parametrize("twin", twins, ids=[f"{t.rule}: {t.what}" for t in twins])


def in_test(before: str, after: str) -> tuple[str, str]:
    """Bodies of one test function."""
    head = "import pytest\n\ndef test_f(self):\n"
    return head + textwrap.indent(before, "    ") + "\n", head + textwrap.indent(after, "    ") + "\n"


PLAIN = "import pytest\n\ndef test_f():\n    assert f() == 3\n"
TESTS_HIT = [
    *[
        Twin("test-skipped", text, PLAIN, PLAIN.replace("\n\n", f"\n\n{text}\n", 1), TEST)
        for text in (
            "pytestmark = pytest.mark.skip",
            'pytestmark = pytest.mark.skip(reason="x")',
            'pytestmark = [pytest.mark.skipif(True, reason="x")]',
            'pytest.skip("x", allow_module_level=True)',
        )
    ],
    Twin("test-skipped", "raise SkipTest", *in_test("check()", "raise unittest.SkipTest\ncheck()"), TEST),
    Twin("test-skipped", "return first", *in_test("check()", "return\ncheck()"), TEST),
    Twin(
        "test-skipped",
        "one parameter skipped",
        "@pytest.mark.parametrize('a', [1, 2])\ndef test_f(a):\n    assert f(a)\n",
        "@pytest.mark.parametrize('a', [1, pytest.param(2, marks=pytest.mark.skip)])\n"
        "def test_f(a):\n    assert f(a)\n",
        TEST,
    ),
    Twin(
        "test-skipped",
        "__test__",
        "class TestA:\n    x = 1\n",
        "class TestA:\n    __test__ = False\n    x = 1\n",
        TEST,
    ),
    Twin(
        "test-removed",
        "renamed out of the runner's sight",
        "def test_f():\n    a = 1\n    b = 2\n    assert f(a, b)\n",
        "def off_test_f():\n    a = 1\n    b = 2\n    assert f(a, b)\n",
        TEST,
    ),
    *[
        Twin("assertions-removed", f"{old} to {new}", *in_test(old, new), TEST)
        for old, new in (
            ("assert f() == 3", "assert f() in (3, 4)"),
            ("assert f() == 3", "assert f() is not None"),
            ("assert f() == 3", "assert f() == 3 or True"),
            ("self.assertEqual(f(), 3)", "self.assertTrue(f())"),
            ("with pytest.raises(KeyError):\n    f()", "with pytest.raises(Exception):\n    f()"),
        )
    ],
]
TESTS_MISS = [
    Twin("test-skipped", "mark that skips nothing", PLAIN, PLAIN + "\npytestmark = pytest.mark.slow\n", TEST),
    Twin(
        "test-skipped",
        "skip that moved from the module into a test",
        'import pytest\npytest.importorskip("x")\ndef test_f():\n    assert f()\n',
        'import pytest\ndef test_f():\n    pytest.importorskip("x")\n    assert f()\n',
        TEST,
    ),
    Twin("test-skipped", "return after work", *in_test("check()", "check()\nreturn"), TEST),
    Twin("assertions-removed", "other value", *in_test("assert f() == 3", "assert f() == 4"), TEST),
    Twin("assertions-removed", "stricter", *in_test("assert f() in (3, 4)", "assert f() == 3"), TEST),
    Twin(
        "assertions-removed",
        "written for pytest",
        *in_test("self.assertEqual(f(), 3)\nself.assertIsNone(g())", "assert f() == 3\nassert g() is None"),
        TEST,
    ),
    Twin(
        "test-removed",
        "renamed within sight",
        "def test_f():\n    a = 1\n    b = 2\n    assert f(a, b)\n",
        "def test_g():\n    a = 1\n    b = 2\n    assert f(a, b)\n",
        TEST,
    ),
]


def in_function(before: str, after: str) -> tuple[str, str]:
    """Bodies of one function."""
    head = "import contextlib\n\ndef f(a):\n"
    return head + textwrap.indent(before, "    ") + "\n", head + textwrap.indent(after, "    ") + "\n"


TRY = "try:\n    g()\nexcept {}:\n    {}"
ERRORS_HIT = [
    Twin("exception-swallowed", "except*", *in_function("g()", TRY.format("* Exception", "pass"))),
    Twin("exception-absorbed", "except*", *in_function("g()", TRY.format("* ValueError", "h()"))),
    Twin(
        "exception-broadened",
        "except*",
        *in_function(TRY.format("* KeyError", "h()"), TRY.format("* Exception", "h()")),
    ),
    Twin(
        "exception-swallowed",
        "finally that returns",
        *in_function("g()", "try:\n    g()\nfinally:\n    return 1"),
    ),
    Twin(
        "exception-swallowed",
        "finally that continues",
        *in_function(
            "for b in a:\n    g()", "for b in a:\n    try:\n        g()\n    finally:\n        continue"
        ),
    ),
    Twin(
        "exception-swallowed",
        "no longer raised again",
        *in_function(TRY.format("Exception", "log.error(1); raise"), TRY.format("Exception", "log.error(1)")),
    ),
]
ERRORS_MISS = [
    Twin(
        "exception-broadened",
        "the same type by its old name",
        *in_function(TRY.format("IOError", "h()"), TRY.format("OSError", "h()")),
    ),
    Twin(
        "exception-suppressed",
        "except-pass in other words",
        *in_function(TRY.format("KeyError", "pass"), "with contextlib.suppress(KeyError):\n    g()"),
    ),
    Twin(
        "exception-swallowed",
        "a loop of its own in finally",
        *in_function("g()", "try:\n    g()\nfinally:\n    for b in a:\n        if b: break\n    h()"),
    ),
    Twin(
        "raise-removed",
        "said of the handler",
        *in_function(TRY.format("Exception", "log.error(1); raise"), TRY.format("Exception", "log.error(1)")),
    ),
]


def view(*lines: str) -> str:
    """A view under some decorators."""
    return "".join(f"{line}\n" for line in lines) + "def view(request):\n    return 1\n"


GUARD = 'if a.age < 18:\n    raise ValueError("too young")\n'
CHECKS_HIT = [
    Twin("check-removed", "abort", *in_function("if a.bad:\n    abort(400)\ng(a)", "g(a)")),
    Twin(
        "check-removed",
        "only logs now",
        *in_function(GUARD + "g(a)", "if a.age < 18:\n    log.error(1)\ng(a)"),
    ),
    Twin("check-removed", "validating call", *in_function("validate(a)\ng(a)", "g(a)")),
    Twin(
        "raise-removed", "raise in else", *in_function("if a:\n    g(a)\nelse:\n    raise TypeError", "g(a)")
    ),
    Twin("call-unguarded", "return", *in_function("if a.ok:\n    return g(a)\nreturn None", "return g(a)")),
    Twin("check-loosened", "always true", *in_function("if a.ok:\n    g(a)", "if True:\n    g(a)")),
    Twin(
        "check-loosened",
        "returned condition",
        *in_function("return a > 0 and a < 9", "return a > 0 or a < 9"),
    ),
    Twin("check-loosened", "loop", *in_function("while a < 9:\n    g(a)", "while a <= 9:\n    g(a)")),
    *[
        Twin("auth-removed", mark, view("@route('/')", f"@{mark}"), view("@route('/')"))
        for mark in (
            "user_passes_test(f)",
            "admin_only",
            "auth.login_required",
            "requires_auth",
            "jwt_required()",
        )
    ],
    Twin("auth-removed", "who is asked", *in_function("if not a.is_admin:\n    abort(403)\ng(a)", "g(a)")),
    *[
        Twin(
            "auth-removed",
            before,
            f"class V(View):\n    x = 1\n    {before}\n",
            f"class V(View):\n    x = 1\n{after}",
        )
        for before, after in (
            ("permission_classes = [IsAuthenticated]", "    permission_classes = []\n"),
            ("permission_classes = (IsAdminUser,)", ""),
            ("decorators = [login_required]", ""),
        )
    ],
    Twin("auth-removed", "settings", 'MIDDLEWARE = ["a.CsrfViewMiddleware", "b"]\n', 'MIDDLEWARE = ["b"]\n'),
    Twin(
        "auth-removed",
        "annotated dependency",
        "def view(q, user: Annotated[User, Depends(current_user)]):\n    return 1\n",
        "def view(q, user: User):\n    return 1\n",
    ),
    Twin("auth-removed", "router", "r = Router(dependencies=[Depends(require_admin)])\n", "r = Router()\n"),
]
CHECKS_MISS = [
    Twin(
        "check-removed",
        "moved into a helper under another name of the variable",
        f"def f(a):\n{textwrap.indent(GUARD, '    ')}    g(a)\n",
        f"def _ripe(b):\n{textwrap.indent(GUARD.replace('a.age', 'b.age'), '    ')}def f(a):\n    _ripe(a)\n    g(a)\n",
    ),
    *[
        Twin(
            "check-removed",
            f"{test} turned round",
            *in_function(f"if {test}:\n    return\ng(a)", f"if {other}:\n    g(a)"),
        )
        for test, other in (
            ("not a", "a"),
            ("a is None", "a is not None"),
            ("a != 1", "a == 1"),
            ("a < 1", "a >= 1"),
        )
    ],
    *[
        Twin(
            "assert-removed",
            f"{claim} became a check",
            *in_function(f"assert {claim}", f"if {test}:\n    raise ValueError"),
        )
        for claim, test in (("a > 0", "not a > 0"), ("a is not None", "a is None"))
    ],
    Twin(
        "check-removed",
        "check written out",
        "def _check(a):\n    if a:\n        raise E\ndef f(a):\n    _check(a)\n",
        "def f(a):\n    if a:\n        raise E\n",
    ),
    Twin(
        "call-unguarded",
        "the same either way",
        *in_function("if a:\n    return g(a)\nreturn g(a)", "return g(a)"),
    ),
    Twin("auth-removed", "authors", view("@author_required"), view()),
    Twin(
        "auth-removed",
        "other dependency",
        "def view(db=Depends(get_db)):\n    return 1\n",
        "def view():\n    return 1\n",
    ),
    *[
        Twin(
            rule,
            "dependency written as an annotation",
            "def view(q, user: User = Depends(current_user)):\n    return 1\n",
            "def view(q, user: Annotated[User, Depends(current_user)]):\n    return 1\n",
        )
        for rule in ("auth-removed", "signature-breaking")
    ],
    Twin(
        "auth-removed",
        "said as opened",
        "class V(View):\n    permission_classes = [IsAuthenticated]\n",
        "class V(View):\n    permission_classes = [AllowAny]\n",
    ),
]


def uses(line: str, imports: str = "", head: str = "def f(a):") -> tuple[str, str]:
    """A function that came to do something."""
    return f"{imports}\n{head}\n    return 1\n", f"{imports}\n{head}\n    {line}\n    return 1\n"


REACH_HIT = [
    Twin("new-subprocess", "getattr", *uses('getattr(os, "system")(a)', "import os")),
    Twin("new-subprocess", "handed on", *uses("retry(sp.run, a)", "import subprocess as sp")),
    Twin(
        "new-subprocess",
        "bound as a default",
        *uses("run(a)", "from subprocess import run", "def f(a, run=run):"),
    ),
    Twin("new-concurrency", "task group", *uses("asyncio.TaskGroup()", "import asyncio")),
    Twin("new-deserialization", "numpy", *uses("np.load(a, allow_pickle=True)", "import numpy as np")),
    Twin("tls-verify-disabled", "context", *uses("ssl._create_unverified_context()", "import ssl")),
    Twin("tls-verify-disabled", "argument", *uses("wrap(a, cert_reqs=ssl.CERT_NONE)", "import ssl")),
    Twin(
        "tls-verify-disabled",
        "two lines",
        *uses("a.check_hostname = False\n    a.verify_mode = ssl.CERT_NONE"),
    ),
    Twin(
        "tls-verify-disabled", "default", "def f(verify=True):\n    g()\n", "def f(verify=False):\n    g()\n"
    ),
    Twin(
        "timeout-removed",
        "wait_for",
        *in_function("import asyncio\nasyncio.wait_for(g(), timeout=3)", "import asyncio\ng()"),
    ),
    Twin("timeout-removed", "None", *in_function("g(timeout=3)", "g(timeout=None)")),
    Twin("constant-changed", "list", 'HOSTS = ["a"]\n', 'HOSTS = ["*"]\n'),
]
REACH_MISS = [
    Twin("new-network", "a parameter's name", *uses("requests.pop()", head="def f(requests):")),
    Twin("new-crypto", "a variable's name", *uses("random = a\n    random.shuffle()")),
    Twin("new-deserialization", "numpy's own format", *uses("np.load(a)", "import numpy as np")),
    Twin("tls-verify-disabled", "switched on", *in_function("g(verify=False)", "g(verify=True)")),
    Twin(
        "timeout-removed", "other wait", *in_function("asyncio.wait_for(g(), 3)", "asyncio.wait_for(h(), 3)")
    ),
    Twin("limit-changed", "said as removed", *in_function("g(timeout=3)", "g(timeout=None)")),
    Twin("constant-changed", "the same product", "SIZE = 60 * 60\n", "SIZE = 3600\n"),
]


def record(*lines: str, mark: str = "@dataclass") -> str:
    """A class whose constructor its fields make."""
    return f"{mark}\nclass A:\n" + "".join(f"    {line}\n" for line in lines)


FIELDS = ("a: int", "b: str = 'x'")
SHAPE_HIT = [
    Twin("signature-breaking", "field without a default", record("a: int"), record("a: int", "b: int")),
    Twin("signature-breaking", "field removed", record(*FIELDS), record("a: int")),
    Twin(
        "signature-breaking",
        "fields in another order",
        record("a: int", "b: int"),
        record("b: int", "a: int"),
    ),
    Twin(
        "signature-breaking",
        "attrs",
        record("a: int", mark="@attr.define"),
        record("b: str", mark="@attr.define"),
    ),
    Twin("default-changed", "field", record(*FIELDS), record("a: int", "b: str = 'y'")),
    Twin("public-api-removed", "constant", "SIZE = 1\nx = 2\n", "x = 2\n"),
    Twin("export-removed", "annotated", '__all__: list[str] = ["a", "b"]\n', '__all__: list[str] = ["a"]\n'),
    Twin("new-dependency", "inside a function", *uses("import leftpad")),
    Twin(
        "mutable-default", "comprehension", "def f(a=None):\n    g()\n", "def f(a=[b for b in c]):\n    g()\n"
    ),
    Twin("mutable-default", "lambda", "f = 1\n", "f = lambda a=[]: a\n"),
]
SHAPE_MISS = [
    Twin("signature-breaking", "field with a default", record("a: int"), record("a: int", "b: int = 1")),
    Twin(
        "signature-breaking",
        "no constructor's field",
        record("a: int"),
        record("a: int", "b: int = field(init=False)"),
    ),
    Twin(
        "signature-breaking",
        "factory",
        record("a: int"),
        record("a: int", "b: list = field(default_factory=list)"),
    ),
    Twin("signature-breaking", "plain class", record("a: int", mark=""), record("a: int", "b: int", mark="")),
    Twin(
        "signature-breaking",
        "by name only",
        record("a: int", "b: int", mark="@dataclass(kw_only=True)"),
        record("b: int", "a: int", mark="@dataclass(kw_only=True)"),
    ),
    Twin(
        "signature-breaking",
        "self by its usual name",
        "class A:\n    def f(this):\n        g(this)\n",
        "class A:\n    def f(self):\n        g(self)\n",
    ),
    Twin("public-api-removed", "made under try", "x = g()\n", "try:\n    x = g()\nexcept E:\n    x = 1\n"),
    Twin("public-api-removed", "private or a logger", "_a = 1\nlogger = g()\n", ""),
    Twin("export-removed", "split", '__all__ = ["a", "b"]\n', '__all__ = ["a"]\n__all__ += ["b"]\n'),
    Twin("new-dependency", "for type checkers", "x = 1\n", "x = 1\nif TYPE_CHECKING:\n    import leftpad\n"),
    Twin(
        "new-dependency",
        "moved into a function",
        "import leftpad\ndef f():\n    g()\n",
        "def f():\n    import leftpad\n    g()\n",
    ),
]


@of(TESTS_HIT, ERRORS_HIT, CHECKS_HIT, REACH_HIT, SHAPE_HIT)
def test_is_said_once(twin: Twin):
    assert rules(twin).count(twin.rule) == 1


@of(TESTS_MISS, ERRORS_MISS, CHECKS_MISS, REACH_MISS, SHAPE_MISS)
def test_is_not_said(twin: Twin):
    assert twin.rule not in rules(twin)
