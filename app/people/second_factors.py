"""One's own second factor: setting it up, replacing and removing it, its recovery codes, and accepting a code, once."""

from typing import NamedTuple

from sqlalchemy import delete, insert, update
from sqlmodel import col

from app.errors import Conflict, NotAllowed, SecondFactorNeeded, WrongCredentials
from app.mail import letters
from app.models.people import Account, RecoveryCode
from app.people.links import page_address
from app.people.second_factor import check_code, enrolment, hash_code, new_recovery_codes, new_secret, shared_secret
from app.people.sessions import keep_this_alone, own_account
from app.people.telling import tell
from app.work import Work

ISSUER = "MGI"
"""The service's name as authenticator apps show it."""


class Setup(NamedTuple):
    """What is entered into an app: the secret by hand, or its address or QR code (an `<svg>` element)."""

    secret: str
    uri: str
    svg: str


class Confirmed(NamedTuple):
    """New recovery codes, shown this once, and the new secret of the sign-in."""

    recovery_codes: list[str]
    session_secret: str


def accept_code(work: Work, account: Account, code: str) -> str:
    """Use up a code of the app, or a recovery code; which of the two it was. `WrongCredentials` for wrong or used ones."""
    if not account.totp_confirmed or account.totp_secret is None:
        raise WrongCredentials
    shared = shared_secret(work.service.settings.key, account.totp_secret)
    step = check_code(shared, code, now=work.now, last_step=account.totp_step)
    if step is not None:
        newer = (col(Account.id) == account.id) & (col(Account.totp_step) < step)
        if work.connection.execute(update(Account).where(newer).values(totp_step=step)).rowcount == 1:
            return "app"
    unused = (
        (col(RecoveryCode.account_id) == account.id)
        & (col(RecoveryCode.code_hash) == hash_code(code))
        & col(RecoveryCode.used_at).is_(None)
    )
    if work.connection.execute(update(RecoveryCode).where(unused).values(used_at=work.now)).rowcount == 1:
        return "recovery_code"
    raise WrongCredentials


def start_second_factor(work: Work, code: str | None) -> Setup:
    """Begin to set up an app. Where one is set up already its code is wanted, and it counts until the new one is confirmed."""
    account = _own_shown(work)
    if account.totp_confirmed:
        accept_code(work, account, code or "")
    account.totp_pending = new_secret()
    work.session.flush()
    work.record("second_factor_started", account.id)
    shared = shared_secret(work.service.settings.key, account.totp_pending)
    return Setup(shared, *enrolment(shared, account.email, ISSUER))


def confirm_second_factor(work: Work, code: str) -> Confirmed:
    """Finish setting up, with a code of the new app: it counts from now on, and all other sign-ins end."""
    account = _own_shown(work)
    if account.totp_pending is None:
        raise Conflict("No second factor is being set up; please begin again.")
    pending = shared_secret(work.service.settings.key, account.totp_pending)
    step = check_code(pending, code, now=work.now, last_step=None)
    if step is None:
        raise WrongCredentials
    account.totp_secret, account.totp_pending = account.totp_pending, None
    account.totp_confirmed, account.totp_step = True, step
    work.session.flush()
    codes = _replace_recovery_codes(work, account)
    secret = keep_this_alone(work)
    work.record("second_factor_set_up", account.id, session=work.actor.session_id)
    _tell_owner(work, account)
    return Confirmed(codes, secret)


def remove_second_factor(work: Work, code: str) -> str:
    """Remove the second factor; all other sign-ins end. The new secret of this one is given back.

    `NotAllowed` for reviewers and administrators, who need one.
    """
    account = _own_shown(work)
    if work.actor.is_strong():
        raise NotAllowed("Your role needs a second factor. To change to another app, please set that up instead.")
    accept_code(work, account, code)
    account.totp_secret, account.totp_pending, account.totp_confirmed = None, None, False
    work.session.flush()
    work.connection.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account.id))
    secret = keep_this_alone(work)
    work.record("second_factor_removed", account.id)
    _tell_owner(work, account)
    return secret


def renew_recovery_codes(work: Work, code: str) -> list[str]:
    """New recovery codes, shown this once; the old ones no longer work."""
    account = _own_shown(work)
    accept_code(work, account, code)
    codes = _replace_recovery_codes(work, account)
    _tell_owner(work, account)
    return codes


def _own_shown(work: Work) -> Account:
    """One's own account, if its second factor was shown: nobody gets past it by setting up another one."""
    account = own_account(work)
    if not work.actor.second_factor_shown:
        raise SecondFactorNeeded(setup=False)
    return account


def _replace_recovery_codes(work: Work, account: Account) -> list[str]:
    codes = new_recovery_codes()
    work.connection.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account.id))
    rows = [{"account_id": account.id, "code_hash": hash_code(code), "used_at": None} for code in codes]
    work.connection.execute(insert(RecoveryCode), rows)
    work.record("recovery_codes_made", account.id)
    return codes


def _tell_owner(work: Work, account: Account) -> None:
    told = letters.second_factor_changed(when=work.now, link=page_address(work.service, "reset"))
    tell(work, account.email, told)
