"""Routes of a country's list of sources, through an assessment of that country."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Response
from pydantic import BaseModel

from app.api.calls import Call, Id, IfMatch, SourceName, etag, may
from app.api.headers import base_version
from app.api.problems import declared
from app.assessments.responses import find_source, seen_sources
from app.assessments.source_saving import remove_source, save_source
from app.assessments.sources import SavedSource
from app.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn, Stale, VersionNeeded, WrongState
from questionnaire.response import Source

router = APIRouter(prefix="/assessments/{assessment_id}/sources", tags=["sources"])

EXAMPLE = {"title": "Law on Health Protection", "kind": "law", "url": "https://example.org/law", "date": "2005-01-09"}
_READING = declared(NotSignedIn, NotAllowed, NotFound, WrongState)
_SAVING = declared(NotSignedIn, NotAllowed, NotFound, WrongState, Stale, Invalid, VersionNeeded)


class SourceOut(BaseModel):
    """A law, policy, agreement, body, statistic, report or expert in the country's list."""

    id: str
    version: int
    source: Source
    saved_at: datetime


def _out(saved: SavedSource) -> SourceOut:
    return SourceOut(id=saved.id, version=saved.version, source=saved.source, saved_at=saved.saved_at)


@router.get("", responses=_READING)
def get_sources(call: Annotated[Call, may("see_sources")], assessment_id: Id) -> list[SourceOut]:
    """The country's sources by id. Reviewers and contributors see those that the answers they see rest on."""
    with call.on_assessment(assessment_id) as work:
        return [_out(saved) for saved in seen_sources(work)]


@router.put("/{source_id}", responses=_SAVING)
def put_source(
    call: Annotated[Call, may("save_source")],
    assessment_id: Id,
    source_id: SourceName,
    data: Annotated[dict[str, Any], Body(examples=[EXAMPLE])],
    response: Response,
    *,
    if_match: IfMatch = None,
) -> SourceOut:
    """Save a source under an id of your choice. `If-Match: "0"` for a new one; 412 if it was changed meanwhile."""
    with call.on_assessment(assessment_id) as work:
        saved = save_source(work, source_id, data, base_version(if_match))
    response.headers["ETag"] = etag(saved.version)
    return _out(saved)


@router.get("/{source_id}", responses=_READING)
def get_source(
    call: Annotated[Call, may("see_sources")], assessment_id: Id, source_id: SourceName, response: Response
) -> SourceOut:
    """One source as it stands."""
    with call.on_assessment(assessment_id) as work:
        saved = find_source(work, source_id)
    response.headers["ETag"] = etag(saved.version)
    return _out(saved)


@router.delete("/{source_id}", status_code=204, responses=_SAVING | declared(Conflict))
def delete_source(
    call: Annotated[Call, may("save_source")], assessment_id: Id, source_id: SourceName, if_match: IfMatch = None
) -> None:
    """Take a source off the list; refused while an answer names it. Its versions stay on record."""
    with call.on_assessment(assessment_id) as work:
        remove_source(work, source_id, base_version(if_match))
