"""Accounts, as administrators see and change them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, Field
from sqlalchemy import delete, func, tuple_
from sqlmodel import col, select

from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.mail import letters
from app.models.people import Account, Ministry, RecoveryCode, RoleGrant
from app.people.access import close_links, end_access, end_sign_ins
from app.people.roles import hold_roles, open_grants, someone_else_holds
from app.people.telling import doer, service_address, tell
from app.record import ACCOUNTS
from app.work import Work
from questionnaire.text import Written

Email = Annotated[
    str,
    Field(
        max_length=254,
        pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
        r"(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$",
        examples=["a.bekova@example.org"],
    ),
    AfterValidator(str.lower),
]
"""An e-mail address as accounts keep it: in small letters."""
PersonName = Annotated[str, Written(120)]


class HeldRole(NamedTuple):
    """A role that someone holds; `country` None for administrators, `ministry` the name of a contributor's."""

    grant_id: str
    role: str
    country: str | None
    ministry_id: str | None
    ministry: str | None
    since: datetime


class SeenAccount(NamedTuple):
    """An account as administrators see it."""

    id: str
    email: str
    name: str
    disabled: bool
    has_password: bool
    second_factor: bool
    created_at: datetime
    roles: list[HeldRole]


def account_by_email(work: Work, email: str) -> Account | None:
    """The account of an address, whatever its capitals."""
    return work.session.exec(select(Account).where(col(Account.email) == email.lower())).first()


def held_roles(work: Work, account_ids: Iterable[str], country: str | None = None) -> dict[str, list[HeldRole]]:
    """The roles that people hold now, in one country or in all, by account."""
    ids = list(account_ids)
    statement = (
        select(RoleGrant, Ministry.name)
        .outerjoin(Ministry, col(Ministry.id) == col(RoleGrant.ministry_id))
        .where(col(RoleGrant.account_id).in_(ids), col(RoleGrant.ended_at).is_(None))
        .order_by(func.coalesce(RoleGrant.country, ""), col(RoleGrant.role), col(RoleGrant.id))
    )
    if country is not None:
        statement = statement.where(col(RoleGrant.country) == country)
    held: dict[str, list[HeldRole]] = {account_id: [] for account_id in ids}
    for grant, ministry in work.session.exec(statement):
        role = HeldRole(grant.id, grant.role, grant.country, grant.ministry_id, ministry, grant.created_at)
        held[grant.account_id].append(role)
    return held


def list_accounts(work: Work, limit: int | None = None, after: str | None = None) -> list[SeenAccount]:
    """Up to `limit` accounts (or all) by name, after the one with an id. `Invalid` if there is none of that id."""
    statement = select(Account).order_by(col(Account.name), col(Account.id)).limit(limit)
    if after is not None:
        last = work.session.get(Account, after) if after.isascii() else None
        if last is None:
            raise Invalid(errors=[{"path": ["after"], "message": "please begin with the first page again"}])
        statement = statement.where(tuple_(col(Account.name), col(Account.id)) > (last.name, last.id))
    accounts = work.session.exec(statement).all()
    held = held_roles(work, (account.id for account in accounts))
    return [_seen(account, held[account.id]) for account in accounts]


def find_account(work: Work, account_id: str) -> SeenAccount:
    """One account; `NotFound` if there is none."""
    return _seen(_account(work, account_id), held_roles(work, [account_id])[account_id])


def _account(work: Work, account_id: str) -> Account:
    account = work.session.get(Account, account_id)
    if account is None:
        raise NotFound
    return account


def _seen(account: Account, roles: list[HeldRole]) -> SeenAccount:
    return SeenAccount(
        id=account.id,
        email=account.email,
        name=account.name,
        disabled=account.disabled_at is not None,
        has_password=account.password is not None,
        second_factor=account.totp_confirmed,
        created_at=account.created_at,
        roles=roles,
    )


def _someone_elses(work: Work, account_id: str) -> Account:
    """An account that is not one's own, held against other changes."""
    hold_roles(work)
    if work.person and account_id == work.person.id:
        raise NotAllowed("For your own account, another administrator does this.")
    return _account(work, account_id)


def disable_account(work: Work, account_id: str) -> SeenAccount:
    """Shut an account: sign-ins, tokens and links end at once. `NotAllowed` for one's own; `Conflict` for the last
    administrator's, and for one that is disabled already.
    """
    account = _someone_elses(work, account_id)
    if account.disabled_at is not None:
        raise Conflict("This account is disabled already.")
    kept = [grant for grant in open_grants(work, account_id) if grant.role == "administrator"]
    if any(not someone_else_holds(work, grant) for grant in kept):
        raise Conflict("This is the last administrator; please invite another one first.")
    account.disabled_at = work.now
    _keep(work, account)
    end_access(work, account_id)
    work.record("account_disabled", account_id, stream=ACCOUNTS)
    return find_account(work, account_id)


def enable_account(work: Work, account_id: str) -> SeenAccount:
    """Open a disabled account again, with the roles it has. `Conflict` if it is not disabled."""
    account = _someone_elses(work, account_id)
    if account.disabled_at is None:
        raise Conflict("This account is not disabled.")
    account.disabled_at = None
    _keep(work, account)
    work.record("account_enabled", account_id, stream=ACCOUNTS)
    return find_account(work, account_id)


def reset_second_factor(work: Work, account_id: str) -> SeenAccount:
    """Remove a person's second factor, so that they can set up another one; told to them. `NotAllowed` for one's own."""
    account = _someone_elses(work, account_id)
    account.totp_secret, account.totp_confirmed, account.totp_pending, account.totp_step = None, False, None, 0
    _keep(work, account)
    work.connection.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))
    end_sign_ins(work, account_id)
    work.record("second_factor_reset", account_id, stream=ACCOUNTS)
    written = letters.second_factor_reset(by=doer(work), when=work.now, link=service_address(work))
    tell(work, account.email, written)
    return find_account(work, account_id)


def change_email(work: Work, account_id: str, email: str) -> SeenAccount:
    """Change the address that a person signs in with; told to both. Links sent to the old one end.

    `NotAllowed` for one's own; `Conflict` if it is another account's, or the same as before.
    """
    account = _someone_elses(work, account_id)
    if account_by_email(work, email) is not None:
        raise Conflict("An account has this e-mail address already.")
    old, account.email = account.email, email
    _keep(work, account)
    close_links(work, account_id)
    end_sign_ins(work, account_id)
    work.record("email_changed", account_id, stream=ACCOUNTS)
    for address in (old, email):
        tell(work, address, letters.email_changed(when=work.now, link=service_address(work)))
    return find_account(work, account_id)


def _keep(work: Work, account: Account) -> None:
    work.session.add(account)
    work.session.flush()
