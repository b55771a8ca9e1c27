"""Pages of signing in and out, and of choosing a language."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from app.api.calls import Call, may
from app.api.proving import Code, Password, forget_cookie, proving, set_cookie
from app.errors import Conflict, Invalid, NotSignedIn, Refusal, TooManyTries, WrongCredentials
from app.people.accounts import Email
from app.people.sessions import sign_out
from app.people.signing_in import SignedIn, describe_sign_in, finish_sign_in, prove_password, sign_in
from app.people.tries import one_try
from app.web.fields import Fields, Posted, checked
from app.web.languages import COOKIE, offered
from app.web.problems import local_path, retry_headers
from app.web.rendering import draw, see_other

router = APIRouter(include_in_schema=False)

Next = Annotated[str, Query(alias="next")]
"""Where to go on to, however long or odd; `local_path` lets nothing through but pages of ours."""
YEAR = 365 * 24 * 3600
STEPS = {"code": "/sign-in/code", "second_factor": "/sign-in/second-factor"}
"""What is still needed, and where it is given."""


def _kindly_read(typed: Any, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(typed)
    except ValidationError:
        raise ValueError("please write a whole e-mail address, such as a.bekova@example.org") from None


TypedEmail = Annotated[Email, WrapValidator(_kindly_read)]
"""An e-mail address that a person types."""


class CredentialsIn(BaseModel):
    """What one signs in with."""

    email: TypedEmail
    password: Password


class CodeIn(BaseModel):
    """A code of the second factor."""

    code: Code


def told(response: Response, refusal: Refusal | None) -> Response:
    """A page that tells a refusal, with the header that says when to come back."""
    if refusal:
        response.headers.update(retry_headers(refusal))
    return response


def _onward(call: Call, signed_in: SignedIn, secret: str, next_path: str) -> Response:
    """Where to go from here: the page that was asked for, or the next step of signing in."""
    onward = local_path(next_path)
    response = see_other(STEPS[signed_in.needed], next=onward) if signed_in.needed else see_other(onward)
    set_cookie(call, response, secret)
    return response


def _draw_sign_in(call: Call, next_path: str, refusal: Refusal | None = None, typed: Fields | None = None) -> Response:
    page = draw(call, "sign-in.html", refusal=refusal, typed=typed or Fields(), next_path=local_path(next_path))
    return told(page, refusal)


@router.get("/sign-in")
def show_sign_in(call: Annotated[Call, may("read_public")], next_path: Next = "") -> Response:
    """The form to sign in."""
    return _draw_sign_in(call, next_path)


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
        return _draw_sign_in(call, fields.one("next"), refusal, fields)
    return _onward(call, signed_in, secret, fields.one("next"))


@router.get("/signed-in")
def show_signed_in(call: Annotated[Call, may("see_own")]) -> Response:
    """For a window that was opened to sign in: back to the other one."""
    with call.begin():
        pass
    return draw(call, "sign-in-done.html")


def _draw_code(call: Call, next_path: str, refusal: Refusal | None = None) -> Response:
    return told(draw(call, "sign-in-code.html", refusal=refusal, next_path=local_path(next_path)), refusal)


@router.get("/sign-in/code")
def show_code(call: Annotated[Call, may("see_sign_in")], next_path: Next = "") -> Response:
    """The form for the code of the second factor."""
    with call.begin() as work:
        needed = describe_sign_in(work).needed
    return _draw_code(call, next_path) if needed == "code" else see_other(local_path(next_path))


@router.post("/sign-in/code")
def send_code(call: Annotated[Call, may("finish_sign_in")], fields: Posted) -> Response:
    """Finish signing in with the second factor."""
    try:
        given = fields.as_(CodeIn)
        with proving(call) as work:
            secret = finish_sign_in(work, given.code)
            signed_in = describe_sign_in(work)
    except (WrongCredentials, TooManyTries, Invalid, Conflict) as refusal:
        return _draw_code(call, fields.one("next"), refusal)
    return _onward(call, signed_in, secret, fields.one("next"))


@router.post("/sign-out")
def send_sign_out(call: Annotated[Call, may("sign_out")]) -> Response:
    """End this sign-in; one that has ended already is gone from the browser too."""
    response = see_other("/", done="signed-out")
    forget_cookie(call, response)
    try:
        with call.begin() as work:
            sign_out(work)
    except NotSignedIn:
        return response
    return response


@router.post("/language")
def send_language(call: Annotated[Call, may("read_public")], fields: Posted) -> Response:
    """Read the pages in another language; the browser keeps the choice."""
    response = see_other(local_path(fields.one("next")))
    keep_language(call, response, fields.one("language"))
    return response


def keep_language(call: Call, response: Response, code: str) -> None:
    """Let the browser keep a language for the pages, if there are pages in it."""
    settings = call.service.settings
    if code in offered(trial=settings.trial_languages):
        response.set_cookie(COOKIE, code, YEAR, secure=settings.secure, httponly=True, samesite="lax")
