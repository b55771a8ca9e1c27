"""The check before submission: everything that stands in its way, and what is worth a look but does not."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from sqlmodel import col, select

from app.assessments.instruments import instrument_of
from app.assessments.responses import Seen, seen_response
from app.assessments.reviewing import unanswered_returns
from app.assessments.signing_off import missing_sign_off
from app.models.assessments import Assignment
from app.models.people import Ministry
from app.models.work import Contribution
from app.work import Work
from scoring.evaluate import Result, evaluate
from scoring.submission import missing_for_submission

GapKind = Literal["answer", "confirmation", "sign_off", "return", "contribution", "assignment"]


class Gap(NamedTuple):
    """Something to do before submission. `indicator` None means the assessment as a whole; `question` None the indicator."""

    kind: GapKind
    indicator: str | None
    question: str | None
    message: str


class Check(NamedTuple):
    """What stands in the way of submission (`missing`), and what does not (`remarks`); each in the instrument's order."""

    missing: list[Gap]
    remarks: list[Gap]


def missing_before_submission(work: Work) -> list[Gap]:
    """Everything that stands in the way of submission; empty if nothing does.

    Answers not given or not complete, carried answers that are not confirmed yet, what was sent back and not attended to,
    and the sign-off where one is wanted. Reviewers are told what was missing in what was submitted.
    """
    seen = seen_response(work)
    result = evaluate(instrument_of(work), seen.response)
    gaps = [Gap("answer", *missing) for missing in missing_for_submission(result)]
    gaps += _unconfirmed(seen, result)
    if work.sees_live:
        gaps += [Gap("return", *missing) for missing in unanswered_returns(work)]
    unsigned = missing_sign_off(work) if work.sees_live else None
    return _in_order(work, gaps) + ([Gap("sign_off", None, None, unsigned)] if unsigned else [])


def _unconfirmed(seen: Seen, result: Result) -> Iterator[Gap]:
    """Answers carried from an earlier round; one that is no longer asked counts nowhere and needs no confirmation."""
    for indicator, year in seen.carried.items():
        if indicator in seen.response.answers and result.leaves[indicator].kind != "not_asked":
            yield Gap("confirmation", indicator, None, f"carried from {year}; please confirm or change this answer")


def check_before_submission(work: Work) -> Check:
    """What stands in the way, and remarks; remarks about colleagues' work are for those who may see that work."""
    remarks: list[Gap] = []
    if work.allows("see_contributions"):
        remarks += _open_contributions(work)
    if work.allows("see_assignments"):
        remarks += _open_assignments(work)
    return Check(missing_before_submission(work), _in_order(work, remarks))


def _open_contributions(work: Work) -> list[Gap]:
    statement = (
        select(Contribution.indicator, Ministry.name)
        .join(Ministry, col(Ministry.id) == col(Contribution.ministry_id))
        .where(col(Contribution.assessment_id) == work.assessment.id, col(Contribution.state) == "proposed")
        .order_by(col(Ministry.name))
    )
    return [
        Gap("contribution", indicator, None, f"the contribution of {ministry} is not adopted, merged or declined yet")
        for indicator, ministry in work.session.exec(statement)
    ]


def _open_assignments(work: Work) -> list[Gap]:
    statement = (
        select(Assignment.indicator, Ministry.name)
        .join(Ministry, col(Ministry.id) == col(Assignment.ministry_id))
        .where(col(Assignment.assessment_id) == work.assessment.id, col(Assignment.done_at).is_(None))
        .order_by(col(Ministry.name))
    )
    return [
        Gap("assignment", indicator, None, f"{ministry} has not said that it is done")
        for indicator, ministry in work.session.exec(statement)
    ]


def _in_order(work: Work, gaps: list[Gap]) -> list[Gap]:
    """By indicator, in the instrument's order; what belongs to one indicator stays as it was."""
    place = {indicator: number for number, indicator in enumerate(instrument_of(work).indicators)}
    return sorted(gaps, key=lambda gap: place[gap.indicator or ""])
