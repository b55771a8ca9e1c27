"""Routes of comparison: what a round tells otherwise than the round before, of the same country, and why."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from app.api.calls import Call, Id, may
from app.api.problems import declared
from app.assessments.comparing import Change, compare_rounds
from app.errors import Invalid, NotAllowed, NotFound, NotSignedIn, SecondFactorNeeded, WrongState
from app.work import Opened
from questionnaire.model import Area
from questionnaire.table import OutcomeKind
from scoring.comparison import ReasonKind

router = APIRouter(prefix="/assessments/{assessment_id}", tags=["comparison"])

Language = Annotated[
    str | None,
    Query(
        pattern="^[a-z]{2,3}(-[A-Za-z]{2,8})?$",
        description="The language of the document; the questionnaire's own if left out.",
    ),
]


class SideOut(BaseModel):
    """What is told of an indicator; `text` is what is printed, empty where nothing is."""

    outcome: OutcomeKind
    area: Area | None
    text: str


class ChangeReasonOut(BaseModel):
    """Why something is told otherwise."""

    kind: ReasonKind | Literal["edit"] = Field(
        description="`edit`: a reviewer's rewording; `earlier`: another indicator's answer; else what of this one's changed."
    )
    text: str


class ChangeOut(BaseModel):
    """An indicator that is told otherwise; a side is null where the indicator is not part of that questionnaire."""

    indicator: str
    number: str
    title: str
    before: SideOut | None
    after: SideOut | None
    reasons: list[ChangeReasonOut]


class RoundOut(BaseModel):
    """One of the two rounds."""

    assessment: str
    round: int
    content_hash: str


class ComparisonOut(BaseModel):
    """What is told otherwise in a round than in the one before, in the questionnaire's order."""

    before: RoundOut
    after: RoundOut
    language: str
    changes: list[ChangeOut]


def change_out(change: Change) -> ChangeOut:
    """A change as it is sent."""
    return ChangeOut.model_validate(change, from_attributes=True)


def _round(opened: Opened) -> RoundOut:
    return RoundOut(assessment=opened.id, round=opened.round, content_hash=opened.content_hash)


@router.get(
    "/comparison",
    responses=declared(NotSignedIn, SecondFactorNeeded, NotAllowed, NotFound, WrongState, Invalid),
)
def get_comparison(
    call: Annotated[Call, may("see_comparison")], assessment_id: Id, language: Language = None
) -> ComparisonOut:
    """What is told otherwise than in the round before, and why; 404 if there was none."""
    with call.on_assessment(assessment_id) as work:
        compared = compare_rounds(work, language)
        return ComparisonOut(
            before=_round(compared.before.opened),
            after=_round(work.assessment),
            language=compared.language,
            changes=[change_out(change) for change in compared.changes],
        )
