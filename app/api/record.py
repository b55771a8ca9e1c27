"""Routes of the record: what happened, who did it and when. No values stand in it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from app.api.calls import Call, Id, may
from app.api.pages import After, Limit, Page, page, place
from app.api.problems import declared
from app.assessments.events import RecordedEvent, list_events
from app.errors import Invalid, NotAllowed, NotFound, NotSignedIn, SecondFactorNeeded, WrongState
from app.work import Work

router = APIRouter(tags=["record"])

Order = Annotated[Literal["newest", "oldest"], Query(description="Which comes first.")]
Kind = Annotated[str | None, Query(pattern="^[a-z_]{1,60}$", description="Only events of this kind.")]


class EventOut(BaseModel):
    """Something that happened."""

    seq: int
    at: datetime
    kind: str
    actor: str = Field(description="The account's id; empty where nobody was signed in.")
    actor_name: str | None
    subject: str
    payload: dict[str, Any] = Field(description="Versions and ids, and hashes for the government alone; never a text.")
    state: str = Field(description="The assessment's state from this event on.")
    hash: str | None = Field(description="SHA-256 over this event and the hash before it; for the government alone.")


def _events(
    work: Work, kind: str | None, order: Literal["newest", "oldest"], after: str | None, limit: int
) -> Page[EventOut]:
    found = place(after, int)
    events = list_events(work, kind=kind, order=order, after=int(found[0]) if found else None, limit=limit + 1)
    return page(events, limit, _out, lambda event: (event.seq,))


def _out(event: RecordedEvent) -> EventOut:
    return EventOut.model_validate(event, from_attributes=True)


@router.get(
    "/assessments/{assessment_id}/record",
    responses=declared(NotSignedIn, SecondFactorNeeded, NotAllowed, NotFound, WrongState, Invalid),
)
def get_record(
    call: Annotated[Call, may("see_record")],
    assessment_id: Id,
    *,
    kind: Kind = None,
    order: Order = "newest",
    after: After = None,
    limit: Limit = 50,
) -> Page[EventOut]:
    """The record of an assessment."""
    with call.on_assessment(assessment_id) as work:
        return _events(work, kind, order, after, limit)


@router.get("/record/accounts", responses=declared(NotSignedIn, SecondFactorNeeded, NotAllowed, Invalid))
def get_account_record(
    call: Annotated[Call, may("see_account_record")],
    *,
    kind: Kind = None,
    order: Order = "newest",
    after: After = None,
    limit: Limit = 50,
) -> Page[EventOut]:
    """The record of accounts, roles and rounds."""
    with call.on_service() as work:
        return _events(work, kind, order, after, limit)
