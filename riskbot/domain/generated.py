"""Which files nobody writes line by line, told by their paths: generated, vendored, locked, recorded."""

from __future__ import annotations

import re

MADE = re.compile(
    r"(?:^|/)(?:vendor|vendored|_vendor|third_party|third-party|node_modules|bower_components|extern|dist|_generated)/"
    r"|\.min\.(?:js|css)$|_pb2(?:_grpc)?\.py$|\.(?:lock|snap|svg|map|ipynb)$|(?:^|/)package-lock\.json$"
)
"""Generated or vendored, of a path in lower case."""

_LOCKED = re.compile(
    r"(?:^|/)(?:go\.sum|pnpm-lock\.yaml|npm-shrinkwrap\.json|gradle\.lockfile|packages\.lock\.json)$"
)
_GOLDEN = re.compile(r"(?:^|/)(?:golden|goldens|__snapshots__|cassettes)/")


def is_generated(path: str) -> bool:
    """Say whether a path names a file that tools write: its lines say nothing of who wrote a change.

    Vendored and generated code, lock files, recorded (golden) output. Told by the path alone; case does not
    count.
    """
    low = path.lower()
    return any(pattern.search(low) for pattern in (MADE, _LOCKED, _GOLDEN))
