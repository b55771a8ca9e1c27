"""Answers: one save at a time, each on top of a named version; every version is kept."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, exists, func, insert, inspect, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.assessments.instruments import instrument_of
from app.assessments.responses import seen_response, visible_indicators
from app.assessments.sources import known_sources
from app.assessments.submissions import renew_after_edit
from app.errors import Conflict, Invalid, NotFound, Stale
from app.models.assessments import StoredAnswer
from app.models.people import Account
from app.record import text_hash
from app.work import Work
from questionnaire.compiled import CompiledInstrument
from questionnaire.reading import read_answer
from questionnaire.response import Answer
from questionnaire.stored import answer_body

EMPTY = "{}"


class SavedAnswer(NamedTuple):
    """An answer at one of its versions. `answer` is plain data as it was sent; version 0 is an answer never given."""

    indicator: str
    version: int
    answer: Mapping[str, Any]
    carried_from: int | None = None
    saved_by: str | None = None
    saved_at: datetime | None = None
    remarks: tuple[str, ...] = ()


_VERSIONS = (
    select(
        col(StoredAnswer.version), col(StoredAnswer.base), col(StoredAnswer.body), col(StoredAnswer.carried_from),
        col(StoredAnswer.saved_by), col(StoredAnswer.saved_at),
    )
    .where(
        col(StoredAnswer.assessment_id) == bindparam("assessment"), col(StoredAnswer.indicator) == bindparam("indicator")
    )
    .order_by(col(StoredAnswer.version).desc())
)  # fmt: skip
_NAMED = _VERSIONS.add_columns(col(Account.name)).join(Account, col(Account.id) == col(StoredAnswer.saved_by))
_COLUMNS = [column for column in inspect(StoredAnswer).columns if column.name != "carried_from"]
_LAST_VERSION = select(func.coalesce(func.max(col(StoredAnswer.version)), 0)).where(
    col(StoredAnswer.assessment_id) == bindparam("assessment_id"), col(StoredAnswer.indicator) == bindparam("indicator")
)
_INSERT = (
    insert(StoredAnswer)
    .from_select(
        [column.name for column in _COLUMNS],
        select(*(bindparam(column.name, type_=column.type) for column in _COLUMNS)).where(
            _LAST_VERSION.scalar_subquery() == bindparam("base", type_=Integer)
        ),
    )
    .execution_options(preserve_rowcount=True)
)
"""Adds a version on top of its base, or no row if the base is not the last version: check and write in one statement."""


def check_answer(
    work: Work, instrument: CompiledInstrument, indicator: str, data: Any
) -> tuple[Answer, tuple[str, ...]]:
    """The typed answer and remarks on it. `NotFound` for an unknown indicator; `Invalid` names each field at fault."""
    if indicator not in instrument.indicators:
        raise NotFound
    known = known_sources(work, _source_ids(instrument, indicator, data))
    reading = read_answer(
        instrument, indicator, data, sources=known, country=work.assessment.country, year=work.now.year
    )
    if reading.answer is None or reading.wrong:
        raise Invalid(
            "Please mend what is named here; nothing was saved.",
            errors=[{"path": list(problem.path), "message": problem.message} for problem in reading.wrong],
        )
    return reading.answer, tuple(remark.message for remark in reading.remarks)


def _source_ids(instrument: CompiledInstrument, indicator: str, data: Any) -> set[str]:
    """The ids that an answer names as sources, as far as they can be read."""
    if not isinstance(data, dict):
        return set()
    values = data.get("values")
    values = values if isinstance(values, dict) else {}
    questions = instrument.indicators[indicator].questions
    given = [data.get("sources"), *(values.get(q.id) for q in questions if q.type in ("source", "sources"))]
    found = [item for value in given for item in (value if isinstance(value, list) else [value])]
    return {item for item in found if isinstance(item, str) and len(item) <= 80 and item.isascii() and "\0" not in item}


def save_answer(work: Work, indicator: str, data: Any, base: int) -> SavedAnswer:
    """Save an answer made on version `base` (0 for the first).

    The same text on the same base again gives what was saved then. `Stale` if another came first, with both texts.
    """
    before = work.head()
    saved = write_answer(work, indicator, data, base)
    if work.head() != before:  # the same once more changes nothing, and voids no approval
        renew_after_edit(work)
    return saved


def write_answer(work: Work, indicator: str, data: Any, base: int) -> SavedAnswer:
    """Save one of several answers as `save_answer` does; after the last one the caller renews what was submitted."""
    answer, remarks = check_answer(work, instrument_of(work), indicator, data)
    body = answer_body(answer)
    stored = {
        "assessment_id": work.assessment.id,
        "indicator": indicator,
        "version": base + 1,
        "base": base,
        "body": body,
        "sha256": text_hash(body),
        "saved_by": work.actor.id,
        "saved_at": work.now,
    }
    if not work.connection.execute(_INSERT, stored).rowcount:
        return _saved_before(work, indicator, body, base, remarks)
    work.record("answer_saved", indicator, version=base + 1, sha256=stored["sha256"])
    return SavedAnswer(indicator, base + 1, json.loads(body), None, work.actor.name, work.now, remarks)


def _saved_before(work: Work, indicator: str, body: str, base: int, remarks: tuple[str, ...]) -> SavedAnswer:
    """The save that came first: this very one, whatever was saved on top of it since; or another, which is a conflict."""
    history = work.connection.execute(_NAMED, {"assessment": work.assessment.id, "indicator": indicator}).all()
    row = next((one for one in history if one.version == base + 1), None)
    if row is None or row.body != body:
        raise _stale(work, indicator, body, history[0].version if history else 0)
    return SavedAnswer(indicator, row.version, json.loads(body), row.carried_from, row.name, row.saved_at, remarks)


def _stale(work: Work, indicator: str, body: str, version: int) -> Stale:
    theirs = answer_history(work, indicator)[0] if version else SavedAnswer(indicator, 0, {})
    return Stale(
        "Someone else saved this answer first. Both texts are here; nothing is lost.",
        version=version,
        yours=json.loads(body),
        theirs=theirs.answer,
        saved_by=theirs.saved_by,
        saved_at=theirs.saved_at,
    )


def find_answer(work: Work, indicator: str) -> SavedAnswer:
    """The answer as this person may see it; version 0 if there is none. `NotFound` for an indicator not theirs."""
    check_visible(work, indicator)
    if work.sees_live:
        history = answer_history(work, indicator)
        return history[0] if history else SavedAnswer(indicator, 0, {})
    answer = seen_response(work).response.answers.get(indicator)
    return (
        SavedAnswer(indicator, answer.version, json.loads(answer_body(answer)))
        if answer
        else SavedAnswer(indicator, 0, {})
    )


_other = aliased(StoredAnswer)
_LIST = (
    select(
        col(StoredAnswer.indicator), col(StoredAnswer.version), col(StoredAnswer.body), col(StoredAnswer.carried_from),
        col(Account.name), col(StoredAnswer.saved_at),
    )
    .join(Account, col(Account.id) == col(StoredAnswer.saved_by))
    .where(
        col(StoredAnswer.assessment_id) == bindparam("assessment"),
        ~exists().where(
            col(_other.assessment_id) == col(StoredAnswer.assessment_id),
            col(_other.indicator) == col(StoredAnswer.indicator),
            col(_other.version) > col(StoredAnswer.version),
        ),
    )
)  # fmt: skip


def list_answers(work: Work) -> list[SavedAnswer]:
    """All answers that the person may see, in the instrument's order; those never given are left out."""
    order = instrument_of(work).indicators
    if not work.sees_live:
        answers = seen_response(work).response.answers
        return [
            SavedAnswer(name, answers[name].version, json.loads(answer_body(answers[name])))
            for name in order
            if name in answers
        ]
    visible = visible_indicators(work)
    rows = {row.indicator: row for row in work.connection.execute(_LIST, {"assessment": work.assessment.id})}
    return [
        SavedAnswer(name, row.version, json.loads(row.body), row.carried_from, row.name, row.saved_at)
        for name in order
        if (row := rows.get(name)) and (visible is None or name in visible)
    ]


