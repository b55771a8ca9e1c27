"""Routes of assessments as a whole: those that one works on, one at a glance, opening a round."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.api.calls import Call, Id, may
from app.api.countries import CountryOut
from app.api.headers import Once
from app.api.pages import After, Limit, Page, page, place
from app.api.problems import declared
from app.assessments.rounds import open_packaged_round
from app.assessments.summaries import Glance, Summary, list_assessments, look_at_assessment
from app.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn, SecondFactorNeeded
from app.once import act_once
from questionnaire import DEFAULT_INSTRUMENT

router = APIRouter(prefix="/assessments", tags=["assessments"])


class RoundIn(BaseModel):
    """The round to open: a country, a year, and the instrument to be answered."""

    model_config = ConfigDict(extra="forbid")

    country: str = Field(pattern="^[A-Z]{2}$", examples=["KG"])
    round: int = Field(ge=2015, le=2100, examples=[2026])
    instrument: str = Field(DEFAULT_INSTRUMENT, pattern="^[a-z][a-z0-9-]{0,39}$")


class OpenedOut(BaseModel):
    """The round that was opened."""

    id: str
    country: str
    round: int
    instrument: str
    content_hash: str


class SummaryOut(BaseModel):
    """An assessment in a list: its state and dates, nothing else."""

    id: str
    country: CountryOut
    round: int
    state: str
    opened_at: datetime
    changed_at: datetime


class AssessmentOut(SummaryOut):
    """An assessment at a glance: what it is, what you are in it, and what you may do now."""

    instrument: str
    content_hash: str
    roles: list[str]
    actions: list[str] = Field(description="What your roles allow at this stage.")
    links: dict[str, str]


def _summary(summary: Summary) -> SummaryOut:
    return SummaryOut.model_validate(summary, from_attributes=True)


def _links(glance: Glance) -> dict[str, str]:
    own, country = f"/api/v1/assessments/{glance.summary.id}", glance.summary.country.code
    links = {"self": own, "instrument": f"/api/v1/instruments/{glance.content_hash}"}
    if {"focal_point", "administrator"} & set(glance.roles):
        links["people"] = f"/api/v1/countries/{country}/people"
    if "see_answers" in glance.actions:
        links["answers"] = f"{own}/answers"
    if glance.previous_id:
        links["previous"] = f"/api/v1/assessments/{glance.previous_id}"
    return links


@router.get("", responses=declared(NotSignedIn, SecondFactorNeeded, Invalid))
def get_assessments(call: Annotated[Call, may("see_own")], limit: Limit = 50, after: After = None) -> Page[SummaryOut]:
    """The assessments of the countries in which you hold a role, by country name and round."""
    with call.begin() as work:
        keys = place(after, str, int)
        found = list_assessments(work, limit + 1, (str(keys[0]), int(keys[1])) if keys else None)
        return page(found, limit, _summary, lambda summary: (summary.country.name, summary.round))


@router.post("", status_code=201, responses=declared(NotSignedIn, SecondFactorNeeded, NotAllowed, Conflict, Invalid))
def post_assessment(call: Annotated[Call, may("open_round")], data: RoundIn, once: Once) -> OpenedOut:
    """Open a round for a country. It stays on the very instrument that it is opened on."""
    with call.on_service() as work:

        def act() -> OpenedOut:
            opened = open_packaged_round(work, data.instrument, data.country, data.round)
            return OpenedOut(
                **opened.model_dump(include={"id", "country", "round", "content_hash"}), instrument=data.instrument
            )

        return act_once(work, once, OpenedOut, act)


@router.get("/{assessment_id}", responses=declared(NotSignedIn, SecondFactorNeeded, NotAllowed, NotFound))
def get_assessment(call: Annotated[Call, may("see_assessment")], assessment_id: Id) -> AssessmentOut:
    """One assessment: its state, what you are in it, and what you may do now."""
    with call.on_assessment(assessment_id) as work:
        glance = look_at_assessment(work)
    return AssessmentOut(
        **_summary(glance.summary).model_dump(),
        instrument=glance.instrument,
        content_hash=glance.content_hash,
        roles=glance.roles,
        actions=glance.actions,
        links=_links(glance),
    )
