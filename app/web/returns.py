"""Sending indicators back to the government: choose them, give each a reason, look at what will be sent, send it."""

from collections.abc import Collection
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from app.api.calls import Call, Id, may
from app.assessments.comments import Remark, list_comments
from app.assessments.reviewing import return_indicators
from app.errors import Invalid, Refusal
from app.web.done import translatable
from app.web.fields import Fields, Posted, checked
from app.web.frame import frame_of
from app.web.rendering import draw, see_other
from app.web.review_queue import Item, find_queue
from app.work import Work
from questionnaire.text import Prose

router = APIRouter(include_in_schema=False)

Ask = Annotated[list[str] | None, Query(max_length=200, description="Indicators that are chosen already.")]
PAGES = {"choose": "review/return-choose.html", "write": "review/return-write.html", "look": "review/return-look.html"}
"""The page of each step before the sending."""


NOTHING_SENT = translatable("Nothing was sent back yet.")
NO_CHOICE = translatable("Choose at least one indicator")
NO_REASON = translatable("Enter a reason, or take out the tick")


class Choice(NamedTuple):
    """An indicator that can be sent back. `remarks` are the open comments on it: reminders, which are not sent."""

    item: Item
    remarks: tuple[Remark, ...]


class Choices(NamedTuple):
    """A domain with what can be sent back of it."""

    number: int
    title: str
    choices: tuple[Choice, ...]


class ReasonsIn(BaseModel):
    """The reason for each indicator that is sent back, by its id."""

    reason: dict[str, Prose]


@router.get("/assessments/{assessment_id}/return")
def show_return(call: Annotated[Call, may("return")], assessment_id: Id, ask: Ask = None) -> Response:
    """The indicators to choose from, or, where some are chosen already, the form for their reasons."""
    return _draw(call, assessment_id, "write" if ask else "choose", Fields(given={"returned": ask or []}))


@router.post("/assessments/{assessment_id}/return")
def send_return(call: Annotated[Call, may("return")], assessment_id: Id, fields: Posted) -> Response:
    """The next step; the last one sends everything back at once."""
    step = fields.one("step")
    try:
        if step == "send":
            with call.on_assessment(assessment_id) as work:
                return_indicators(work, _reasons(fields).items())
            return see_other(f"/assessments/{assessment_id}", done="returned")
        if step == "look":
            _reasons(fields)
        return _draw(call, assessment_id, step if step in PAGES else "write", fields)
    except Invalid as refusal:
        return _draw(call, assessment_id, "write", fields, _at_choices(refusal))


def _reasons(fields: Fields) -> dict[str, str]:
    """The reasons of what is ticked. `Invalid` names each that is missing."""
    given = {name: fields.one(f"reason.{name}") for name in _chosen(fields)}
    if not given:
        raise _nothing_chosen()
    missing = [name for name, text in given.items() if not text]
    if missing:
        raise Invalid(NOTHING_SENT, errors=[{"path": ["reason", name], "message": NO_REASON} for name in missing])
    return checked(ReasonsIn, {"reason": given}).reason


def _at_choices(refusal: Invalid) -> Invalid:
    """The refusal with what is wrong about an indicator told where indicators are chosen."""
    errors = [
        {**error, "path": ["returned"]} if error["path"][0] == "indicators" else error
        for error in refusal.more["errors"]
    ]
    return Invalid(refusal.detail, errors=errors)


def _nothing_chosen() -> Invalid:
    return Invalid(NOTHING_SENT, errors=[{"path": ["returned"], "message": NO_CHOICE}])


def _chosen(fields: Fields) -> list[str]:
    return list(dict.fromkeys(fields.many("returned")))


def _draw(call: Call, assessment_id: str, step: str, fields: Fields, refusal: Refusal | None = None) -> Response:
    """A step's page; without anything chosen, the page to choose on."""
    with call.on_assessment(assessment_id) as work:
        frame, domains = frame_of(work), _choices(work)
    chosen = _picked(domains, _chosen(fields))
    if step != "choose" and not chosen:
        step, refusal = "choose", refusal or _nothing_chosen()
    reasons = _reasons(fields) if step == "look" else {}
    return draw(
        call, PAGES[step], refusal=refusal, typed=fields, frame=frame, domains=domains, chosen=chosen, reasons=reasons
    )  # fmt: skip


def _choices(work: Work) -> list[Choices]:
    """What can be sent back, by domain."""
    queue = find_queue(work)
    threads = [one for one in list_comments(work, indicator=None, after=None, limit=None) if _is_open(one)]
    return [
        Choices(section.number, section.title, tuple(_choice(item, threads) for item in section.items))
        for section in (queue.sections if queue else ())
    ]


def _choice(item: Item, threads: list[Remark]) -> Choice:
    return Choice(item, tuple(one for one in threads if one.indicator == item.id))


def _is_open(remark: Remark) -> bool:
    return remark.id == remark.thread_id and remark.resolved_at is None


def _picked(domains: list[Choices], ids: Collection[str]) -> list[Choice]:
    return [choice for domain in domains for choice in domain.choices if choice.item.id in ids]
