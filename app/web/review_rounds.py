"""Two rounds of one country: what is told otherwise and why, and what the new round takes over from the one before."""

from collections.abc import Iterable
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Response

from app.api.calls import Call, Id, may
from app.assessments.carrying import Carried, CarryOver, carry_over, show_carry_over
from app.assessments.comparing import RoundChanges, compare_rounds
from app.assessments.instruments import instrument_of
from app.errors import NotFound, WrongState
from app.web.draft_words import ComparedChange, compared_words
from app.web.frame import frame_of
from app.web.rendering import draw, see_other
from app.work import Work

router = APIRouter(include_in_schema=False)


class DomainChanges(NamedTuple):
    """What is told otherwise in a domain."""

    number: int
    title: str
    changes: list[ComparedChange]


class Comparison(NamedTuple):
    """What is told otherwise than in round `before`, by domain."""

    before: int
    language: str
    domains: list[DomainChanges]


class Carrying(NamedTuple):
    """What becomes of the answers of round `before`; `waiting` would come over now, and are not here yet."""

    before: int
    kept: list[Carried]
    converted: list[Carried]
    dropped: list[Carried]

    @property
    def waiting(self) -> list[Carried]:
        """The answers that would be carried over."""
        return [one for one in (*self.converted, *self.kept) if not one.answered_here]


@router.get("/assessments/{assessment_id}/comparison")
def show_comparison(call: Annotated[Call, may("see_comparison")], assessment_id: Id) -> Response:
    """What this round tells otherwise than the one before."""
    with call.on_assessment(assessment_id) as work:
        frame, first = frame_of(work), work.assessment.previous_id is None
        compared = None if first else _compared(work)
    return draw(call, "review/comparison.html", frame=frame, first=first, compared=compared)


def _compared(work: Work) -> Comparison | None:
    """The comparison; None where the reader may see nothing yet of one of the two rounds."""
    try:
        found = compare_rounds(work)
    except WrongState:
        return None
    return Comparison(found.before.opened.round, found.language, list(_by_domain(work, found)))


def _by_domain(work: Work, found: RoundChanges) -> Iterable[DomainChanges]:
    """The changes by domain; an indicator that is asked no longer stands in the domain that it was asked in."""
    known = {**found.before.instrument.domains, **instrument_of(work).domains}
    for domain in instrument_of(work).in_language(found.language).domains:
        changes = [compared_words(one) for one in found.changes if known[one.indicator].number == domain.number]
        if changes:
            yield DomainChanges(domain.number, domain.title, changes)


@router.get("/assessments/{assessment_id}/carry-over")
def show_carrying(call: Annotated[Call, may("see_carry_over")], assessment_id: Id) -> Response:
    """What would become of each answer of the round before."""
    with call.on_assessment(assessment_id) as work:
        frame, carrying = frame_of(work), _carrying(work)
    return draw(call, "review/carry-over.html", frame=frame, carrying=carrying)


@router.post("/assessments/{assessment_id}/carry-over")
def send_carrying(call: Annotated[Call, may("carry_over")], assessment_id: Id) -> Response:
    """Carry the answers over; each is then confirmed or changed."""
    with call.on_assessment(assessment_id) as work:
        carry_over(work)
    return see_other(f"/assessments/{assessment_id}", done="carried-over")


def _carrying(work: Work) -> Carrying | None:
    """What comes over; None in a country's first round."""
    try:
        found: CarryOver = show_carry_over(work)
    except NotFound:
        return None
    verdicts: dict[str, list[Carried]] = {"kept": [], "converted": [], "dropped": []}
    for one in found.answers:
        verdicts[one.verdict].append(one)
    return Carrying(found.from_round, **verdicts)
