"""Ways to tamper with a record behind the service's back, up to making every hash fit again."""

from collections.abc import Callable
from random import Random
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, insert, select, update
from sqlalchemy.engine import Connection
from sqlmodel import SQLModel, col

from app.models.assessments import Assessment
from app.models.record import Event
from app.record import ACCOUNTS, event_hash, text_hash
from app.verification.chains import Marks

FAR = 1_000_000
ORDER = ("stream", "seq", "at", "kind", "actor", "subject", "payload", "state")
TEXTS = (
    ("answer", "body", "sha256"), ("source", "body", "sha256"), ("submission", "response", "sha256"),
    ("submission", "evidence", "sha256"), ("draft", "document", None), ("draft", "fingerprint", None),
    ("publication", "document", None), ("publication", "fingerprint", None), ("publication", "notice", None),
    ("returned_indicator", "reason", None), ("given_reason", "reason", None), ("comment", "text", None),
    ("contribution", "body", None), ("sentence_edit", "text", None), ("evidence", "name", None),
    ("evidence", "sha256", None),
)  # fmt: skip
"""Tables with the column of a text, and that of its hash where the row has one."""
AUTHORS = (("answer", "saved_by"), ("source", "saved_by"), ("comment", "written_by"), ("contribution", "proposed_by"))


def at(stream: str, seq: int) -> ColumnElement[bool]:
    return (col(Event.stream) == stream) & (col(Event.seq) == seq)


def some_place(marks: Marks, random: Random) -> tuple[str, int, int]:
    """A stream, the number of one of its events that a checkpoint covers, and the last such number."""
    stream = random.choice(sorted(marks))
    last = max(marks[stream])
    return stream, random.randint(1, last), last


def change_event(connection: Connection, marks: Marks, random: Random) -> None:
    stream, seq, _ = some_place(marks, random)
    field = random.choice([*ORDER[2:], "hash"])
    connection.execute(update(Event).where(at(stream, seq)).values({field: f"another {random.random()}"}))


def delete_event(connection: Connection, marks: Marks, random: Random) -> None:
    stream, seq, _ = some_place(marks, random)
    connection.execute(delete(Event).where(at(stream, seq)))


def close_the_gap(connection: Connection, marks: Marks, random: Random) -> None:
    """Delete an event, give those behind it new numbers, and make all hashes fit."""
    stream, seq, _ = some_place(marks, random)
    connection.execute(delete(Event).where(at(stream, seq)))
    renumber(connection, stream, seq, -1)
    rehash(connection, stream)


def insert_event(connection: Connection, marks: Marks, random: Random) -> None:
    """Put a copy of an event before it; now and then make all hashes fit."""
    stream, seq, _ = some_place(marks, random)
    row = connection.execute(select(table("event")).where(at(stream, seq))).one()._asdict()
    renumber(connection, stream, seq - 1, 1)
    connection.execute(insert(Event).values({**row, "kind": "reminded"}))
    if random.random() < 0.5:
        rehash(connection, stream)


def swap_events(connection: Connection, marks: Marks, random: Random) -> None:
    stream, seq, last = some_place(marks, random)
    other = seq - 1 if seq > 1 else seq + 1
    if last == 1:
        return delete_event(connection, marks, random)
    for old, new in ((seq, FAR), (other, seq), (FAR, other)):
        connection.execute(update(Event).where(at(stream, old)).values(seq=new))
    return None


def cut_tail(connection: Connection, marks: Marks, random: Random) -> None:
    stream, seq, _ = some_place(marks, random)
    connection.execute(delete(Event).where(col(Event.stream) == stream, col(Event.seq) >= seq))


def roll_back(connection: Connection, marks: Marks, random: Random) -> None:
    """Set the last events and their texts back, in all streams; what is left fits together."""
    stream = next(name for name in sorted(marks) if max(marks[name]) > 100)
    cut = max(marks[stream]) - random.randint(0, 3)
    connection.execute(delete(Event).where(col(Event.stream) == stream, col(Event.seq) >= cut))
    for name in ("publication", "draft", "given_reason"):
        connection.execute(delete(table(name)).where(table(name).c.assessment_id == stream))


