"""The status board: who does what until when, for each indicator."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query, Response

from app.api.calls import Call, Id, may
from app.assessments.assignments import Assigned, list_assignments
from app.assessments.progress import DomainProgress, IndicatorProgress, assess_progress
from app.web.early import draw_early, is_early
from app.web.frame import frame_of
from app.web.overview import waiting_in
from app.web.rendering import draw
from app.web.standing import STATE_KINDS, Mark, marks_of
from app.work import Work

router = APIRouter(include_in_schema=False)

_TOLD_OTHERWISE = frozenset({"asked", "late", "carried"})
"""Marks that the columns of states and ministries tell."""


class Row(NamedTuple):
    """An indicator with the ministries that are asked, and what else goes on."""

    standing: IndicatorProgress
    assigned: list[Assigned]
    marks: list[Mark]


class Part(NamedTuple):
    """A domain with its rows; `waiting` is told in its line."""

    domain: DomainProgress
    waiting: list[tuple[str, str, int]]
    rows: list[Row]


@router.get("/assessments/{assessment_id}/board")
def show_board(
    call: Annotated[Call, may("see_progress")],
    assessment_id: Id,
    ministry: Annotated[str, Query(pattern="^([a-z0-9]{8,40})?$")] = "",
    late: Annotated[str, Query(pattern="^(yes)?$")] = "",
) -> Response:
    """Where each indicator stands, by domain; filtered by ministry, or to what is late."""
    with call.on_assessment(assessment_id) as work:
        frame = frame_of(work)
        if is_early(work):
            return draw_early(call, frame)
        assigned = list_assignments(work) if "see_assignments" in frame.actions else []
        parts = _parts(work, assigned, ministry, late=bool(late))
    ministries = sorted({(one.ministry_id, one.ministry) for one in assigned}, key=lambda one: one[1].casefold())
    return draw(
        call, "board/board.html", frame=frame, parts=parts, ministries=ministries, ministry=ministry, late=late,
        kinds=STATE_KINDS,
    )  # fmt: skip


def _parts(work: Work, assigned: list[Assigned], ministry: str, *, late: bool) -> list[Part]:
    parts = []
    for domain in assess_progress(work):
        rows = [_row(one, assigned) for one in domain.indicators]
        shown = [row for row in rows if _fits(row, ministry, late=late)]
        if shown:
            parts.append(Part(domain, waiting_in([row.standing for row in shown]), shown))
    return parts


def _row(standing: IndicatorProgress, assigned: list[Assigned]) -> Row:
    marks = [mark for mark in marks_of(standing) if mark.name not in _TOLD_OTHERWISE]
    return Row(standing, [one for one in assigned if one.indicator == standing.id], marks)


def _fits(row: Row, ministry: str, *, late: bool) -> bool:
    """Whether one ministry's assignment is what the filters ask for; without filters all rows are."""
    if not ministry and not late:
        return True
    return any(ministry in ("", one.ministry_id) and (one.overdue or not late) for one in row.assigned)
