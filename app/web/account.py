"""Pages of one's own account: who one is, name and language, the password."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.api.calls import Call, may
from app.api.proving import Password, looking, proved, set_cookie
from app.errors import Invalid, Refusal, TooManyTries, WrongCredentials
from app.people.accounts import PersonName, held_roles
from app.people.countries import country_name
from app.people.invitations import own_invitations
from app.people.own_account import Language, change_own, find_own
from app.people.resets import change_password, new_hash
from app.web.entrance import keep_language, told
from app.web.fields import Fields, Posted, checked
from app.web.languages import NAMES
from app.web.rendering import draw, see_other
from app.work import Work

router = APIRouter(include_in_schema=False)


class Own(NamedTuple):
    """One's own account as its pages show it. `wants_second_factor`: a role asks for one."""

    email: str
    name: str
    language: str
    second_factor: bool
    wants_second_factor: bool


class OwnRole(NamedTuple):
    """A role that one holds; `country` None for administrators."""

    role: str
    country: str | None
    ministry: str | None


class DetailsIn(BaseModel):
    """How one is named, and in which language one reads."""

    name: PersonName
    language: Language


class PasswordIn(BaseModel):
    """The password as it was, and as it is to be."""

    old_password: Password
    new_password: Password


def own_of(work: Work) -> Own:
    """The account of who calls."""
    account, person = find_own(work), work.actor
    return Own(account.email, account.name, account.language, account.totp_confirmed, person.is_strong())


def _roles_of(work: Work) -> list[OwnRole]:
    held = held_roles(work, [work.actor.id])[work.actor.id]
    return [OwnRole(one.role, country_name(one.country) if one.country else None, one.ministry) for one in held]


@router.get("/account")
def show_account(call: Annotated[Call, may("see_own")]) -> Response:
    """Who one is here, and where each thing about it is changed."""
    with call.begin() as work:
        own, roles, offers = own_of(work), _roles_of(work), own_invitations(work)
    return draw(call, "account/account.html", own=own, roles=roles, offers=len(offers), language_names=NAMES)


def _draw_details(call: Call, refusal: Refusal | None = None, typed: Fields | None = None) -> Response:
    with looking(call) as work:
        own = own_of(work)
    typed = typed or Fields(given={"name": own.name, "language": own.language})
    return draw(call, "account/details.html", refusal=refusal, typed=typed, own=own, language_names=NAMES)


@router.get("/account/details")
def show_account_details(call: Annotated[Call, may("see_own")]) -> Response:
    """The form for name and language."""
    return _draw_details(call)


@router.post("/account/details")
def send_account_details(call: Annotated[Call, may("change_own")], fields: Posted) -> Response:
    """Change name and language."""
    try:
        given = fields.as_(DetailsIn)
        with call.begin() as work:
            change_own(work, name=given.name, language=given.language)
    except Invalid as refusal:
        return _draw_details(call, refusal, fields)
    response = see_other("/account", done="details")
    keep_language(call, response, given.language)
    return response


def _draw_password(call: Call, refusal: Refusal | None = None) -> Response:
    with looking(call) as work:
        own = own_of(work)
    return told(draw(call, "account/password.html", refusal=refusal, own=own), refusal)


@router.get("/account/password")
def show_own_password(call: Annotated[Call, may("see_own")]) -> Response:
    """The form for another password."""
    return _draw_password(call)


@router.post("/account/password")
def send_own_password(call: Annotated[Call, may("change_own")], fields: Posted) -> Response:
    """Change the password. All other sign-ins end, and another cookie comes back for this one."""
    try:
        given = checked(PasswordIn, {name: fields.typed(name) for name in PasswordIn.model_fields})
        with proved(call, given.old_password) as owner:
            hashed = new_hash(given.new_password, owner, field="new_password")
            with call.begin() as work:
                secret = change_password(work, hashed)
    except (Invalid, WrongCredentials, TooManyTries) as refusal:
        return _draw_password(call, refusal)
    response = see_other("/account", done="own-password")
    set_cookie(call, response, secret)
    return response
