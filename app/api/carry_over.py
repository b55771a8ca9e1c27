"""Routes of the next round: what would become of each answer of the round before, and carrying them over."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app.api.acting import act_on_assessment
from app.api.calls import Call, Id, may
from app.api.headers import Once
from app.api.problems import declared
from app.assessments.carrying import carry_over, show_carry_over
from app.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn, SecondFactorNeeded, WrongState
from app.work import Work

router = APIRouter(prefix="/assessments/{assessment_id}/carry-over", tags=["carry-over"])

_READING = declared(NotSignedIn, SecondFactorNeeded, NotAllowed, NotFound, WrongState, Invalid)


class CarriedOut(BaseModel):
    """What becomes of one answer of the round before, and why."""

    indicator: str
    title: str
    verdict: Literal["kept", "converted", "dropped"]
    reason: str
    answer: dict[str, Any] | None = Field(description="What would be carried over; null where the answer is dropped.")
    answered_here: bool = Field(description="This round has an answer already; it stays as it is.")


class CarryOverOut(BaseModel):
    """The round that answers come from, and what becomes of each, in the questionnaire's order."""

    from_round: int
    answers: list[CarriedOut]


class CarriedOverOut(BaseModel):
    """The indicators that have an answer now which was carried over just now, to be confirmed or changed."""

    from_round: int
    indicators: list[str]


@router.get("", responses=_READING)
def get_carry_over(call: Annotated[Call, may("see_carry_over")], assessment_id: Id) -> CarryOverOut:
    """What would become of each answer of the round before; nothing moves. 404 if there was no round before."""
    with call.on_assessment(assessment_id) as work:
        return CarryOverOut.model_validate(show_carry_over(work), from_attributes=True)


@router.post("", status_code=201, responses=_READING | declared(Conflict))
def post_carry_over(call: Annotated[Call, may("carry_over")], assessment_id: Id, once: Once) -> CarriedOverOut:
    """Carry over each answer that this round does not have yet. Doing it again carries nothing twice."""

    def act(work: Work) -> CarriedOverOut:
        return CarriedOverOut.model_validate(carry_over(work), from_attributes=True)

    return act_on_assessment(call, assessment_id, once, CarriedOverOut, act)
