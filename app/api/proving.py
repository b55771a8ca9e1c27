"""What a request about oneself needs beside access: the cookie of the sign-in, and passwords and codes shown anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Response
from pydantic import Field

from app.api.calls import PLAIN_COOKIE, SECURE_COOKIE, Call
from app.errors import Conflict, NotAllowed, NotSignedIn, Refusal, SecondFactorNeeded, TooManyTries, WrongCredentials
from app.people.resets import Owner
from app.people.sessions import own_account
from app.people.signing_in import prove_password
from app.people.tries import one_try
from app.work import Work, begin_work

Password = Annotated[str, Field(min_length=1, max_length=1024, description="As it is typed.")]
Code = Annotated[
    str,
    Field(min_length=1, max_length=64, description="Six digits of the app, or a recovery code.", examples=["123456"]),
]

OWN: tuple[type[Refusal], ...] = (NotSignedIn, NotAllowed, SecondFactorNeeded)
"""How a request about oneself may be refused."""
PROVING: tuple[type[Refusal], ...] = (*OWN, WrongCredentials, TooManyTries, Conflict)
"""The same where a password or code is shown."""


@contextmanager
def looking(call: Call) -> Iterator[Work]:
    """Like `call.begin()`, only to read: for what has to be known before the work that writes begins."""
    with begin_work(call.service, call.right._replace(writes=False), call.secret, call.address) as work:
        yield work


@contextmanager
def proved(call: Call, password: str | None) -> Iterator[Owner]:
    """A block in which a password was shown once more; wrong tries are counted. No work is open yet when it begins.

    Access is checked first, so that nobody else learns whether a password is right.
    """
    with looking(call) as work:
        account = own_account(work)
        owner = Owner(account.email, account.name)
    with one_try(call.service, owner.email, call.address):
        if password is not None:
            prove_password(call.service, owner.email, password)
        yield owner


@contextmanager
def proving(call: Call, password: str | None = None) -> Iterator[Work]:
    """Like `call.begin()`, where a password is shown once more, or a code that the block checks; wrong tries are counted."""
    with proved(call, password), call.begin() as work:
        yield work


def set_cookie(call: Call, response: Response, secret: str) -> None:
    """Keep the sign-in in the browser until it is closed; scripts cannot read it, and other sites cannot send it along."""
    name, secure = _cookie(call)
    response.set_cookie(name, secret, path="/", secure=secure, httponly=True, samesite="lax")


def forget_cookie(call: Call, response: Response) -> None:
    """Take the cookie out of the browser."""
    name, secure = _cookie(call)
    response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")


def _cookie(call: Call) -> tuple[str, bool]:
    secure = call.service.settings.secure
    return (SECURE_COOKIE if secure else PLAIN_COOKIE), secure
