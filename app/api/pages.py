"""Long lists in pages: each page names the cursor of the next."""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

from app.errors import Invalid

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Item = TypeVar("Item")
Row = TypeVar("Row")

Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
After = Annotated[str | None, Query(max_length=400, description="`next` of the page before.")]


class Page(BaseModel, Generic[Item]):
    """Some items in order, and the cursor of the next page; null at the end."""

    items: list[Item]
    next: str | None = Field(None, description="Send it as `after` for the next page.")


def cursor(*keys: str | int) -> str:
    """The place after an item, by the keys that the list is ordered by."""
    return base64.urlsafe_b64encode(json.dumps(keys).encode()).decode().rstrip("=")


def place(after: str | None, *kinds: type) -> tuple[str | int, ...] | None:
    """The keys of a cursor; `Invalid` for one that we did not make."""
    if after is None:
        return None
    try:
        keys = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        well = isinstance(keys, list) and [type(key) for key in keys] == list(kinds) and all(map(_is_key, keys))
    except (ValueError, RecursionError):
        well = False
    if not well:
        raise Invalid(
            "after should be `next` of the page before.",
            errors=[{"path": ["after"], "message": "not a cursor of ours"}],
        )
    return tuple(keys)


def _is_key(key: str | int) -> bool:
    """Whether a database takes it: no number beyond any date of ours, no half characters (`UnicodeEncodeError`), no NUL."""
    return abs(key) <= 2**53 if isinstance(key, int) else b"\0" not in key.encode()


def moment_key(moment: datetime) -> int:
    """A date as a key of a cursor: microseconds, exactly."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def place_by_date(after: str | None) -> tuple[datetime, str] | None:
    """The date and id of a cursor in a list that is ordered by these."""
    keys = place(after, int, str)
    return (_EPOCH + timedelta(microseconds=int(keys[0])), str(keys[1])) if keys else None


def page(
    rows: Sequence[Row], limit: int, out: Callable[[Row], Item], keys: Callable[[Row], tuple[str | int, ...]]
) -> Page[Item]:
    """A page of rows that were fetched with `limit + 1`."""
    shown = rows[:limit]
    return Page(items=[out(row) for row in shown], next=cursor(*keys(shown[-1])) if len(rows) > limit else None)
