"""Signing in: first the password, then the second factor where there is one; and what is still needed."""

from typing import Literal, NamedTuple

from sqlalchemy import select
from sqlmodel import col

from app.errors import Conflict, WrongCredentials
from app.models.people import Account
from app.people.accounts import HeldRole, held_roles
from app.people.passwords import verify_password
from app.people.second_factors import accept_code
from app.people.sessions import own_account
from app.people.sign_ins import end_sign_in, identify, renew_sign_in, start_sign_in
from app.service import Service
from app.work import Work

Needed = Literal["code", "second_factor"]
"""What is still wanted: a code of the second factor, or setting one up, which the person's role asks for."""


class Proof(NamedTuple):
    """A password that was right: whose, the hash that it fitted, and a better hash to keep, if there is one."""

    account_id: str
    fitted: str
    better: str | None


class SignedIn(NamedTuple):
    """Who is signed in. The roles are told once nothing is wanted but setting up a second factor."""

    account_id: str
    email: str
    name: str
    language: str
    needed: Needed | None
    roles: list[HeldRole]


def prove_password(service: Service, email: str, password: str) -> Proof:
    """Check a password. `WrongCredentials`, after the same time, for an unknown e-mail, a disabled account, one without password.

    No transaction is open while the hash is made: it takes long, on purpose.
    """
    wanted = select(col(Account.id), col(Account.password), col(Account.disabled_at)).where(col(Account.email) == email)
    with service.database.reading() as session:
        row = session.connection().execute(wanted).first()
    verified = verify_password(password, row.password if row else None)
    if row is None or row.disabled_at is not None or not verified.ok:
        raise WrongCredentials
    return Proof(row.id, row.password, verified.new_hash)


def sign_in(work: Work, proof: Proof, old_secret: str | None) -> str:
    """Begin a sign-in and give its secret; the one that the caller had until now ends.

    `WrongCredentials` if password or account were changed since the password was proven.
    """
    work.head()
    account = work.session.get_one(Account, proof.account_id)
    if account.disabled_at is not None or account.password != proof.fitted:
        raise WrongCredentials
    account.password = proof.better or proof.fitted
    work.session.flush()
    if old_secret:
        end_sign_in(work.connection, old_secret, work.now)
    secret = start_sign_in(work.connection, account.id, work.now, second_factor=not account.totp_confirmed)
    work.person = identify(work.connection, secret, work.now)
    work.record("signed_in", account.id, session=work.person.session_id)
    return secret


def finish_sign_in(work: Work, code: str) -> str:
    """Show the second factor, by a code of the app or a recovery code; the sign-in goes on under another secret, given back."""
    account = own_account(work)
    if not account.totp_confirmed or work.actor.second_factor_shown:
        raise Conflict("No code is wanted here: you are signed in.")
    by = accept_code(work, account, code)
    secret = renew_sign_in(work.connection, work.actor.session_id or "", second_factor=True)
    work.person = identify(work.connection, secret, work.now)
    work.record("second_factor_shown", account.id, session=work.actor.session_id, by=by)
    return secret


def describe_sign_in(work: Work) -> SignedIn:
    """Who is signed in, what is still needed, and the roles held; a token's are those within its country."""
    actor = work.actor
    account = work.session.get_one(Account, actor.id)
    needed = _needed(work)
    held = [] if needed == "code" else held_roles(work, [actor.id])[actor.id]
    roles = [role for role in held if actor.only_country is None or role.country in (actor.only_country, None)]
    return SignedIn(actor.id, actor.email, actor.name, account.language, needed, roles)


def _needed(work: Work) -> Needed | None:
    actor = work.actor
    if not actor.second_factor_shown:
        return "code"
    missing = work.service.wants_second_factor and actor.is_strong() and not actor.has_second_factor
    return "second_factor" if missing else None
