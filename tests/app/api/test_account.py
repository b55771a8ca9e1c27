"""One's own account over HTTP: name, password, second factor, sign-ins, tokens for programs."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pyotp
import pytest

from tests.sign_ins import (
    NEW_WORDS,
    WORDS,
    account_events,
    account_record,
    browser,
    code,
    enter,
    give_password,
    signed_in,
)
from tests.world import World

TOKEN = {"name": "Nightly export", "scope": "read", "days": 30, "password": WORDS}


def last_event(world: World) -> str:
    return account_events(world)[-1][0]


def setting_up(client: httpx.Client, world: World, **more: Any) -> httpx.Response:
    """Set up an app, all the way; the answer with the recovery codes."""
    started = client.post("/account/second-factor", json={"password": WORDS, **more})
    assert started.status_code == 200, started.text
    shown = pyotp.TOTP(started.json()["secret"]).at(world.now)
    return client.post("/account/second-factor/confirm", json={"code": shown})


def with_token(world: World, client: httpx.Client, **more: Any) -> httpx.Client:
    """A program with a token that the client's owner made for it."""
    made = client.post("/account/tokens", json={**TOKEN, **more})
    assert made.status_code == 201, made.text
    program = browser(world)
    program.headers["Authorization"] = f"Bearer {made.json()['token']}"
    return program


def test_a_person_changes_name_and_language(sqlite_world: World) -> None:
    client = signed_in(sqlite_world, "labour_a")
    changed = client.patch("/account", json={"name": "  Aigul   Bekova "})
    assert (changed.json()["name"], changed.json()["language"]) == ("Aigul Bekova", "en")
    assert client.patch("/account", json={"language": "fr"}).json()["language"] == "fr"
    assert client.get("/account").json()["name"] == "Aigul Bekova"
    assert last_event(sqlite_world) == "account_changed"
    assert client.patch("/account", json={"email": "x@example.org"}).status_code == 422
    assert client.patch("/account", json={"name": "\u202eevil"}).status_code == 422


def test_a_new_password_needs_the_old_one_and_ends_other_sign_ins(world: World) -> None:
    client, other = signed_in(world, "labour_a"), browser(world)
    enter(other, "labour_a")
    body = {"old_password": "wrong", "new_password": NEW_WORDS}
    assert client.post("/account/password", json=body).json()["type"] == "/problems/wrong-credentials"
    before = client.cookies["mgi"]
    assert client.post("/account/password", json={**body, "old_password": WORDS}).status_code == 204
    assert client.cookies["mgi"] != before
    assert (client.get("/account").status_code, other.get("/account").status_code) == (200, 401)
    assert last_event(world) == "password_changed"
    assert [enter(browser(world), "labour_a", words).status_code for words in (WORDS, NEW_WORDS)] == [401, 200]


def test_a_weak_password_is_refused_with_its_reason(sqlite_world: World) -> None:
    client = signed_in(sqlite_world, "labour_a")
    weak = client.post("/account/password", json={"old_password": WORDS, "new_password": "Welcome-2026!"})
    assert (weak.status_code, weak.json()["errors"][0]["path"]) == (422, ["new_password"])
    assert "others try first" in weak.json()["errors"][0]["message"]
    assert enter(browser(sqlite_world), "labour_a").status_code == 200


def test_a_stolen_sign_in_cannot_find_out_the_password(sqlite_world: World) -> None:
    client = signed_in(sqlite_world, "labour_a")
    body = {"old_password": "wrong", "new_password": NEW_WORDS}
    assert [client.post("/account/password", json=body).status_code for _ in range(11)] == [401] * 10 + [429]
    assert client.post("/account/tokens", json=TOKEN).status_code == 429


