"""Assignments: which ministry is asked to contribute to which indicator, until when; and reminders of them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlmodel import col, select

from app.assessments.instruments import instrument_of
from app.errors import Conflict, Invalid, NotFound
from app.mail.letters import reminder
from app.mail.outbox import queue_letter
from app.mail.smtp import Letter
from app.models.assessments import Assignment
from app.models.people import Account, Ministry, RoleGrant
from app.record import text_hash
from app.work import Work

REMIND_EVERY = timedelta(hours=24)


class Assigned(NamedTuple):
    """An assignment with its ministry's name. `overdue` is told on the day after the due date, until it is done."""

    indicator: str
    ministry_id: str
    ministry: str
    due: date | None
    remark: str | None
    assigned_at: datetime
    done_at: datetime | None
    reminded_at: datetime | None
    overdue: bool


class Reminded(NamedTuple):
    """What a reminder reached: `reminded` were written about now; `waiting` were reminded within the last 24 hours.

    `without_people` are assigned to ministries for which nobody contributes yet.
    """

    reminded: list[Assigned]
    waiting: list[Assigned]
    without_people: list[Assigned]


def assign_indicators(
    work: Work, indicators: Sequence[str], ministry_id: str, *, due: date | None, remark: str | None
) -> list[Assigned]:
    """Ask a ministry of this country to contribute to indicators. `Invalid` names what is not known.

    Asking again the same changes nothing; with another due date or remark it asks anew, and what was done is open again.
    """
    _check_order(work, indicators, ministry_id, due)
    for indicator in indicators:
        key = (work.assessment.id, indicator, ministry_id)
        assignment = work.session.get(Assignment, key)
        if assignment is None:
            assignment = Assignment(
                assessment_id=work.assessment.id,
                indicator=indicator,
                ministry_id=ministry_id,
                due=due,
                remark=remark,
                assigned_by=work.actor.id,
                assigned_at=work.now,
            )
        elif (assignment.due, assignment.remark) != (due, remark):
            assignment.due, assignment.remark, assignment.done_at = due, remark, None
        work.session.add(assignment)
    work.session.flush()
    work.record(
        "assigned",
        ministry_id,
        indicators=list(indicators),
        due=due.isoformat() if due else None,
        remark=text_hash(remark) if remark else None,
    )
    return [
        found for found in list_assignments(work) if found.ministry_id == ministry_id and found.indicator in indicators
    ]


def _check_order(work: Work, indicators: Sequence[str], ministry_id: str, due: date | None) -> None:
    known = instrument_of(work).indicators
    errors: list[dict[str, object]] = [
        {"path": ["indicators", place], "message": f"there is no indicator '{indicator}'"}
        for place, indicator in enumerate(indicators)
        if indicator not in known
    ]
    ministry = work.session.get(Ministry, ministry_id)
    if ministry is None or ministry.country != work.country:
        errors.append({"path": ["ministry_id"], "message": "this is not a ministry of this country"})
    # a day's grace: it may still be yesterday where the focal point sits
    if due is not None and due < (work.now - timedelta(days=1)).date():
        errors.append({"path": ["due"], "message": "this day has passed; please choose a later one"})
    if errors:
        raise Invalid("Please mend what is named here; nothing was assigned.", errors=errors)


def list_assignments(work: Work) -> list[Assigned]:
    """The assignments in the instrument's order, then by ministry; contributors see those of their own ministries."""
    statement = (
        select(Assignment, Ministry.name)
        .join(Ministry, col(Ministry.id) == col(Assignment.ministry_id))
        .where(col(Assignment.assessment_id) == work.assessment.id)
        .order_by(col(Ministry.name), col(Ministry.id))
    )
    if not work.roles & {"focal_point", "signatory"}:
        statement = statement.where(col(Assignment.ministry_id).in_(sorted(work.ministries)))
    place = {indicator: number for number, indicator in enumerate(instrument_of(work).indicators)}
    found = [_assigned(work, assignment, ministry) for assignment, ministry in work.session.exec(statement)]
    return sorted(found, key=lambda assigned: place[assigned.indicator])


def _assigned(work: Work, assignment: Assignment, ministry: str) -> Assigned:
    overdue = assignment.due is not None and assignment.done_at is None and assignment.due < work.now.date()
    return Assigned(
        assignment.indicator,
        assignment.ministry_id,
        ministry,
        assignment.due,
        assignment.remark,
        assignment.assigned_at,
        assignment.done_at,
        assignment.reminded_at,
        overdue,
    )


