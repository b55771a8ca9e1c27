"""Signing in and out on the pages."""


import pytest

from tests.sign_ins import WORDS, give_password
from tests.visiting import visitor
from tests.world import World


def test_who_is_not_signed_in_is_led_to_the_sign_in_and_back(sqlite_world: World) -> None:
    give_password(sqlite_world, "focal_a", second_factor=False)
    someone = visitor(sqlite_world)
    assert someone.get("/assessments").heading == "Sign in"
    page = someone.press("Sign in", email="focal_a@example.org", password=WORDS)
    assert page.heading == "My assessments"
    assert "Kyrgyzstan 2026" in page.links()


def test_a_wrong_password_is_told_without_saying_what_was_wrong(sqlite_world: World) -> None:
    give_password(sqlite_world, "focal_a", second_factor=False)
    someone = visitor(sqlite_world)
    someone.get("/sign-in")
    page = someone.press("Sign in", email="focal_a@example.org", password="something else entirely")
    assert page.status == 401
    assert page.find("string(//input[@name='email']/@value)") == "focal_a@example.org"
    assert page.find("string(//input[@name='password']/@value)") == ""


def test_a_second_factor_is_asked_for(sqlite_world: World) -> None:
    give_password(sqlite_world, "reviewer", second_factor=True)
    someone = visitor(sqlite_world)
    someone.get("/sign-in")
    assert someone.press("Sign in", email="reviewer@example.org", password=WORDS).heading == "Enter your code"
    assert someone.press("Continue", code="000000").status == 401
    assert someone.page.heading == "Enter your code"


def test_signing_out_ends_the_sign_in(sqlite_world: World) -> None:
    someone = visitor(sqlite_world, "focal_a")
    someone.get("/assessments")
    assert "Sign in" in someone.press("Sign out").links()
    assert someone.get("/assessments").heading == "Sign in"


@pytest.mark.parametrize("path", ["/assessments/absent0000", "/nowhere", "/assessments/%00"])
def test_what_is_not_there_is_a_page_that_says_so(sqlite_world: World, path: str) -> None:
    page = visitor(sqlite_world, "focal_a").get(path)
    assert page.status == 404
    assert page.heading == "There is nothing here"
