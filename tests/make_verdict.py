"""Builders for tests: verdicts as the whole road would make them, from a change made by hand."""

from __future__ import annotations

from dataclasses import replace

from make import make_change

from riskbot.domain.assessment import (
    Assessment,
    Band,
    Dimension,
    Factor,
    Gate,
    HunkRisk,
    Level,
    ModelId,
    Sign,
)
from riskbot.domain.change import (
    Actor,
    AuthorShare,
    Change,
    Commit,
    FileHistory,
    History,
    Metrics,
    Omission,
    OmissionKind,
)
from riskbot.domain.finding import (
    Category,
    Confidence,
    Evidence,
    Failure,
    Finding,
    Location,
    Rule,
    Severity,
    Side,
    fingerprint,
)
from riskbot.domain.verdict import (
    Clause,
    Grade,
    Ground,
    Interest,
    Note,
    Obligation,
    Opinion,
    Outcome,
    PolicyId,
    Reviewed,
    Status,
    Subject,
    Suggestion,
)

AUTH_OLD = '''\
"""Who may come in."""

import hmac

from shop.store import users

SESSION_SECONDS = 900


def login(name: str, password: str) -> str:
    """Return a session token, or raise."""
    user = users.find(name)
    if user is None or not user.active:
        raise PermissionError(name)
    if not hmac.compare_digest(user.secret, hash_password(password)):
        raise PermissionError(name)
    return new_session(user, seconds=SESSION_SECONDS)


def logout(token: str) -> None:
    """Forget a session."""
    drop_session(token)
'''
AUTH_NEW = (
    AUTH_OLD.replace("SESSION_SECONDS = 900", "SESSION_SECONDS = 86400")
    .replace(" or not user.active", "")
    .replace(
        "not hmac.compare_digest(user.secret, hash_password(password))",
        "user.secret != hash_password(password)",
    )
)
ORDERS_OLD = """\
from shop.store import connection


def find_orders(customer: int) -> list[dict]:
    with connection() as db:
        return db.execute("SELECT * FROM orders WHERE customer = ?", (customer,)).fetchall()
"""
ORDERS_NEW = (
    ORDERS_OLD
    + """

def search_orders(text: str, limit: int = 50) -> list[dict]:
    with connection() as db:
        query = f"SELECT * FROM orders WHERE note LIKE '%{text}%' LIMIT {limit}"
        try:
            return db.execute(query).fetchall()
        except Exception:
            return []
"""
)
TESTS_OLD = """\
from shop.auth import login


def test_an_inactive_user_is_turned_away():
    with pytest.raises(PermissionError):
        login("bob", "secret")


def test_a_wrong_password_is_turned_away():
    with pytest.raises(PermissionError):
        login("alice", "wrong")
"""
TESTS_NEW = TESTS_OLD.partition("\n\ndef test_a_wrong")[0] + "\n"


def make_shop_change() -> Change:
    """Build a small believable change: a login loosened, a query built from text, a test removed."""
    change = make_change(
        {
            "shop/auth.py": (AUTH_OLD, AUTH_NEW),
            "shop/orders.py": (ORDERS_OLD, ORDERS_NEW),
            "tests/test_auth.py": (TESTS_OLD, TESTS_NEW),
            "README.md": ("# Shop\n", "# Shop\n\nOrders can be searched.\n"),
        },
        repository="example/shop",
        base="1f0c2ab9d3e4f5061728394a5b6c7d8e9f001122",
        head="9e8d7c6b5a493827160f5e4d3c2b1a0099887766",
        origin="what a push to origin/main would send",
        commits=(make_commit_noun(),),
    )
    return replace(change, history=make_history())


