"""Routes of published snapshots: open to all, without signing in."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from app.api.calls import Call, CountryCode, etag, may
from app.api.headers import NOT_MODIFIED, IfNoneMatch, still_holds
from app.api.problems import declared
from app.api.snapshot_files import FILES, FileFormat, snapshot_file
from app.assessments.snapshots import Published, find_published, list_published
from app.documents import render
from app.errors import Invalid, NotFound, Withdrawn
from scoring.snapshot import Snapshot

router = APIRouter(prefix="/snapshots", tags=["published snapshots"])

KEPT = 32
"""How many files of published snapshots are kept in memory: making one takes long, and anyone may ask."""
_kept: OrderedDict[str, bytes] = OrderedDict()
_turn = threading.Lock()

Year = Annotated[int, Path(alias="round", ge=1900, le=9999, description="The year of the round.")]


class ListedOut(BaseModel):
    """A published snapshot."""

    country: str
    country_name: str
    round: int
    published_at: datetime


class ErratumOut(BaseModel):
    """What a correction corrected."""

    number: int
    text: str
    published_at: datetime


class SnapshotOut(BaseModel):
    """A published snapshot with what was corrected since it was first published, the last one first."""

    number: int = Field(description="1 for the first publication, one more for each correction.")
    published_at: datetime
    fingerprint: str
    errata: list[ErratumOut]
    document: Snapshot


@router.get("")
def get_snapshots(call: Annotated[Call, may("read_public")]) -> list[ListedOut]:
    """The published snapshots, by the country's name, then by round."""
    with call.begin() as work:
        return [ListedOut.model_validate(listed, from_attributes=True) for listed in list_published(work)]


@router.get("/{country}/{round}.{file_format}", responses=declared(NotFound, Withdrawn, Invalid) | FILES | NOT_MODIFIED)
def get_snapshot_file(
    call: Annotated[Call, may("read_public")],
    country: CountryCode,
    year: Year,
    file_format: FileFormat,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """A published snapshot as a file."""
    with call.begin() as work:
        published = find_published(work, country, year)
    name, headers = f"mgi-snapshot-{country}-{year}", _headers(published, file_format)

    def make(document: Snapshot, kind: str) -> bytes:
        return kept_file(f"{name} {headers['ETag']}", partial(render, document, kind))

    return snapshot_file(
        published.document, file_format, name=name, headers=headers, if_none_match=if_none_match, make=make
    )


@router.get(
    "/{country}/{round}",
    response_model=SnapshotOut,
    responses=declared(NotFound, Withdrawn, Invalid) | NOT_MODIFIED,
)
def get_snapshot(
    call: Annotated[Call, may("read_public")],
    country: CountryCode,
    year: Year,
    response: Response,
    *,
    if_none_match: IfNoneMatch = None,
) -> SnapshotOut | Response:
    """A published snapshot; 410 with a notice if it was withdrawn. Add `.html`, `.pdf`, `.docx`, `.md` or `.json` for a file."""
    with call.begin() as work:
        published = find_published(work, country, year)
    headers = _headers(published, "about")
    response.headers.update(headers)
    if still_holds(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return SnapshotOut.model_validate(published, from_attributes=True)


def kept_file(key: str, make: Callable[[], bytes]) -> bytes:
    """What `make` made for a key: kept in memory until `KEPT` other files were asked for since."""
    with _turn:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    content = make()
    with _turn:
        _kept[key] = content
        if len(_kept) > KEPT:
            _kept.popitem(last=False)
    return content


def _headers(published: Published, representation: str) -> dict[str, str]:
    """The ETag names text, number and representation; whoever has a copy asks whether it still holds."""
    tag = etag(f"{published.fingerprint}-{published.number}-{representation}")
    return {"ETag": tag, "Cache-Control": "no-cache"}
