"""Before and after, twice per rule: one pair that the rule must find, one near it that it must leave alone."""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    """A rule, the file's path, (before, after) that it finds, (before, after) that it does not."""

    rule: str
    hit: tuple[str | None, str | None]
    miss: tuple[str | None, str | None]
    path: str = "pkg/a.py"


BODY = "    total = 0\n    for item in items:\n        total += item.price\n    report(total)\n    return total\n"
DEEP = "def f(a):\n    if a:\n        for b in a:\n            while b:\n                with b:\n                    if b.c:\n                        g()\n"
BRANCHY = "def f(a):\n" + "".join(f"    if a == {n}:\n        g({n})\n" for n in range(16))
MIGRATION = "from django.db import migrations, models\n\nclass Migration(migrations.Migration):\n    operations = [{}]\n"
PATH = "app/migrations/0002_x.py"


def migration(operation: str) -> tuple[None, str]:
    return None, MIGRATION.format(operation)


def inside(body: str, head: str = "def f(a):") -> str:
    return f"{head}\n" + "".join(f"    {line}\n" for line in body.split("\n"))


def both(before: str, after: str, head: str = "def f(a):") -> tuple[str, str]:
    return inside(before, head), inside(after, head)


CASES = [
    Case("definitions-added", ("x = 1\n", "x = 1\ndef f():\n    return 1\n"), both("return 1", "return 2")),
    Case("definitions-removed", ("def _f():\n    return 1\n", ""), ("def _f():\n    return 1\n", "_f = g\n")),
    Case("public-api-removed", ("def f():\n    return 1\n", ""), ("def f():\n    return 1\n", "from .b import f\n")),
    Case("renamed", (f"def _old(items):\n{BODY}", f"def _new(items):\n{BODY}"), (f"def _old(items):\n{BODY}", f"def _old(items):\n    x = 1\n{BODY}")),
    Case("public-renamed", (f"def old(items):\n{BODY}", f"def new(items):\n{BODY}"), (f"def _old(items):\n{BODY}", f"def _new(items):\n{BODY}")),
    Case("moved", (f"class A:\n    x = 1\n    def f(items):\n    {BODY.replace(chr(10), chr(10) + '    ')}\n", f"class A:\n    x = 1\ndef f(items):\n{BODY}"), (f"def f(items):\n{BODY}def g():\n    return 1\n", f"def g():\n    return 1\n\ndef f(items):\n{BODY}")),
    Case("export-removed", ('__all__ = ["f", "g"]\n', '__all__ = ["f"]\n'), ('__all__ = ["f"]\n', '__all__ = ["f", "g"]\n')),
    Case("signature-breaking", ("def f(a):\n    return a\n", "def f(a, b):\n    return a\n"), ("def f(a):\n    return a\n", "def f(a, b=1):\n    return a\n")),
    Case("signature-changed", ("def f(a):\n    return a\n", "def f(a, b=1):\n    return a\n"), ("def f(a):\n    return a\n", "def f(a: int) -> int:\n    return a\n")),
    Case("default-changed", ("def f(a=1):\n    return a\n", "def f(a=2):\n    return a\n"), ("def f(a='x'):\n    return a\n", 'def f(a="x"):\n    return a\n')),
    Case("async-changed", ("def f():\n    return 1\n", "async def f():\n    return 1\n"), ("async def f():\n    return 1\n", "async def f():\n    return 2\n")),
    Case("binding-changed", ("class A:\n    def f(self):\n        return 1\n", "class A:\n    @property\n    def f(self):\n        return 1\n"), ("class A:\n    def f(self):\n        return 1\n", "class A:\n    @cache\n    def f(self):\n        return 1\n")),
    Case("bases-changed", ("class A(B):\n    x = 1\n", "class A(C):\n    x = 1\n"), ("class A(B):\n    x = 1\n", "class A(B[int]):\n    x = 1\n")),
    Case("mutable-default", ("def f(a):\n    return a\n", "def f(a, b=[]):\n    return a\n"), ("def f(b=[]):\n    return 1\n", "def f(b=[]):\n    return 2\n")),
    Case("complexity-increased", ("def f(a):\n    g(a)\n", BRANCHY), (BRANCHY, BRANCHY + "    g(99)\n")),
    Case("nesting-increased", ("def f(a):\n    g()\n", DEEP), (DEEP, DEEP + "    h()\n")),
    Case("exception-broadened", both("try:\n    g()\nexcept KeyError:\n    h()", "try:\n    g()\nexcept Exception:\n    h()"), both("try:\n    g()\nexcept Exception:\n    h()", "try:\n    g()\nexcept KeyError:\n    h()")),
    Case("exception-swallowed", both("g()", "try:\n    g()\nexcept Exception:\n    pass"), both("import json", "try:\n    import json\nexcept ImportError:\n    pass")),
    Case("exception-absorbed", both("g()", "try:\n    g()\nexcept OSError:\n    h()"), both("g()", "try:\n    g()\nexcept OSError:\n    h()\n    raise")),
    Case("exception-suppressed", ("import contextlib\n" + inside("g()"), "import contextlib\n" + inside("with contextlib.suppress(Exception):\n    g()")), ("import contextlib\n" + inside("g()"), "import contextlib\n" + inside("with contextlib.closing(a):\n    g()"))),
    Case("exception-cause-dropped", both("try:\n    g()\nexcept OSError as e:\n    raise E() from e", "try:\n    g()\nexcept OSError as e:\n    raise E() from None"), both("try:\n    g()\nexcept OSError as e:\n    raise E()", "try:\n    g()\nexcept OSError as e:\n    raise E() from e")),
    Case("raise-removed", both("try:\n    g()\nexcept OSError:\n    h()\n    raise", "try:\n    g()\nexcept OSError:\n    h()"), both("raise ValueError('a')", "raise ValueError('b')")),
    Case("assert-removed", both("assert a\ng(a)", "g(a)"), both("assert a\ng(a)", "assert a, 'why'\ng(a)")),
    Case("check-removed", both("if a < 0:\n    raise ValueError(a)\ng(a)", "g(a)"), (inside("if a < 0:\n    raise ValueError(a)\ng(a)"), inside("_check(a)\ng(a)") + inside("if a < 0:\n    raise ValueError(a)", "def _check(a):"))),
    Case("check-loosened", both("if a and b:\n    g()", "if a or b:\n    g()"), both("if a or b:\n    g()", "if a and b:\n    g()")),
    Case("call-unguarded", both("if a.ok:\n    g(a)\nh()", "g(a)\nh()"), both("if a.ok:\n    g(a)\nh()", "if a.fine:\n    g(a)\nh()")),
    Case("auth-removed", ("@login_required\n" + inside("g()"), inside("g()")), ("@lru_cache\n" + inside("g()"), inside("g()"))),
    Case("auth-opened", (inside("g()"), "@csrf_exempt\n" + inside("g()")), (inside("g()"), "@csrf_protect\n" + inside("g()"))),
    Case("new-dynamic-code", both("g(a)", "eval(a)"), both("eval(a)", "x = eval(a)")),
    Case("new-deserialization", ("import pickle as p\n" + inside("g(a)"), "import pickle as p\n" + inside("p.loads(a)")), ("import yaml\n" + inside("g(a)"), "import yaml\n" + inside("yaml.load(a, Loader=yaml.SafeLoader)"))),
    Case("new-subprocess", ("", "from subprocess import run\n" + inside("run(a)")), ("", "from mine import run\n" + inside("run(a)"))),
    Case("new-network", ("", "import requests as r\n" + inside("r.get(a)")), ("", "import requests\n" + inside("raise requests.HTTPError(a)"))),
    Case("new-file-io", both("g(a)", "open(a)"), both("g(a)", "a.open_door()")),
    Case("new-crypto", ("", "import hashlib\n" + inside("hashlib.md5(a)")), ("", inside("hash(a)"))),
    Case("new-concurrency", ("", "from threading import Thread\n" + inside("Thread(target=a)")), ("", "import threading\n" + inside("threading.get_ident()"))),
    Case("new-reflection", both("g(a)", "setattr(a, b, 1)"), both("g(a)", "a.b = 1")),
    Case("new-global-state", both("x = a", "global x\nx = a"), both("global x\nx = a", "global x\nx = a + 1")),
    Case("constant-changed", ("SIZE = 5\n", "SIZE = 6\n"), ("SIZE = 0x10\n", "SIZE = 16\n")),
    Case("limit-changed", ("TIMEOUT = 5\n", "TIMEOUT = 500\n"), ("TIMEOUT = 5\n", "TIMEOUT = 5  # seconds\n")),
    Case("timeout-removed", both("get(a, timeout=3)", "get(a)"), both("get(a, timeout=3)", "get(b, timeout=3)")),
    Case("tls-verify-disabled", both("get(a)", "get(a, verify=False)"), both("get(a)", "get(a, verify=True)")),
    Case("test-removed", (inside("assert 1", "def test_a():") + inside("assert 2", "def test_b():"), inside("assert 1", "def test_a():")), (inside("assert a", "def helper(a):"), ""), "tests/test_a.py"),
    Case("test-skipped", ("import pytest\n" + inside("assert 1", "def test_a():"), "import pytest\n@pytest.mark.skip\n" + inside("assert 1", "def test_a():")), ("import pytest\n" + inside("assert 1", "def test_a():"), "import pytest\n@pytest.mark.slow\n" + inside("assert 1", "def test_a():")), "tests/test_a.py"),
    Case("assertions-removed", both("assert a\nassert b", "assert a", "def test_a(a):"), both("assert a\nassert b", "assert a\nassert c", "def test_a(a):"), "tests/test_a.py"),
    Case("code-without-test", both("return 1", "return 2"), both("return 1", "return 1  # one")),
    Case("new-dependency", ("import os\n", "import os\nimport leftpad\n"), ("import os\n", "import os\nimport json\nimport pkg.b\nfrom . import c\n")),
    Case("migration-operation", migration("migrations.AddIndex('a', i)"), ("x = 1\n", "import y\n"), PATH),
    Case("migration-destructive", migration("migrations.RemoveField('a', 'b')"), (None, "from alembic import op\n" + inside("op.drop_table('a')", "def downgrade():")), PATH),
    Case("migration-raw", migration("migrations.RunSQL('DELETE FROM a')"), migration("migrations.AddIndex('a', i)"), PATH),
    Case("migration-not-null", migration("migrations.AddField('a', 'b', models.IntegerField())"), migration("migrations.AddField('a', 'b', models.IntegerField(null=True))"), PATH),
]  # fmt: skip
