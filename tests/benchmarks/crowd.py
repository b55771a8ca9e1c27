"""Assessments of other countries, written straight into the tables: what ours must not be slowed down by."""

from datetime import UTC, datetime

from sqlalchemy import insert
from sqlmodel import col, select

from app.database import Database
from app.models.assessments import Assessment, StoredAnswer
from app.models.people import Account, Country
from app.models.record import Event
from app.people.secrets import new_id
from app.record import event_hash, text_hash
from questionnaire.compiled import CompiledInstrument

ANSWERS = 20
FIRST_ROUND, ROUNDS = 2030, 60
AT = datetime(2026, 1, 1, tzinfo=UTC)
STAMP = "2026-01-01T00:00:00.000000Z"


def add_crowd(database: Database, instrument: CompiledInstrument, count: int) -> None:
    """Add `count` assessments of other countries with some answers each, and the events of their opening."""
    codes = sorted(set(instrument.countries["en"]) - {"KG", "UZ", "TJ"})
    indicators = list(instrument.indicators)[:ANSWERS]
    body = '{"note":"Someone else\'s answer."}'
    with database.writing() as session:
        author = session.exec(select(col(Account.id))).first()
        connection = session.connection()
        connection.execute(insert(Country), [{"code": code, "added_at": AT} for code in codes])
        for begin in range(0, count, 500):
            made = [
                {
                    "id": new_id(),
                    "country": codes[number % len(codes)],
                    "round": FIRST_ROUND + number // len(codes),
                    "content_hash": instrument.content_hash,
                    "opened_at": AT,
                }
                for number in range(begin, min(begin + 500, count))
            ]
            connection.execute(insert(Assessment), made)
            connection.execute(insert(Event), [_opened(str(one["id"])) for one in made])
            answer = {
                "version": 1,
                "base": 0,
                "body": body,
                "sha256": text_hash(body),
                "saved_by": author,
                "saved_at": AT,
            }
            rows = [{**answer, "assessment_id": one["id"], "indicator": name} for one in made for name in indicators]
            connection.execute(insert(StoredAnswer), rows)


def _opened(stream: str) -> dict[str, object]:
    fields = (stream, 1, STAMP, "opened", "", "", "{}", "collecting")
    names = ("stream", "seq", "at", "kind", "actor", "subject", "payload", "state")
    return {**dict(zip(names, fields, strict=True)), "hash": event_hash("", fields)}
