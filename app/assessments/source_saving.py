"""Saving a source into the country's list, and taking one off it."""

import json
from typing import Any

from sqlmodel import col, select

from app.assessments.instruments import instrument_of
from app.assessments.responses import find_source, indicators_naming
from app.assessments.sources import SavedSource, lock_sources
from app.assessments.submissions import renew_after_edit
from app.errors import Conflict, Invalid, NotFound, Stale
from app.models.assessments import StoredSource
from app.record import text_hash
from app.work import Work
from questionnaire.reading import read_source
from questionnaire.stored import source_body, source_from


def save_source(work: Work, source_id: str, data: Any, base: int) -> SavedSource:
    """Save a source on top of version `base` (0 for a new one). `Stale` if another came first; `Invalid` names fields."""
    source, wrong = read_source(instrument_of(work), data)
    if source is None or wrong:
        raise Invalid(
            "Please mend what is named here; nothing was saved.",
            errors=[{"path": list(problem.path), "message": problem.message} for problem in wrong],
        )
    lock_sources(work)
    current = _current(work, source_id)
    body = source_body(source)
    if (
        current is not None
        and not current.removed
        and current.body == body
        and base in (current.version - 1, current.version)
    ):
        return find_source(work, source_id)
    version = current.version if current else 0
    if base != version and not (current and current.removed and base == 0):
        theirs = json.loads(current.body) if current and not current.removed else None
        raise Stale("Someone else saved this source first.", version=version, yours=json.loads(body), theirs=theirs)
    return _write(work, source_id, version + 1, body, removed=False)


def remove_source(work: Work, source_id: str, base: int) -> None:
    """Take a source off the list. `Conflict` while an answer of any round of the country names it; `Stale` if it was changed."""
    lock_sources(work)
    current = _current(work, source_id)
    if current is None or current.removed:
        raise NotFound
    if current.version != base:
        raise Stale("Someone else changed this source.", version=current.version, theirs=json.loads(current.body))
    naming = indicators_naming(work, source_id)
    if naming:
        told = ", ".join(f"{indicator} ({year})" for year, indicator in naming)
        raise Conflict(f"Answers still name this source: {told}.", indicators=[indicator for _, indicator in naming])
    _write(work, source_id, base + 1, current.body, removed=True)


def _current(work: Work, source_id: str) -> StoredSource | None:
    statement = select(StoredSource).where(col(StoredSource.country) == work.country, col(StoredSource.id) == source_id)
    return work.session.exec(statement.order_by(col(StoredSource.version).desc()).limit(1)).first()


def _write(work: Work, source_id: str, version: int, body: str, *, removed: bool) -> SavedSource:
    stored = StoredSource(
        country=work.country or "",
        id=source_id,
        version=version,
        body=body,
        sha256=text_hash(body),
        removed=removed,
        saved_by=work.actor.id,
        saved_at=work.now,
    )
    work.session.add(stored)
    work.session.flush()
    kind = "source_removed" if removed else "source_saved"
    work.record(kind, source_id, version=version, sha256=stored.sha256)
    renew_after_edit(work)
    return SavedSource(source_id, version, source_from(body), removed, stored.saved_by, stored.saved_at)
