"""The people of a country: who holds which role."""

from typing import NamedTuple

from sqlmodel import col, select

from app.models.people import Account, RoleGrant
from app.people.accounts import HeldRole, held_roles
from app.work import Work


class Person(NamedTuple):
    """A person with the roles that they hold in a country."""

    account_id: str
    name: str
    email: str
    disabled: bool
    roles: list[HeldRole]


def list_people(work: Work) -> list[Person]:
    """Everyone who holds a role in this work's country, by name."""
    here = select(RoleGrant.account_id).where(col(RoleGrant.country) == work.country, col(RoleGrant.ended_at).is_(None))
    accounts = work.session.exec(select(Account).where(col(Account.id).in_(here))).all()
    held = held_roles(work, (account.id for account in accounts), work.country)
    people = [
        Person(account.id, account.name, account.email, account.disabled_at is not None, held[account.id])
        for account in accounts
    ]
    return sorted(people, key=lambda person: (person.name.casefold(), person.account_id))
