"""Pages of ministries: what each is asked in an assessment, asking for many indicators at once, a country's list of them."""

from datetime import date
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from app.api.assignments import ObjectId
from app.api.calls import Call, CountryCode, Id, may
from app.assessments.assignments import Assigned, assign_indicators, list_assignments, remind_ministries
from app.assessments.forms import find_domain
from app.assessments.instruments import instrument_of
from app.errors import Conflict, Invalid, NotFound, Refusal
from app.people.countries import country_name
from app.people.ministries import add_ministry, list_ministries, rename_ministry
from app.rights import right
from app.web.fields import Fields, Posted
from app.web.frame import frame_of
from app.web.rendering import draw, see_other
from app.work import Work
from questionnaire.model import IndicatorId
from questionnaire.text import Phrase, Prose

router = APIRouter(include_in_schema=False)

DomainNumber = Annotated[int, Query(ge=1, le=9)]


class AskedMinistry(NamedTuple):
    """A ministry with what it is asked, in the instrument's order; `open` is what it is not done with."""

    id: str
    name: str
    assigned: list[Assigned]

    @property
    def open(self) -> list[Assigned]:
        """What the ministry is not done with."""
        return [one for one in self.assigned if one.done_at is None]


class ReminderIn(BaseModel):
    """Whom to remind."""

    ministry: ObjectId


class AskManyIn(BaseModel):
    """A ministry and the indicators of a domain for which it is asked."""

    indicators: Annotated[list[IndicatorId], Field(min_length=1, max_length=200)]
    ministry_id: ObjectId
    due: date | None = None
    remark: Prose | None = None


class MinistryIn(BaseModel):
    """The name of a ministry, as it stands inside a sentence."""

    name: Phrase


@router.get("/assessments/{assessment_id}/ministries")
def show_asked_ministries(call: Annotated[Call, may("see_assignments")], assessment_id: Id) -> Response:
    """By ministry: what is asked, due when, done or late."""
    return _draw_asked(call, assessment_id)


def _draw_asked(call: Call, assessment_id: str, refusal: Refusal | None = None) -> Response:
    with call.on_assessment(assessment_id) as work:
        context: dict[str, Any] = {"frame": frame_of(work), "ministries": _asked(work)}
        titles = {name: f"{one.number} {one.title}" for name, one in instrument_of(work).indicators.items()}
    return draw(call, "ministries/asked.html", refusal=refusal, titles=titles, **context)


def _asked(work: Work) -> list[AskedMinistry]:
    """The ministries that the person may know about, by name, those that are asked nothing too."""
    assigned = list_assignments(work)
    seen = None if "focal_point" in work.roles else {one.ministry_id for one in assigned}
    return [
        AskedMinistry(ministry.id, ministry.name, [one for one in assigned if one.ministry_id == ministry.id])
        for ministry in list_ministries(work)
        if seen is None or ministry.id in seen
    ]


@router.post("/assessments/{assessment_id}/reminders")
def send_reminder(call: Annotated[Call, may("remind")], assessment_id: Id, fields: Posted) -> Response:
    """Write to the contributors of a ministry about what it is not done with."""
    given = fields.as_(ReminderIn)
    try:
        with call.on_assessment(assessment_id) as work:
            remind_ministries(work, given.ministry, None)
    except Conflict as refusal:
        return _draw_asked(call, assessment_id, refusal)
    return see_other(f"/assessments/{assessment_id}/ministries", done="reminded")


@router.get("/assessments/{assessment_id}/ministries/assign")
def show_assigning(call: Annotated[Call, may("assign")], assessment_id: Id, domain: DomainNumber = 1) -> Response:
    """The form to ask a ministry for many indicators of a domain."""
    return _draw_assigning(call, assessment_id, domain)


@router.post("/assessments/{assessment_id}/ministries/assign")
def send_assigning(
    call: Annotated[Call, may("assign")], assessment_id: Id, fields: Posted, domain: DomainNumber = 1
) -> Response:
    """Ask a ministry for the indicators that are ticked."""
    try:
        given = fields.as_(AskManyIn, "indicators")
        with call.on_assessment(assessment_id) as work:
            assign_indicators(work, given.indicators, given.ministry_id, due=given.due, remark=given.remark)
    except Invalid as refusal:
        return _draw_assigning(call, assessment_id, domain, _at_boxes(refusal), fields)
    return see_other(f"/assessments/{assessment_id}/ministries", done="asked")


