"""The same people in every test, in two countries, and a real server that they talk to over HTTP."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from app.application import create_app
from app.assessments.answers import save_answer
from app.assessments.rounds import open_round
from app.assessments.source_saving import save_source
from app.models.people import Account, Country, Ministry, RoleGrant
from app.people.secrets import new_id
from app.people.sign_ins import start_sign_in
from app.rights import right
from app.service import Service, open_service
from app.settings import Settings
from app.work import Work, begin_work, enter_assessment
from questionnaire.compiled import CompiledInstrument
from questionnaire.response import Response
from questionnaire.stored import answer_body, source_body
from tests.traffic import watch

START = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
KEY = "a key of the tests, which is long enough to be one"

PEOPLE: dict[str, tuple[tuple[str, str | None, str | None], ...]] = {
    "administrator": (("administrator", None, None),),
    "focal_a": (("focal_point", "KG", None),),
    "second_focal_a": (("focal_point", "KG", None),),
    "labour_a": (("contributor", "KG", "labour"),),
    "health_a": (("contributor", "KG", "health"),),
    "signatory_a": (("signatory", "KG", None),),
    "adviser_a": (("adviser", "KG", None),),
    "reviewer": (("reviewer", "KG", None),),
    "second_reviewer": (("reviewer", "KG", None), ("reviewer", "UZ", None)),
    "focal_b": (("focal_point", "UZ", None),),
    "contributor_b": (("contributor", "UZ", "labour_b"),),
    "unassigned_reviewer": (("reviewer", "TJ", None),),
    "nobody": (),
}
"""A country's own people, IOM's, strangers. A (Kyrgyzstan) has an owner and a colleague; B is Uzbekistan."""
MINISTRIES = {"labour": "KG", "health": "KG", "labour_b": "UZ"}


@dataclass
class World:
    """A service with people and countries. `now` is the service's clock; tests move it with `later`."""

    service: Service
    instrument: CompiledInstrument
    address: str = ""
    now: datetime = START
    accounts: dict[str, str] = field(default_factory=dict)
    ministries: dict[str, str] = field(default_factory=dict)
    assessments: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    clients: dict[str, httpx.Client] = field(default_factory=dict)

    def later(self, **span: float) -> None:
        """Let time pass; everyone signs in anew when they call next."""
        self.now += timedelta(**span)

    @contextmanager
    def work(self, action: str) -> Iterator[Work]:
        """Work below the API, for setting things up; commits at the end."""
        with self.service.database.connected(writes=True) as connection:
            work = Work(self.service, connection, right(action), self.now)
            yield work
            work.finish()

    def sign_in(self, name: str) -> str:
        """A sign-in of a person with the second factor shown; the secret of its cookie."""
        with self.service.database.writing() as session:
            return start_sign_in(session.connection(), self.accounts[name], self.now, second_factor=True)

    def as_(self, name: str) -> httpx.Client:
        """A client that is signed in as a person (`anonymous`: as nobody)."""
        if name not in self.clients:
            headers = {"Sec-Fetch-Site": "same-origin"}
            if name != "anonymous":
                headers["Cookie"] = f"mgi={self.sign_in(name)}"
            self.clients[name] = watched_client(self.address, headers)
        return self.clients[name]

    def forget_clients(self) -> None:
        """Close all clients; the next call signs in anew."""
        for client in self.clients.values():
            client.close()
        self.clients.clear()

    def open_round(self, name: str, country: str, year: int) -> str:
        """Open a round; its id is kept under a name."""
        with self.work("open_round") as work:
            self.assessments[name] = open_round(work, self.instrument, country, year).id
        return self.assessments[name]

    def fill_in(self, assessment_id: str, response: Response, name: str = "focal_a") -> None:
        """Save all sources and answers of a response, as a person, below the API."""
        with begin_work(self.service, right("save_answer"), self.sign_in(name)) as work:
            enter_assessment(work, assessment_id)
            for source_id, source in response.sources.items():
                save_source(work, source_id, json.loads(source_body(source)), 0)
            for indicator, answer in response.answers.items():
                save_answer(work, indicator, json.loads(answer_body(answer)), 0)


def watched_client(address: str, headers: dict[str, str]) -> httpx.Client:
    """A client that fails on any answer that is not as the OpenAPI document says."""
    hooks = {"response": [watch]}
    return httpx.Client(base_url=f"{address}/api/v1", headers=headers, timeout=30, verify=False, event_hooks=hooks)


def settings_for(database_url: str, data: Path, **more: Any) -> Settings:
    """Settings of a service under test, over plain http on this machine."""
    return Settings(database_url=database_url, data=data, secret_key=KEY, base_url="http://localhost", **more)


def make_world(service: Service, instrument: CompiledInstrument) -> World:
    """Two countries with their people, IOM's people, and a round each: `a` and `b`."""
    world = World(service, instrument)
    service.clock = lambda: world.now
    with world.work("manage_accounts") as work:
        session = work.session
        for code in ("KG", "UZ", "TJ"):
            session.add(Country(code=code, added_at=world.now))
        session.flush()
        for name, country in MINISTRIES.items():
            world.ministries[name] = new_id()
            session.add(Ministry(id=world.ministries[name], country=country, name=f"Ministry {name}"))
        for name in PEOPLE:
            world.accounts[name] = new_id()
            session.add(
                Account(
                    id=world.accounts[name], email=f"{name}@example.org", name=f"Person {name}", created_at=world.now,
                    totp_confirmed=True, totp_secret="JBSWY3DPEHPK3PXP",
                )
            )  # fmt: skip
        session.flush()
        for name, grants in PEOPLE.items():
            for role, grant_country, ministry in grants:
                session.add(
                    RoleGrant(
                        id=new_id(), account_id=world.accounts[name], role=role, country=grant_country,
                        ministry_id=world.ministries[ministry] if ministry else None, created_at=world.now,
                    )
                )  # fmt: skip
    world.open_round("a", "KG", 2026)
    world.open_round("b", "UZ", 2026)
    return world


@contextmanager
def serving(service: Service) -> Iterator[str]:
    """A real server on a free port of this machine; its address."""
    config = uvicorn.Config(create_app(service), host="127.0.0.1", port=0, log_level="error", lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the server did not start")
        time.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def running_world(database_url: str, data: Path, instrument: CompiledInstrument, **settings: Any) -> Iterator[World]:
    """A world behind a real server."""
    service = open_service(settings_for(database_url, data, **settings))
    world = make_world(service, instrument)
    try:
        with serving(service) as address:
            world.address = address
            yield world
    finally:
        world.forget_clients()
        service.database.close()
