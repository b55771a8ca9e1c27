"""The next round: the answers of the round before carried over, each to be confirmed; nothing moves before it was shown."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from sqlmodel import col, select

from app.assessments.instruments import instrument_of
from app.assessments.previous_round import PreviousRound, previous_round
from app.assessments.sources import lock_sources, sources_by_id
from app.models.assessments import StoredAnswer
from app.record import text_hash
from app.work import Work
from questionnaire.compiled import CompiledInstrument
from questionnaire.model import Indicator, Question
from questionnaire.moving import SAME, Verdict, move_answers
from questionnaire.response import Answer, Source, Value, named_sources
from questionnaire.stored import answer_body


class Carried(NamedTuple):
    """What becomes of one answer of the round before, and why. `answer` is what would be carried, None where it is dropped.

    `answered_here`: this round has an answer already, and keeps it.
    """

    indicator: str
    title: str
    verdict: Literal["kept", "converted", "dropped"]
    reason: str
    answer: Mapping[str, Any] | None
    answered_here: bool


class CarryOver(NamedTuple):
    """The round that answers come from, and the verdict on each of its answers, in the instrument's order."""

    from_round: int
    answers: list[Carried]


class CarriedOver(NamedTuple):
    """The round that answers were carried from, and the indicators that were carried just now."""

    from_round: int
    indicators: list[str]


def show_carry_over(work: Work) -> CarryOver:
    """The verdict on each answer of the round before; nothing moves. `NotFound` if there was no round before."""
    earlier, here = previous_round(work), _answered(work)
    now = instrument_of(work)
    answers = [
        Carried(
            indicator, _title(indicator, now, earlier.instrument), verdict.kind, verdict.reason,
            json.loads(answer_body(verdict.answer)) if verdict.answer else None, indicator in here,
        )
        for indicator, verdict in _verdicts(work, earlier).items()
    ]  # fmt: skip
    return CarryOver(earlier.opened.round, answers)


def _title(indicator: str, *instruments: CompiledInstrument) -> str:
    found = (instrument.indicators.get(indicator) for instrument in instruments)
    return next((one.title for one in found if one), indicator)


def carry_over(work: Work) -> CarriedOver:
    """Carry over each answer that this round does not have yet; each must be confirmed or changed before submission.

    Doing it again carries nothing twice. `NotFound` if there was no round before.
    """
    lock_sources(work)
    earlier, here = previous_round(work), _answered(work)
    carried = []
    for indicator, verdict in _verdicts(work, earlier).items():
        if verdict.answer is not None and indicator not in here:
            _write(work, indicator, answer_body(verdict.answer), earlier.opened.round)
            carried.append(indicator)
    if carried:
        work.record("carried_over", earlier.opened.id, round=earlier.opened.round)
    return CarriedOver(earlier.opened.round, carried)


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


def _verdicts(work: Work, earlier: PreviousRound) -> dict[str, Verdict]:
    now, known = instrument_of(work), sources_by_id(work)
    moved = move_answers(earlier.instrument, now, earlier.response.answers)
    return {
        indicator: verdict
        if verdict.answer is None
        else _without_lost_sources(now.indicators[indicator], verdict, verdict.answer, (known, earlier.response.sources))
        for indicator, verdict in moved.items()
    }  # fmt: skip


_Lists = tuple[Mapping[str, Source], Mapping[str, Source]]
"""A country's sources as they stand now, and as they stood in the round before."""


def _without_lost_sources(indicator: Indicator, verdict: Verdict, answer: Answer, lists: _Lists) -> Verdict:
    """The verdict on an answer without the sources that were taken off the country's list meanwhile."""
    known, were = lists
    lost = [source for source in named_sources(indicator.questions, answer) if source not in known]
    if not lost:
        return verdict
    values = dict(_left(indicator.questions, answer.values, known))
    named = ", ".join(f"'{were[source].title if source in were else source}'" for source in dict.fromkeys(lost))
    gone = f"No longer in the country's list of sources, so left out: {named}."
    reason = gone if verdict.reason == SAME else f"{verdict.reason} {gone}"
    if answer.values and not values:
        return Verdict("dropped", reason, None)
    sources = tuple(source for source in answer.sources if source in known)
    return Verdict("converted", reason, answer.model_copy(update={"values": values, "sources": sources}))


def _left(
    questions: tuple[Question, ...], values: Mapping[str, Value], known: Mapping[str, Source]
) -> Iterator[tuple[str, Value]]:
    """The values without lost sources; one that named nothing else is left out."""
    types = {question.id: question.type for question in questions}
    for name, value in values.items():
        if types[name] == "sources" and isinstance(value, tuple):
            left = tuple(source for source in value if source in known)
            if left:
                yield name, left
        elif types[name] != "source" or value in known:
            yield name, value
