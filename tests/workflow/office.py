"""A service in this process with its database, and a country of its own for each assessment that is driven through it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from sqlalchemy import update
from sqlmodel import Session, col, select

from app.application import create_app
from app.assessments.rounds import open_round
from app.models.assessments import StoredSource
from app.models.people import Account, Country, Ministry, RoleGrant
from app.people.secrets import new_id
from app.service import open_service
from questionnaire.loader import load_instrument
from questionnaire.stored import source_from
from tests.databases import fresh_database
from tests.workflow.content import ANSWERS, CONVENTION, HEALTH, LAW, Body
from tests.workflow.model import PEOPLE
from tests.world import START, World, settings_for

INSTRUMENT = Path(__file__).parents[1] / "questionnaire" / "base"
ELSEWHERE = "AF"
"""The country of the stranger; no assessment is driven there."""


class Setting(NamedTuple):
    """An assessment and its people: their sign-ins, the ministry that contributes, the law's titles so far.

    `earlier`: what was answered in the round before; None if there was none.
    """

    country: str
    year: int
    assessment_id: str
    ministry: str
    secrets: dict[str, str]
    accounts: dict[str, str]
    laws: list[str]
    earlier: dict[str, Body] | None


class Tried(NamedTuple):
    """A step that was tried, and whether it was done."""

    state: str
    action: str
    done: bool


@dataclass
class Office:
    """The service, and a client without a network between; `tried` counts all that was tried so far."""

    world: World
    client: httpx.AsyncClient
    portal: BlockingPortal
    tried: Counter[Tried] = field(default_factory=Counter)
    opened: int = 0

    def send(self, method: str, path: str, secret: str | None, **more: Any) -> httpx.Response:
        """A request, as a page of the service makes it."""
        headers = {"Sec-Fetch-Site": "same-origin"} | ({"Cookie": f"mgi={secret}"} if secret else {})
        headers |= more.pop("headers", {})
        return self.portal.call(partial(self.client.request, method, path, headers=headers, **more))

    def open_assessment(self, *, signatory: bool, earlier: bool) -> Setting:
        """Open an assessment in the next country; where one was before, its people of then have left."""
        countries = sorted(self.world.instrument.countries["en"].keys() - {ELSEWHERE})
        lap, place = divmod(self.opened, len(countries))
        self.opened += 1
        country, year = countries[place], 2016 + 2 * lap
        earlier = earlier or lap > 0
        with self.world.work("manage_accounts") as work:
            ministry, accounts = _settle(work.session, country, self.world, signatory=signatory)
        with self.world.work("open_round") as work:
            before = open_round(work, self.world.instrument, country, year - 1).id if earlier else None
            opened = open_round(work, self.world.instrument, country, year).id
        self.world.accounts |= accounts
        secrets = {name: self.world.sign_in(name) for name in PEOPLE}
        laws = self._laws(country, f"/assessments/{opened}/sources/{LAW}", secrets["focal"])
        answered = self._answer(before, secrets["focal"]) if before else None
        return Setting(country, year, opened, ministry, secrets, accounts, laws, answered)

    def _answer(self, assessment_id: str, secret: str) -> dict[str, Body]:
        """Answer some of an earlier round."""
        answered = {indicator: ANSWERS[indicator][0] for indicator in (HEALTH, CONVENTION)}
        for indicator, body in answered.items():
            path = f"/assessments/{assessment_id}/answers/{indicator}"
            self.send("PUT", path, secret, json=body, headers={"If-Match": '"0"'}).raise_for_status()
        return answered

    def _laws(self, country: str, path: str, secret: str) -> list[str]:
        """The titles that the country's law had in earlier rounds; a first one where there were none."""
        statement = select(StoredSource.body).where(col(StoredSource.country) == country, col(StoredSource.id) == LAW)
        with self.world.service.database.reading() as session:
            bodies = session.exec(statement.order_by(col(StoredSource.version))).all()
        if bodies:
            return [source_from(body).title for body in bodies]
        source = {"title": "Law number 1", "kind": "law"}
        self.send("PUT", path, secret, json=source, headers={"If-Match": '"0"'}).raise_for_status()
        return ["Law number 1"]


def _settle(session: Session, country: str, world: World, *, signatory: bool) -> tuple[str, dict[str, str]]:
    """The people of a country, anew; the id of a ministry, and of their accounts."""
    if session.get(Country, country) is None:
        session.add(Country(code=country, added_at=world.now))
        session.flush()
    end_roles(session, col(RoleGrant.country) == country, world)
    ministry = Ministry(id=new_id(), country=country, name=f"Ministry {new_id()}")
    session.add(ministry)
    accounts = {name: _add_account(session, name, world) for name in PEOPLE}
    for name, roles in PEOPLE.items():
        for role in roles if signatory or name != "signatory" else ():
            where = None if role == "administrator" else country
            kept_to = ministry.id if role == "contributor" else None
            give_role(session, accounts[name], role, where, world, ministry=kept_to)
    give_role(session, accounts["stranger"], "focal_point", ELSEWHERE, world)
    return ministry.id, accounts


def _add_account(session: Session, name: str, world: World) -> str:
    account = Account(
        id=new_id(), email=f"{name}-{new_id()}@example.org", name=f"Person {name}", created_at=world.now,
        totp_confirmed=True, totp_secret="JBSWY3DPEHPK3PXP",
    )  # fmt: skip
    session.add(account)
    session.flush()
    return account.id


def give_role(
    session: Session, account: str, role: str, country: str | None, world: World, *, ministry: str | None = None
) -> None:
    """Give a person a role from now on."""
    grant = RoleGrant(
        id=new_id(), account_id=account, role=role, country=country, ministry_id=ministry, created_at=world.now
    )
    session.add(grant)
    session.flush()


def end_roles(session: Session, which: Any, world: World) -> None:
    """End roles."""
    session.connection().execute(
        update(RoleGrant).where(which, col(RoleGrant.ended_at).is_(None)).values(ended_at=world.now)
    )


@contextmanager
def open_office(kind: str, shared: Path, folder: Path) -> Iterator[Office]:
    """A service on a fresh database of a kind, with the small instrument."""
    with fresh_database(kind, shared, folder) as url, start_blocking_portal() as portal:
        service = open_service(settings_for(url, folder / "data"))
        world = World(service, load_instrument(str(INSTRUMENT)), now=START)
        service.clock = lambda: world.now
        with world.work("manage_accounts") as work:
            work.session.add(Country(code=ELSEWHERE, added_at=world.now))
        transport = httpx.ASGITransport(app=create_app(service))
        client = httpx.AsyncClient(transport=transport, base_url="http://localhost/api/v1")
        try:
            yield Office(world, client, portal)
        finally:
            portal.call(client.aclose)
            service.database.close()
