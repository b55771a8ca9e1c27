"""Accounts over HTTP: administrators alone see and change them; never their own."""

import httpx
import pytest
from sqlmodel import select

from app.errors import Conflict
from app.models.mail import OutboxLetter
from app.models.people import Account, RecoveryCode
from app.people.accounts import disable_account
from tests.app.people.inviting import WORDS, accept, give_token, token_of, with_mail
from tests.world import PEOPLE, World

CHANGES = (("post", "disable"), ("post", "enable"), ("post", "second-factor/reset"), ("patch", ""))


def change(world: World, by: str, whose: str, what: str) -> httpx.Response:
    path = f"/accounts/{world.accounts[whose]}"
    if not what:
        return world.as_(by).patch(path, json={"email": "Other@Example.org"})
    return world.as_(by).post(f"{path}/{what}")


def letters_to(world: World) -> list[str]:
    with world.service.database.reading() as session:
        return sorted(session.exec(select(OutboxLetter.recipient)).all())


def test_all_accounts_are_listed_page_by_page(world: World) -> None:
    seen, after = [], None
    while True:
        query = {"limit": "5"} | ({"after": after} if after else {})
        page = world.as_("administrator").get("/accounts", params=query).json()
        seen += page["items"]
        after = page["next"]
        if after is None:
            break
    assert [account["name"] for account in seen] == [f"Person {name}" for name in sorted(PEOPLE)]
    assert seen[0] == world.as_("administrator").get(f"/accounts/{seen[0]['id']}").json()
    assert seen[0]["roles"][0]["role"] == "administrator"
    assert seen[0]["second_factor"] is True


def test_a_made_up_cursor_is_refused(sqlite_world: World) -> None:
    for after in ("x", "WyJhIl0", "WyJcdWQ4MDAiXQ", "W10"):
        answer = sqlite_world.as_("administrator").get("/accounts", params={"after": after})
        assert answer.status_code == 422, after


def test_nobody_but_administrators_sees_or_changes_accounts(sqlite_world: World) -> None:
    for name in ("focal_a", "reviewer", "nobody"):
        client = sqlite_world.as_(name)
        assert client.get("/accounts").status_code == 403
        assert client.get(f"/accounts/{sqlite_world.accounts[name]}").status_code == 403
        for _, what in CHANGES:
            assert change(sqlite_world, name, "labour_a", what).status_code == 403
    assert sqlite_world.as_("administrator").get("/accounts/aaaaaaaaaaaaaaaaaaaa").status_code == 404


def test_an_administrator_changes_nothing_of_their_own_account(sqlite_world: World) -> None:
    for _, what in CHANGES:
        assert change(sqlite_world, "administrator", "administrator", what).status_code == 403, what


def test_a_disabled_account_is_shut_at_once_and_opened_again(world: World) -> None:
    before = world.as_("labour_a")
    token = {"Authorization": f"Bearer {give_token(world, 'labour_a', None)}"}
    assert before.get("/countries").status_code == 200
    assert change(world, "administrator", "labour_a", "disable").json()["disabled"] is True
    assert before.get("/countries").status_code == 401
    assert change(world, "administrator", "labour_a", "disable").status_code == 409
    assert change(world, "administrator", "labour_a", "enable").json()["disabled"] is False
    assert change(world, "administrator", "labour_a", "enable").status_code == 409
    assert before.get("/countries").status_code == 401, "what was open before stays ended"
    assert httpx.get(f"{world.address}/api/v1/countries", headers=token).status_code == 401
    world.clients.pop("labour_a")
    assert [country["code"] for country in world.as_("labour_a").get("/countries").json()] == ["KG"]
    before.close()


def test_the_last_administrator_stays(sqlite_world: World) -> None:
    with sqlite_world.work("manage_accounts") as work, pytest.raises(Conflict, match="last administrator"):
        disable_account(work, sqlite_world.accounts["administrator"])
    made = sqlite_world.as_("administrator").post("/invitations", json={"email": "2@example.org", "name": "Second"})
    assert accept(sqlite_world, token_of(made), password=WORDS).status_code == 200
    with sqlite_world.work("manage_accounts") as work:
        assert disable_account(work, sqlite_world.accounts["administrator"]).disabled


def test_a_reset_second_factor_is_gone_and_told_to_its_owner(sqlite_world: World) -> None:
    with_mail(sqlite_world)
    with sqlite_world.service.database.writing() as session:
        session.add(RecoveryCode(account_id=sqlite_world.accounts["reviewer"], code_hash="a hash"))
    assert sqlite_world.as_("reviewer").get("/countries").status_code == 200
    answer = change(sqlite_world, "administrator", "reviewer", "second-factor/reset")
    assert answer.json()["second_factor"] is False
    assert sqlite_world.as_("reviewer").get("/countries").status_code == 401
    assert letters_to(sqlite_world) == ["reviewer@example.org"]
    with sqlite_world.service.database.reading() as session:
        account = session.get_one(Account, sqlite_world.accounts["reviewer"])
        assert (account.totp_secret, account.totp_confirmed) == (None, False)
        assert session.exec(select(RecoveryCode)).all() == []


def test_a_changed_address_is_told_to_the_old_and_the_new_one(sqlite_world: World) -> None:
    with_mail(sqlite_world)
    answer = change(sqlite_world, "administrator", "labour_a", "")
    assert answer.json()["email"] == "other@example.org"
    assert letters_to(sqlite_world) == ["labour_a@example.org", "other@example.org"]
    assert change(sqlite_world, "administrator", "focal_a", "").status_code == 409
