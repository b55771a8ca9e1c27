"""The invented people of the demonstration: invited and accepted like everyone else, one account per role."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete
from sqlmodel import col, select

from app.models.people import Account, SignIn
from app.people.countries import add_country
from app.people.invitations import accept, invite, invite_first_administrator
from app.people.ministries import add_ministry
from app.people.resets import Owner, new_hash
from app.people.sign_ins import Grant, start_sign_in
from app.rights import right
from app.service import Service
from app.work import Work, begin_work, enter_assessment, enter_country, enter_service

KG, UZ = "KG", "UZ"
MINISTRIES = {"labour": "Ministry of Labour (invented)", "health": "Ministry of Health (invented)"}


class Person(NamedTuple):
    """An invented person: the role, where, for which ministry, and who invites them."""

    role: str
    country: str | None = None
    ministry: str | None = None
    invited_by: str = "administrator"

    @property
    def words(self) -> str:
        """What they are, in words."""
        place = {KG: ", Kyrgyzstan", UZ: ", Uzbekistan"}.get(self.country or "", "")
        ministry = f" ({self.ministry})" if self.ministry else ""
        return f"{self.role.replace('_', ' ')}{ministry}{place}"


PEOPLE: dict[str, Person] = {
    "administrator": Person("administrator"),
    "focal": Person("focal_point", KG),
    "reviewer": Person("reviewer", KG),
    "labour": Person("contributor", KG, "labour", "focal"),
    "health": Person("contributor", KG, "health", "focal"),
    "signatory": Person("signatory", KG, None, "focal"),
    "adviser": Person("adviser", KG, None, "focal"),
    "neighbour": Person("focal_point", UZ),
}


def email_of(name: str) -> str:
    """The address that a person signs in with; nothing is ever sent there."""
    return f"{name}@demo.example"


@dataclass
class Cast:
    """The people at work, at a time of the story: `now` is the service's clock while it is told."""

    service: Service
    passwords: Mapping[str, str]
    now: datetime
    ministries: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def as_(self, name: str, action: str, place: str | None = None) -> Iterator[Work]:
        """Work as a person: on an assessment, on a country, or on the service (None). Checked like any other work."""
        with self.service.database.writing() as session:
            account = session.exec(select(Account.id).where(col(Account.email) == email_of(name))).one()
            secret = start_sign_in(session.connection(), account, self.now, second_factor=True)
        with begin_work(self.service, right(action), secret) as work:
            if place is None:
                enter_service(work)
            elif len(place) == len(KG):
                enter_country(work, place)
            else:
                enter_assessment(work, place)
            yield work

    def join(self, name: str) -> None:
        """Let a person be invited, and accept."""
        person = PEOPLE[name]
        grant = Grant(person.role, person.country, self.ministries.get(person.ministry or ""))
        with self.as_(person.invited_by, "invite", person.country) as work:
            address = invite(work, email_of(name), person.words, grant).address
        self._accept(name, address)

    def _accept(self, name: str, address: str) -> None:
        hashed = new_hash(self.passwords[name], Owner(email_of(name), PEOPLE[name].words), field="password")
        with begin_work(self.service, right("use_link"), None) as work:
            accept(work, address.partition("#")[2], PEOPLE[name].words, hashed)

    def found(self) -> None:
        """The first administrator, two countries, their ministries, and everyone else."""
        rule = right("manage_accounts")
        with self.service.database.connected(writes=True) as connection:
            work = Work(self.service, connection, rule, self.now, roles=frozenset({"administrator"}))
            address = invite_first_administrator(work, email_of("administrator"), "administrator").address
            work.finish()
        self._accept("administrator", address)
        with self.as_("administrator", "manage_countries") as work:
            for code in (KG, UZ):
                add_country(work, code)
        self.join("focal")
        with self.as_("focal", "manage_ministries", KG) as work:
            self.ministries = {key: add_ministry(work, name).id for key, name in MINISTRIES.items()}
        for name in PEOPLE:
            if name not in ("administrator", "focal"):
                self.join(name)

    def leave(self) -> None:
        """Forget the sign-ins of the story."""
        with self.service.database.writing() as session:
            session.connection().execute(delete(SignIn))
