"""Resetting a password by mail: who gets a link, what ends, and what stays."""

import re
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from app.errors import Conflict, NotFound
from app.people.resets import reset_link_for
from questionnaire.compiled import CompiledInstrument
from tests.app.people.inviting import mailed_tokens
from tests.databases import fresh_database
from tests.sign_ins import (
    NEW_WORDS,
    WORDS,
    account_events,
    browser,
    change_account,
    code,
    enter,
    give_password,
    signed_in,
    waiting_letters,
)
from tests.world import World, running_world

SERVER = "smtp://127.0.0.1:9?tls=none"


@pytest.fixture
def mail_world(shared_folder: Path, tmp_path: Path, instrument: CompiledInstrument) -> Iterator[World]:
    """A world whose service has a mail server; nothing is sent, letters wait."""
    with (
        fresh_database("sqlite", shared_folder, tmp_path) as url,
        running_world(url, tmp_path / "data", instrument, smtp_url=SERVER) as made,
    ):
        yield made


def ask(world: World, name: str) -> httpx.Response:
    return browser(world).post("/password-reset", json={"email": f"{name}@example.org"})


def token_in(text: str) -> str:
    found = re.search(r"http://localhost/reset#([\w-]{43})\n", text)
    assert found is not None
    return found[1]


def finish(world: World, token: str, password: str = NEW_WORDS) -> httpx.Response:
    return browser(world).post("/password-reset/finish", json={"token": token, "password": password})


def test_a_reset_ends_all_access_and_keeps_the_second_factor(mail_world: World) -> None:
    client = signed_in(mail_world, "focal_a", second_factor=True)
    made = {"name": "Export", "scope": "read", "days": 9, "password": WORDS}
    bearer = {"Authorization": f"Bearer {client.post('/account/tokens', json=made).json()['token']}"}
    mail_world.later(seconds=1)
    asked = ask(mail_world, "focal_a")
    assert (asked.status_code, asked.json()) == (202, {"by_mail": True})
    letters = waiting_letters(mail_world)
    assert finish(mail_world, token_in(letters[-1].text)).status_code == 204
    assert client.get("/account").status_code == 401
    assert browser(mail_world).get("/account", headers=bearer).status_code == 401
    again = browser(mail_world)
    assert enter(again, "focal_a", NEW_WORDS).json()["needed"] == "code"
    assert again.post("/sign-in/code", json={"code": code(mail_world)}).status_code == 200
    subjects = {letter.subject for letter in waiting_letters(mail_world)}
    assert subjects == {"MGI: An access token was made", "MGI: Choose a new password", "MGI: Your password was changed"}
    assert ("password_reset", mail_world.accounts["focal_a"]) in account_events(mail_world)


def test_a_reset_link_serves_once_and_the_newest_alone(mail_world: World) -> None:
    give_password(mail_world, "labour_a")
    for _ in range(2):
        ask(mail_world, "labour_a")
        mail_world.later(seconds=1)
    older, newer = (token_in(letter.text) for letter in waiting_letters(mail_world))
    weak = finish(mail_world, newer, "short")
    assert (weak.status_code, weak.json()["errors"][0]["path"]) == (422, ["password"])
    assert [finish(mail_world, token).status_code for token in (older, newer, newer)] == [404, 204, 404]


@pytest.mark.parametrize("who", ["unknown", "disabled", "invited"])
def test_the_answer_is_the_same_where_there_is_nothing_to_reset(mail_world: World, who: str) -> None:
    give_password(mail_world, "focal_a")
    if who == "disabled":
        give_password(mail_world, "labour_a")
        change_account(mail_world, "labour_a", disabled_at=mail_world.now)
    known, other = ask(mail_world, "focal_a"), ask(mail_world, "noone" if who == "unknown" else "labour_a")
    assert (other.status_code, other.content) == (known.status_code, known.content)
    assert [letter.recipient for letter in waiting_letters(mail_world)] == ["focal_a@example.org"]
    assert account_events(mail_world)[-1] == ("password_reset_asked", "")


def test_asking_takes_the_same_time_for_every_address(mail_world: World) -> None:
    give_password(mail_world, "focal_a")
    taken: dict[str, list[float]] = {"focal_a": [], "noone": []}
    for _ in range(4):
        for name, spans in taken.items():
            begun = time.perf_counter()
            ask(mail_world, name)
            spans.append(time.perf_counter() - begun)
    known, unknown = (statistics.median(spans) for spans in taken.values())
    assert min(known, unknown) >= 0.15
    assert 0.8 < known / unknown < 1.25


def test_who_asks_over_and_over_is_slowed_down(mail_world: World) -> None:
    give_password(mail_world, "focal_a")
    answers = [ask(mail_world, "focal_a").status_code for _ in range(11)]
    assert answers == [202] * 10 + [429]
    assert len(waiting_letters(mail_world)) == 5


def test_an_open_reset_link_ends_when_the_password_is_changed(mail_world: World) -> None:
    client = signed_in(mail_world, "labour_a")
    ask(mail_world, "labour_a")
    token = token_in(waiting_letters(mail_world)[0].text)
    assert client.post("/account/password", json={"old_password": WORDS, "new_password": NEW_WORDS}).status_code == 204
    assert finish(mail_world, token).status_code == 404


def test_without_mail_the_administrator_makes_the_link(sqlite_world: World) -> None:
    give_password(sqlite_world, "labour_a", second_factor=False)
    assert ask(sqlite_world, "labour_a").json() == {"by_mail": False}
    with sqlite_world.work("manage_accounts") as work:
        address = reset_link_for(work, "Labour_A@example.org")
    assert finish(sqlite_world, token_in(f"{address}\n")).status_code == 204
    assert enter(browser(sqlite_world), "labour_a", NEW_WORDS).status_code == 200
    assert waiting_letters(sqlite_world) == []


@pytest.mark.parametrize(("name", "kind"), [("focal_a", Conflict), ("labour_a", Conflict), ("noone", NotFound)])
def test_no_link_is_printed_for_a_second_factor_an_open_invitation_or_nobody(
    sqlite_world: World, name: str, kind: type[Exception]
) -> None:
    give_password(sqlite_world, "focal_a")
    change_account(sqlite_world, "labour_a", totp_confirmed=False)
    before = account_events(sqlite_world)
    with pytest.raises(kind), sqlite_world.work("manage_accounts") as work:
        reset_link_for(work, f"{name}@example.org")
    assert account_events(sqlite_world) == before


def test_nobody_waits_to_write_while_a_password_is_hashed(mail_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client, database, held = signed_in(mail_world, "focal_a"), mail_world.service.database, []
    hashing = Argon2Hasher.hash

    def watched(hasher: Argon2Hasher, *given: Any, **more: Any) -> str:
        held.append(database._turn.locked())
        return hashing(hasher, *given, **more)

    monkeypatch.setattr(Argon2Hasher, "hash", watched)
    change = {"old_password": WORDS, "new_password": NEW_WORDS}
    assert client.post("/account/password", json=change).status_code == 204
    ask(mail_world, "focal_a")
    letter = next(letter for letter in waiting_letters(mail_world) if "reset#" in letter.text)
    assert finish(mail_world, token_in(letter.text), WORDS).status_code == 204
    invited = {"email": "new@example.org", "name": "New", "role": "adviser"}
    mail_world.as_("focal_b").post("/countries/UZ/invitations", json=invited)
    token = mailed_tokens(mail_world)[0]
    assert browser(mail_world).post("/invitations/accept", json={"token": token, "password": WORDS}).status_code == 200
    assert held == [False, False, False]
