"""Pages of signing in and out."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from app.api.calls import Call, may
from app.api.proving import Code, Password, forget_cookie, proving, set_cookie
from app.errors import Conflict, Invalid, Refusal, TooManyTries, WrongCredentials
from app.people.accounts import Email
from app.people.sessions import sign_out
from app.people.signing_in import SignedIn, describe_sign_in, finish_sign_in, prove_password, sign_in
from app.people.tries import one_try
from app.web.fields import Fields, Posted, checked
from app.web.languages import COOKIE, offered
from app.web.problems import local_path
from app.web.rendering import draw, see_other

router = APIRouter(include_in_schema=False)

Next = Annotated[str, Query(max_length=500)]
YEAR = 365 * 24 * 3600


class CredentialsIn(BaseModel):
    """What one signs in with."""

    email: Email
    password: Password


class CodeIn(BaseModel):
    """A code of the second factor."""

    code: Code


def _onward(call: Call, signed_in: SignedIn, secret: str, next_path: str) -> Response:
    """Where to go from here: the page that was asked for, or the next step of signing in."""
    steps = {"code": "/sign-in/code", "second_factor": "/sign-in/second-factor"}
    onward = local_path(next_path)
    response = see_other(steps[signed_in.needed], next=onward) if signed_in.needed else see_other(onward)
    set_cookie(call, response, secret)
    return response


@router.get("/sign-in")
def show_sign_in(
    call: Annotated[Call, may("read_public")], next_path: Annotated[Next, Query(alias="next")] = ""
) -> Response:
    """The form to sign in."""
    return draw(call, "sign-in.html", next_path=next_path)


@router.post("/sign-in")
def send_sign_in(call: Annotated[Call, may("sign_in")], fields: Posted) -> Response:
    """Sign in with e-mail and password."""
    try:
        given = checked(CredentialsIn, {"email": fields.one("email"), "password": fields.typed("password")})
        with one_try(call.service, given.email, call.address):
            proof = prove_password(call.service, given.email, given.password)
            with call.begin() as work:
                secret = sign_in(work, proof, call.secret)
                signed_in = describe_sign_in(work)
    except (WrongCredentials, TooManyTries, Invalid) as refusal:
        return draw(call, "sign-in.html", refusal=refusal, typed=fields, next_path=fields.one("next"))
    return _onward(call, signed_in, secret, fields.one("next"))


@router.get("/sign-in/code")
def show_code(
    call: Annotated[Call, may("see_sign_in")], next_path: Annotated[Next, Query(alias="next")] = ""
) -> Response:
    """The form for the code of the second factor."""
    with call.begin():
        pass
    return draw(call, "sign-in-code.html", next_path=next_path)


@router.post("/sign-in/code")
def send_code(call: Annotated[Call, may("finish_sign_in")], fields: Posted) -> Response:
    """Finish signing in with the second factor."""
    try:
        given = fields.as_(CodeIn)
        with proving(call) as work:
            secret = finish_sign_in(work, given.code)
            signed_in = describe_sign_in(work)
    except (WrongCredentials, TooManyTries, Invalid, Conflict) as refusal:
        return _code_again(call, refusal, fields)
    return _onward(call, signed_in, secret, fields.one("next"))


def _code_again(call: Call, refusal: Refusal, fields: Fields) -> Response:
    return draw(call, "sign-in-code.html", refusal=refusal, next_path=fields.one("next"))


@router.post("/sign-out")
def send_sign_out(call: Annotated[Call, may("sign_out")]) -> Response:
    """End this sign-in."""
    with call.begin() as work:
        sign_out(work)
    response = see_other("/", done="signed-out")
    forget_cookie(call, response)
    return response


@router.post("/language")
def send_language(call: Annotated[Call, may("read_public")], fields: Posted) -> Response:
    """Read the pages in another language; the browser keeps the choice."""
    there = offered(trial=call.service.settings.trial_languages)
    response = see_other(local_path(fields.one("next")))
    if fields.one("language") in there:
        secure = call.service.settings.secure
        response.set_cookie(COOKIE, fields.one("language"), YEAR, secure=secure, httponly=True, samesite="lax")
    return response
