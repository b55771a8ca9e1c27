"""Reading the record for a page: events that fit a filter, newest first, told with names. No values stand in them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from itertools import islice
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from app.api.pages import cursor, place
from app.assessments.events import RecordedEvent, list_events
from app.assessments.instruments import instrument_of
from app.errors import NotFound
from app.people.accounts import find_account
from app.people.countries import country_name
from app.people.ministries import list_ministries
from app.rights import right
from app.web.record_words import EVENTS, UNKNOWN, EventWords
from app.work import Work

BATCH = 200
MOST_LOOKED_AT = 20_000
"""Events that one page looks through for those that fit; the next page goes on from there."""
_NAMES = re.compile(r"%\((\w+)\)s")


class Asked(BaseModel):
    """What of the record is asked for; `after` is the cursor of the page before."""

    kind: Annotated[str | None, Field(pattern="^[a-z_]{1,60}$")] = None
    person: Annotated[str | None, Field(max_length=120)] = None
    indicator: Annotated[str | None, Field(pattern="^[a-z0-9-]{1,80}$")] = None
    since: date | None = None
    until: date | None = None
    after: str | None = None

    def onward(self, path: str, seq: int | None) -> str | None:
        """The address of the next page, which goes on after an event."""
        if seq is None:
            return None
        kept = self.model_dump(mode="json", exclude_none=True, exclude={"after"})
        return f"{path}?{urlencode({**kept, 'after': cursor(seq)})}"


class ToldEvent(NamedTuple):
    """An event in words. `about` is empty where what it needs is not told to this person; `values` are its names."""

    at: datetime
    words: EventWords
    about: str
    who: str | None
    indicators: list[str]
    values: Mapping[str, Any]


class Found(NamedTuple):
    """Events that fit, and the number of the one after which to go on; None at the end."""

    events: list[RecordedEvent]
    onward: int | None


class Told(NamedTuple):
    """The same in words."""

    shown: list[ToldEvent]
    onward: int | None


def find_events(work: Work, asked: Asked, fits: Callable[[RecordedEvent], bool], limit: int) -> Found:
    """The newest events of this work's record that fit."""
    since, until = (day.isoformat() if day else None for day in (asked.since, asked.until))
    events: list[RecordedEvent] = []
    last = None
    for event in islice(_newest_first(work, asked), MOST_LOOKED_AT):
        if since and event.at[:10] < since:
            return Found(events, None)
        if (until is None or event.at[:10] <= until) and fits(event):
            if len(events) == limit:
                return Found(events, events[-1].seq)
            events.append(event)
        last = event.seq
    return Found(events, last if last and last > 1 and len(events) < limit and _more(work, asked, last) else None)


def _more(work: Work, asked: Asked, last: int) -> bool:
    return bool(list_events(work, kind=asked.kind, after=last, limit=1))


def _newest_first(work: Work, asked: Asked) -> Iterator[RecordedEvent]:
    keys = place(asked.after, int)
    after = int(keys[0]) if keys else None
    while found := list_events(work, kind=asked.kind, after=after, limit=BATCH):
        yield from found
        after = found[-1].seq


def concerned(event: RecordedEvent) -> set[str]:
    """The ids of those who did it, and to whom it was done; other ids among them do no harm."""
    named = (event.actor, event.subject, event.payload.get("account"), event.payload.get("by_account"))
    return {str(one) for one in named if one}


def indicators_in(event: RecordedEvent, known: Iterable[str]) -> list[str]:
    """The indicators that an event of an assessment is about."""
    if event.kind.startswith("source_"):
        return []
    payload = event.payload
    named = [payload.get("indicator"), event.subject.partition(".")[0], *payload.get("indicators", ())]
    named += payload.get("reasons", ())
    return [one for one in dict.fromkeys(named) if one in known]


def assessment_events(work: Work, asked: Asked, limit: int) -> Told:
    """Events of the assessment that fit what is asked, in words."""
    known = instrument_of(work).indicators
    words = (asked.person or "").casefold()

    def fits(event: RecordedEvent) -> bool:
        named = asked.indicator is None or asked.indicator in indicators_in(event, known)
        return named and words in (event.actor_name or "").casefold()

    found = find_events(work, asked, fits, limit)
    ministries = _ministry_names(work)

    def told(event: RecordedEvent) -> ToldEvent:
        payload = event.payload
        titles = [f"{known[one].number} {known[one].title}" for one in indicators_in(event, known)]
        values = {
            "ministry": ministries.get(payload.get("ministry") or event.subject),
            "version": payload.get("version"),
            "subject": event.subject or None,
            "round": payload.get("round"),
        }
        return _told(event, titles, values)

    return Told([told(event) for event in found.events], found.onward)


def _ministry_names(work: Work) -> dict[str, str]:
    """The country's ministries by id; none for those who may not see them: whom a government asks is its own business."""
    if not work.roles & right("see_ministries").roles:
        return {}
    return {ministry.id: ministry.name for ministry in list_ministries(work)}


def account_events(work: Work, people: frozenset[str] | None, asked: Asked, limit: int) -> Told:
    """Events of accounts that fit what is asked, in words; only those that concern `people`, if they are given."""
    found = find_events(work, asked, lambda event: people is None or bool(concerned(event) & people), limit)
    names = _names(work, {one for event in found.events for one in concerned(event)})

    def told(event: RecordedEvent) -> ToldEvent:
        payload = event.payload
        country = payload.get("country") or (event.subject if event.kind == "country_added" else None)
        values = {
            "whom": names.get(payload.get("account") or event.subject),
            "role": payload.get("role"),
            "country": country_name(country) if country else None,
            "round": payload.get("round"),
        }
        return _told(event, [], values)

    return Told([told(event) for event in found.events], found.onward)


def _names(work: Work, ids: Iterable[str]) -> dict[str, str]:
    """The names of accounts, by id; ids of anything else are left out."""
    names = {}
    for one in ids:
        with suppress(NotFound):
            names[one] = find_account(work, one).name
    return names


def _told(event: RecordedEvent, titles: list[str], values: Mapping[str, Any]) -> ToldEvent:
    words = EVENTS.get(event.kind, UNKNOWN)
    there = {name for name, value in values.items() if value is not None}
    there |= {"indicator", "indicators"} if titles else set()
    if "role" in there:
        there.add("country")
    about = words.about if set(_NAMES.findall(words.about)) <= there else ""
    return ToldEvent(datetime.fromisoformat(event.at), words, about, event.actor_name, titles, values)