def confirm_answer(work: Work, indicator: str, base: int) -> SavedAnswer:
    """Confirm an answer that was carried from an earlier round: the same text, saved anew without that mark.

    `NotFound` without an answer; `Conflict` for one that was not carried; `Stale` if another came first.
    """
    check_visible(work, indicator)
    history = answer_history(work, indicator)
    if not history:
        raise NotFound
    carried = next((saved for saved in history if saved.version == base), None)
    if carried is None:
        raise _stale(work, indicator, EMPTY, history[0].version)
    if carried.carried_from is None:
        raise Conflict("This answer was not carried from an earlier round; there is nothing to confirm.")
    return save_answer(work, indicator, carried.answer, base)


def check_visible(work: Work, indicator: str) -> None:
    """`NotFound` for an indicator that there is not, or that is not assigned to the contributor's ministry."""
    visible = visible_indicators(work)
    if indicator not in instrument_of(work).indicators or (visible is not None and indicator not in visible):
        raise NotFound


def answer_history(work: Work, indicator: str) -> list[SavedAnswer]:
    """All versions of an answer that the person may see, the last one first, with the names of those who saved them."""
    rows = work.connection.execute(_NAMED, {"assessment": work.assessment.id, "indicator": indicator}).all()
    last = None if work.sees_live else find_answer(work, indicator).version
    return [
        SavedAnswer(indicator, row.version, json.loads(row.body), row.carried_from, row.name, row.saved_at)
        for row in rows
        if last is None or row.version <= last
    ]
