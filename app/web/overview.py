"""The overview of an assessment, and the page of one of its domains."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Path, Request, Response

from app.api.calls import Call, Id, may
from app.assessments.events import last_event
from app.assessments.instruments import instrument_of
from app.assessments.milestones import Milestone, list_milestones
from app.assessments.progress import DomainProgress, IndicatorProgress, assess_progress
from app.assessments.reasons import list_reasons
from app.errors import NotFound
from app.rights import COUNTRY_RIGHTS
from app.web.done import translatable
from app.web.early import draw_early, is_early
from app.web.frame import Frame, frame_of
from app.web.languages import chosen
from app.web.next_steps import next_step
from app.web.pictures import SIZE, Part, Sector, draw_wheel
from app.web.rendering import draw
from app.web.standing import STATE_KINDS, is_open, marks_of
from app.work import Work

router = APIRouter(include_in_schema=False)

Number = Annotated[int, Path(ge=1, le=9, description="The number of a domain.")]

HAPPENED: Mapping[str, str] = {
    "opened": translatable("The round was opened"),
    "submitted": translatable("Submitted to IOM"),
    "returned": translatable("IOM asked for changes"),
    "approved": translatable("IOM approved the draft"),
    "approval_voided": translatable("Something was changed, so the approval ended"),
    "consented": translatable("The government gave its consent"),
    "consent_declined": translatable("The government declined its consent"),
    "published": translatable("The snapshot was published"),
    "corrected": translatable("A corrected snapshot was published"),
    "erratum_opened": translatable("A correction was begun"),
    "withdrawn": translatable("The snapshot was withdrawn"),
}
"""The main events in words."""

AHEAD: Mapping[str, Sequence[str]] = {
    "collecting": (
        translatable("Submission to IOM"), translatable("Review by IOM"), translatable("Consent of the government"),
        translatable("Publication"),
    ),
    "in_review": (
        translatable("Review by IOM"), translatable("Consent of the government"), translatable("Publication"),
    ),
    "approved": (translatable("Consent of the government"), translatable("Publication")),
    "consented": (translatable("Publication"),),
}  # fmt: skip
"""What comes after each state, until the snapshot is published."""


class Happened(NamedTuple):
    """A main event as it is told; `by` is for those who may see the record, `reason` for those who may read reasons."""

    text: str
    milestone: Milestone
    by: str | None
    reason: str = ""


class DomainRow(NamedTuple):
    """A domain in the list: its progress, and how many of its indicators wait for what."""

    progress: DomainProgress
    short_title: str
    waiting: list[tuple[str, str, int]]
    first_open: IndicatorProgress | None


@router.get("/assessments/{assessment_id}")
def show_overview(call: Annotated[Call, may("see_assessment")], request: Request, assessment_id: Id) -> Response:
    """What to do next, how far each domain is, and what has happened."""
    with call.on_assessment(assessment_id) as work:
        frame, step = frame_of(work), next_step(work)
        rows = _rows(work, frame)
        whole = len(rows) == len(instrument_of(work).source.domains)
        happened, more = _happened(work, frame), _more(work)
    mirrored = chosen(request, trial=call.service.settings.trial_languages).direction == "rtl"
    wheel = _wheel(rows, mirrored=mirrored) if whole else []
    return draw(
        call, "overview/overview.html", frame=frame, step=step, rows=rows, wheel=wheel, size=SIZE,
        happened=happened, ahead=AHEAD.get(frame.state, ()), **more,
    )  # fmt: skip


def _more(work: Work) -> dict[str, Any]:
    """What decides which further pages are linked."""
    return {
        "instrument": instrument_of(work).id,
        "previous": work.assessment.previous_id and not is_early(work),
        "public": last_event(work, "published") is not None,
        "sees_people": bool(work.roles & COUNTRY_RIGHTS["see_people"][0]),
    }


def _rows(work: Work, frame: Frame) -> list[DomainRow]:
    """The domains; none for those who see no progress, and for reviewers before the first submission."""
    if "see_progress" not in frame.actions or is_early(work):
        return []
    short = {domain.number: domain.short_title for domain in instrument_of(work).source.domains}
    return [
        DomainRow(domain, short[domain.number], waiting_in(domain.indicators), _first_open(domain))
        for domain in assess_progress(work)
    ]


def waiting_in(indicators: Sequence[IndicatorProgress]) -> list[tuple[str, str, int]]:
    """For each thing that can be waited for: its words, its colour, and for how many indicators it is so."""
    told = [
        (translatable("IOM asks for changes"), "attention", [one.changes == "changes_requested" for one in indicators]),
        (translatable("Late"), "attention", [one.overdue for one in indicators]),
        (translatable("Waits for a ministry"), "info", [one.assigned and is_open(one) for one in indicators]),
        (translatable("Proposal waiting"), "warn", [one.open_contribution for one in indicators]),
        (translatable("To be confirmed"), "warn", [one.carried_from is not None for one in indicators]),
        (translatable("Open comments"), "info", [one.open_thread for one in indicators]),
    ]
    return [(text, kind, sum(holds)) for text, kind, holds in told if any(holds)]


def _first_open(domain: DomainProgress) -> IndicatorProgress | None:
    return next((one for one in domain.indicators if is_open(one)), None)


def _wheel(rows: list[DomainRow], *, mirrored: bool) -> list[Part]:
    sectors = [Sector(row.progress.number, row.short_title, row.progress.answered, row.progress.asked) for row in rows]
    return draw_wheel(sectors, mirrored=mirrored)


def _happened(work: Work, frame: Frame) -> list[Happened]:
    """The main events, the first one first; an adviser whose reading ended is told the stage alone."""
    if not frame.actions & {"see_record", "see_progress"}:
        return []
    named = "see_record" in frame.actions
    given = list_reasons(work) if "see_reasons" in frame.actions else []
    reasons = {(one.step, datetime.fromisoformat(one.at)): one.reason for one in given}
    return [
        Happened(HAPPENED[one.kind], one, one.by if named else None, reasons.get((one.kind, one.at), ""))
        for one in list_milestones(work)
    ]


@router.get("/assessments/{assessment_id}/domains/{number}")
def show_domain(call: Annotated[Call, may("see_progress")], assessment_id: Id, number: Number) -> Response:
    """The indicators of a domain by subdomain, each with where it stands."""
    with call.on_assessment(assessment_id) as work:
        frame = frame_of(work)
        if is_early(work):
            return draw_early(call, frame)
        domains = assess_progress(work)
        parts = {one.number: one for one in instrument_of(work).source.domains}
    domain = next((one for one in domains if one.number == number), None)
    if number not in parts or (domain is None and domains):
        raise NotFound
    standing = {one.id: one for one in domain.indicators} if domain else {}
    groups = [
        (part.title, [(standing[one.id], marks_of(standing[one.id])) for one in part.indicators if one.id in standing])
        for part in parts[number].subdomains
    ]
    return draw(
        call, "overview/domain.html", frame=frame, domain=parts[number], groups=[group for group in groups if group[1]],
        progress=domain, first_open=_first_open(domain) if domain else None, kinds=STATE_KINDS,
        others=[(one.number, one.title) for one in domains],
    )  # fmt: skip
