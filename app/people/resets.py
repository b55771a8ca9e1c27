"""Passwords: choosing another one with the old one, or with a link that was mailed. The second factor stays as it is."""

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import col

from app.errors import Conflict, Invalid, NotFound
from app.mail import letters
from app.mail.outbox import mail_is_on
from app.models.people import Account, Link
from app.people.access import end_sign_ins, revoke_tokens
from app.people.accounts import account_by_email
from app.people.links import find_link, make_link, page_address, reset_address, use_link, void_links
from app.people.passwords import WeakPassword, check_password, hash_password
from app.people.sessions import keep_this_alone, own_account
from app.people.telling import tell
from app.work import Work

HOURS = 1
"""How long a reset link can be used."""
MOST_LINKS = 5
"""How many an account is sent within that time; a stranger who asks over and over fills nobody's mailbox."""


class Owner(NamedTuple):
    """Whose password it is: neither e-mail nor name serves as one."""

    email: str
    name: str


def new_hash(password: str, owner: Owner, *, field: str) -> str:
    """What is kept of a new password. `Invalid` says at `field` why it is not accepted.

    To be called while no transaction that writes is open: it takes long, on purpose, and others wait to write.
    """
    try:
        return hash_password(check_password(password, email=owner.email, name=owner.name))
    except WeakPassword as error:
        raise Invalid(f"The new password: {error}.", errors=[{"path": [field], "message": str(error)}]) from None


def change_password(work: Work, hashed: str) -> str:
    """Keep the hash of another password; all other sign-ins and open reset links end. This one's new secret is given back."""
    account = own_account(work)
    account.password = hashed
    work.session.flush()
    void_links(work, "reset", account.id)
    secret = keep_this_alone(work)
    work.record("password_changed", account.id, session=work.actor.session_id)
    _tell_owner(work, account)
    return secret


def ask_reset(work: Work, email: str) -> None:
    """Mail a link to whom an account belongs; nothing that the caller sees tells whether there is one."""
    work.head()
    account = account_by_email(work, email)
    mailed = account is not None and _may_be_mailed(work, account)
    work.record("password_reset_asked", account.id if account and mailed else "")
    if account and mailed:
        link = reset_address(work.service, make_link(work, "reset", account.id, hours=HOURS))
        tell(work, account.email, letters.password_reset(link=link, until=work.now + timedelta(hours=HOURS)))


def reset_link_for(work: Work, email: str) -> str:
    """The address at which someone chooses a new password, for an administrator to hand over where no mail is sent.

    `NotFound` for an unknown e-mail; `Conflict` for an account with a second factor, which is mailed to its owner alone, and
    for one that is disabled or whose invitation is still open.
    """
    work.head()
    account = account_by_email(work, email)
    if account is None:
        raise NotFound(f"There is no account with the e-mail address {email[:254]!r}.")
    if account.totp_confirmed:
        raise Conflict("This account has a second factor: its links are mailed to its owner, and to nobody else.")
    if not _is_in_use(account):
        raise Conflict(
            "This account is disabled, or its invitation was not accepted yet; there is no password to reset."
        )
    secret = make_link(work, "reset", account.id, hours=HOURS)
    work.record("password_reset_asked", account.id, by_command=True)
    return reset_address(work.service, secret)


def reset_owner(work: Work, token: str) -> Owner:
    """Whose password a link resets; it stays open. `NotFound` for a link that cannot be used."""
    account = work.session.get_one(Account, find_link(work, "reset", token).account_id)
    return Owner(account.email, account.name)


def reset_password(work: Work, token: str, hashed: str) -> None:
    """Keep the hash of a new password, by a link. All sign-ins end, all tokens for programs are revoked; the owner is told.

    `NotFound` for a link that cannot be used.
    """
    work.head()
    account = work.session.get_one(Account, use_link(work, "reset", token).account_id)
    account.password = hashed
    account.totp_pending = None
    work.session.flush()
    end_sign_ins(work, account.id)
    revoke_tokens(work, account.id)
    work.record("password_reset", account.id)
    _tell_owner(work, account)


def _is_in_use(account: Account) -> bool:
    return account.disabled_at is None and account.password is not None


def _may_be_mailed(work: Work, account: Account) -> bool:
    recent = select(func.count()).where(
        col(Link.account_id) == account.id,
        col(Link.kind) == "reset",
        col(Link.created_at) > work.now - timedelta(hours=HOURS),
    )
    enough = work.connection.execute(recent).scalar_one() >= MOST_LINKS
    return _is_in_use(account) and mail_is_on(work.service) and not enough


def _tell_owner(work: Work, account: Account) -> None:
    told = letters.password_changed(when=work.now, link=page_address(work.service, "reset"))
    tell(work, account.email, told)
