"""The next round: the answers of the round before carried over, each to be confirmed; nothing moves before it was shown."""

from collections.abc import Collection
from typing import Literal, NamedTuple

from sqlmodel import col, select

from app.assessments.instruments import instrument_of
from app.assessments.previous_round import previous_round
from app.assessments.sources import sources_by_id
from app.models.assessments import StoredAnswer
from app.record import text_hash
from app.work import Work
from questionnaire.model import Indicator
from questionnaire.moving import Verdict, move_answers
from questionnaire.response import Answer
from questionnaire.stored import answer_body

_GONE = "A source it rests on is no longer in the country's list, and is left out."


class Carried(NamedTuple):
    """What becomes of one answer of the round before. `answered_here`: this round has an answer already, and keeps it."""

    indicator: str
    kind: Literal["kept", "converted", "dropped"]
    reason: str
    answered_here: bool


class CarriedOver(NamedTuple):
    """The round that answers were carried from, and the indicators that were carried just now."""

    from_round: int
    indicators: list[str]


def show_carry_over(work: Work) -> list[Carried]:
    """The verdict on each answer of the round before, in this round's order. `NotFound` if there was no round before."""
    here = _answered(work)
    return [Carried(name, one.kind, one.reason, name in here) for name, one in _verdicts(work).items()]


def carry_over(work: Work) -> CarriedOver:
    """Carry over each answer that this round does not have yet; each must be confirmed or changed before submission."""
    earlier, here = previous_round(work).opened, _answered(work)
    carried = []
    for name, one in _verdicts(work).items():
        if one.answer is None or name in here or (body := answer_body(one.answer)) == "{}":
            continue
        _write(work, name, body, earlier.round)
        carried.append(name)
    if carried:
        work.record("carried_over", earlier.id, round=earlier.round)
    return CarriedOver(earlier.round, carried)


def _write(work: Work, indicator: str, body: str, from_round: int) -> None:
    row = StoredAnswer(
        assessment_id=work.assessment.id,
        indicator=indicator,
        version=1,
        base=0,
        body=body,
        sha256=text_hash(body),
        carried_from=from_round,
        saved_by=work.actor.id,
        saved_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    work.record("answer_carried", indicator, version=1, sha256=row.sha256)


def _answered(work: Work) -> set[str]:
    """The indicators that were ever answered in this round: what was emptied on purpose stays empty."""
    statement = select(col(StoredAnswer.indicator)).where(col(StoredAnswer.assessment_id) == work.assessment.id)
    return set(work.session.exec(statement))


def _verdicts(work: Work) -> dict[str, Verdict]:
    earlier = previous_round(work)
    new, known = instrument_of(work), set(sources_by_id(work))
    moved = move_answers(earlier.instrument, new, earlier.response.answers)
    return {
        name: one if one.answer is None else _without_lost_sources(new.indicators[name], one, one.answer, known)
        for name, one in moved.items()
    }


def _without_lost_sources(indicator: Indicator, verdict: Verdict, answer: Answer, known: Collection[str]) -> Verdict:
    """A verdict on an answer without the sources that were taken off the country's list meanwhile."""
    values = dict(answer.values)
    for question in indicator.questions:
        value = values.get(question.id)
        if question.type == "source" and value not in (None, *known):
            del values[question.id]
        elif question.type == "sources" and isinstance(value, tuple):
            values[question.id] = tuple(source for source in value if source in known)
            if not values[question.id]:
                del values[question.id]
    sources = tuple(source for source in answer.sources if source in known)
    if values == answer.values and sources == answer.sources:
        return verdict
    left = answer.model_copy(update={"values": values, "sources": sources})
    return Verdict("converted", f"{verdict.reason} {_GONE}", left)