def test_a_reviewer_sets_up_a_second_factor_and_can_then_work(world: World) -> None:
    give_password(world, "reviewer", second_factor=False)
    client, other = browser(world), browser(world)
    enter(client, "reviewer")
    enter(other, "reviewer")
    before = client.cookies["mgi"]
    confirmed = setting_up(client, world)
    assert confirmed.status_code == 200, confirmed.text
    assert len(set(confirmed.json()["recovery_codes"])) == 10
    assert client.get("/sign-in").json()["needed"] is None
    assert client.get("/account").json()["second_factor"] is True
    assert client.cookies["mgi"] != before
    assert other.get("/sign-in").status_code == 401
    assert [kind for kind, _ in account_events(world)][-3:] == [
        "second_factor_started", "recovery_codes_made", "second_factor_set_up",
    ]  # fmt: skip


def test_the_qr_code_holds_the_address_and_the_svg_no_style(sqlite_world: World) -> None:
    client = signed_in(sqlite_world, "labour_a")
    setup = client.post("/account/second-factor", json={"password": WORDS}).json()
    assert setup["uri"].startswith("otpauth://totp/MGI:labour_a%40example.org?secret=" + setup["secret"])
    assert setup["qr"].startswith("<svg")
    assert "style=" not in setup["qr"]


def test_the_code_that_confirmed_does_not_sign_in_too(sqlite_world: World) -> None:
    client = signed_in(sqlite_world, "labour_a")
    started = client.post("/account/second-factor", json={"password": WORDS}).json()
    shown = {"code": pyotp.TOTP(started["secret"]).at(sqlite_world.now)}
    assert client.post("/account/second-factor/confirm", json={"code": "000"}).status_code == 401
    assert client.post("/account/second-factor/confirm", json=shown).status_code == 200
    assert client.post("/account/second-factor/confirm", json=shown).json()["type"] == "/problems/conflict"
    other = browser(sqlite_world)
    enter(other, "labour_a")
    assert other.post("/sign-in/code", json=shown).status_code == 401


def test_a_password_alone_does_not_get_past_the_second_factor(sqlite_world: World) -> None:
    give_password(sqlite_world, "reviewer")
    client = browser(sqlite_world)
    enter(client, "reviewer")
    tried = client.post("/account/second-factor", json={"password": WORDS, "code": code(sqlite_world)})
    assert tried.json()["type"] == "/problems/second-factor-needed"
    confirmed = client.post("/account/second-factor/confirm", json={"code": code(sqlite_world)})
    assert confirmed.json()["type"] == "/problems/second-factor-needed"


def test_each_recovery_code_serves_once_even_at_the_same_moment(world: World) -> None:
    codes = setting_up(signed_in(world, "labour_a"), world).json()["recovery_codes"]
    clients = [browser(world) for _ in range(4)]
    for client in clients:
        enter(client, "labour_a")
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda client: client.post("/sign-in/code", json={"code": codes[0].upper()}), clients)
        assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]
    client = browser(world)
    enter(client, "labour_a")
    assert client.post("/sign-in/code", json={"code": codes[1]}).status_code == 200


def test_new_recovery_codes_replace_the_old_ones(sqlite_world: World) -> None:
    client = signed_in(sqlite_world, "focal_a", second_factor=True)
    proof = {"password": WORDS, "code": code(sqlite_world)}
    first = client.post("/account/second-factor/recovery-codes", json=proof).json()["recovery_codes"]
    proof["code"] = first[0]
    second = client.post("/account/second-factor/recovery-codes", json=proof).json()["recovery_codes"]
    assert not set(first) & set(second)
    assert client.post("/account/second-factor/recovery-codes", json={**proof, "code": first[1]}).status_code == 401


def test_another_app_replaces_the_old_one_once_it_is_confirmed(sqlite_world: World) -> None:
    client = signed_in(sqlite_world, "reviewer", second_factor=True)
    assert client.post("/account/second-factor", json={"password": WORDS}).status_code == 401
    started = client.post("/account/second-factor", json={"password": WORDS, "code": code(sqlite_world)}).json()
    half = browser(sqlite_world)
    enter(half, "reviewer")
    assert half.post("/sign-in/code", json={"code": code(sqlite_world, steps=1)}).status_code == 200
    new = pyotp.TOTP(started["secret"]).at(sqlite_world.now)
    assert client.post("/account/second-factor/confirm", json={"code": new}).status_code == 200
    sqlite_world.later(minutes=2)
    enter(half, "reviewer")
    assert half.post("/sign-in/code", json={"code": code(sqlite_world)}).status_code == 401


