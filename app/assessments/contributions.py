"""Contributions: what ministries propose for the indicators assigned to them; beside the answer, never over it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlmodel import col, exists, or_, select
from sqlmodel.sql.expression import Select

from app.assessments.answers import EMPTY, SavedAnswer, check_answer, check_visible, save_answer
from app.assessments.instruments import instrument_of
from app.assessments.own_assignments import own_ministries
from app.errors import Conflict, Invalid, NotFound
from app.models.assessments import Assignment
from app.models.people import Account, Ministry
from app.models.work import Contribution
from app.people.secrets import new_id
from app.record import text_hash
from app.work import Work
from questionnaire.stored import answer_body

ContributionState = Literal["proposed", "replaced", "withdrawn", "adopted", "merged", "declined"]

Place = tuple[datetime, str]
"""Where a list goes on: after the one with this date and id."""


class Proposal(NamedTuple):
    """A contribution as its readers see it. `answer` is plain data; `remarks` are those of the check when it is made."""

    id: str
    indicator: str
    ministry_id: str
    ministry: str
    version: int
    answer: Mapping[str, Any]
    remark: str | None
    state: str
    proposed_by: str
    proposed_at: datetime
    decided_at: datetime | None
    reason: str | None
    remarks: tuple[str, ...] = ()


def list_contributions(
    work: Work,
    *,
    indicator: str | None = None,
    state: ContributionState | None = None,
    after: Place | None = None,
    limit: int | None = None,
) -> list[Proposal]:
    """The contributions by date, the earliest first; see `_readable` for whose."""
    key, date = col(Contribution.id), col(Contribution.proposed_at)
    statement = _readable(work).order_by(date, key).limit(limit)
    if indicator is not None:
        statement = statement.where(col(Contribution.indicator) == indicator)
    if state is not None:
        statement = statement.where(col(Contribution.state) == state)
    if after is not None:
        statement = statement.where(or_(date > after[0], (date == after[0]) & (key > after[1])))
    return [_proposal(*row) for row in work.session.exec(statement)]


def _readable(work: Work) -> Select[Contribution, str, str]:
    """The focal point sees all; a contributor those of their own ministries, on what is assigned to these now."""
    statement = (
        select(Contribution, Ministry.name, Account.name)
        .join(Ministry, col(Ministry.id) == col(Contribution.ministry_id))
        .join(Account, col(Account.id) == col(Contribution.proposed_by))
        .where(col(Contribution.assessment_id) == work.assessment.id)
    )
    if "focal_point" in work.roles:
        return statement
    assigned = exists().where(
        col(Assignment.assessment_id) == col(Contribution.assessment_id),
        col(Assignment.indicator) == col(Contribution.indicator),
        col(Assignment.ministry_id) == col(Contribution.ministry_id),
    )
    return statement.where(col(Contribution.ministry_id).in_(sorted(work.ministries)), assigned)


def _proposal(contribution: Contribution, ministry: str, proposed_by: str) -> Proposal:
    return Proposal(
        contribution.id,
        contribution.indicator,
        contribution.ministry_id,
        ministry,
        contribution.version,
        json.loads(contribution.body),
        contribution.remark,
        contribution.state,
        proposed_by,
        contribution.proposed_at,
        contribution.decided_at,
        contribution.reason,
    )


def open_contributions(work: Work, indicator: str) -> list[Proposal]:
    """What is proposed for an indicator and not decided yet, at most one of each ministry; none of them goes first."""
    check_visible(work, indicator)
    return list_contributions(work, indicator=indicator, state="proposed")


def propose_answer(
    work: Work, indicator: str, data: Any, *, remark: str | None, ministry_id: str | None = None
) -> Proposal:
    """Propose an answer for one's ministry; its earlier proposal for the indicator is replaced, and stays on record.

    It is checked like an answer, so that it can be adopted as it is. `NotFound` if the indicator is not assigned to it.
    """
    ministry = _own_ministry(work, indicator, ministry_id)
    with _in_answer():
        answer, remarks = check_answer(work, instrument_of(work), indicator, data)
    body = answer_body(answer)
    if body == EMPTY:
        raise Invalid("There is nothing in it.", errors=[{"path": ["answer"], "message": "please propose something"}])
    contribution = Contribution(
        id=new_id(),
        assessment_id=work.assessment.id,
        indicator=indicator,
        ministry_id=ministry,
        version=_replace_earlier(work, indicator, ministry) + 1,
        body=body,
        remark=remark,
        state="proposed",
        proposed_by=work.actor.id,
        proposed_at=work.now,
    )
    work.session.add(contribution)
    work.session.flush()
    work.record(
        "contribution_proposed",
        contribution.id,
        indicator=indicator,
        ministry=ministry,
        version=contribution.version,
        sha256=text_hash(body),
    )
    return _proposal(contribution, work.session.get_one(Ministry, ministry).name, work.actor.name)._replace(
        remarks=remarks
    )


def _own_ministry(work: Work, indicator: str, ministry_id: str | None) -> str:
    """The ministry for which the person proposes: one of theirs that the indicator is assigned to."""
    assigned = own_ministries(work, indicator)
    if not assigned:
        raise NotFound
    if ministry_id in assigned:
        return ministry_id or ""
    if ministry_id is None and len(assigned) == 1:
        return assigned[0]
    message = "please name one of your ministries that this indicator is assigned to"
    raise Invalid(errors=[{"path": ["ministry_id"], "message": message}])


def _replace_earlier(work: Work, indicator: str, ministry_id: str) -> int:
    """Mark what the ministry proposed before as replaced; the number of its contributions so far."""
    statement = select(Contribution).where(
        col(Contribution.assessment_id) == work.assessment.id,
        col(Contribution.indicator) == indicator,
        col(Contribution.ministry_id) == ministry_id,
    )
    earlier = work.session.exec(statement).all()
    for contribution in earlier:
        if contribution.state == "proposed":
            contribution.state = "replaced"
            work.session.add(contribution)
            work.record("contribution_replaced", contribution.id, indicator=indicator)
    return len(earlier)


@contextmanager
def _in_answer() -> Iterator[None]:
    """Errors of an answer that stands in the field `answer` of a body say so."""
    try:
        yield
    except Invalid as refusal:
        errors = [{**error, "path": ["answer", *error["path"]]} for error in refusal.more.get("errors", ())]
        raise Invalid(refusal.detail, errors=errors) from None


def withdraw_contribution(work: Work, contribution_id: str) -> Proposal:
    """Take back a contribution of one's own ministry. `Conflict` once it is decided or replaced."""
    contribution = _undecided(work, contribution_id)
    contribution.state = "withdrawn"
    work.session.add(contribution)
    work.session.flush()
    work.record("contribution_withdrawn", contribution_id, indicator=contribution.indicator)
    return _proposal(*_find(work, contribution_id))