def remove_assignment(work: Work, indicator: str, ministry_id: str) -> None:
    """Ask a ministry no longer. Its people see the indicator no more; what they contributed stays on record."""
    work.session.delete(_find_assignment(work, indicator, ministry_id))
    work.session.flush()
    work.record("assignment_removed", indicator, ministry=ministry_id)


def finish_assignment(work: Work, indicator: str, ministry_id: str) -> Assigned:
    """Say that one's own ministry is done with an indicator. `NotFound` for another ministry's assignment."""
    if ministry_id not in work.ministries:
        raise NotFound
    assignment = _find_assignment(work, indicator, ministry_id)
    assignment.done_at = work.now
    work.session.add(assignment)
    work.session.flush()
    work.record("assignment_finished", indicator, ministry=ministry_id)
    return _assigned(work, assignment, work.session.get_one(Ministry, ministry_id).name)


def _find_assignment(work: Work, indicator: str, ministry_id: str) -> Assignment:
    assignment = work.session.get(Assignment, (work.assessment.id, indicator, ministry_id))
    if assignment is None:
        raise NotFound
    return assignment


def remind_ministries(work: Work, ministry_id: str | None, indicators: Sequence[str] | None) -> Reminded:
    """Write to the contributors of one ministry, or of all that are assigned the indicators, about what is not done.

    Each assignment is reminded of once in 24 hours. `Conflict` if no letter would go, and why.
    """
    if ministry_id is None and indicators is None:
        message = "please name a ministry, or indicators"
        raise Invalid(errors=[{"path": ["ministry_id"], "message": message}])
    open_ones = [
        assigned
        for assigned in list_assignments(work)
        if assigned.done_at is None
        and ministry_id in (None, assigned.ministry_id)
        and (indicators is None or assigned.indicator in indicators)
    ]
    waiting = [assigned for assigned in open_ones if _reminded_lately(work, assigned)]
    due_ones = [assigned for assigned in open_ones if not _reminded_lately(work, assigned)]
    people = {ministry: _contributors(work, ministry) for ministry in {assigned.ministry_id for assigned in due_ones}}
    reached = [assigned for assigned in due_ones if people[assigned.ministry_id]]
    if not reached:
        raise _nothing_to_remind(waiting, due_ones)
    for ministry, emails in people.items():
        _remind(work, [assigned for assigned in reached if assigned.ministry_id == ministry], emails)
    reminded = [assigned._replace(reminded_at=work.now) for assigned in reached]
    return Reminded(reminded, waiting, [assigned for assigned in due_ones if not people[assigned.ministry_id]])


def _reminded_lately(work: Work, assigned: Assigned) -> bool:
    return assigned.reminded_at is not None and work.now - assigned.reminded_at < REMIND_EVERY


def _nothing_to_remind(waiting: list[Assigned], without_people: list[Assigned]) -> Conflict:
    if without_people:
        names = ", ".join(sorted({assigned.ministry for assigned in without_people}))
        return Conflict(f"Nobody contributes yet for: {names}. Please invite someone first.")
    if waiting:
        last = max(assigned.reminded_at for assigned in waiting if assigned.reminded_at)
        return Conflict("They were reminded within the last 24 hours; please give them a day.", reminded_at=last)
    return Conflict("Nothing is waiting there: all is done, or nothing is assigned.")


def _contributors(work: Work, ministry_id: str) -> list[str]:
    """The addresses of those who contribute for a ministry now."""
    statement = (
        select(Account.email)
        .join(RoleGrant, col(RoleGrant.account_id) == col(Account.id))
        .where(
            col(RoleGrant.role) == "contributor",
            col(RoleGrant.ministry_id) == ministry_id,
            col(RoleGrant.ended_at).is_(None),
            col(Account.disabled_at).is_(None),
        )
        .distinct()
        .order_by(col(Account.email))
    )
    return list(work.session.exec(statement))


def _remind(work: Work, reached: list[Assigned], emails: Iterable[str]) -> None:
    """One letter to each person of one ministry, about all of its assignments at once; the earliest due date counts."""
    if not reached:
        return
    first = reached[0]
    written = reminder(
        ministry=first.ministry,
        country=instrument_of(work).countries["en"][work.assessment.country].name,
        waiting=len(reached),
        due=min((assigned.due for assigned in reached if assigned.due), default=None),
        link=f"{work.service.settings.base_url.rstrip('/')}/assessments/{work.assessment.id}",
    )
    for email in emails:
        queue_letter(work, Letter(email, written.subject, written.text))
    for assigned in reached:
        assignment = _find_assignment(work, assigned.indicator, assigned.ministry_id)
        assignment.reminded_at = work.now
        work.session.add(assignment)
    work.session.flush()
    work.record("reminded", first.ministry_id, indicators=[assigned.indicator for assigned in reached])