def _at_boxes(refusal: Invalid) -> Invalid:
    """What is wrong with one of the ticked indicators is told at the boxes, once."""
    message = "Tick the indicators that you ask about"
    told = [error for error in refusal.more.get("errors", ()) if error["path"][:1] != ["indicators"]]
    if len(told) < len(refusal.more.get("errors", ())):
        told.insert(0, {"path": ["indicators"], "message": message})
    return Invalid(refusal.detail, errors=told)


def _draw_assigning(
    call: Call, assessment_id: str, domain: int, refusal: Refusal | None = None, typed: Fields | None = None
) -> Response:
    with call.on_assessment(assessment_id) as work:
        asked: dict[str, list[str]] = {}
        for one in list_assignments(work):
            asked.setdefault(one.indicator, []).append(one.ministry)
        context: dict[str, Any] = {
            "frame": frame_of(work),
            "domains": instrument_of(work).source.domains,
            "domain": find_domain(work, domain),
            "asked": asked,
            "ministries": [(ministry.id, ministry.name) for ministry in list_ministries(work)],
        }
    return draw(call, "ministries/assign.html", refusal=refusal, typed=typed or Fields(), **context)


@router.get("/countries/{code}/ministries")
def show_ministries(call: Annotated[Call, may("see_ministries")], code: CountryCode) -> Response:
    """A country's ministries, by name."""
    return _draw_ministries(call, code)


@router.post("/countries/{code}/ministries")
def send_ministry(call: Annotated[Call, may("manage_ministries")], code: CountryCode, fields: Posted) -> Response:
    """Add a ministry."""
    try:
        given = fields.as_(MinistryIn)
        with call.on_country(code) as work:
            add_ministry(work, given.name)
    except (Invalid, Conflict) as refusal:
        return _draw_ministries(call, code, refusal, fields)
    return see_other(f"/countries/{code}/ministries", done="ministry-added")


@router.get("/countries/{code}/ministries/{ministry_id}")
def show_ministry(call: Annotated[Call, may("manage_ministries")], code: CountryCode, ministry_id: Id) -> Response:
    """The form that gives a ministry another name."""
    return _draw_ministry(call, code, ministry_id)


@router.post("/countries/{code}/ministries/{ministry_id}")
def send_ministry_name(
    call: Annotated[Call, may("manage_ministries")], code: CountryCode, ministry_id: Id, fields: Posted
) -> Response:
    """Give a ministry another name."""
    try:
        given = fields.as_(MinistryIn)
        with call.on_country(code) as work:
            rename_ministry(work, ministry_id, given.name)
    except (Invalid, Conflict) as refusal:
        return _draw_ministry(call, code, ministry_id, refusal, fields)
    return see_other(f"/countries/{code}/ministries", done="ministry-renamed")


def _draw_ministries(call: Call, code: str, refusal: Refusal | None = None, typed: Fields | None = None) -> Response:
    with call.on_country(code) as work:
        found = [(ministry.id, ministry.name) for ministry in list_ministries(work)]
        manages = bool(work.roles & right("manage_ministries").roles)
        invites = bool(work.roles & right("see_people").roles)
    context: dict[str, Any] = {
        "code": code,
        "country": country_name(code),
        "ministries": found,
        "manages": manages,
        "invites": invites,
    }
    return draw(call, "ministries/country.html", refusal=refusal, typed=typed or Fields(), **context)


def _draw_ministry(
    call: Call, code: str, ministry_id: str, refusal: Refusal | None = None, typed: Fields | None = None
) -> Response:
    with call.on_country(code) as work:
        names = {ministry.id: ministry.name for ministry in list_ministries(work)}
    if ministry_id not in names:
        raise NotFound
    name = names[ministry_id]
    return draw(call, "ministries/rename.html", refusal=refusal, typed=typed or Fields(), code=code, name=name)