def adopt_contribution(work: Work, contribution_id: str, base: int) -> SavedAnswer:
    """Make the proposal the answer, on top of version `base`. `Stale` gives both texts; the proposal then stays open."""
    contribution = _undecided(work, contribution_id)
    with _in_answer():
        saved = save_answer(work, contribution.indicator, json.loads(contribution.body), base)
    _decide(work, contribution, "adopted", answer_version=saved.version)
    return saved


def merge_contribution(work: Work, contribution_id: str, data: Any, base: int) -> SavedAnswer:
    """Save an answer made of the proposal and what was there, on top of version `base`."""
    contribution = _undecided(work, contribution_id)
    with _in_answer():
        saved = save_answer(work, contribution.indicator, data, base)
    _decide(work, contribution, "merged", answer_version=saved.version)
    return saved


def decline_contribution(work: Work, contribution_id: str, reason: str) -> Proposal:
    """Decline a proposal, with a reason for those who made it."""
    contribution = _undecided(work, contribution_id)
    contribution.reason = reason
    _decide(work, contribution, "declined", reason=text_hash(reason))
    return _proposal(*_find(work, contribution_id))


def _decide(work: Work, contribution: Contribution, state: ContributionState, **payload: Any) -> None:
    contribution.state, contribution.decided_by, contribution.decided_at = state, work.actor.id, work.now
    work.session.add(contribution)
    work.session.flush()
    work.record(f"contribution_{state}", contribution.id, indicator=contribution.indicator, **payload)


def _undecided(work: Work, contribution_id: str) -> Contribution:
    """A contribution that can still be decided, or taken back by its own ministry. `Conflict` for any other state."""
    contribution = _find(work, contribution_id)[0]
    if work.right.action == "propose" and contribution.ministry_id not in work.ministries:
        raise NotFound
    if contribution.state != "proposed":
        raise Conflict(f"This contribution was {contribution.state} already.", state=contribution.state)
    return contribution


def _find(work: Work, contribution_id: str) -> tuple[Contribution, str, str]:
    found = work.session.exec(_readable(work).where(col(Contribution.id) == contribution_id)).first()
    if found is None:
        raise NotFound
    return found
