"""Routes of signing in and out, and of choosing a new password by mail."""

from collections.abc import AsyncIterator
from typing import Annotated

import anyio
from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.calls import Call, may
from app.api.problems import declared
from app.api.proving import OWN, PROVING, Code, Password, forget_cookie, looking, proving, set_cookie
from app.errors import Invalid, NotFound, NotSignedIn, TooManyTries, WrongCredentials
from app.mail.outbox import mail_is_on
from app.people.accounts import Email
from app.people.resets import ask_reset, new_hash, reset_owner, reset_password
from app.people.sessions import sign_out, sign_out_everywhere
from app.people.signing_in import Needed, SignedIn, describe_sign_in, finish_sign_in, prove_password, sign_in
from app.people.tries import one_ask, one_try

router = APIRouter(tags=["sign-in"])

ASKING = 0.15
"""Seconds that asking for a reset takes, whether there is such an account or not."""


class CredentialsIn(BaseModel):
    """What one signs in with."""

    model_config = ConfigDict(extra="forbid")

    email: Email
    password: Password


class CodeIn(BaseModel):
    """A code of the second factor."""

    model_config = ConfigDict(extra="forbid")

    code: Code


class AskIn(BaseModel):
    """Whose password is to be reset."""

    model_config = ConfigDict(extra="forbid")

    email: Email


class AskedOut(BaseModel):
    """What happens next, the same for every address."""

    by_mail: bool = Field(description="Whether links are mailed; where not, the administrator of the service has them.")


class ResetIn(BaseModel):
    """The token of a link, which stands after the # in it, and the new password."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[str, Field(min_length=1, max_length=200)]
    password: Password


class OwnRoleOut(BaseModel):
    """A role, and where it holds; administrators' holds in no country."""

    role: str
    country: str | None
    ministry_id: str | None
    ministry: str | None


class SignInOut(BaseModel):
    """Who is signed in, and what is still needed before anything else can be done."""

    account_id: str
    email: str
    name: str
    language: str
    needed: Needed | None = Field(description="A code of the second factor, or setting one up; null if nothing.")
    roles: list[OwnRoleOut] = Field(description="None are told while a code is needed.")


def _out(signed_in: SignedIn) -> SignInOut:
    return SignInOut.model_validate(signed_in, from_attributes=True)


@router.post("/sign-in", responses=declared(WrongCredentials, Invalid, TooManyTries))
def post_sign_in(call: Annotated[Call, may("sign_in")], given: CredentialsIn, response: Response) -> SignInOut:
    """Sign in with e-mail and password. The cookie that comes back is the sign-in; `needed` tells what is left to do."""
    with one_try(call.service, given.email, call.address):
        proof = prove_password(call.service, given.email, given.password)
        with call.begin() as work:
            secret = sign_in(work, proof, call.secret)
            signed_in = describe_sign_in(work)
    set_cookie(call, response, secret)
    return _out(signed_in)


@router.post("/sign-in/code", responses=declared(*PROVING, Invalid))
def post_code(call: Annotated[Call, may("finish_sign_in")], given: CodeIn, response: Response) -> SignInOut:
    """Finish signing in with the second factor. Each code serves once; another cookie comes back."""
    with proving(call) as work:
        secret = finish_sign_in(work, given.code)
        signed_in = describe_sign_in(work)
    set_cookie(call, response, secret)
    return _out(signed_in)


@router.get("/sign-in", responses=declared(NotSignedIn))
def get_sign_in(call: Annotated[Call, may("see_sign_in")]) -> SignInOut:
    """Who is signed in, with which roles, and what is still needed."""
    with call.begin() as work:
        return _out(describe_sign_in(work))


@router.post("/sign-out", status_code=204, responses=declared(*OWN))
def post_sign_out(call: Annotated[Call, may("sign_out")], response: Response) -> None:
    """End this sign-in."""
    with call.begin() as work:
        sign_out(work)
    forget_cookie(call, response)


@router.post("/sign-out-everywhere", status_code=204, responses=declared(*OWN))
def post_sign_out_everywhere(call: Annotated[Call, may("change_own")], response: Response) -> None:
    """End all your sign-ins, this one too. Tokens for programs go on until they are revoked."""
    with call.begin() as work:
        sign_out_everywhere(work)
    forget_cookie(call, response)


async def in_the_same_time() -> AsyncIterator[None]:
    """No quicker answer where nothing was to be done; no thread waits."""
    end = anyio.current_time() + ASKING
    yield
    await anyio.sleep_until(end)


@router.post(
    "/password-reset",
    status_code=202,
    responses=declared(Invalid, TooManyTries),
    dependencies=[Depends(in_the_same_time, scope="function")],
)
def post_password_reset(call: Annotated[Call, may("use_link")], given: AskIn) -> AskedOut:
    """Ask for a link by mail to choose a new password. The answer is the same, in the same time, for every address."""
    one_ask(call.service, "password reset", call.address)
    with call.begin() as work:
        ask_reset(work, given.email)
    return AskedOut(by_mail=mail_is_on(call.service))


@router.post("/password-reset/finish", status_code=204, responses=declared(NotFound, Invalid))
def post_new_password(call: Annotated[Call, may("use_link")], given: ResetIn) -> None:
    """Choose a new password. All sign-ins end, tokens are revoked, and the link is used up; then sign in as always."""
    with looking(call) as work:
        owner = reset_owner(work, given.token)
    hashed = new_hash(given.password, owner, field="password")
    with call.begin() as work:
        reset_password(work, given.token, hashed)
