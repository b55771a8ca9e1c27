"""The main events of an assessment, those that changed its state: what happened when, and by whom; no values."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import col

from app.assessments.workflow import LEADS_TO
from app.models.people import Account
from app.models.record import Event
from app.work import Work


class Milestone(NamedTuple):
    """An event that led to a state. `by` is None where nobody was signed in."""

    kind: str
    at: datetime
    by: str | None


def list_milestones(work: Work) -> list[Milestone]:
    """The events that changed the state, the first one first."""
    statement = (
        select(col(Event.kind), col(Event.at), col(Account.name))
        .outerjoin(Account, col(Account.id) == col(Event.actor))
        .where(col(Event.stream) == work.assessment.id, col(Event.kind).in_(LEADS_TO))
        .order_by(col(Event.seq))
    )
    return [Milestone(kind, datetime.fromisoformat(at), name) for kind, at, name in work.connection.execute(statement)]