def make_commit_noun(
    message: str = "Search orders, and log in faster\n\nThe comparison was slow.\n",
) -> Commit:
    """Build one commit."""
    alice = Actor("Alice Example", "alice@example.org")
    return Commit(
        id="9e8d7c6b5a493827160f5e4d3c2b1a0099887766",
        tree="c" * 40,
        parents=("1f0c2ab9d3e4f5061728394a5b6c7d8e9f001122",),
        author=alice,
        committer=alice,
        authored_at=1714564800,
        committed_at=1714564800,
        message=message,
    )


def make_history() -> History:
    """Build the past of the shop change's files."""
    return History(
        metrics=Metrics(2, 2, 4, 1.62, 13, 8, 49, 0, 6, 41.5, 37, 210, 14.2, 88),
        files=(
            FileHistory(
                path="shop/auth.py",
                commits=23,
                authors=(AuthorShare("bob@example.org", 17, 410), AuthorShare("alice@example.org", 6, 52)),
                fixes=9,
                recent_commits=4,
                first_changed_at=1577836800,
                last_changed_at=1714000000,
                churn_added=462,
                churn_removed=190,
            ),
        ),
        commits_walked=4812,
    )


def make_finding(
    rule: str = "py.sql-from-text",
    path: str = "shop/orders.py",
    line: int | None = 11,
    message: str = "The query is built from text: whoever chooses `text` can run any SQL. Pass it as a parameter.",
    **fields: object,
) -> Finding:
    """Build one finding; further fields override the defaults."""
    finding = Finding(
        rule=rule,
        detector="semgrep",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        category=Category.SECURITY,
        location=Location(path, line, line),
        message=message,
        fingerprint="",
    )
    if "fingerprint" not in fields:
        fields["fingerprint"] = fingerprint(rule, path, message)
    return replace(finding, **fields)  # type: ignore[arg-type]


def make_findings() -> tuple[Finding, ...]:
    """Build findings of every standing: open, at the base already, suppressed, on the old side."""
    return (
        make_finding(
            "check-removed",
            "shop/auth.py",
            13,
            "`login` no longer checks `not user.active` before it goes on: inactive users can log in.",
            detector="structure",
            evidence=(
                Evidence(
                    "the condition was `user is None or not user.active`",
                    Location("shop/auth.py", 13, 13, Side.OLD),
                ),
            ),
        ),
        make_finding(line=11, location=Location("shop/orders.py", 11, 13)),
        make_finding(
            "except-swallows",
            "shop/orders.py",
            14,
            "`except Exception` returns an empty list, so a broken query looks like no orders.",
            detector="structure",
            severity=Severity.MEDIUM,
            category=Category.RELIABILITY,
        ),
        make_finding(
            "tests-removed",
            "tests/test_auth.py",
            9,
            "The test `test_a_wrong_password_is_turned_away` is gone while the code it tests changed.",
            detector="structure",
            severity=Severity.MEDIUM,
            confidence=Confidence.MEDIUM,
            category=Category.TESTS,
            location=Location("tests/test_auth.py", 9, 11, Side.OLD),
        ),
        make_finding(
            "py.weak-hash",
            "shop/auth.py",
            15,
            "`!=` on secrets leaks through timing.",
            severity=Severity.MEDIUM,
            suppressed_by="a nosem comment on line 15",
        ),
        make_finding(
            "py.no-timeout",
            "shop/orders.py",
            6,
            "No timeout: the call can wait forever.",
            severity=Severity.LOW,
            category=Category.RELIABILITY,
            introduced=False,
            on_changed_line=False,
        ),
    )


