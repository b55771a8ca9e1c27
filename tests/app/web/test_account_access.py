"""One's tokens for programs and one's sign-ins on the pages."""

from typing import Any

import httpx

from tests.sign_ins import WORDS, give_password
from tests.visiting import Visitor, visitor
from tests.world import World


def owner(world: World, name: str = "focal_a") -> Visitor:
    give_password(world, name)
    return visitor(world, name)


def make_token(someone: Visitor, **given: Any) -> str:
    """Make a token; its secret, as it is shown."""
    someone.get("/account/tokens")
    fields: dict[str, Any] = {"name": "Nightly export", "scope": "read", "days": "30", "password": WORDS, **given}
    someone.press("Make the token", **fields)
    return str(someone.page.find("string(//main//code)"))


def status_with(world: World, secret: str) -> int:
    headers = {"Authorization": f"Bearer {secret}"}
    return httpx.get(f"{world.address}/api/v1/assessments", headers=headers).status_code


def test_a_token_is_shown_once_works_and_is_revoked(sqlite_world: World) -> None:
    someone = owner(sqlite_world)
    assert "You have no tokens." in someone.get("/account/tokens").text
    secret = make_token(someone, country="KG")
    assert status_with(sqlite_world, secret) == 200
    page = someone.get("/account/tokens")
    assert secret not in page.text
    for told in ("Nightly export", "only read", "Kyrgyzstan", "14 February 2026"):
        assert told in page.text
    assert someone.follow("Revoke: Nightly export").heading == "Revoke a token"
    assert "You have no tokens." in someone.press("Revoke it").text
    assert status_with(sqlite_world, secret) == 401


def test_what_is_wrong_with_a_token_is_told_and_nothing_typed_is_lost(sqlite_world: World) -> None:
    someone = owner(sqlite_world)
    assert make_token(someone, name="", days="4000", password=WORDS) == ""
    assert someone.page.status == 422
    assert {"Enter a name", "How many days it holds: This should be at most 365"} <= set(someone.page.errors)
    assert someone.page.find("string(//input[@name='days']/@value)") == "4000"
    page = someone.press("Make the token", name="Export", days="3", scope="write", password="not this one")
    assert page.status == 401
    assert page.find("string(//input[@name='name']/@value)") == "Export"
    assert page.find("string(//input[@checked]/@value)") == "write"
    assert someone.press("Make the token", country="UZ", password=WORDS).status == 422


def test_a_token_of_another_person_is_not_there(sqlite_world: World) -> None:
    someone = owner(sqlite_world)
    make_token(someone)
    revoke = someone.get("/account/tokens").links()["Revoke: Nightly export"]
    other = visitor(sqlite_world, "second_focal_a")
    assert other.get(revoke).status == 404
    assert other.client.post(revoke).status_code == 404
    assert "Nightly export" in someone.get("/account/tokens").text


def test_a_program_cannot_change_how_its_owner_signs_in(sqlite_world: World) -> None:
    secret = make_token(owner(sqlite_world), scope="write")
    program = httpx.Client(base_url=sqlite_world.address, headers={"Authorization": f"Bearer {secret}"})
    with program:
        assert program.get("/account/tokens").status_code == 403
        given = {"old_password": WORDS, "new_password": "a heron stands in the reeds"}
        assert program.post("/account/password", data=given).status_code == 403


def test_sign_ins_are_listed_and_ended_one_by_one(sqlite_world: World) -> None:
    someone, elsewhere = visitor(sqlite_world, "focal_a"), visitor(sqlite_world, "focal_a")
    page = someone.get("/account/sign-ins")
    assert page.buttons().count("End it") == 1
    assert page.text.count("This one") == 1
    before = someone.page
    assert "The sign-in was ended." in someone.press("End it").text
    assert elsewhere.get("/account").heading == "Sign in"
    someone.page = before
    assert someone.press("End it").path == "/account/sign-ins"


def test_signing_out_everywhere_ends_all(sqlite_world: World) -> None:
    someone, elsewhere = visitor(sqlite_world, "focal_a"), visitor(sqlite_world, "focal_a")
    someone.get("/account/sign-ins")
    someone.follow("Sign out everywhere")
    page = someone.press("Sign out everywhere")
    assert "All your sign-ins were ended." in page.text
    assert [one.get("/account").heading for one in (someone, elsewhere)] == ["Sign in", "Sign in"]
