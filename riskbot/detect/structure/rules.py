"""Every rule of the structure detector: one table. docs/structure.md has a row for each."""
# ruff: noqa: E501 - a table reads best with one rule a line

from __future__ import annotations

from riskbot.domain.finding import Category, Confidence, Rule, Severity

_INFO, _LOW, _MEDIUM, _HIGH = Severity.INFO, Severity.LOW, Severity.MEDIUM, Severity.HIGH
_UNSURE, _LIKELY, _SURE = Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH
_C = Category

_TABLE: tuple[tuple[str, str, str, Severity, Confidence, Category, tuple[str, ...]], ...] = (
    ("definitions-added", "New functions or classes", "Nothing to mend: where to start reading.", _INFO, _SURE, _C.MAINTAINABILITY, ()),
    ("definitions-removed", "Functions or classes removed", "Check that nothing still uses them.", _INFO, _SURE, _C.MAINTAINABILITY, ()),
    ("public-api-removed", "Public names removed", "Keep a deprecated alias for a release, or announce the break.", _MEDIUM, _LIKELY, _C.COMPATIBILITY, ()),
    ("renamed", "Function renamed", "Check that all callers use the new name.", _INFO, _LIKELY, _C.MAINTAINABILITY, ()),
    ("public-renamed", "Public function renamed", "Keep the old name as a deprecated alias.", _MEDIUM, _LIKELY, _C.COMPATIBILITY, ()),
    ("moved", "Definitions moved", "Read the edited ones: a move hides edits in the diff.", _INFO, _LIKELY, _C.MAINTAINABILITY, ()),
    ("module-renamed", "Public module renamed", "Leave a module under the old name that re-exports the new one.", _LOW, _SURE, _C.COMPATIBILITY, ()),
    ("export-removed", "Names removed from __all__", "Put them back, or announce the break.", _MEDIUM, _SURE, _C.COMPATIBILITY, ()),
    ("signature-breaking", "Signature changed in a breaking way", "Add parameters with defaults at the end; deprecate before removing.", _MEDIUM, _SURE, _C.COMPATIBILITY, ()),
    ("signature-changed", "Public signature changed compatibly", "Nothing to mend: documentation may need the change.", _INFO, _SURE, _C.COMPATIBILITY, ()),
    ("default-changed", "Default of a parameter changed", "Check the callers that leave the parameter out.", _LOW, _SURE, _C.COMPATIBILITY, ()),
    ("async-changed", "Function became a coroutine function, or stopped being one", "Change every caller with it.", _MEDIUM, _SURE, _C.COMPATIBILITY, ()),
    ("binding-changed", "Property, classmethod or staticmethod changed", "Change every use with it.", _MEDIUM, _SURE, _C.COMPATIBILITY, ()),
    ("bases-changed", "Base classes changed", "Check overridden methods, method resolution order and isinstance checks.", _LOW, _SURE, _C.COMPATIBILITY, ()),
    ("mutable-default", "Mutable default value", "Use None as the default and make the value inside.", _LOW, _LIKELY, _C.CORRECTNESS, ()),
    ("complexity-increased", "Function became hard to test", "Split it, or show tests for the new paths.", _LOW, _SURE, _C.MAINTAINABILITY, ("CWE-1121",)),
    ("nesting-increased", "Function became deeply nested", "Leave early, or move inner blocks out.", _LOW, _SURE, _C.MAINTAINABILITY, ("CWE-1124",)),
    ("exception-broadened", "Handler catches more than before", "Catch the types that are expected and let the others pass.", _MEDIUM, _LIKELY, _C.RELIABILITY, ("CWE-396",)),
    ("exception-swallowed", "Handler drops the error", "Handle it, raise again, or say in a comment why it may be dropped.", _MEDIUM, _LIKELY, _C.RELIABILITY, ("CWE-390",)),
    ("exception-absorbed", "Errors no longer reach the caller", "Raise again, or make the failure visible in the result.", _LOW, _UNSURE, _C.RELIABILITY, ("CWE-755",)),
    ("exception-suppressed", "Errors are suppressed", "Name the narrowest types and keep the block short.", _MEDIUM, _LIKELY, _C.RELIABILITY, ("CWE-390",)),
    ("exception-cause-dropped", "Original error hidden", "Raise from the error that was caught.", _LOW, _SURE, _C.RELIABILITY, ()),
    ("raise-removed", "An error is no longer raised", "Check what callers do with the value that is returned instead.", _LOW, _LIKELY, _C.RELIABILITY, ("CWE-755",)),
    ("assert-removed", "Assertion removed", "Say why it can no longer fail, or turn it into a real check.", _LOW, _LIKELY, _C.CORRECTNESS, ("CWE-754",)),
    ("check-removed", "Check removed", "Say where the case is handled now.", _MEDIUM, _LIKELY, _C.CORRECTNESS, ("CWE-754",)),
    ("check-loosened", "Condition lets more pass", "Add a test for the cases between the old and the new condition.", _LOW, _LIKELY, _C.CORRECTNESS, ("CWE-697",)),
    ("call-unguarded", "Condition around a call removed", "Say why the call is right in every case.", _LOW, _LIKELY, _C.CORRECTNESS, ("CWE-754",)),
    ("auth-removed", "Permission check removed", "Put it back, or show the check that stands in for it.", _HIGH, _LIKELY, _C.SECURITY, ("CWE-862",)),
    ("auth-opened", "Opened to everyone", "Name who may reach it, or show that the content is public.", _HIGH, _LIKELY, _C.SECURITY, ("CWE-862", "CWE-352")),
    ("new-dynamic-code", "New dynamic code", "Use a table of known names or values.", _MEDIUM, _LIKELY, _C.SECURITY, ("CWE-95",)),
    ("new-deserialization", "New deserialization", "Use a format that holds data only, such as JSON.", _MEDIUM, _LIKELY, _C.SECURITY, ("CWE-502",)),
    ("new-subprocess", "New process started", "Pass a list of arguments, no shell, a time limit, and check the exit code.", _MEDIUM, _SURE, _C.SECURITY, ("CWE-78",)),
    ("new-network", "New network access", "Set a time limit and handle failure.", _LOW, _LIKELY, _C.RELIABILITY, ()),
    ("new-file-io", "New file access", "Check paths from outside; close files with `with`.", _LOW, _LIKELY, _C.RELIABILITY, ()),
    ("new-crypto", "New use of cryptography or randomness", "Use `secrets` for secrets and a current algorithm.", _LOW, _LIKELY, _C.SECURITY, ("CWE-327",)),
    ("new-concurrency", "New threads, processes or tasks", "Name what is shared, what guards it and how it ends.", _LOW, _LIKELY, _C.RELIABILITY, ("CWE-362",)),
    ("new-reflection", "New reflection", "Use plain attributes where the names are known.", _INFO, _LIKELY, _C.MAINTAINABILITY, ("CWE-470",)),
    ("new-global-state", "New assignment to a global", "Pass the value, or keep it on an object.", _LOW, _SURE, _C.MAINTAINABILITY, ()),
    ("constant-changed", "Constant changed", "Say what the new value was chosen by.", _LOW, _SURE, _C.CORRECTNESS, ()),
    ("limit-changed", "Timeout, retry or limit changed", "Say what the new value was measured or chosen by.", _LOW, _SURE, _C.RELIABILITY, ()),
    ("timeout-removed", "Timeout removed", "Keep a limit on every wait for someone else.", _MEDIUM, _LIKELY, _C.RELIABILITY, ("CWE-400",)),
    ("tls-verify-disabled", "Certificate checks switched off", "Trust the right certificate authority instead.", _HIGH, _SURE, _C.SECURITY, ("CWE-295",)),
    ("test-removed", "Tests removed", "Say why what they checked needs no test now.", _MEDIUM, _LIKELY, _C.TESTS, ()),
    ("test-skipped", "Test skipped or expected to fail", "Name the issue that will bring it back.", _MEDIUM, _SURE, _C.TESTS, ()),
    ("assertions-removed", "Test makes fewer assertions", "Say what checks the rest now.", _LOW, _LIKELY, _C.TESTS, ()),
    ("code-without-test", "Code changed without a test", "Add a test, or name the one that covers it.", _LOW, _LIKELY, _C.TESTS, ()),
    ("new-dependency", "New third-party import", "Declare it with a range, and look at who publishes it.", _LOW, _UNSURE, _C.SUPPLY_CHAIN, ("CWE-1357",)),
    ("migration-operation", "Database migration", "Try it on a copy of real size.", _LOW, _SURE, _C.DATA_MIGRATION, ()),
    ("migration-destructive", "Migration drops or renames data", "Do it in two releases: stop using it first, drop it later.", _HIGH, _SURE, _C.DATA_MIGRATION, ()),
    ("migration-raw", "Migration runs hand-written code", "Give the way back, and try it on a copy of real size.", _MEDIUM, _SURE, _C.DATA_MIGRATION, ()),
    ("migration-not-null", "NOT NULL without a default", "Add it as nullable, fill it, then make it NOT NULL.", _MEDIUM, _LIKELY, _C.DATA_MIGRATION, ()),
)  # fmt: skip

RULES: dict[str, Rule] = {
    f"structure.{name}": Rule(f"structure.{name}", title, text, severity, confidence, category, cwe)
    for name, title, text, severity, confidence, category, cwe in _TABLE
}