def make_rules() -> tuple[Rule, ...]:
    """Build the rules that the findings name; ``tests-removed`` is left out on purpose."""

    def rule(id_: str, title: str, category: Category, cwe: tuple[str, ...] = ()) -> Rule:
        return Rule(
            id=id_,
            title=title,
            help=f"{title}.\n\nWhy it matters and how to mend it, in a few sentences.",
            severity=Severity.HIGH,
            confidence=Confidence.HIGH,
            category=category,
            cwe=cwe,
            references=("https://cwe.mitre.org/data/definitions/89.html",) if cwe else (),
        )

    return (
        rule("py.sql-from-text", "SQL built from text", Category.SECURITY, ("CWE-89",)),
        rule("check-removed", "A check was removed", Category.SECURITY),
        rule("except-swallows", "An exception is swallowed", Category.RELIABILITY),
        rule(
            "py.weak-hash",
            "Secrets compared with ==",
            Category.SECURITY,
            ("CWE-208: Observable Timing Discrepancy",),
        ),
        rule("py.no-timeout", "A call without a timeout", Category.RELIABILITY),
    )


def make_factors() -> tuple[Factor, ...]:
    """Build the factors of a believable linear model."""
    return (
        Factor("la", "lines added", 13.0, 0.412),
        Factor("nuc", "earlier changes of these files", 37.0, 0.655),
        Factor("ndev", "developers who changed these files", 6.0, 0.231),
        Factor("entropy", "spread over files", 1.62, 0.187),
        Factor("sexp", "the author's experience here", 88.0, -0.304),
        Factor("age", "days since these files last changed", 41.5, -0.052),
        Factor("fix", "says that it fixes a defect", 0.0, -0.011),
        Factor("lt", "lines before the change", 49.0, 0.004),
        Factor("rexp", "the author's recent experience", None, 0.0, "not known: the clone is shallow"),
    )


def make_hunk_risks(change: Change) -> tuple[HunkRisk, ...]:
    """Rank every hunk of the change, the earliest highest."""
    hunks = [(file.path, hunk) for file in change.files for hunk in file.hunks]
    return tuple(
        HunkRisk(
            path, hunk.old_start, hunk.old_count, hunk.new_start, hunk.new_count, round(0.4 / (rank + 1), 4)
        )
        for rank, (path, hunk) in enumerate(hunks)
    )


def make_dimensions() -> tuple[Dimension, ...]:
    """Say the kinds of risk of the shop change."""
    gap = "1 source file is not Python, and few rules read other languages"
    query = Sign(Level.HIGH, Evidence("SQL built from text", Location("shop/auth.py", 9)))
    place = Sign(
        Level.LOW,
        Evidence("touches code that decides who may do what, or keeps secrets", Location("shop/auth.py")),
    )
    swallow = Sign(Level.MEDIUM, Evidence("An exception is swallowed", Location("shop/cart.py", 4, 6)))
    return (
        Dimension(Category.SECURITY, Level.HIGH, (query, place), 2, gap),
        Dimension(Category.PRIVACY, Level.NONE, note=gap),
        Dimension(Category.RELIABILITY, Level.MEDIUM, (swallow,), 1, gap),
        Dimension(Category.COMPATIBILITY, Level.NONE, note=gap),
    )


def make_assessment(change: Change | None = None, **fields: object) -> Assessment:
    """Build an assessment of the shop change, or of ``change`` with nothing found."""
    shop = change is None
    change = make_shop_change() if change is None else change
    assessment = Assessment(
        change=change,
        findings=make_findings() if shop else (),
        rules=make_rules() if shop else (),
        omissions=(
            Omission(OmissionKind.SHALLOW_HISTORY, "history", "the clone is shallow: 50 commits deep"),
        )
        if shop
        else (),
        failures=(),
        model=ModelId("metrics", "ab" * 32, "the training rows of the OpenStack data"),
        probability=0.312,
        percentile=96.4,
        band=Band.YELLOW,
        intercept=-1.913,
        factors=make_factors(),
        hunks=make_hunk_risks(change),
        gates=(Gate("weekend", 10.0, True), Gate("yellow", 5.0, True), Gate("red", 2.0, False)),
        dimensions=make_dimensions() if shop else (),
    )
    return replace(assessment, **fields)  # type: ignore[arg-type]


