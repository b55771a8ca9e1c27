"""Pages of setting up the second factor: at the first sign-in of a role that wants one, or whenever one likes."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.api.calls import Call, may
from app.api.proving import Code, Password, looking, proving, set_cookie
from app.errors import Conflict, Invalid, Refusal, TooManyTries, WrongCredentials
from app.people.second_factors import Setup, confirm_second_factor, start_second_factor
from app.people.signing_in import describe_sign_in
from app.web.entrance import STEPS, CodeIn, Next, told
from app.web.fields import Posted, checked
from app.web.problems import local_path
from app.web.rendering import draw, see_other

router = APIRouter(include_in_schema=False)


class StartIn(BaseModel):
    """The password, and a code of the second factor that there is, if there is one."""

    password: Password
    code: Code | None = None


class Drawing(NamedTuple):
    """An `<svg>` element that the service drew itself; templates put it on the page as it is."""

    svg: str

    def __html__(self) -> str:
        return self.svg


class Entry(NamedTuple):
    """What is entered into an app, in one of three ways: the secret in groups of four, its address, a QR code."""

    secret: str
    uri: str
    qr: Drawing


def _draw_start(call: Call, next_path: str, refusal: Refusal | None = None) -> Response:
    with looking(call) as work:
        needed, has_one = describe_sign_in(work).needed, work.actor.has_second_factor
    onward = local_path(next_path)
    if needed == "code":
        return see_other(STEPS["code"], next=onward)
    page = draw(
        call, "second-factor/start.html", refusal=refusal, next_path=onward, has_one=has_one, wanted=needed is not None
    )
    return told(page, refusal)


@router.get("/sign-in/second-factor")
def show_second_factor_start(call: Annotated[Call, may("see_sign_in")], next_path: Next = "") -> Response:
    """What a second factor is, and the form to begin."""
    return _draw_start(call, next_path)


@router.post("/sign-in/second-factor")
def send_second_factor_start(call: Annotated[Call, may("set_up_second_factor")], fields: Posted) -> Response:
    """Begin to set up an app: the secret is shown in the answer, and nowhere else."""
    try:
        sent = {"password": fields.typed("password"), "code": fields.one("code") or None}
        given = checked(StartIn, sent)
        with proving(call, given.password) as work:
            setup = start_second_factor(work, given.code)
    except (WrongCredentials, TooManyTries, Invalid) as refusal:
        return _draw_start(call, fields.one("next"), refusal)
    return draw(call, "second-factor/scan.html", next_path=local_path(fields.one("next")), entry=_entry(setup))


def _entry(setup: Setup) -> Entry:
    groups = [setup.secret[at : at + 4] for at in range(0, len(setup.secret), 4)]
    return Entry(" ".join(groups), setup.uri, Drawing(setup.svg))


@router.post("/sign-in/second-factor/confirm")
def send_second_factor_confirmation(call: Annotated[Call, may("set_up_second_factor")], fields: Posted) -> Response:
    """Finish setting up with a code of the new app; the recovery codes are shown in the answer, and nowhere else."""
    onward = local_path(fields.one("next"))
    try:
        given = fields.as_(CodeIn)
        with proving(call) as work:
            confirmed = confirm_second_factor(work, given.code)
    except (WrongCredentials, TooManyTries, Invalid, Conflict) as refusal:
        return told(draw(call, "second-factor/confirm.html", refusal=refusal, next_path=onward), refusal)
    page = draw(call, "second-factor/codes.html", codes=confirmed.recovery_codes, next_path=onward, is_new=True)
    set_cookie(call, page, confirmed.session_secret)
    return page
