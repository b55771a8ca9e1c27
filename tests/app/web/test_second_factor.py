"""Setting up a second factor on the pages, changing it, turning it off."""

from typing import Any

import pyotp
import pytest

from tests.sign_ins import WORDS, change_account, code, give_password
from tests.visiting import Page, Visitor, visitor
from tests.world import World


def entered(world: World, name: str, path: str = "/account/second-factor") -> Visitor:
    """Someone without a second factor, who signed in by their password."""
    give_password(world, name, second_factor=False)
    someone = visitor(world)
    someone.get(path)
    someone.press("Sign in", email=f"{name}@example.org", password=WORDS)
    return someone


def shown_secret(page: Page) -> str:
    return str(page.find("string(//details//code)"))


def app_code(world: World, secret: str) -> str:
    return pyotp.TOTP(secret.replace(" ", "")).at(world.now)


def set_up(world: World, someone: Visitor, **proof: Any) -> Page:
    """From the form to the recovery codes."""
    someone.press("Continue", password=WORDS, **proof)
    return someone.press("Confirm", code=app_code(world, shown_secret(someone.page)))


def test_a_reviewer_sets_one_up_before_anything_else_and_comes_to_the_page_asked_for(sqlite_world: World) -> None:
    someone = entered(sqlite_world, "reviewer", "/account/sign-ins")
    assert someone.page.heading == "Set up a second factor"
    assert "Your role needs a second factor" in someone.page.text
    assert someone.get("/assessments").heading == "Set up a second factor"
    someone.get("/sign-in/second-factor?next=/account/sign-ins")
    page = set_up(sqlite_world, someone)
    assert page.heading == "Your recovery codes"
    assert len(page.find("//main//ul//code")) == 10
    assert someone.follow("I have kept them: continue").path == "/account/sign-ins"


def test_the_qr_code_is_drawn_without_style_or_other_addresses(sqlite_world: World) -> None:
    someone = entered(sqlite_world, "focal_a")
    someone.follow("Set up a second factor")
    page = someone.press("Continue", password=WORDS)
    assert len(page.find("//main//*[@role='img'][@aria-label]/*[local-name()='svg']/*")) >= 1
    assert page.find("//main//img | //main//@style") == []
    groups = shown_secret(page).split(" ")
    assert len(groups) == 8
    assert {len(group) for group in groups} == {4}
    assert page.links()["On this phone? Open it in the app"].startswith("otpauth://totp/MGI:focal_a%40example.org?")


def test_a_wrong_code_is_asked_for_again_without_scanning_anew(sqlite_world: World) -> None:
    someone = entered(sqlite_world, "focal_a")
    someone.follow("Set up a second factor")
    secret = shown_secret(someone.press("Continue", password=WORDS))
    page = someone.press("Confirm", code="000000")
    assert (page.status, page.heading) == (401, "Type the code once more")
    assert someone.press("Confirm", code="").errors == ["Enter a code"]
    assert someone.press("Confirm", code=app_code(sqlite_world, secret)).heading == "Your recovery codes"


def test_the_password_is_asked_for_first(sqlite_world: World) -> None:
    someone = entered(sqlite_world, "focal_a")
    someone.follow("Set up a second factor")
    page = someone.press("Continue", password="not this one at all")
    assert (page.status, page.heading) == (401, "Set up a second factor")
    assert page.find("//main//*[local-name()='svg']") == []
    assert someone.press("Continue", password="").errors == ["Enter a password"]


def test_confirming_what_was_not_begun_says_to_begin(sqlite_world: World) -> None:
    someone = entered(sqlite_world, "focal_a")
    page = someone.client.post("/sign-in/second-factor/confirm", data={"code": "123456"})
    assert page.status_code == 409
    assert "please begin again" in page.text


def test_nobody_passes_the_code_by_setting_up_another(sqlite_world: World) -> None:
    give_password(sqlite_world, "reviewer", second_factor=True)
    someone = visitor(sqlite_world)
    someone.get("/sign-in")
    someone.press("Sign in", email="reviewer@example.org", password=WORDS)
    assert someone.get("/sign-in/second-factor?next=/account").heading == "Enter your code"
    sent = {"password": WORDS, "code": code(sqlite_world)}
    refused = someone.client.post("/sign-in/second-factor", data=sent)
    assert refused.status_code == 403
    assert "otpauth" not in refused.text


def test_another_app_takes_the_place_of_the_first(sqlite_world: World) -> None:
    give_password(sqlite_world, "focal_a", second_factor=True)
    someone = visitor(sqlite_world, "focal_a")
    someone.get("/account/second-factor")
    someone.follow("Change to another app")
    assert someone.press("Continue", password=WORDS, code="000000").status == 401
    assert set_up(sqlite_world, someone, code=code(sqlite_world)).heading == "Your recovery codes"
    assert someone.follow("I have kept them: continue").path == "/account/second-factor"


def test_it_is_turned_off_with_password_and_code(sqlite_world: World) -> None:
    give_password(sqlite_world, "focal_a", second_factor=True)
    someone = visitor(sqlite_world, "focal_a")
    someone.get("/account/second-factor")
    someone.follow("Turn the second factor off")
    assert someone.press("Turn it off", password=WORDS, code="000000").status == 401
    page = someone.press("Turn it off", password=WORDS, code=code(sqlite_world))
    assert page.path == "/account/second-factor"
    assert "Your password alone protects your account." in page.text
    assert someone.get("/account/second-factor/remove").path == "/account/second-factor"


def test_who_needs_one_cannot_turn_it_off(sqlite_world: World) -> None:
    give_password(sqlite_world, "reviewer", second_factor=True)
    someone = visitor(sqlite_world, "reviewer")
    assert "Turn the second factor off" not in someone.get("/account/second-factor").links()
    assert "Turn it off" not in someone.get("/account/second-factor/remove").buttons()
    sent = {"password": WORDS, "code": code(sqlite_world)}
    assert someone.client.post("/account/second-factor/remove", data=sent).status_code == 403


def test_new_recovery_codes_take_the_place_of_the_old(sqlite_world: World) -> None:
    give_password(sqlite_world, "focal_a", second_factor=True)
    someone = visitor(sqlite_world, "focal_a")
    someone.get("/account/second-factor")
    someone.follow("Make new recovery codes")
    assert someone.press("Make new codes", password="", code="").errors == ["Enter a password", "Enter a code"]
    page = someone.press("Make new codes", password=WORDS, code=code(sqlite_world))
    first = page.find("string(//main//ul//code)")
    someone.get("/account/second-factor/recovery-codes")
    page = someone.press("Make new codes", password=WORDS, code=first)
    assert first not in page.text
    assert len(page.find("//main//ul//code")) == 10


@pytest.mark.parametrize("name", ["recovery-codes", "remove"])
def test_who_has_none_is_led_to_where_it_is_set_up(sqlite_world: World, name: str) -> None:
    change_account(sqlite_world, "focal_a", totp_confirmed=False, totp_secret=None)
    someone = visitor(sqlite_world, "focal_a")
    assert "Set up a second factor" in someone.get(f"/account/second-factor/{name}").links()
