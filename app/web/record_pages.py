"""The record of an assessment as a page: what happened, who did it and when, in words."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Response

from app.api.calls import Call, Id, may
from app.assessments.instruments import instrument_of
from app.errors import Invalid
from app.web.fields import Fields
from app.web.frame import frame_of
from app.web.record_reading import Asked, Told, assessment_events
from app.web.record_words import ASSESSMENT_EVENTS, EventWords
from app.web.rendering import draw

router = APIRouter(include_in_schema=False)

PAGE = 50


def asked_in(call: Call) -> Fields:
    """What the address asks for, as a form that was sent."""
    return Fields(given=dict(call.request.query_params))


def kinds_of(events: Mapping[str, EventWords]) -> list[tuple[str, str]]:
    """The kinds of events, to choose one."""
    return [(kind, words.happened) for kind, words in events.items()]


@router.get("/assessments/{assessment_id}/record")
def show_record(call: Annotated[Call, may("see_record")], assessment_id: Id) -> Response:
    """The record of an assessment, newest first, by kind, person, indicator and date."""
    sent, refusal, told = asked_in(call), None, Told([], None)
    with call.on_assessment(assessment_id) as work:
        frame = frame_of(work)
        indicators = [(one.id, f"{one.number} {one.title}") for one in instrument_of(work).source.indicators]
        try:
            asked = sent.as_(Asked)
        except Invalid as error:
            asked, refusal = Asked(), error
        else:
            told = assessment_events(work, asked, PAGE)
    return draw(
        call,
        "record/assessment.html",
        refusal=refusal,
        typed=sent,
        frame=frame,
        told=told.shown,
        onward=asked.onward(f"{frame.path}/record", told.onward),
        indicators=indicators,
        kinds=kinds_of(ASSESSMENT_EVENTS),
    )
