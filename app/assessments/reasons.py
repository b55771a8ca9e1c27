"""Reasons that people give for a step: read by those who work on it, while the record holds their hashes alone."""

from typing import Any, NamedTuple

from sqlmodel import col, select

from app.models.assessments import GivenReason
from app.models.people import Account
from app.models.record import Event
from app.record import text_hash
from app.work import Work


class Reason(NamedTuple):
    """Why someone took a step, as `consent_declined`."""

    step: str
    at: str
    given_by: str | None
    reason: str


def record_with_reason(work: Work, kind: str, subject: str, reason: str, **payload: Any) -> None:
    """Write an event, and the reason for it beside."""
    head = work.record(kind, subject, reason=text_hash(reason), **payload)
    work.session.add(GivenReason(assessment_id=work.assessment.id, event=head.seq, reason=reason))
    work.session.flush()


def list_reasons(work: Work) -> list[Reason]:
    """The reasons given so far, the last one first."""
    statement = (
        select(Event.kind, Event.at, Account.name, GivenReason.reason)
        .join(Event, (col(Event.stream) == col(GivenReason.assessment_id)) & (col(Event.seq) == col(GivenReason.event)))
        .join(Account, col(Account.id) == col(Event.actor), isouter=True)
        .where(col(GivenReason.assessment_id) == work.assessment.id)
        .order_by(col(GivenReason.event).desc())
    )
    return [Reason(*row) for row in work.session.exec(statement)]
