"""Pages of the review: the queue of what is to be read, and one indicator with all that a reviewer looks at."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from app.api.calls import Call, Id, IndicatorName, may
from app.assessments.reviewing import mark_reviewed, unmark_reviewed
from app.errors import Invalid, Refusal, Stale
from app.web.answer_words import language_of
from app.web.fields import Fields, Posted
from app.web.frame import frame_of
from app.web.rendering import draw, see_other
from app.web.review_queue import FILTERS, find_queue
from app.web.review_sides import find_sides

router = APIRouter(include_in_schema=False)

Wanted = Annotated[str, Query(max_length=40)]


class ReviewIn(BaseModel):
    """The answer that was read, by its version; 0 for an answer never given."""

    answer_version: int = Field(ge=0, le=10**9)


@router.get("/assessments/{assessment_id}/review")
def show_review_queue(
    call: Annotated[Call, may("see_reviews")], assessment_id: Id, show: Wanted = "", domain: Wanted = ""
) -> Response:
    """What is to be read, what was changed first."""
    with call.on_assessment(assessment_id) as work:
        frame, queue = frame_of(work), find_queue(work)
    show = show if show in FILTERS else ""
    sections = [section.shown(show, domain) for section in (queue.sections if queue else ())]
    found = [section for section in sections if section.items]
    return draw(call, "review/queue.html", frame=frame, queue=queue, found=found, show=show, domain=domain)


@router.get("/assessments/{assessment_id}/review/{indicator}")
def show_review(call: Annotated[Call, may("see_reviews")], assessment_id: Id, indicator: IndicatorName) -> Response:
    """One indicator, to be read."""
    return _draw(call, assessment_id, indicator)


@router.post("/assessments/{assessment_id}/review/{indicator}")
def send_review(
    call: Annotated[Call, may("mark_reviewed")], assessment_id: Id, indicator: IndicatorName, fields: Posted
) -> Response:
    """Mark an indicator as read, at the version that was read, and stay or go on to the next."""
    try:
        given = fields.as_(ReviewIn)
        with call.on_assessment(assessment_id) as work:
            mark_reviewed(work, indicator, given.answer_version)
            queue = find_queue(work)
    except (Invalid, Stale) as refusal:
        return _draw(call, assessment_id, indicator, refusal, fields)
    path, following = f"/assessments/{assessment_id}/review", queue.after(indicator) if queue else None
    if fields.one("go") != "next":
        return see_other(f"{path}/{indicator}#reading", done="reviewed")
    return see_other(f"{path}/{following.id}" if following else path, done="reviewed" if following else "all-reviewed")


@router.post("/assessments/{assessment_id}/review/{indicator}/unmark")
def send_review_unmarked(
    call: Annotated[Call, may("mark_reviewed")], assessment_id: Id, indicator: IndicatorName
) -> Response:
    """Take the mark away."""
    with call.on_assessment(assessment_id) as work:
        unmark_reviewed(work, indicator)
    return see_other(f"/assessments/{assessment_id}/review/{indicator}#reading", done="unmarked")


def _draw(
    call: Call, assessment_id: str, indicator: str, refusal: Refusal | None = None, typed: Fields | None = None
) -> Response:
    with call.on_assessment(assessment_id) as work:
        frame, sides = frame_of(work), find_sides(work, indicator, language_of(call))
    return draw(
        call, "review/indicator.html", refusal=refusal, typed=typed or Fields(), frame=frame, sides=sides,
        indicator=indicator, beside=sides.beside, back=f"{frame.path}/review/{indicator}",
    )  # fmt: skip
