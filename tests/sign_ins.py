"""People of a test world who sign in as people do: a browser with cookies, a password, codes of an app."""

from datetime import timedelta
from functools import cache
from typing import Any

import httpx
import pyotp
from sqlmodel import col, select

from app.models.mail import OutboxLetter
from app.models.people import Account
from app.models.record import Event
from app.people.passwords import hash_password
from app.people.second_factor import shared_secret
from app.record import ACCOUNTS
from tests.world import World, watched_client

WORDS = "seven lanterns under water"
NEW_WORDS = "a heron stands in the reeds"
STORED = "JBSWY3DPEHPK3PXP"


@cache
def hash_of(password: str) -> str:
    return hash_password(password)


def change_account(world: World, name: str, **values: Any) -> None:
    with world.work("change_own") as work:
        account = work.session.get_one(Account, world.accounts[name])
        for field, value in values.items():
            setattr(account, field, value)


def give_password(world: World, name: str, *, second_factor: bool = True) -> None:
    """A password, and a second factor or none."""
    values = {"totp_confirmed": second_factor, "totp_secret": STORED if second_factor else None}
    change_account(world, name, password=hash_of(WORDS), **values)


def browser(world: World) -> httpx.Client:
    """A browser with cookies of its own, closed with the world."""
    client = watched_client(world.address, {"Sec-Fetch-Site": "same-origin"})
    world.clients[f"browser {len(world.clients)}"] = client
    return client


def enter(client: httpx.Client, name: str, password: str = WORDS) -> httpx.Response:
    return client.post("/sign-in", json={"email": f"{name}@example.org", "password": password})


def code(world: World, stored: str = STORED, *, steps: int = 0) -> str:
    """The code that a person's app shows now, or some steps of 30 seconds later."""
    app = pyotp.TOTP(shared_secret(world.service.settings.key, stored))
    return app.at(world.now + timedelta(seconds=30 * steps))


def signed_in(world: World, name: str, *, second_factor: bool = False) -> httpx.Client:
    """A browser in which a person has signed in, all the way."""
    give_password(world, name, second_factor=second_factor)
    client = browser(world)
    assert enter(client, name).status_code == 200
    if second_factor:
        assert client.post("/sign-in/code", json={"code": code(world)}).status_code == 200
        world.later(seconds=60)
    return client


def account_record(world: World) -> list[Event]:
    """What is on record about accounts, in order."""
    with world.service.database.reading() as session:
        return list(session.exec(select(Event).where(col(Event.stream) == ACCOUNTS).order_by(col(Event.seq))))


def account_events(world: World) -> list[tuple[str, str]]:
    """The same as kind and subject."""
    return [(event.kind, event.subject) for event in account_record(world)]


def waiting_letters(world: World) -> list[OutboxLetter]:
    with world.service.database.reading() as session:
        return list(session.exec(select(OutboxLetter).order_by(col(OutboxLetter.created_at), col(OutboxLetter.id))))