def write_anew(connection: Connection, marks: Marks, random: Random) -> None:
    """Change an event that tells of no text, and make all hashes behind it fit."""
    stream, _, _ = some_place(marks, random)
    plain = col(Event.kind).in_(("signed_off", "assigned", "country_added", "opened", "round_opened"))
    found = connection.execute(
        select(col(Event.seq)).where(col(Event.stream) == stream, plain, col(Event.seq) <= max(marks[stream]))
    )
    seq = random.choice([row.seq for row in found])
    connection.execute(update(Event).where(at(stream, seq)).values(at="2026-01-01T00:00:00.000000Z"))
    rehash(connection, stream)


def delete_stream(connection: Connection, marks: Marks, random: Random) -> None:
    """Delete an assessment that holds no texts yet, its events, and every trace in the accounts' record."""
    stream = next(name for name in sorted(marks) if name != ACCOUNTS and max(marks[name]) == 1)
    connection.execute(delete(Event).where(col(Event.stream) == stream))
    connection.execute(delete(Assessment).where(col(Assessment.id) == stream))
    trace = connection.execute(select(col(Event.seq)).where(col(Event.subject) == stream)).scalar_one()
    connection.execute(delete(Event).where(at(ACCOUNTS, trace)))
    renumber(connection, ACCOUNTS, trace, -1)
    rehash(connection, ACCOUNTS)


def change_text(connection: Connection, marks: Marks, random: Random) -> None:
    """Change a text; where its row has its hash, mostly that as well."""
    name, column, hashed = random.choice(TEXTS)
    there = table(name)
    key, row = some_row(connection, there, random, there.c[column].is_not(None))
    text = f"{row[column]} or not"
    values = {column: text}
    if hashed and random.random() < 0.7:
        values[hashed] = text_hash(text)
    connection.execute(update(there).where(key).values(values))


def delete_text(connection: Connection, marks: Marks, random: Random) -> None:
    name = random.choice(sorted({name for name, _, _ in TEXTS}))
    there = table(name)
    connection.execute(delete(there).where(some_row(connection, there, random)[0]))


def add_text(connection: Connection, marks: Marks, random: Random) -> None:
    """A copy of a text's row, as another version of it."""
    there = table(random.choice(("answer", "source", "sentence_edit")))
    _, row = some_row(connection, there, random)
    connection.execute(insert(there).values({**row, "version": row["version"] + FAR}))


def change_author(connection: Connection, marks: Marks, random: Random) -> None:
    name, column = random.choice(AUTHORS)
    there = table(name)
    connection.execute(update(there).where(some_row(connection, there, random)[0]).values({column: "somebody else"}))


WAYS: tuple[Callable[[Connection, Marks, Random], None], ...] = (
    change_event, delete_event, close_the_gap, insert_event, swap_events, cut_tail, roll_back, write_anew, delete_stream,
    change_text, delete_text, add_text, change_author,
)  # fmt: skip


def table(name: str) -> Table:
    return SQLModel.metadata.tables[name]


def some_row(
    connection: Connection, there: Table, random: Random, *where: ColumnElement[bool]
) -> tuple[ColumnElement[bool], dict[str, Any]]:
    """A condition that finds one row, and the row."""
    row = random.choice(connection.execute(select(there).where(*where).order_by(*there.primary_key)).all())._asdict()
    key = [column == row[column.name] for column in there.primary_key]
    condition = key[0]
    for part in key[1:]:
        condition &= part
    return condition, row


def renumber(connection: Connection, stream: str, behind: int, by: int) -> None:
    """Move the numbers of the events behind a place, by way of numbers that are free."""
    here = col(Event.stream) == stream
    connection.execute(update(Event).where(here, col(Event.seq) > behind).values(seq=col(Event.seq) + FAR))
    connection.execute(update(Event).where(here, col(Event.seq) > FAR).values(seq=col(Event.seq) - FAR + by))


def rehash(connection: Connection, stream: str) -> None:
    """Make all hashes of a chain fit, as its writer would."""
    previous = ""
    rows = connection.execute(
        select(*(Event.metadata.tables["event"].c[name] for name in ORDER))
        .where(col(Event.stream) == stream)
        .order_by(col(Event.seq))
    ).all()
    for row in rows:
        previous = event_hash(previous, tuple(row))
        connection.execute(update(Event).where(at(stream, row.seq)).values(hash=previous))
