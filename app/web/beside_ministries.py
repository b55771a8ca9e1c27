"""Forms about the ministries that are asked for one indicator: ask one, take it back, say that one's own is done."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.api.assignments import ObjectId
from app.api.calls import Call, Id, IndicatorName, may
from app.assessments.assignments import (
    Assigned,
    assign_indicators,
    finish_assignment,
    list_assignments,
    remove_assignment,
)
from app.errors import Invalid, NotFound
from app.web.beside import Back, at_fields, draw_beside, indicator_path, named_indicator, place_before, return_from
from app.web.fields import Posted
from app.web.frame import frame_of
from app.web.rendering import draw
from app.work import Work
from questionnaire.text import Prose

router = APIRouter(prefix="/assessments/{assessment_id}/indicators/{indicator}", include_in_schema=False)


class AskIn(BaseModel):
    """Which ministry is asked for one indicator, until when, and what it is told."""

    asked_ministry: ObjectId
    asked_due: date | None = None
    asked_remark: Prose | None = None


class DoneIn(BaseModel):
    """The ministry that is done."""

    ministry: ObjectId


NAMES = {"ministry_id": "asked_ministry", "due": "asked_due"}


@router.post("/assign")
def send_assignment(
    call: Annotated[Call, may("assign")], assessment_id: Id, indicator: IndicatorName, fields: Posted
) -> Response:
    """Ask a ministry for an indicator, or ask it anew."""
    try:
        given = fields.as_(AskIn)
        with call.on_assessment(assessment_id) as work:
            named_indicator(work, indicator)
            assign_indicators(work, [indicator], given.asked_ministry, due=given.asked_due, remark=given.asked_remark)
    except Invalid as refusal:
        return draw_beside(call, assessment_id, indicator, at_fields(refusal, NAMES), fields)
    return return_from(fields, indicator_path(assessment_id, indicator), part="ministries", done="asked")


@router.get("/ministries/{ministry_id}/take-back")
def show_take_back(
    call: Annotated[Call, may("assign")], assessment_id: Id, indicator: IndicatorName, ministry_id: Id, back: Back = ""
) -> Response:
    """Ask whether a ministry shall be asked no longer."""
    with call.on_assessment(assessment_id) as work:
        frame, title = frame_of(work), named_indicator(work, indicator)
        assigned = _assigned(work, indicator, ministry_id)
    place = place_before(back, indicator_path(assessment_id, indicator))
    return draw(call, "beside/take-back.html", frame=frame, title=title, assigned=assigned, back=place)


@router.post("/ministries/{ministry_id}/take-back")
def send_take_back(
    call: Annotated[Call, may("assign")], assessment_id: Id, indicator: IndicatorName, ministry_id: Id, fields: Posted
) -> Response:
    """Ask a ministry no longer."""
    with call.on_assessment(assessment_id) as work:
        remove_assignment(work, indicator, ministry_id)
    return return_from(fields, indicator_path(assessment_id, indicator), part="ministries", done="asked-no-longer")


@router.post("/done")
def send_ministry_done(
    call: Annotated[Call, may("finish_assignment")], assessment_id: Id, indicator: IndicatorName, fields: Posted
) -> Response:
    """Say that one's ministry is done with an indicator."""
    given = fields.as_(DoneIn)
    with call.on_assessment(assessment_id) as work:
        finish_assignment(work, indicator, given.ministry)
    return return_from(fields, indicator_path(assessment_id, indicator), part="ministries", done="ministry-done")


def _assigned(work: Work, indicator: str, ministry_id: str) -> Assigned:
    for assigned in list_assignments(work):
        if (assigned.indicator, assigned.ministry_id) == (indicator, ministry_id):
            return assigned
    raise NotFound
