"""The response as a person may see it: as it is now for the government, as last submitted for IOM's reviewers."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, bindparam, func
from sqlalchemy import select as select_rows
from sqlmodel import col, select

from app.assessments.instruments import instrument_by_hash, instrument_of
from app.assessments.own_assignments import own_indicators
from app.assessments.sources import SavedSource, list_sources, sources_by_id
from app.errors import NotFound, WrongState
from app.models.assessments import Assessment, Evidence, StoredAnswer, Submission
from app.work import Work
from questionnaire.compiled import CompiledInstrument
from questionnaire.dates import PartialDate
from questionnaire.response import Answer, Response, named_sources
from questionnaire.stored import answer_from, response_from

NOTHING_SUBMITTED = "Nothing was submitted yet; you will see the answers once the government submits them."

_LAST = (
    select_rows(col(StoredAnswer.indicator).label("indicator"), func.max(col(StoredAnswer.version)).label("version"))
    .where(col(StoredAnswer.assessment_id) == bindparam("assessment"))
    .group_by(col(StoredAnswer.indicator))
    .subquery()
)
_CURRENT: Select[*tuple[Any, ...]] = (
    select_rows(
        col(StoredAnswer.indicator), col(StoredAnswer.version), col(StoredAnswer.body), col(StoredAnswer.carried_from),
        col(StoredAnswer.saved_by), col(StoredAnswer.saved_at),
    )
    .join(
        _LAST,
        (col(StoredAnswer.indicator) == _LAST.c.indicator) & (col(StoredAnswer.version) == _LAST.c.version),
    )
    .where(col(StoredAnswer.assessment_id) == bindparam("assessment"))
)  # fmt: skip


class Seen(NamedTuple):
    """A response, and the round that each answer was carried from while it is unconfirmed."""

    response: Response
    carried: dict[str, int]


def live_response(work: Work) -> Seen:
    """The answers as they are now; an empty answer counts as none. The date is that of the last change, by month."""
    rows = work.connection.execute(_CURRENT, {"assessment": work.assessment.id}).all()
    answers = {row.indicator: answer_from(row.body, row.version) for row in _in_order(work, rows) if row.body != "{}"}
    changed = max((row.saved_at for row in rows), default=work.assessment.opened_at)
    response = Response.model_construct(
        country=work.assessment.country,
        round=work.assessment.round,
        date=PartialDate(f"{changed:%Y-%m}"),
        instrument=instrument_of(work).id,
        sources=sources_by_id(work, _named(work, answers)),
        answers=answers,
    )
    return Seen(response, {row.indicator: row.carried_from for row in rows if row.carried_from is not None})


def _in_order(work: Work, rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    known = {row.indicator: row for row in rows}
    return [known[name] for name in instrument_of(work).indicators if name in known]


def last_submission(work: Work, number: int | None = None) -> Submission | None:
    """The last submission of the assessment, or the one with a number."""
    statement = select(Submission).where(col(Submission.assessment_id) == work.assessment.id)
    if number is not None:
        statement = statement.where(col(Submission.number) == number)
    return work.session.exec(statement.order_by(col(Submission.number).desc()).limit(1)).first()


def whole_response(work: Work) -> Response:
    """What would be submitted now: the answers, and of the country's sources those that answers or files rest on."""
    response = live_response(work).response
    attached = select(col(Evidence.source_id)).where(
        col(Evidence.assessment_id) == work.assessment.id, col(Evidence.removed_at).is_(None)
    )
    used = _named(work, response.answers) | set(work.session.exec(attached))
    sources = {name: source for name, source in response.sources.items() if name in used}
    return response.model_copy(update={"sources": sources})


def submitted_response(work: Work, number: int | None = None) -> Seen:
    """The response of the last submission, or of one by number. `WrongState` before the first."""
    submission = last_submission(work, number)
    if submission is None:
        raise WrongState(NOTHING_SUBMITTED)
    return Seen(response_from(submission.response), {})


def seen_response(work: Work) -> Seen:
    """The response as this person may see it; contributors see what is assigned to their ministries."""
    if not work.sees_live:
        return submitted_response(work)
    seen = live_response(work)
    visible = visible_indicators(work)
    if visible is None:
        return seen
    answers = {name: answer for name, answer in seen.response.answers.items() if name in visible}
    used = _named(work, answers)
    sources = {name: source for name, source in seen.response.sources.items() if name in used}
    response = seen.response.model_copy(update={"answers": answers, "sources": sources})
    return Seen(response, {name: carried for name, carried in seen.carried.items() if name in visible})


def _named(work: Work, answers: dict[str, Answer]) -> set[str]:
    indicators = instrument_of(work).indicators
    return {source for name, answer in answers.items() for source in named_sources(indicators[name].questions, answer)}


def visible_indicators(work: Work) -> frozenset[str] | None:
    """The indicators that the person may see; None for all. Contributors see those assigned to their ministries."""
    if work.roles - {"contributor", "administrator"}:
        return None
    return frozenset(work.session.exec(own_indicators(work)))


def indicators_naming(work: Work, source_id: str) -> list[tuple[int, str]]:
    """Round and indicator of the answers, in all rounds of the country, that name a source."""
    rounds = work.session.exec(select(Assessment).where(col(Assessment.country) == work.country)).all()
    return [
        (one.round, row.indicator)
        for one in sorted(rounds, key=lambda one: one.round)
        for row in work.connection.execute(_CURRENT, {"assessment": one.id})
        if source_id in _names(instrument_by_hash(work.session, one.content_hash), row)
    ]


def _names(instrument: CompiledInstrument, row: Row[Any]) -> set[str]:
    return set(named_sources(instrument.indicators[row.indicator].questions, answer_from(row.body, row.version)))


def seen_sources(work: Work) -> list[SavedSource]:
    """The country's sources that the person may see.

    Reviewers see those submitted, as they were then (version 0); contributors the public ones, and those of their answers.
    """
    if not work.sees_live:
        submission = last_submission(work)
        if submission is None:
            raise WrongState(NOTHING_SUBMITTED)
        sources = response_from(submission.response).sources
        by, at = submission.submitted_by, submission.submitted_at
        return [SavedSource(name, 0, source, False, by, at) for name, source in sources.items()]
    saved = list_sources(work)
    if visible_indicators(work) is None:
        return saved
    kinds, mine = instrument_of(work).source_kinds, seen_response(work).response.sources
    return [
        one
        for one in saved
        if one.id in mine or (kinds[one.source.kind].public if one.source.public is None else one.source.public)
    ]


def find_source(work: Work, source_id: str) -> SavedSource:
    """One source that the person may see; `NotFound` for all others."""
    for saved in seen_sources(work):
        if saved.id == source_id:
            return saved
    raise NotFound
