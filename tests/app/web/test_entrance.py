"""Signing in and out on the pages, and where one comes to afterwards."""

from dataclasses import replace
from urllib.parse import urlencode, urljoin, urlsplit

import httpx
import pytest

from app.web.problems import local_path
from tests.sign_ins import WORDS, code, give_password
from tests.visiting import Visitor, visitor
from tests.world import World, serving

ELSEWHERE = [
    "//host", "///host", "////host", "/\\host", "\\\\host", "\\/host", "/\\/host", "//host@here", "https:host",
    "https://host", "http://host/assessments", "HTTPS://host", "javascript:alert(1)", "data:text/html,x", "vbscript:x",
    "mailto:a@example.org", "host", "host/path", "./path", "../path", "?next=x", "#x", "/\thost", "/\n/host", "/\r\n/host",
    "\t//host", " //host", "/ /host", "/\x00/host", "/\x1b[0m", "/\u2028/host", "/\u2215\u2215host", "/\uff0f\uff0fhost",
    "/\u202e/host", "/path\"onclick", "//\u0440host", "/" + "a" * 500, "%2f%2fhost", "",
]  # fmt: skip
"""What a hostile page could put behind `next=`: none of it is a path of ours."""


def enter(someone: Visitor, name: str, password: str = WORDS) -> None:
    someone.press("Sign in", nth=0, email=f"{name}@example.org", password=password)


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


def test_what_is_no_e_mail_is_told_kindly_and_kept(sqlite_world: World) -> None:
    someone = visitor(sqlite_world)
    someone.get("/sign-in")
    page = someone.press("Sign in", email="100% of me", password="")
    assert page.status == 422
    assert "Please write a whole e-mail address, such as a.bekova@example.org" in page.errors
    assert "Enter a password" in page.errors
    assert page.find("string(//input[@name='email']/@value)") == "100% of me"


def test_too_many_tries_are_told_with_the_time_to_wait(sqlite_world: World) -> None:
    someone = visitor(sqlite_world)
    someone.get("/sign-in")
    for _ in range(10):
        enter(someone, "focal_a", "wrong in any case")
        assert someone.page.status == 401
    enter(someone, "focal_a", "wrong in any case")
    assert someone.page.status == 429
    assert someone.page.errors == ["There were too many tries. Please wait 15 minutes, then try again."]
    assert int(someone.page.headers["retry-after"]) == 900


def test_where_one_wanted_to_go_is_kept_through_wrong_tries_and_the_code(sqlite_world: World) -> None:
    give_password(sqlite_world, "reviewer", second_factor=True)
    someone = visitor(sqlite_world)
    someone.get("/account/sign-ins")
    enter(someone, "reviewer", "something else entirely")
    enter(someone, "reviewer")
    assert someone.page.heading == "Enter your code"
    assert someone.press("Continue", code="000000").status == 401
    assert someone.page.heading == "Enter your code"
    assert someone.press("Continue", code=code(sqlite_world)).path == "/account/sign-ins"


def test_the_code_is_asked_for_once(sqlite_world: World) -> None:
    someone = visitor(sqlite_world, "reviewer")
    assert someone.get("/sign-in/code?next=/account").path == "/account"


def test_signing_out_ends_the_sign_in_and_works_twice(sqlite_world: World) -> None:
    someone = visitor(sqlite_world, "focal_a")
    someone.get("/assessments")
    before = someone.page
    assert "Sign in" in someone.press("Sign out").links()
    assert someone.get("/assessments").heading == "Sign in"
    someone.page = before
    assert "You are signed out." in someone.press("Sign out").text


def test_who_is_signed_in_already_is_told_so(sqlite_world: World) -> None:
    page = visitor(sqlite_world, "focal_a").get("/sign-in?next=/account")
    assert "You are signed in as Person focal_a." in page.text
    assert page.links()["Go on"] == "/account"


def test_another_window_is_sent_back_to_the_first(sqlite_world: World) -> None:
    give_password(sqlite_world, "focal_a", second_factor=False)
    someone = visitor(sqlite_world)
    assert someone.get("/signed-in").heading == "Sign in"
    enter(someone, "focal_a")
    assert someone.page.heading == "You are signed in"


def test_what_is_not_there_is_a_page_that_says_so(sqlite_world: World) -> None:
    someone = visitor(sqlite_world, "focal_a")
    for path in ("/assessments/absent0000", "/nowhere", "/assessments/%00"):
        page = someone.get(path)
        assert page.status == 404
        assert page.heading == "Page not found"


@pytest.mark.parametrize("given", ELSEWHERE, ids=ascii)
def test_nothing_leads_elsewhere(given: str) -> None:
    assert local_path(given) == "/assessments"


def test_no_sign_in_leads_elsewhere(sqlite_world: World) -> None:
    give_password(sqlite_world, "focal_a", second_factor=False)
    someone = visitor(sqlite_world)
    someone.client.follow_redirects = False
    for given in (*ELSEWHERE, "/..//host", "/.//host", "/@host", "/%2fhost", "/:80"):
        kept = someone.get(f"/sign-in?{urlencode({'next': given})}").find("string(//main//input[@name='next']/@value)")
        assert kept == local_path(given)
        sent = {"email": "focal_a@example.org", "password": WORDS, "next": given}
        led = urljoin("https://here.example/sign-in", someone.client.post("/sign-in", data=sent).headers["location"])
        assert urlsplit(led)[:2] == ("https", "here.example"), given
    assert someone.client.post("/language", data={"next": "//host"}).headers["location"] == "/assessments"


def cookie_of(world: World) -> str:
    with httpx.Client(base_url=world.address, headers={"Sec-Fetch-Site": "same-origin"}) as client:
        given = client.post("/sign-in", data={"email": "focal_a@example.org", "password": WORDS})
    assert given.status_code == 303
    return given.headers["set-cookie"].lower()


def test_no_script_and_no_other_site_gets_at_the_cookie(sqlite_world: World) -> None:
    give_password(sqlite_world, "focal_a", second_factor=False)
    plain = cookie_of(sqlite_world)
    assert plain.startswith("mgi=")
    assert {"httponly", "samesite=lax", "path=/"} <= set(plain.split("; "))
    assert "secure" not in plain
    assert "max-age" not in plain
    https = sqlite_world.service.settings.model_copy(update={"base_url": "https://127.0.0.1"})
    with serving(replace(sqlite_world.service, settings=https)) as address:
        over_https = cookie_of(replace(sqlite_world, address=address))
    assert over_https.startswith("__host-mgi=")
    assert {"httponly", "samesite=lax", "path=/", "secure"} <= set(over_https.split("; "))


def test_every_page_says_what_browsers_may_do_with_it(sqlite_world: World) -> None:
    someone = visitor(sqlite_world, "focal_a")
    for path in ("/", "/sign-in", "/assessments", "/nowhere", "/account/password", "/static/x/y"):
        headers = someone.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert "Cookie" in headers["vary"]