def make_clauses() -> Clause:
    """Build the tree of a policy that holds the change back."""
    return Clause(
        "default",
        Status.PENDING,
        "2 of 3 clauses are not met",
        clauses=(
            Clause(
                "risk", Status.SATISFIED, "the band is yellow, and up to yellow is allowed", ("band: yellow",)
            ),
            Clause(
                "findings",
                Status.PENDING,
                "2 new findings of severity high; none is allowed",
                ("py.sql-from-text at shop/orders.py:11", "check-removed at shop/auth.py:13"),
            ),
            Clause(
                "analysed",
                Status.PENDING,
                "part of the history could not be read",
                ("shallow-history: the clone is shallow: 50 commits deep",),
            ),
            Clause("weekend", Status.SKIPPED, "it is not a weekend"),
        ),
    )


def make_verdict(assessment: Assessment | None = None, **fields: object) -> Reviewed:
    """Build a verdict: the shop change held back, or ``assessment`` with what ``fields`` say."""
    verdict = Reviewed(
        outcome=Outcome.HELD,
        root=make_clauses(),
        policy=PolicyId("default", "bundled", "cd" * 32),
        subject=Subject("example/shop", None, None, "0" * 40, "1" * 40),
        assessment=make_assessment() if assessment is None else assessment,
    )
    return replace(verdict, **fields)  # type: ignore[arg-type]


def make_failure(step: str = "semgrep") -> Failure:
    """Build a failure of one step."""
    return Failure(step, "it was killed after 60 seconds", "exit status -9")


def make_calm_verdict() -> Reviewed:
    """Build the verdict of a small harmless change that is let through."""
    change = make_change(
        {"docs/guide.md": ("Run it.\n", "Run it twice.\n")},
        repository="example/shop",
        commits=(make_commit_noun("Say more\n"),),
    )
    assessment = make_assessment(
        change, probability=0.04, percentile=12.0, band=Band.GREEN, intercept=-3.1, gates=()
    )
    return make_verdict(
        assessment,
        outcome=Outcome.ALLOWED,
        root=Clause("default", Status.SATISFIED, "all clauses are met"),
    )


def make_people_verdict(**fields: object) -> Reviewed:
    """Build a verdict of a pull request that lacks an approval, with something in every field about people."""
    verdict = make_verdict(
        subject=Subject("example/shop", 7, "main", "0" * 40, "1" * 40),
        root=Clause(
            "all of",
            Status.PENDING,
            "1 of 2 clauses is satisfied, all must be.",
            clauses=(
                Clause("nobody objects", Status.SATISFIED, "Nobody asks for changes."),
                Clause(
                    "an owner approves",
                    Status.PENDING,
                    "0 of 1 set of owners met.",
                    ("shop/orders.py: @example/shop (.github/CODEOWNERS:3)",),
                    could=("carol", "dave"),
                ),
            ),
        ),
        flags=(Note("fresh_member", "bob joined @example/shop after the opening.", ("added by alice",)),),
        interested=(
            Interest("alice", 1, (Ground("opener", Grade.ATTESTED, "opened the pull request"),)),
            Interest("eve@example.org", None, (Ground("co-author", Grade.DECLARED, "1" * 12),)),
        ),
        accountable=("alice (opened it)",),
        opinions=(
            Opinion(
                "bob", 2, "APPROVED", "0" * 40, "2026-01-01T00:00:00+00:00", False, "stale", "An old head."
            ),
            Opinion("carol", 3, "COMMENTED", "1" * 40, "2026-01-01T00:00:00+00:00", True, "", "", 60),
        ),
        unlocking=(("carol",), ("dave",)),
        unlocking_note="There are 2 more sets.",
        suggested=(
            Suggestion("carol", ("owns shop/", "this one approval is enough"), ("an owner approves",)),
        ),
        obligations=(Obligation("a review afterwards", ("@example/gov",), "2026-01-03T00:00:00+00:00"),),
    )
    return replace(verdict, **fields)  # type: ignore[arg-type]
