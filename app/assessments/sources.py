"""A country's list of laws, policies, bodies and other sources, used again by reference in every round."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from app.models.assessments import StoredSource
from app.work import Work
from questionnaire.response import Source
from questionnaire.stored import source_from


class SavedSource(NamedTuple):
    """A source as it stands now."""

    id: str
    version: int
    source: Source
    removed: bool
    saved_by: str
    saved_at: datetime


_LAST = (
    select(col(StoredSource.id).label("id"), func.max(col(StoredSource.version)).label("version"))
    .where(col(StoredSource.country) == bindparam("country"))
    .group_by(col(StoredSource.id))
    .subquery()
)
_LIST = (
    select(
        col(StoredSource.id), col(StoredSource.version), col(StoredSource.body), col(StoredSource.removed),
        col(StoredSource.saved_by), col(StoredSource.saved_at),
    )
    .join(_LAST, (col(StoredSource.id) == _LAST.c.id) & (col(StoredSource.version) == _LAST.c.version))
    .where(col(StoredSource.country) == bindparam("country"))
    .order_by(col(StoredSource.id))
)  # fmt: skip
_KNOWN = (
    select(col(StoredSource.id), col(StoredSource.removed))
    .where(
        col(StoredSource.country) == bindparam("country"), col(StoredSource.id).in_(bindparam("ids", expanding=True))
    )
    .order_by(col(StoredSource.version))
)


def list_sources(work: Work, removed: Collection[str] = ()) -> list[SavedSource]:
    """The country's sources as they stand now. Those that were removed are left out, but for the ids in `removed`."""
    rows = work.connection.execute(_LIST, {"country": work.country}).all()
    return [
        SavedSource(row.id, row.version, source_from(row.body), row.removed, row.saved_by, row.saved_at)
        for row in rows
        if not row.removed or row.id in removed
    ]


def sources_by_id(work: Work, named: Collection[str] = ()) -> dict[str, Source]:
    """The country's sources by id, and those among `named` that were removed since an answer of another round named them."""
    return {saved.id: saved.source for saved in list_sources(work, named)}


def lock_sources(work: Work) -> None:
    """Let nobody else change the country's list, or come to rest on it, until this work is done. After the assessment's lock."""
    work.service.database.lock(work.connection, f"sources {work.country}")


def known_sources(work: Work, ids: Iterable[str]) -> dict[str, None]:
    """Those of `ids` that are in the country's list; when writing, the list stays as it is until this work is done."""
    wanted = list(ids)
    if not wanted:
        return {}
    if work.right.writes:
        lock_sources(work)
    rows = work.connection.execute(_KNOWN, {"country": work.country, "ids": wanted}).all()
    removed = {row.id: row.removed for row in rows}
    return {source_id: None for source_id, gone in removed.items() if not gone}
