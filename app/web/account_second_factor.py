"""Pages of one's second factor once it is set up: new recovery codes, turning it off."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.api.calls import Call, may
from app.api.proving import Code, Password, looking, proving, set_cookie
from app.errors import Invalid, NotAllowed, Refusal, TooManyTries, WrongCredentials
from app.people.second_factors import remove_second_factor, renew_recovery_codes
from app.web.account import own_of
from app.web.entrance import told
from app.web.fields import Fields, Posted, checked
from app.web.rendering import draw, see_other

router = APIRouter(prefix="/account/second-factor", include_in_schema=False)

HERE = "/account/second-factor"


class ProofIn(BaseModel):
    """The password and a code of the second factor."""

    password: Password
    code: Code


def _proof(fields: Fields) -> ProofIn:
    return checked(ProofIn, {"password": fields.typed("password"), "code": fields.one("code")})


def _draw(call: Call, template: str, refusal: Refusal | None = None) -> Response:
    """A page about one's second factor; who has none is led to the page that says so."""
    with looking(call) as work:
        own = own_of(work)
    if not own.second_factor and template != "second-factor/own.html":
        return see_other(HERE)
    return told(draw(call, template, refusal=refusal, own=own), refusal)


@router.get("")
def show_own_second_factor(call: Annotated[Call, may("see_own")]) -> Response:
    """Whether one has a second factor, and what can be done about it."""
    return _draw(call, "second-factor/own.html")


@router.get("/recovery-codes")
def show_new_recovery_codes(call: Annotated[Call, may("see_own")]) -> Response:
    """The form for new recovery codes."""
    return _draw(call, "second-factor/new-codes.html")


@router.post("/recovery-codes")
def send_new_recovery_codes(call: Annotated[Call, may("change_own")], fields: Posted) -> Response:
    """Make new recovery codes; they are shown in the answer, and nowhere else."""
    try:
        given = _proof(fields)
        with proving(call, given.password) as work:
            codes = renew_recovery_codes(work, given.code)
    except (Invalid, WrongCredentials, TooManyTries) as refusal:
        return _draw(call, "second-factor/new-codes.html", refusal)
    return draw(call, "second-factor/codes.html", codes=codes, next_path=HERE, is_new=False)


@router.get("/remove")
def show_remove_second_factor(call: Annotated[Call, may("see_own")]) -> Response:
    """What turning it off means, and the form."""
    return _draw(call, "second-factor/remove.html")


@router.post("/remove")
def send_remove_second_factor(call: Annotated[Call, may("change_own")], fields: Posted) -> Response:
    """Turn the second factor off; all other sign-ins end."""
    try:
        given = _proof(fields)
        with proving(call, given.password) as work:
            secret = remove_second_factor(work, given.code)
    except (Invalid, WrongCredentials, TooManyTries, NotAllowed) as refusal:
        return _draw(call, "second-factor/remove.html", refusal)
    response = see_other(HERE, done="second-factor-removed")
    set_cookie(call, response, secret)
    return response
