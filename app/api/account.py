"""Routes of one's own account: name and language, password, second factor."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.calls import Call, may
from app.api.problems import declared
from app.api.proving import OWN, PROVING, Code, Password, proved, proving, set_cookie
from app.errors import Invalid, NotSignedIn, SecondFactorNeeded
from app.models.people import Account
from app.people.accounts import PersonName
from app.people.own_account import Language, change_own, find_own
from app.people.resets import change_password, new_hash
from app.people.second_factors import (
    confirm_second_factor,
    remove_second_factor,
    renew_recovery_codes,
    start_second_factor,
)

router = APIRouter(prefix="/account", tags=["account"])


class OwnAccountOut(BaseModel):
    """One's own account."""

    id: str
    email: str
    name: str
    language: str
    second_factor: bool = Field(description="Whether a second factor is set up.")
    created_at: datetime


class OwnAccountIn(BaseModel):
    """What is to be changed; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: PersonName | None = None
    language: Language | None = Field(None, description="The language of pages and letters.")


class PasswordIn(BaseModel):
    """The password as it was, and as it is to be."""

    model_config = ConfigDict(extra="forbid")

    old_password: Password
    new_password: Password


class StartIn(BaseModel):
    """The password, and a code of the second factor that there is, if there is one."""

    model_config = ConfigDict(extra="forbid")

    password: Password
    code: Code | None = None


class ProofIn(BaseModel):
    """The password and a code of the second factor."""

    model_config = ConfigDict(extra="forbid")

    password: Password
    code: Code


class ConfirmIn(BaseModel):
    """A code of the app that is being set up."""

    model_config = ConfigDict(extra="forbid")

    code: Code


class SetupOut(BaseModel):
    """What is entered into an authenticator app, in one of three ways."""

    secret: str = Field(description="To be typed, where nothing can be scanned.")
    uri: str = Field(description="The `otpauth://` address.")
    qr: str = Field(description="The same as a QR code, an `<svg>` element.")


class RecoveryCodesOut(BaseModel):
    """Codes that stand in for the second factor, each once. They are shown here and never again."""

    recovery_codes: list[str]


def _out(account: Account) -> OwnAccountOut:
    return OwnAccountOut(
        id=account.id,
        email=account.email,
        name=account.name,
        language=account.language,
        second_factor=account.totp_confirmed,
        created_at=account.created_at,
    )


@router.get("", responses=declared(NotSignedIn, SecondFactorNeeded))
def get_own_account(call: Annotated[Call, may("see_own")]) -> OwnAccountOut:
    """Your account."""
    with call.begin() as work:
        return _out(find_own(work))


@router.patch("", responses=declared(*OWN, Invalid))
def patch_own_account(call: Annotated[Call, may("change_own")], given: OwnAccountIn) -> OwnAccountOut:
    """Change your name or language. The e-mail address is changed by an administrator."""
    with call.begin() as work:
        return _out(change_own(work, name=given.name, language=given.language))


@router.post("/password", status_code=204, responses=declared(*PROVING, Invalid))
def post_password(call: Annotated[Call, may("change_own")], given: PasswordIn, response: Response) -> None:
    """Change your password. All your other sign-ins end, and another cookie comes back for this one."""
    with proved(call, given.old_password) as owner:
        hashed = new_hash(given.new_password, owner, field="new_password")
        with call.begin() as work:
            secret = change_password(work, hashed)
    set_cookie(call, response, secret)


@router.post("/second-factor", responses=declared(*PROVING, Invalid))
def post_second_factor(call: Annotated[Call, may("set_up_second_factor")], given: StartIn) -> SetupOut:
    """Begin to set up a second factor, or another one. It counts once it is confirmed."""
    with proving(call, given.password) as work:
        setup = start_second_factor(work, given.code)
    return SetupOut(secret=setup.secret, uri=setup.uri, qr=setup.svg)


@router.post("/second-factor/confirm", responses=declared(*PROVING, Invalid))
def post_second_factor_confirmation(
    call: Annotated[Call, may("set_up_second_factor")], given: ConfirmIn, response: Response
) -> RecoveryCodesOut:
    """Finish setting up, with a code of the new app. Your other sign-ins end, and another cookie comes back for this one."""
    with proving(call) as work:
        confirmed = confirm_second_factor(work, given.code)
    set_cookie(call, response, confirmed.session_secret)
    return RecoveryCodesOut(recovery_codes=confirmed.recovery_codes)


@router.delete("/second-factor", status_code=204, responses=declared(*PROVING, Invalid))
def delete_second_factor(call: Annotated[Call, may("change_own")], given: ProofIn, response: Response) -> None:
    """Remove the second factor; your other sign-ins end. Reviewers and administrators need one and cannot."""
    with proving(call, given.password) as work:
        secret = remove_second_factor(work, given.code)
    set_cookie(call, response, secret)


@router.post("/second-factor/recovery-codes", responses=declared(*PROVING, Invalid))
def post_recovery_codes(call: Annotated[Call, may("change_own")], given: ProofIn) -> RecoveryCodesOut:
    """Make new recovery codes; the old ones no longer work."""
    with proving(call, given.password) as work:
        return RecoveryCodesOut(recovery_codes=renew_recovery_codes(work, given.code))
