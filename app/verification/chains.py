"""The chains of events: each hash computed anew, no number left out, the state reduced anew, the checkpoints met."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy.engine import Connection

from app.assessments.workflow import LEADS_TO
from app.record import ACCOUNTS, event_hash
from app.verification.faults import Fault, Verified

Marks = Mapping[str, Mapping[int, str]]
"""The hashes that checkpoints hold: stream → number → hash."""

_EVENTS = "SELECT stream, seq, at, kind, actor, subject, payload, state, hash FROM event ORDER BY stream, seq"
_AT_ONCE = 5000

Row = tuple[Any, ...]


def check_chains(connection: Connection, marks: Marks, known: frozenset[str], found: Verified) -> None:
    """Read all events in order, once; faults and counts go into `found`. `known` are the ids of the assessments."""
    missing = set(marks)
    for stream, rows in groupby(_events(connection), itemgetter(0)):
        missing.discard(stream)
        found.streams += 1
        if stream != ACCOUNTS and stream not in known:
            found.faults.append(Fault(stream, None, "there are events, but no such assessment"))
        found.events += _check_chain(stream, rows, marks.get(stream, {}), found.faults)
    for stream in sorted(missing):
        found.faults.append(Fault(stream, None, "all of its events are gone; a checkpoint holds some"))


def _events(connection: Connection) -> Iterator[Row]:
    """All events as plain tuples, straight from the driver: wrapping them would take as long as checking them."""
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        yield from driver.execute(_EVENTS)
        return
    with driver.cursor(name="events_to_verify") as cursor:
        cursor.itersize = _AT_ONCE
        cursor.execute(_EVENTS)
        yield from cursor


def _check_chain(stream: str, rows: Iterable[Row], marks: Mapping[int, str], faults: list[Fault]) -> int:
    """Check one chain, and give the number of its events. After a fault it goes on from what stands there."""
    previous, state, last, count = "", "", 0, 0
    leads_to: Mapping[str, str] = {} if stream == ACCOUNTS else LEADS_TO
    for row in rows:
        _, seq, _, kind, _, _, _, told, sha256 = row
        count += 1
        state = leads_to.get(kind, state)
        if event_hash(previous, row[:8]) != sha256:
            faults.append(
                Fault(stream, seq, "its hash does not fit: it or the one before was changed, put in or taken out")
            )
        if seq != last + 1 or told != state or (marks and marks.get(seq, sha256) != sha256):
            faults += _differences(stream, row, last, state, marks)
        if kind == "opened" and seq != 1:
            faults.append(Fault(stream, seq, "it opens an assessment that was open already"))
        previous, last, state = sha256, seq if isinstance(seq, int) else last + 1, told
    gone = [number for number in marks if number > last]
    if gone:
        faults.append(Fault(stream, last, f"the record ends here, but a checkpoint holds event {max(gone)}"))
    return count


def _differences(stream: str, row: Row, last: int, state: str, marks: Mapping[int, str]) -> Iterator[Fault]:
    _, seq, _, kind, _, _, _, told, sha256 = row
    if seq != last + 1:
        yield Fault(stream, seq, f"it comes after event {last}; what should stand between is gone or numbered anew")
    if told != state:
        yield Fault(stream, seq, f"it says that the state is now '{told}', but '{kind}' leads to '{state}'")
    if marks.get(seq, sha256) != sha256:
        yield Fault(stream, seq, "a checkpoint holds another event with this number: the record was written anew")
