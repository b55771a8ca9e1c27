"""Texts and events held beside each other, both ways: no text without its event, no event without its text."""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select
from sqlalchemy.engine import Connection
from sqlmodel import col

from app.models.assessments import Assessment, StoredInstrument
from app.models.record import Event
from app.record import ACCOUNTS
from app.verification.faults import Fault, Verified
from app.verification.held import PLACES, SOURCES, Held, Place, source_held
from app.verification.told import TELLS, Key, Seen, Told, told_by
from questionnaire.stored import restore_instrument

AT_ONCE = 50
"""Assessments whose texts are compared at once: what stays in memory is bounded by their hashes."""

_TELLING: Select[*tuple[Any, ...]] = (
    select(
        col(Event.stream), col(Event.seq), col(Event.at), col(Event.kind), col(Event.actor), col(Event.subject),
        col(Event.payload),
    )
    .where(col(Event.stream).in_(bindparam("streams", expanding=True)), col(Event.kind).in_(sorted(TELLS)))
    .order_by(col(Event.stream), col(Event.seq))
    .execution_options(stream_results=True)
)  # fmt: skip
_ROUNDS = select(col(Event.seq), col(Event.subject)).where(
    col(Event.stream) == ACCOUNTS, col(Event.kind) == "round_opened"
)


class Mention(NamedTuple):
    """An event that tells of a text."""

    stream: str
    seq: int
    told: Told


def check_texts(connection: Connection, found: Verified) -> None:
    """Compare all texts of all assessments, and all sources, with what the events tell; faults go into `found`."""
    rows = connection.execute(select(col(Assessment.id), col(Assessment.country)))
    countries = {row.id: row.country for row in rows}
    streams, sources = sorted(countries), list[Mention]()
    for start in range(0, len(streams), AT_ONCE):
        batch = streams[start : start + AT_ONCE]
        mentions = list(_mentions(connection, batch, found))
        sources += [mention for mention in mentions if mention.told.what == "source"]
        for place in PLACES:
            held = _held(connection, place, batch)
            told = [mention for mention in mentions if mention.told.what == place.what]
            found.texts += len(held)
            found.faults += _compared(place, _by_key(told, latest=place.latest), held)
    _check_sources(connection, sources, countries, found)
    _check_rounds(connection, countries, found)
    _check_instruments(connection, found)


def _mentions(connection: Connection, streams: Sequence[str], found: Verified) -> Iterator[Mention]:
    for stream, seq, at, kind, actor, subject, payload in connection.execute(_TELLING, {"streams": streams}):
        try:
            seen = Seen(stream, seq, at, kind, actor, subject, json.loads(payload))
            yield from [Mention(stream, seq, told) for told in told_by(seen)]
        except (KeyError, TypeError, ValueError, AttributeError):
            found.faults.append(Fault(stream, seq, f"what it tells cannot be read; '{kind}' tells something else"))


def _by_key(mentions: Iterable[Mention], *, latest: bool) -> dict[tuple[str, Key], list[Mention]]:
    by_key: dict[tuple[str, Key], list[Mention]] = {}
    for mention in mentions:
        place = (mention.stream, mention.told.key)
        by_key[place] = [mention] if latest else [*by_key.get(place, ()), mention]
    return by_key


def _held(connection: Connection, place: Place, streams: Sequence[str]) -> dict[tuple[str, Key], Held]:
    statement = place.rows.execution_options(stream_results=True)
    rows = (place.held(tuple(row)) for row in connection.execute(statement, {"streams": streams}))
    return {(held.stream, held.key): held for held in rows}


def _compared(
    place: Place, told: dict[tuple[str, Key], list[Mention]], held: dict[tuple[str, Key], Held]
) -> Iterator[Fault]:
    for key, text in held.items():
        name = _named(place.what, text.key)
        if text.wrong:
            yield Fault(text.stream, None, f"{name}: {text.wrong}")
        if place.told and key not in told:
            yield Fault(text.stream, None, f"{name} stands there, but no event tells of it")
    for key, mentions in told.items():
        for mention in mentions:
            wrong = _difference(mention.told, held.get(key))
            if wrong:
                yield Fault(mention.stream, mention.seq, f"{_named(place.what, mention.told.key)} {wrong}")


def _difference(told: Told, text: Held | None) -> str:
    if text is None:
        return "is gone"
    if told.value != text.value:
        return "is another than this event tells"
    if told.written and text.written and told.written != text.written:
        return "names another author or date than this event"
    return ""


def _named(what: str, key: Key) -> str:
    return f"the {what}{' ' if key else ''}{', '.join(str(part) for part in key)}"


def _check_sources(
    connection: Connection, mentions: Iterable[Mention], countries: dict[str, str], found: Verified
) -> None:
    """Sources are compared by country: the fault of one without an event names the country."""
    told: dict[tuple[str, Key], list[Mention]] = {}
    for mention in mentions:
        told.setdefault((countries[mention.stream], mention.told.key), []).append(mention)
    place = Place("source", SOURCES, source_held)
    held = _held(connection, place, ())
    found.texts += len(held)
    found.faults += _compared(place, told, held)


def _check_rounds(connection: Connection, countries: dict[str, str], found: Verified) -> None:
    for seq, assessment_id in connection.execute(_ROUNDS):
        if assessment_id not in countries:
            found.faults.append(Fault(ACCOUNTS, seq, f"it opened the assessment {assessment_id}, which is gone"))


def _check_instruments(connection: Connection, found: Verified) -> None:
    rows = connection.execute(select(col(StoredInstrument.content_hash), col(StoredInstrument.body)))
    for content_hash, body in rows:
        found.texts += 1
        wrong = _instrument_fault(content_hash, body)
        if wrong:
            found.faults.append(Fault("instruments", None, f"{content_hash}: {wrong}"))


@lru_cache(maxsize=4)
def _instrument_fault(content_hash: str, body: str) -> str:
    """Why a stored instrument is not the one with this hash; compiled once per process, for that takes a while."""
    try:
        named = restore_instrument(body).content_hash
    except ValueError as error:
        return str(error)
    return "" if named == content_hash else "another instrument stands there"