def test_a_second_factor_is_removed_with_password_and_code(sqlite_world: World) -> None:
    client = signed_in(sqlite_world, "focal_a", second_factor=True)
    for wrong in ({"password": "wrong", "code": code(sqlite_world)}, {"password": WORDS, "code": "000000"}):
        assert client.request("DELETE", "/account/second-factor", json=wrong).status_code == 401
    proof = {"password": WORDS, "code": code(sqlite_world)}
    assert client.request("DELETE", "/account/second-factor", json=proof).status_code == 204
    assert last_event(sqlite_world) == "second_factor_removed"
    assert enter(browser(sqlite_world), "focal_a").json()["needed"] is None


@pytest.mark.parametrize("name", ["reviewer", "administrator"])
def test_who_needs_a_second_factor_cannot_remove_it(sqlite_world: World, name: str) -> None:
    client = signed_in(sqlite_world, name, second_factor=True)
    proof = {"password": WORDS, "code": code(sqlite_world)}
    assert client.request("DELETE", "/account/second-factor", json=proof).json()["type"] == "/problems/not-allowed"
    assert client.get("/account").json()["second_factor"] is True


def test_own_sign_ins_are_listed_and_ended_one_by_one(sqlite_world: World) -> None:
    client, other = signed_in(sqlite_world, "labour_a"), browser(sqlite_world)
    sqlite_world.later(seconds=5)
    enter(other, "labour_a")
    sessions = client.get("/account/sessions").json()
    assert [session["present"] for session in sessions] == [False, True]
    assert client.delete(f"/account/sessions/{sessions[0]['id']}").status_code == 204
    assert (other.get("/account").status_code, client.get("/account").status_code) == (401, 200)
    assert client.delete(f"/account/sessions/{sessions[0]['id']}").status_code == 404
    assert last_event(sqlite_world) == "session_ended"


def test_nobody_ends_or_sees_another_persons_sign_in_or_token(sqlite_world: World) -> None:
    client, stranger = signed_in(sqlite_world, "labour_a"), signed_in(sqlite_world, "health_a")
    session = client.get("/account/sessions").json()[0]["id"]
    token = client.post("/account/tokens", json=TOKEN).json()["id"]
    foreign = stranger.delete(f"/account/sessions/{session}")
    absent = stranger.delete("/account/sessions/aaaaaaaaaaaaaaaaaaaa")
    assert (foreign.status_code, foreign.content) == (404, absent.content)
    assert stranger.delete(f"/account/tokens/{token}").content == absent.content
    assert stranger.get("/account/tokens").json() == []
    assert client.get("/account/sessions").status_code == 200


def test_a_token_is_shown_once_and_works_until_it_is_revoked(sqlite_world: World) -> None:
    client = signed_in(sqlite_world, "focal_a")
    made = client.post("/account/tokens", json=TOKEN).json()
    assert re.fullmatch(r"mgi_[\w-]{43}", made["token"])
    program = browser(sqlite_world)
    program.headers["Authorization"] = f"Bearer {made['token']}"
    assert program.get("/sign-in").json()["account_id"] == sqlite_world.accounts["focal_a"]
    listed = client.get("/account/tokens").json()
    assert [token["name"] for token in listed] == ["Nightly export"]
    assert listed[0]["used_at"] is not None
    assert made["token"] not in client.get("/account/tokens").text
    assert client.delete(f"/account/tokens/{made['id']}").status_code == 204
    assert program.get("/sign-in").status_code == 401
    assert [kind for kind, _ in account_events(sqlite_world)][-2:] == ["token_made", "token_revoked"]


def test_a_token_ends_after_its_days(sqlite_world: World) -> None:
    program = with_token(sqlite_world, signed_in(sqlite_world, "focal_a"), days=1)
    sqlite_world.later(hours=23)
    assert program.get("/sign-in").status_code == 200
    sqlite_world.later(hours=1)
    assert program.get("/sign-in").status_code == 401


