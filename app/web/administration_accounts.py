"""Pages of accounts, for administrators: find one, look at it, and what may be done to it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Literal, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response

from app.api.calls import Call, Id, may
from app.api.pages import After, page, place
from app.errors import Conflict, Invalid, NotFound, Refusal
from app.people.accounts import (
    SeenAccount,
    change_email,
    disable_account,
    enable_account,
    find_account,
    list_accounts,
    reset_second_factor,
)
from app.people.countries import country_names
from app.people.roles import end_administrator
from app.web.administration_forms import OtherEmail
from app.web.done import translatable
from app.web.fields import Fields, Posted
from app.web.record_reading import Asked, account_events
from app.web.rendering import draw, see_other
from app.work import Work

router = APIRouter(prefix="/administration/accounts", include_in_schema=False)

Words = Annotated[str, Query(max_length=200)]
PAGE, BATCH, EVENTS = 50, 200, 15


class Step(NamedTuple):
    """Something that is done to an account: its page, the service, and what is said once it is done."""

    title: str
    button: str
    act: Callable[[Work, str], SeenAccount]
    done: str


STEPS: Mapping[str, Step] = {
    "disable": Step(
        translatable("Disable this account"), translatable("Disable the account"), disable_account, "account-disabled"
    ),
    "enable": Step(
        translatable("Enable this account"), translatable("Enable the account"), enable_account, "account-enabled"
    ),
    "reset-second-factor": Step(
        translatable("Reset the second factor"),
        translatable("Reset the second factor"),
        reset_second_factor,
        "second-factor-reset",
    ),
}
StepName = Literal["disable", "enable", "reset-second-factor"]


def matching_accounts(work: Work, words: str, after: str | None = None) -> Iterator[SeenAccount]:
    """The accounts whose name or e-mail holds the words, whatever their capitals, by name, after the one with an id."""
    while found := list_accounts(work, BATCH, after):
        for account in found:
            if words.casefold() in f"{account.name}\n{account.email}".casefold():
                yield account
        if len(found) < BATCH:
            return
        after = found[-1].id


@router.get("")
def show_accounts(call: Annotated[Call, may("see_accounts")], q: Words = "", after: After = None) -> Response:
    """All accounts, or those that are searched for, by name."""
    keys = place(after, str)
    with call.on_service() as work:
        matching = matching_accounts(work, q.strip(), str(keys[0]) if keys else None)
        found = [account for account, _ in zip(matching, range(PAGE + 1), strict=False)]
    shown = page(found, PAGE, lambda account: account.id, lambda account: (account.id,))
    onward = f"/administration/accounts?{urlencode({'q': q, 'after': shown.next})}" if shown.next else None
    return draw(
        call, "administration/accounts.html", accounts=found[:PAGE], words=q, onward=onward, countries=country_names()
    )


@router.get("/{account_id}")
def show_one_account(call: Annotated[Call, may("see_accounts")], account_id: Id) -> Response:
    """One account: roles, how its owner signs in, what happened to it."""
    with call.on_service() as work:
        account = find_account(work, account_id)
        told = account_events(work, frozenset({account_id}), Asked(), EVENTS)
        own = work.actor.id == account_id
    return draw(
        call, "administration/account.html", account=account, told=told.shown, own=own, countries=country_names()
    )


@router.get("/{account_id}/email")
def show_email_form(call: Annotated[Call, may("see_accounts")], account_id: Id) -> Response:
    """The form for another e-mail address."""
    return _draw_email_form(call, account_id)


def _draw_email_form(
    call: Call, account_id: str, refusal: Refusal | None = None, typed: Fields | None = None
) -> Response:
    with call.on_service() as work:
        account = find_account(work, account_id)
    return draw(call, "administration/email.html", refusal=refusal, typed=typed or Fields(), account=account)


@router.post("/{account_id}/email")
def send_other_email(call: Annotated[Call, may("manage_accounts")], account_id: Id, fields: Posted) -> Response:
    """Change the e-mail address of someone else's account."""
    try:
        given = fields.as_(OtherEmail)
        with call.on_service() as work:
            change_email(work, account_id, given.email)
    except (Invalid, Conflict) as refusal:
        return _draw_email_form(call, account_id, refusal, fields)
    return see_other(f"/administration/accounts/{account_id}", done="email-changed")


@router.get("/{account_id}/roles/{grant_id}/end")
def show_end_of_administrator(call: Annotated[Call, may("see_accounts")], account_id: Id, grant_id: Id) -> Response:
    """What happens when an administrator's role ends."""
    return _draw_end_of_administrator(call, account_id, grant_id)


def _draw_end_of_administrator(call: Call, account_id: str, grant_id: str, refusal: Refusal | None = None) -> Response:
    with call.on_service() as work:
        account = find_account(work, account_id)
    if (grant_id, "administrator") not in {(role.grant_id, role.role) for role in account.roles}:
        raise NotFound
    return draw(call, "administration/end-administrator.html", refusal=refusal, account=account, grant_id=grant_id)


@router.post("/{account_id}/roles/{grant_id}/end")
def send_end_of_administrator(call: Annotated[Call, may("manage_accounts")], account_id: Id, grant_id: Id) -> Response:
    """End another administrator's role."""
    try:
        with call.on_service() as work:
            end_administrator(work, account_id, grant_id)
    except Conflict as refusal:
        return _draw_end_of_administrator(call, account_id, grant_id, refusal)
    return see_other(f"/administration/accounts/{account_id}", done="role-ended")


@router.get("/{account_id}/{step}")
def show_account_step(call: Annotated[Call, may("see_accounts")], account_id: Id, step: StepName) -> Response:
    """What happens when this is done to the account."""
    return _draw_step(call, account_id, step)


def _draw_step(call: Call, account_id: str, step: StepName, refusal: Refusal | None = None) -> Response:
    with call.on_service() as work:
        account = find_account(work, account_id)
    return draw(call, "administration/step.html", refusal=refusal, account=account, name=step, step=STEPS[step])


@router.post("/{account_id}/{step}")
def send_account_step(call: Annotated[Call, may("manage_accounts")], account_id: Id, step: StepName) -> Response:
    """Do this to someone else's account."""
    try:
        with call.on_service() as work:
            STEPS[step].act(work, account_id)
    except Conflict as refusal:
        return _draw_step(call, account_id, step, refusal)
    return see_other(f"/administration/accounts/{account_id}", done=STEPS[step].done)
