"""The record of accounts, roles and rounds as a page for administrators."""

from typing import Annotated

from fastapi import APIRouter, Response

from app.api.calls import Call, may
from app.errors import Invalid
from app.web.administration_accounts import matching_accounts
from app.web.record_pages import PAGE, asked_in, kinds_of
from app.web.record_reading import Asked, Told, account_events
from app.web.record_words import ACCOUNT_EVENTS
from app.web.rendering import draw
from app.work import Work

router = APIRouter(include_in_schema=False)

PATH = "/administration/record"


@router.get(PATH)
def show_account_record(call: Annotated[Call, may("see_account_record")]) -> Response:
    """The record of accounts, roles and rounds, newest first, by kind, person and date."""
    sent, refusal, told = asked_in(call), None, Told([], None)
    with call.on_service() as work:
        try:
            asked = sent.as_(Asked)
        except Invalid as error:
            asked, refusal = Asked(), error
        else:
            told = account_events(work, _people(work, asked.person), asked, PAGE)
    return draw(
        call,
        "administration/record.html",
        refusal=refusal,
        typed=sent,
        told=told.shown,
        onward=asked.onward(PATH, told.onward),
        kinds=kinds_of(ACCOUNT_EVENTS),
    )


def _people(work: Work, words: str | None) -> frozenset[str] | None:
    """Whom the words name; None if nobody is asked for."""
    return frozenset(account.id for account in matching_accounts(work, words)) if words else None
