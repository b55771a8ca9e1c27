"""Progress: where each indicator stands, for those who work on this assessment. It tells what is done, never what was found."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Literal, NamedTuple

from sqlmodel import col, select

from app.assessments.assignments import Assigned, list_assignments
from app.assessments.comments import readable_comments
from app.assessments.contributions import list_contributions
from app.assessments.instruments import instrument_of
from app.assessments.responses import live_response, submitted_response, visible_indicators
from app.assessments.reviewing import ReturnStatus, list_returns
from app.models.work import Comment
from app.work import Work
from questionnaire.model import Domain, Indicator
from questionnaire.table import OutcomeKind
from scoring.evaluate import Result, evaluate
from scoring.submission import missing_for_submission

IndicatorState = Literal["not_answered", "incomplete", "answered", "not_known", "not_applicable", "not_asked"]

_STATES: dict[OutcomeKind, IndicatorState] = {
    "finding": "answered",
    "row": "answered",
    "not_known": "not_known",
    "not_applicable": "not_applicable",
    "not_asked": "not_asked",
}
_DONE = frozenset({"answered", "not_known", "not_applicable"})


class IndicatorProgress(NamedTuple):
    """Where an indicator stands. `carried_from` is the round of an answer that waits to be confirmed."""

    id: str
    number: str
    title: str
    state: IndicatorState
    carried_from: int | None
    assigned: bool
    overdue: bool
    open_contribution: bool
    changes: ReturnStatus | None
    open_thread: bool


class DomainProgress(NamedTuple):
    """How far a domain is. `asked` are its indicators without those that an earlier answer makes moot.

    Carried answers count as answered once they are confirmed.
    """

    number: int
    title: str
    answered: int
    asked: int
    indicators: list[IndicatorProgress]


class _Flags(NamedTuple):
    """What goes on around the answers, as far as the person may see it."""

    assigned: Mapping[str, list[Assigned]]
    contributed: Collection[str]
    changes: Mapping[str, ReturnStatus]
    discussed: Collection[str]


def assess_progress(work: Work) -> list[DomainProgress]:
    """Each domain with its indicators, in the instrument's order.

    Contributors see the indicators assigned to their ministries, and no totals beyond these; whether one is asked is told
    as it is, though it may hang on an answer that is not theirs. Reviewers see where the last submission stands.
    """
    seen = live_response(work) if work.sees_live else submitted_response(work)
    states, flags = _states(evaluate(instrument_of(work), seen.response)), _flags(work)
    visible = visible_indicators(work)
    domains = []
    for domain in instrument_of(work).source.domains:
        shown = [
            _progress(indicator, states[indicator.id], seen.carried.get(indicator.id), flags)
            for indicator in domain.indicators
            if visible is None or indicator.id in visible
        ]
        if shown:
            domains.append(_domain(domain, shown))
    return domains


def _states(result: Result) -> dict[str, IndicatorState]:
    missing = {found.indicator for found in missing_for_submission(result)}
    return {indicator: _state(result, indicator, indicator in missing) for indicator in result.leaves}


def _state(result: Result, indicator: str, missing: bool) -> IndicatorState:
    answer = result.response.answers.get(indicator)
    if missing and answer is not None and answer.values:
        return "incomplete"
    return _STATES.get(result.leaves[indicator].kind, "not_answered")


def _flags(work: Work) -> _Flags:
    assigned = defaultdict(list)
    for assignment in list_assignments(work) if work.allows("see_assignments") else ():
        assigned[assignment.indicator].append(assignment)
    proposals = list_contributions(work, state="proposed") if work.allows("see_contributions") else []
    under_way = work.state in ("collecting", "in_review") and work.allows("see_returns")
    returns = list_returns(work) if under_way else []
    threads = select(Comment.indicator).where(
        readable_comments(work), col(Comment.id) == col(Comment.thread_id), col(Comment.resolved_at).is_(None)
    )
    return _Flags(
        assigned,
        {proposal.indicator for proposal in proposals},
        {item.indicator: item.status for item in returns},
        set(work.session.exec(threads)),
    )


def _progress(indicator: Indicator, state: IndicatorState, carried: int | None, flags: _Flags) -> IndicatorProgress:
    assigned = flags.assigned.get(indicator.id, [])
    return IndicatorProgress(
        indicator.id,
        indicator.number,
        indicator.title,
        state,
        carried if state != "not_asked" else None,
        bool(assigned),
        any(assignment.overdue for assignment in assigned),
        indicator.id in flags.contributed,
        flags.changes.get(indicator.id),
        indicator.id in flags.discussed,
    )


def _domain(domain: Domain, shown: list[IndicatorProgress]) -> DomainProgress:
    asked = [indicator for indicator in shown if indicator.state != "not_asked"]
    answered = [indicator for indicator in asked if indicator.state in _DONE and indicator.carried_from is None]
    return DomainProgress(domain.number, domain.title, len(answered), len(asked), shown)
