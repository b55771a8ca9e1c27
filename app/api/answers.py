"""Routes of answers: read them, save one, confirm one that was carried over, its history."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Response
from pydantic import BaseModel, Field

from app.api.calls import Call, Id, IfMatch, IndicatorName, etag, may
from app.api.headers import base_version
from app.api.problems import declared
from app.assessments.answers import (
    SavedAnswer,
    answer_history,
    check_visible,
    confirm_answer,
    find_answer,
    list_answers,
    save_answer,
)
from app.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn, Stale, VersionNeeded, WrongState

router = APIRouter(prefix="/assessments/{assessment_id}/answers", tags=["answers"])


class AnswerOut(BaseModel):
    """An answer at one of its versions; version 0 is an answer never given."""

    indicator: str
    version: int
    answer: dict[str, Any]
    carried_from: int | None = Field(None, description="The round it was carried from, until it is confirmed.")
    saved_by: str | None = None
    saved_at: datetime | None = None
    remarks: list[str] = Field([], description="What to look at; remarks do not stand in the way.")


EXAMPLE: dict[str, Any] = {"values": {"groups": "all", "law": "law-on-health"}, "qualifier": "A by-law is awaited."}


def _out(saved: SavedAnswer) -> AnswerOut:
    return AnswerOut.model_validate(saved, from_attributes=True)


@router.get("", responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Invalid))
def get_answers(call: Annotated[Call, may("see_answers")], assessment_id: Id) -> list[AnswerOut]:
    """All answers that you may see, in the instrument's order; those never given are left out."""
    with call.on_assessment(assessment_id) as work:
        return [_out(saved) for saved in list_answers(work)]


@router.get("/{indicator}", responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Invalid))
def get_answer(
    call: Annotated[Call, may("see_answers")], assessment_id: Id, indicator: IndicatorName, response: Response
) -> AnswerOut:
    """One answer as it stands; for reviewers as it was last submitted."""
    with call.on_assessment(assessment_id) as work:
        saved = find_answer(work, indicator)
    response.headers["ETag"] = etag(saved.version)
    return _out(saved)


@router.put(
    "/{indicator}",
    responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Stale, Invalid, VersionNeeded),
)
def put_answer(
    call: Annotated[Call, may("save_answer")],
    assessment_id: Id,
    indicator: IndicatorName,
    data: Annotated[dict[str, Any], Body(examples=[EXAMPLE])],
    response: Response,
    *,
    if_match: IfMatch = None,
) -> AnswerOut:
    """Save one answer. `If-Match` names the version it was made on; 412 gives both texts if another came first."""
    with call.on_assessment(assessment_id) as work:
        saved = save_answer(work, indicator, data, base_version(if_match))
    response.headers["ETag"] = etag(saved.version)
    return _out(saved)


@router.post(
    "/{indicator}/confirm",
    responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Conflict, Stale, Invalid, VersionNeeded),
)
def post_confirmation(
    call: Annotated[Call, may("save_answer")],
    assessment_id: Id,
    indicator: IndicatorName,
    response: Response,
    *,
    if_match: IfMatch = None,
) -> AnswerOut:
    """Confirm an answer that was carried from an earlier round, as it is."""
    with call.on_assessment(assessment_id) as work:
        saved = confirm_answer(work, indicator, base_version(if_match))
    response.headers["ETag"] = etag(saved.version)
    return _out(saved)


@router.get("/{indicator}/history", responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Invalid))
def get_history(
    call: Annotated[Call, may("see_answers")], assessment_id: Id, indicator: IndicatorName
) -> list[AnswerOut]:
    """All versions of an answer, the last one first. Reviewers see those up to the last submission."""
    with call.on_assessment(assessment_id) as work:
        check_visible(work, indicator)
        return [_out(saved) for saved in answer_history(work, indicator)]
