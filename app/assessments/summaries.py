"""Assessments in lists and at a glance: state and dates. Nothing here counts, compares or ranks."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.assessments.instruments import instrument_of
from app.assessments.workflow import ACTIONS
from app.models.assessments import Assessment
from app.models.record import Event
from app.people.countries import NamedCountry, country_name, list_countries
from app.work import Work


class Summary(NamedTuple):
    """An assessment in a list. `changed_at` is the time of its last event."""

    id: str
    country: NamedCountry
    round: int
    state: str
    opened_at: datetime
    changed_at: datetime


class Glance(NamedTuple):
    """An assessment as one person meets it: their roles, and what they may do now."""

    summary: Summary
    instrument: str
    content_hash: str
    previous_id: str | None
    roles: list[str]
    actions: list[str]


_LATER = aliased(Event)
_LAST = select(func.max(col(_LATER.seq))).where(col(_LATER.stream) == col(Event.stream)).scalar_subquery()


def list_assessments(work: Work, limit: int, after: tuple[str, int] | None = None) -> list[Summary]:
    """Up to `limit` assessments of countries in which the person holds a role, by country name and then by round.

    `after`: the country name and round of the last one before.
    """
    countries = {country.code: country for country in list_countries(work)}
    opened = select(
        col(Assessment.id), col(Assessment.country), col(Assessment.round), col(Assessment.opened_at)
    ).where(col(Assessment.country).in_(countries))
    rows = [(countries[row.country], row) for row in work.connection.execute(opened)]
    rows.sort(key=lambda item: (item[0].name, item[1].round))
    shown = [(country, row) for country, row in rows if after is None or (country.name, row.round) > after][:limit]
    states = _states(work, [row.id for _, row in shown])
    return [
        Summary(row.id, country, row.round, states[row.id].state, row.opened_at, states[row.id].at)
        for country, row in shown
    ]


class _Last(NamedTuple):
    state: str
    at: datetime


def _states(work: Work, ids: list[str]) -> dict[str, _Last]:
    """The state of each assessment and the time of its last event, in one query."""
    last = select(col(Event.stream), col(Event.state), col(Event.at)).where(
        col(Event.stream).in_(ids), col(Event.seq) == _LAST
    )
    return {row.stream: _Last(row.state, datetime.fromisoformat(row.at)) for row in work.connection.execute(last)}


def look_at_assessment(work: Work) -> Glance:
    """The assessment of this work."""
    opened = work.assessment
    state, changed_at = _states(work, [opened.id])[opened.id]
    country = NamedCountry(opened.country, country_name(opened.country))
    return Glance(
        summary=Summary(opened.id, country, opened.round, state, opened.opened_at, changed_at),
        instrument=instrument_of(work).id,
        content_hash=opened.content_hash,
        previous_id=opened.previous_id,
        roles=sorted(work.roles),
        actions=[name for name in ACTIONS if may_do(work, name)],
    )


def may_do(work: Work, action: str) -> bool:
    """Whether the person may do this now; a token that only reads may change nothing."""
    return work.allows(action) and not (ACTIONS[action].writes and work.actor.scope == "read")
