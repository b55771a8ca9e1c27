"""Routes of assignments: ask ministries to contribute, remind them, and say that one is done."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.api.calls import Call, Id, IndicatorName, may
from app.api.headers import Once
from app.api.problems import declared
from app.assessments.assignments import (
    Assigned,
    assign_indicators,
    finish_assignment,
    list_assignments,
    remind_ministries,
    remove_assignment,
)
from app.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn, WrongState
from app.once import act_once
from questionnaire.model import IndicatorId
from questionnaire.text import Prose

router = APIRouter(prefix="/assessments/{assessment_id}", tags=["assignments"])

ObjectId = Annotated[str, StringConstraints(pattern="^[a-z0-9]{8,40}$")]
Indicators = Annotated[list[IndicatorId], Field(min_length=1, max_length=200)]


class AssignmentsIn(BaseModel):
    """One or many indicators for a ministry."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"indicators": ["health-access"], "ministry_id": "k3qhx7p2m5vbn4wzt6ya", "due": "2026-03-31"}
        },
    )

    indicators: Indicators
    ministry_id: ObjectId
    due: date | None = None
    remark: Prose | None = None


class AssignmentOut(BaseModel):
    """An indicator that a ministry is asked to contribute to; overdue from the day after its due date until it is done."""

    indicator: str
    ministry_id: str
    ministry: str
    due: date | None
    remark: str | None
    assigned_at: datetime
    done_at: datetime | None
    reminded_at: datetime | None
    overdue: bool


class ReminderIn(BaseModel):
    """Whom to remind: a ministry, or all ministries that are assigned these indicators; of both, what fits both."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"indicators": ["health-access"]}})

    ministry_id: ObjectId | None = None
    indicators: Indicators | None = None


class ReminderOut(BaseModel):
    """What was reminded of. `waiting` was reminded of within 24 hours; `without_people`: nobody contributes there yet."""

    reminded: list[AssignmentOut]
    waiting: list[AssignmentOut]
    without_people: list[AssignmentOut]


def _out(assigned: Assigned) -> AssignmentOut:
    return AssignmentOut.model_validate(assigned, from_attributes=True)


@router.get("/assignments", responses=declared(NotSignedIn, NotAllowed, NotFound, Invalid))
def get_assignments(call: Annotated[Call, may("see_assignments")], assessment_id: Id) -> list[AssignmentOut]:
    """The assignments, in the instrument's order; contributors see those of their own ministries."""
    with call.on_assessment(assessment_id) as work:
        return [_out(assigned) for assigned in list_assignments(work)]


@router.put("/assignments", responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Invalid))
def put_assignments(
    call: Annotated[Call, may("assign")], assessment_id: Id, body: AssignmentsIn
) -> list[AssignmentOut]:
    """Ask a ministry to contribute to indicators, or ask anew with another due date or remark."""
    with call.on_assessment(assessment_id) as work:
        assigned = assign_indicators(work, body.indicators, body.ministry_id, due=body.due, remark=body.remark)
    return [_out(item) for item in assigned]


@router.delete(
    "/assignments/{indicator}/{ministry_id}",
    status_code=204,
    responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Invalid),
)
def delete_assignment(
    call: Annotated[Call, may("assign")], assessment_id: Id, indicator: IndicatorName, ministry_id: Id
) -> None:
    """Ask a ministry no longer. What it contributed stays on record."""
    with call.on_assessment(assessment_id) as work:
        remove_assignment(work, indicator, ministry_id)


@router.post(
    "/assignments/{indicator}/{ministry_id}/finish",
    responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Invalid),
)
def post_finish(
    call: Annotated[Call, may("finish_assignment")], assessment_id: Id, indicator: IndicatorName, ministry_id: Id
) -> AssignmentOut:
    """Say that your ministry is done with an indicator."""
    with call.on_assessment(assessment_id) as work:
        return _out(finish_assignment(work, indicator, ministry_id))


@router.post("/reminders", responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Conflict, Invalid))
def post_reminder(call: Annotated[Call, may("remind")], assessment_id: Id, body: ReminderIn, once: Once) -> ReminderOut:
    """Write to the contributors whose ministries are not done; once in 24 hours for each assignment."""
    with call.on_assessment(assessment_id) as work:
        return act_once(
            work,
            once,
            ReminderOut,
            lambda: ReminderOut.model_validate(
                remind_ministries(work, body.ministry_id, body.indicators), from_attributes=True
            ),
        )
