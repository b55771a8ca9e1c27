"""Pages that letters lead to: choosing a new password, and accepting an invitation. Their secret stands behind a `#`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from app.api.calls import Call, may
from app.api.proving import Password, looking
from app.api.sign_in import in_the_same_time
from app.errors import Conflict, Invalid, NotFound, Refusal, TooManyTries
from app.mail.outbox import mail_is_on
from app.people.accounts import PersonName
from app.people.countries import country_name
from app.people.invitations import Offered, accept, look_at, newcomer
from app.people.resets import ask_reset, new_hash, reset_owner, reset_password
from app.people.tries import one_ask
from app.web.entrance import TypedEmail, told
from app.web.fields import Fields, Posted, checked
from app.web.rendering import draw, see_other

router = APIRouter(include_in_schema=False)

Token = Annotated[str, Field(min_length=1, max_length=200)]


class AskIn(BaseModel):
    """Whose password is to be reset."""

    email: TypedEmail


class TokenIn(BaseModel):
    """What stands behind the `#` of a link."""

    token: Token


class ResetIn(TokenIn):
    """The same, and the new password."""

    password: Password


class AcceptIn(TokenIn):
    """The same for an invitation, with the name of its new account."""

    name: PersonName
    password: Password


def _token(fields: Fields) -> str:
    """The secret, even where the whole link was pasted."""
    return fields.one("token").rpartition("#")[2]


def _draw_ask(call: Call, refusal: Refusal | None = None, typed: Fields | None = None) -> Response:
    by_mail = mail_is_on(call.service)
    return told(draw(call, "reset-ask.html", refusal=refusal, typed=typed or Fields(), by_mail=by_mail), refusal)


@router.get("/reset/ask")
def show_reset_ask(call: Annotated[Call, may("read_public")]) -> Response:
    """The form to ask for a link by mail."""
    return _draw_ask(call)


@router.post("/reset/ask", dependencies=[Depends(in_the_same_time, scope="function")])
def send_reset_ask(call: Annotated[Call, may("use_link")], fields: Posted) -> Response:
    """Ask for a link. The answer is the same, in the same time, for every address."""
    try:
        given = checked(AskIn, {"email": fields.one("email")})
        one_ask(call.service, "password reset", call.address)
    except (Invalid, TooManyTries) as refusal:
        return _draw_ask(call, refusal, fields)
    with call.begin() as work:
        ask_reset(work, given.email)
    return see_other("/reset/asked")


@router.get("/reset/asked")
def show_reset_asked(call: Annotated[Call, may("read_public")]) -> Response:
    """What happens next, whatever address was given."""
    return draw(call, "reset-asked.html", by_mail=mail_is_on(call.service))


def _draw_reset(call: Call, refusal: Refusal | None = None, token: str = "") -> Response:
    """`token`: the one that was sent, as long as it can be used; else it is asked for."""
    return draw(call, "reset.html", refusal=refusal, token=token, by_mail=mail_is_on(call.service))


@router.get("/reset")
def show_reset(call: Annotated[Call, may("read_public")]) -> Response:
    """The form to choose a new password, for who has a link."""
    return _draw_reset(call)


@router.post("/reset")
def send_reset(call: Annotated[Call, may("use_link")], fields: Posted) -> Response:
    """Choose a new password. All sign-ins end, tokens are revoked, and the link is used up."""
    token = _token(fields)
    try:
        given = checked(ResetIn, {"token": token, "password": fields.typed("password")})
        with looking(call) as work:
            owner = reset_owner(work, given.token)
        hashed = new_hash(given.password, owner, field="password")
        with call.begin() as work:
            reset_password(work, given.token, hashed)
    except (Invalid, NotFound) as refusal:
        return _draw_reset(call, refusal, token if _concerns(refusal, "password") else "")
    return see_other("/sign-in", done="password")


def _concerns(refusal: Refusal, field: str) -> bool:
    """Whether a field, and no other, is at fault."""
    return [error["path"] for error in refusal.more.get("errors") or ()] == [[field]]


def _draw_invitation(call: Call, refusal: Refusal | None = None) -> Response:
    return draw(call, "invitation.html", refusal=refusal)


@router.get("/invitation")
def show_invitation(call: Annotated[Call, may("read_public")]) -> Response:
    """The page of an invitation's link, which only the browser knows yet."""
    return _draw_invitation(call)


@router.post("/invitation/look")
def send_invitation_look(call: Annotated[Call, may("read_public")], fields: Posted) -> Response:
    """What an invitation is for. Looking does not use it up."""
    try:
        given = checked(TokenIn, {"token": _token(fields)})
        return _draw_offer(call, given.token)
    except (Invalid, NotFound) as refusal:
        return _draw_invitation(call, refusal)


def _draw_offer(call: Call, token: str, refusal: Refusal | None = None, typed: Fields | None = None) -> Response:
    with looking(call) as work:
        offered = look_at(work, token)
    country = country_name(offered.country) if offered.country else None
    return draw(
        call,
        "invitation-offer.html",
        refusal=refusal,
        typed=typed or Fields(),
        offered=offered,
        country=country,
        token=token,
    )


@router.post("/invitation")
def send_acceptance(call: Annotated[Call, may("use_link")], fields: Posted) -> Response:
    """Accept an invitation to a new account. Who has an account signs in and finds it there."""
    token = _token(fields)
    try:
        _accept(call, token, fields)
    except (Invalid, NotFound, Conflict) as refusal:
        return _again(call, token, refusal, fields)
    return see_other("/sign-in", done="accepted")


def _accept(call: Call, token: str, fields: Fields) -> Offered:
    sent = {"token": token, "name": fields.one("name"), "password": fields.typed("password")}
    given = checked(AcceptIn, sent)
    with looking(call) as work:
        owner = newcomer(work, given.token, given.name, with_password=True)
    hashed = new_hash(given.password, owner, field="password") if owner else None
    with call.begin() as work:
        return accept(work, given.token, given.name, hashed)


def _again(call: Call, token: str, refusal: Refusal, typed: Fields) -> Response:
    """The offer once more, or if there is none any longer, the page where a link is given."""
    try:
        return _draw_offer(call, token, refusal, typed)
    except NotFound as gone:
        return _draw_invitation(call, gone)
