"""Pages of one's tokens for programs and one's sign-ins: listing, making, ending."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, BeforeValidator, Field

from app.api.calls import Call, Id, may
from app.api.proving import Password, forget_cookie, looking, proving
from app.errors import Conflict, Invalid, NotFound, Refusal, TooManyTries, WrongCredentials
from app.people.countries import country_name, list_countries
from app.people.sessions import end_session, list_sign_ins, sign_out_everywhere
from app.people.tokens import LONGEST_DAYS, MadeToken, Scope, list_tokens, make_token, revoke_token
from app.web.entrance import told
from app.web.fields import Fields, Posted, checked
from app.web.rendering import draw, see_other
from questionnaire.text import Written

router = APIRouter(prefix="/account", include_in_schema=False)

TOKENS, SIGN_INS = "/account/tokens", "/account/sign-ins"


def _none_if_empty(typed: object) -> object:
    return typed or None


class TokenIn(BaseModel):
    """A token to be made."""

    name: Annotated[str, Written(100)]
    scope: Scope
    country: Annotated[Annotated[str, Field(pattern="^[A-Z]{2}$")] | None, BeforeValidator(_none_if_empty)] = None
    days: int = Field(ge=1, le=LONGEST_DAYS)
    password: Password


def _draw_tokens(
    call: Call, refusal: Refusal | None = None, typed: Fields | None = None, made: MadeToken | None = None
) -> Response:
    with looking(call) as work:
        tokens, countries, now = list_tokens(work), list_countries(work), work.now
    places = {token.country: country_name(token.country) for token in tokens if token.country}
    page = draw(
        call,
        "account/tokens.html",
        refusal=refusal,
        typed=typed or Fields(given={"days": "90", "scope": "read"}),
        tokens=tokens,
        countries=[(one.code, one.name) for one in countries],
        places=places,
        now=now,
        made=made,
        longest=LONGEST_DAYS,
    )
    return told(page, refusal)


@router.get("/tokens")
def show_own_tokens(call: Annotated[Call, may("see_own")]) -> Response:
    """One's tokens, and the form for a new one."""
    return _draw_tokens(call)


@router.post("/tokens")
def send_new_token(call: Annotated[Call, may("change_own")], fields: Posted) -> Response:
    """Make a token; its secret is shown in the answer, and nowhere else."""
    try:
        sent = {name: fields.one(name) for name in ("name", "scope", "country", "days")}
        given = checked(TokenIn, {**sent, "password": fields.typed("password")})
        with proving(call, given.password) as work:
            made = make_token(work, given.name, scope=given.scope, country=given.country, days=given.days)
    except (Invalid, WrongCredentials, TooManyTries, Conflict) as refusal:
        return _draw_tokens(call, refusal, fields)
    return _draw_tokens(call, made=made)


@router.get("/tokens/{token_id}/revoke")
def show_revoke_token(call: Annotated[Call, may("see_own")], token_id: Id) -> Response:
    """What revoking a token means, and the button."""
    with call.begin() as work:
        found = next((token for token in list_tokens(work) if token.id == token_id), None)
    if found is None:
        raise NotFound
    return draw(call, "account/revoke-token.html", token=found)


@router.post("/tokens/{token_id}/revoke")
def send_revoke_token(call: Annotated[Call, may("change_own")], token_id: Id) -> Response:
    """Revoke a token; it no longer works from now on."""
    with call.begin() as work:
        revoke_token(work, token_id)
    return see_other(TOKENS, done="token-revoked")


@router.get("/sign-ins")
def show_own_sign_ins(call: Annotated[Call, may("see_own")]) -> Response:
    """One's sign-ins that can still be used."""
    with call.begin() as work:
        listed = list_sign_ins(work)
    return draw(call, "account/sign-ins.html", sign_ins=listed)


@router.post("/sign-ins/{session_id}/end")
def send_end_sign_in(call: Annotated[Call, may("change_own")], session_id: Id) -> Response:
    """End one of one's sign-ins at once. One that has ended already is as it should be."""
    try:
        with call.begin() as work:
            end_session(work, session_id)
    except NotFound:
        return see_other(SIGN_INS)
    return see_other(SIGN_INS, done="sign-in-ended")


@router.get("/sign-out-everywhere")
def show_sign_out_everywhere(call: Annotated[Call, may("see_own")]) -> Response:
    """What signing out everywhere means, and the button."""
    with call.begin() as work:
        count = len(list_sign_ins(work))
    return draw(call, "account/sign-out-everywhere.html", count=count)


@router.post("/sign-out-everywhere")
def send_sign_out_everywhere(call: Annotated[Call, may("change_own")]) -> Response:
    """End all one's sign-ins, this one too."""
    with call.begin() as work:
        sign_out_everywhere(work)
    response = see_other("/sign-in", done="signed-out-everywhere")
    forget_cookie(call, response)
    return response
