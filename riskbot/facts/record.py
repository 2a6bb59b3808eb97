"""What all parts of the facts document are made of."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

Time = Annotated[datetime, Meta(tz=True, description="A time with its offset (RFC 3339).")]
AccountId = Annotated[int, Meta(ge=1, description="An account's numeric id at the forge.")]
CommitId = Annotated[str, Meta(pattern=r"\A[0-9a-f]{7,64}\Z", description="A commit or tree id, in full.")]
Count = Annotated[int, Meta(ge=0)]
Path = Annotated[str, Meta(min_length=1, description="A path; a byte that is not UTF-8 is \\xHH.")]
Mode = Annotated[str, Meta(pattern=r"\A[0-7]{6}\Z", description="Six octal digits, as git writes modes.")]


class Record(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Fields are named, and no other field is allowed."""
