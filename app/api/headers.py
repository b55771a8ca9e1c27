"""What requests say in headers: versions, and keys that make a request act once."""

import hashlib
import re
from typing import Annotated, Any

from fastapi import Depends, Header, Request

from app.errors import VersionNeeded
from app.once import OnceKey

_VERSION = re.compile(r'(?:W/)?"([0-9]{1,9})"')

IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=8, max_length=100, pattern="^[A-Za-z0-9._-]+$", description="A retry with the same key acts once."
    ),
]


async def _once(request: Request, idempotency_key: IdempotencyKey = None) -> OnceKey | None:
    if idempotency_key is None:
        return None
    parts = (request.method.encode(), request.url.path.encode(), await request.body())
    return OnceKey(idempotency_key, hashlib.sha256(b"\0".join(parts)).hexdigest())


Once = Annotated[OnceKey | None, Depends(_once)]
"""For a route that makes something new: `act_once(work, once, Model, …)`."""


IfNoneMatch = Annotated[
    str | None, Header(max_length=2000, description="ETags of what you have: 304 if it still holds.")
]
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "What you have still holds"}}


def still_holds(if_none_match: str | None, tag: str) -> bool:
    """Whether an `If-None-Match` header names this ETag."""
    if if_none_match is None:
        return False
    given = {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
    return tag in given or "*" in given


def base_version(if_match: str | None) -> int:
    """The version that an `If-Match` header names: `"7"` is 7. `VersionNeeded` without one, or with another form."""
    if if_match is None:
        raise VersionNeeded('Please send If-Match with the ETag you were given, or "0" for something new.')
    found = _VERSION.fullmatch(if_match.strip())
    if found is None:
        raise VersionNeeded(f'If-Match should be one ETag, as "7"; it was {if_match[:40]!r}.')
    return int(found[1])