def test_a_token_stays_within_its_scope_and_country(sqlite_world: World) -> None:
    client = signed_in(sqlite_world, "second_reviewer", second_factor=True)
    program = with_token(sqlite_world, client, country="UZ")
    a, b = (f"/assessments/{sqlite_world.assessments[name]}" for name in "ab")
    assert program.get(f"{a}/record").status_code == 404
    assert program.get(f"{b}/record").status_code == 200
    assert [role["country"] for role in program.get("/sign-in").json()["roles"]] == ["UZ"]
    saved = with_token(sqlite_world, signed_in(sqlite_world, "focal_b")).put(
        f"{b}/answers/health-access", json={}, headers={"If-Match": '"0"'}
    )
    assert (saved.status_code, saved.json()["detail"]) == (403, "This token may only read.")


def test_a_token_is_made_with_the_password_and_for_a_country_of_ones_own(sqlite_world: World) -> None:
    client = signed_in(sqlite_world, "focal_a")
    assert client.post("/account/tokens", json={**TOKEN, "password": "wrong"}).status_code == 401
    foreign = client.post("/account/tokens", json={**TOKEN, "country": "UZ"})
    assert (foreign.status_code, foreign.json()["errors"][0]["path"]) == (422, ["country"])
    for wrong in ({"days": 366}, {"days": 0}, {"scope": "all"}, {"name": ""}):
        assert client.post("/account/tokens", json={**TOKEN, **wrong}).status_code == 422
    assert client.get("/account/tokens").json() == []


OWN_ROUTES = [
    ("POST", "/sign-in/code", {"code": "123456"}),
    ("POST", "/sign-out", None),
    ("POST", "/sign-out-everywhere", None),
    ("PATCH", "/account", {"name": "Someone"}),
    ("POST", "/account/password", {"old_password": WORDS, "new_password": NEW_WORDS}),
    ("POST", "/account/second-factor", {"password": WORDS}),
    ("POST", "/account/second-factor/confirm", {"code": "123456"}),
    ("DELETE", "/account/second-factor", {"password": WORDS, "code": "123456"}),
    ("POST", "/account/second-factor/recovery-codes", {"password": WORDS, "code": "123456"}),
    ("GET", "/account/tokens", None),
    ("POST", "/account/tokens", TOKEN),
    ("DELETE", "/account/tokens/aaaaaaaaaaaaaaaaaaaa", None),
    ("GET", "/account/sessions", None),
    ("DELETE", "/account/sessions/aaaaaaaaaaaaaaaaaaaa", None),
]


def test_a_token_never_changes_how_one_signs_in(sqlite_world: World) -> None:
    program = with_token(sqlite_world, signed_in(sqlite_world, "focal_a"), scope="write")
    before = account_events(sqlite_world)
    for method, path, body in OWN_ROUTES:
        answer = program.request(method, path, json=body)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-allowed"), (method, path)
    assert program.get("/account").status_code == 200
    assert account_events(sqlite_world) == before


def test_strangers_and_half_signed_in_people_get_nowhere(sqlite_world: World) -> None:
    give_password(sqlite_world, "focal_a")
    half = browser(sqlite_world)
    enter(half, "focal_a")
    for method, path, body in OWN_ROUTES:
        assert browser(sqlite_world).request(method, path, json=body).status_code == 401, (method, path)
        if not path.startswith("/sign-in/") and path != "/sign-out":
            answer = half.request(method, path, json=body)
            assert answer.json()["type"] == "/problems/second-factor-needed", (method, path)


def test_no_event_holds_an_address_or_a_name(sqlite_world: World) -> None:
    client = signed_in(sqlite_world, "labour_a")
    client.patch("/account", json={"name": "Aigul Bekova"})
    client.post("/account/tokens", json=TOKEN)
    setting_up(client, sqlite_world)
    shown = repr([(event.kind, event.payload) for event in account_record(sqlite_world)])
    assert "token_made" in shown
    for secret in ("example.org", "Aigul", "Nightly", WORDS):
        assert secret not in shown
