"""Published snapshots, as anyone may read them."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func
from sqlalchemy import select as select_rows
from sqlmodel import col, select

from app.assessments.instruments import instrument_by_hash
from app.errors import NotFound, Withdrawn
from app.models.assessments import Assessment
from app.models.documents import Publication
from app.work import Work
from scoring.snapshot import Snapshot


class Listed(NamedTuple):
    """A published snapshot in the public list."""

    country: str
    country_name: str
    round: int
    published_at: datetime


class Erratum(NamedTuple):
    """What a correction corrected."""

    number: int
    text: str
    published_at: datetime


class Published(NamedTuple):
    """A snapshot that is public, with its corrections, the last one first."""

    number: int
    document: Snapshot
    fingerprint: str
    published_at: datetime
    errata: list[Erratum]


def list_published(work: Work) -> list[Listed]:
    """The public snapshots by country's name, then round."""
    number = func.max(col(Publication.number)).label("number")
    newest = (
        select_rows(col(Publication.assessment_id).label("id"), number)
        .group_by(col(Publication.assessment_id))
        .subquery()
    )
    statement = (
        select(Publication.country, Publication.round, Publication.published_at, Assessment.content_hash)
        .join(newest, (col(Publication.assessment_id) == newest.c.id) & (col(Publication.number) == newest.c.number))
        .join(Assessment, col(Assessment.id) == col(Publication.assessment_id))
        .where(col(Publication.withdrawn_at).is_(None))
    )
    listed = [
        Listed(country, _name(work, content_hash, country), year, published_at)
        for country, year, published_at, content_hash in work.session.exec(statement)
    ]
    return sorted(listed, key=lambda item: (item.country_name, item.country, item.round))


def _name(work: Work, content_hash: str, country: str) -> str:
    instrument = instrument_by_hash(work.session, content_hash)
    return instrument.countries[instrument.source.language][country].name


def find_published(work: Work, country: str, year: int) -> Published:
    """A public snapshot. `NotFound` if there is none; `Withdrawn` with its notice if it is public no longer."""
    statement = select(Publication).where(col(Publication.country) == country, col(Publication.round) == year)
    numbers = work.session.exec(statement.order_by(col(Publication.number).desc())).all()
    if not numbers:
        raise NotFound
    last = numbers[0]
    if last.withdrawn_at is not None:
        raise Withdrawn(
            "This snapshot was withdrawn; the notice tells why.", notice=last.notice, withdrawn_at=last.withdrawn_at
        )
    errata = [Erratum(row.number, row.erratum, row.published_at) for row in numbers if row.erratum]
    document = Snapshot.model_validate_json(last.document)
    return Published(last.number, document, last.fingerprint, last.published_at, errata)
