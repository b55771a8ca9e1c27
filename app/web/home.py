"""The page one comes to after signing in: one's assessments, and what waits in each."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Response

from app.api.calls import Call, may
from app.assessments.summaries import Summary, list_assessments
from app.rights import right
from app.web.next_steps import Step, next_step
from app.web.rendering import draw
from app.work import Work, enter_assessment

router = APIRouter(include_in_schema=False)

MOST = 500


class Waiting(NamedTuple):
    """An assessment in the list; `step` is what comes next for those who work on it, None for administrators."""

    summary: Summary
    step: Step | None


@router.get("/assessments")
def show_assessments(call: Annotated[Call, may("see_own")]) -> Response:
    """The assessments that one works on: first what waits for one, then by country, the latest round first."""
    with call.begin() as work:
        listed = list_assessments(work, MOST)
        mine = {one.id for one in listed if work.actor.roles_in(one.country.code) - {"administrator"}}
        rows = [Waiting(one, _step(work, one.id) if one.id in mine else None) for one in listed]
    rows.sort(key=lambda row: (not (row.step and row.step.waits), row.summary.country.name, -row.summary.round))
    return draw(call, "assessments.html", rows=rows)


def _step(work: Work, assessment_id: str) -> Step:
    """What comes next in one of them, entered as for its own page, in the same transaction."""
    inside = Work(work.service, work.connection, right("see_assessment"), work.now, work.address, work.person)
    enter_assessment(inside, assessment_id)
    step = next_step(inside)
    inside.finish()
    return step
