"""The review: marks of what was read, and indicators sent back with a reason each."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple

from sqlmodel import col, or_, select

from app.assessments.events import facts, last_event
from app.assessments.instruments import instrument_of
from app.assessments.notices import send_notice
from app.assessments.responses import (
    last_submission,
    live_response,
    seen_response,
    submitted_response,
    visible_indicators,
)
from app.errors import Invalid, NotFound, Stale
from app.mail import letters
from app.models.assessments import ReturnedIndicator, Review
from app.models.people import Account, RoleGrant
from app.models.record import Event
from app.models.work import Comment
from app.record import text_hash
from app.work import Work
from scoring.submission import Missing

ReturnStatus = Literal["changes_requested", "changed"]


class ReviewMark(NamedTuple):
    """That an indicator was read. It is `current` while the submitted answer is the version that was read."""

    indicator: str
    answer_version: int
    reviewed_by: str
    reviewed_at: datetime
    current: bool


class Returned(NamedTuple):
    """An indicator that was sent back."""

    indicator: str
    reason: str
    answer_version: int
    status: ReturnStatus


def _version(work: Work, indicator: str) -> int:
    """The version of a submitted answer; 0 if there is none. `NotFound` for an unknown indicator."""
    if indicator not in instrument_of(work).indicators:
        raise NotFound
    answer = submitted_response(work).response.answers.get(indicator)
    return answer.version if answer else 0


def mark_reviewed(work: Work, indicator: str, answer_version: int) -> ReviewMark:
    """Mark an indicator as read. `Stale` if `answer_version` is not the one that was last submitted."""
    submitted = _version(work, indicator)
    if answer_version != submitted:
        raise Stale("This is not the answer that was last submitted; please read it again.", version=submitted)
    mark = Review(
        assessment_id=work.assessment.id,
        indicator=indicator,
        answer_version=answer_version,
        reviewed_by=work.actor.id,
        reviewed_at=work.now,
    )
    work.session.merge(mark)
    work.session.flush()
    work.record("reviewed", indicator, version=answer_version)
    return ReviewMark(indicator, answer_version, work.actor.name, work.now, True)


def unmark_reviewed(work: Work, indicator: str) -> None:
    """Take a mark away. `NotFound` if there is none."""
    mark = work.session.get(Review, (work.assessment.id, indicator))
    if mark is None:
        raise NotFound
    work.session.delete(mark)
    work.session.flush()
    work.record("review_unmarked", indicator, version=mark.answer_version)


def list_reviews(work: Work) -> list[ReviewMark]:
    """The marks, in the instrument's order; none before the first submission."""
    if last_submission(work) is None:
        return []
    answers = submitted_response(work).response.answers
    versions = {indicator: answer.version for indicator, answer in answers.items()}
    statement = (
        select(Review, Account.name)
        .join(Account, col(Account.id) == col(Review.reviewed_by))
        .where(col(Review.assessment_id) == work.assessment.id)
    )
    marks = {
        mark.indicator: ReviewMark(
            mark.indicator, mark.answer_version, name, mark.reviewed_at, mark.answer_version == versions.get(mark.indicator, 0)
        )
        for mark, name in work.session.exec(statement)
    }  # fmt: skip
    return [marks[indicator] for indicator in instrument_of(work).indicators if indicator in marks]


def return_indicators(work: Work, reasons: Iterable[tuple[str, str]]) -> list[Returned]:
    """Send indicators back, each with its reason. `Invalid` for one that there is not, or that is named twice."""
    given = list(reasons)
    _check_named(work, [indicator for indicator, _ in given])
    submission = last_submission(work)
    number = submission.number if submission else 0
    returned = [
        Returned(indicator, reason, _version(work, indicator), "changes_requested") for indicator, reason in given
    ]
    for item in returned:
        work.session.merge(
            ReturnedIndicator(
                assessment_id=work.assessment.id,
                submission=number,
                indicator=item.indicator,
                answer_version=item.answer_version,
                reason=item.reason,
            )
        )
    work.session.flush()
    hashes = {item.indicator: text_hash(item.reason) for item in returned}
    work.record("returned", str(number), submission=number, reasons=hashes)
    send_notice(work, ("focal_point",), letters.returned)
    return returned


def _check_named(work: Work, indicators: list[str]) -> None:
    known = instrument_of(work).indicators
    errors = [
        {"path": ["indicators", place, "indicator"], "message": message}
        for place, indicator in enumerate(indicators)
        for message in (
            ["there is no such indicator"] if indicator not in known
            else ["this indicator is named twice"] if indicator in indicators[:place] else []
        )
    ]  # fmt: skip
    if errors:
        raise Invalid("Please mend what is named here; nothing was sent back.", errors=errors)


def list_returns(work: Work) -> list[Returned]:
    """What the last return sent back, in the instrument's order; contributors see what is assigned to them."""
    event = last_event(work, "returned")
    if event is None:
        return []
    answers, visible = seen_response(work).response.answers, visible_indicators(work)
    versions = {indicator: answer.version for indicator, answer in answers.items()}
    return [item for item in _returned(work, event, versions) if visible is None or item.indicator in visible]


def _returned(work: Work, event: Event, versions: dict[str, int]) -> list[Returned]:
    told = facts(event)
    statement = select(ReturnedIndicator).where(
        col(ReturnedIndicator.assessment_id) == work.assessment.id,
        col(ReturnedIndicator.submission) == told["submission"],
        col(ReturnedIndicator.indicator).in_(sorted(told["reasons"])),
    )
    rows = {row.indicator: row for row in work.session.exec(statement)}
    return [
        Returned(
            indicator, rows[indicator].reason, rows[indicator].answer_version,
            "changes_requested" if versions.get(indicator, 0) == rows[indicator].answer_version else "changed",
        )
        for indicator in instrument_of(work).indicators if indicator in rows
    ]  # fmt: skip


def unanswered_returns(work: Work) -> list[Missing]:
    """Indicators sent back that were neither changed since nor answered by a focal point in a comment shared with IOM."""
    event = last_event(work, "returned") if work.state == "collecting" else None
    if event is None:
        return []
    answers = live_response(work).response.answers
    versions = {indicator: answer.version for indicator, answer in answers.items()}
    answered = _answered_in_comments(work, datetime.fromisoformat(event.at))
    message = "sent back by the reviewers; please change the answer, or tell them in a shared comment why it stays"
    return [
        Missing(item.indicator, None, message)
        for item in _returned(work, event, versions)
        if item.status == "changes_requested" and item.indicator not in answered
    ]


def _answered_in_comments(work: Work, since: datetime) -> frozenset[str]:
    """Indicators with a shared comment by someone who was a focal point when writing it."""
    statement = (
        select(Comment.indicator)
        .join(RoleGrant, col(RoleGrant.account_id) == col(Comment.written_by))
        .where(
            col(Comment.assessment_id) == work.assessment.id,
            col(Comment.audience) == "shared",
            col(Comment.written_at) >= since,
            col(RoleGrant.role) == "focal_point",
            col(RoleGrant.country) == work.assessment.country,
            col(RoleGrant.created_at) <= col(Comment.written_at),
            or_(col(RoleGrant.ended_at).is_(None), col(RoleGrant.ended_at) >= col(Comment.written_at)),
        )
    )
    return frozenset(work.session.exec(statement))
