"""Signing in and out over HTTP: cookies, the second factor, and what nobody learns from it."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlmodel import col, select

from app.models.people import FailedSignIn, SignIn
from app.people.secrets import token_hash
from app.service import open_service
from app.settings import Settings
from questionnaire.compiled import CompiledInstrument
from tests.databases import fresh_database
from tests.sign_ins import WORDS, account_events, browser, change_account, code, enter, give_password, signed_in
from tests.world import KEY, World, make_world, serving


def rows(world: World, name: str) -> list[SignIn]:
    with world.service.database.reading() as session:
        return list(session.exec(select(SignIn).where(col(SignIn.account_id) == world.accounts[name])))


def test_a_person_signs_in_with_a_password(sqlite_world: World) -> None:
    give_password(sqlite_world, "labour_a", second_factor=False)
    client = browser(sqlite_world)
    answer = client.post("/sign-in", json={"email": "Labour_A@Example.org", "password": WORDS})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["needed"], answer.json()["name"]) == (None, "Person labour_a")
    assert [(role["role"], role["country"], role["ministry"]) for role in answer.json()["roles"]] == [
        ("contributor", "KG", "Ministry labour")
    ]
    assert client.get("/sign-in").json() == answer.json()
    assert account_events(sqlite_world)[-1] == ("signed_in", sqlite_world.accounts["labour_a"])


def test_the_cookie_is_kept_from_scripts_and_the_database_has_its_hash_alone(sqlite_world: World) -> None:
    give_password(sqlite_world, "labour_a", second_factor=False)
    cookie = enter(browser(sqlite_world), "labour_a").headers["Set-Cookie"]
    secret = cookie.removeprefix("mgi=").split(";")[0]
    assert cookie == f"mgi={secret}; HttpOnly; Path=/; SameSite=lax"
    assert [row.token_hash for row in rows(sqlite_world, "labour_a")] == [token_hash(secret)]


def test_over_https_the_cookie_is_bound_to_this_host(
    shared_folder: Path, tmp_path: Path, instrument: CompiledInstrument
) -> None:
    with fresh_database("sqlite", shared_folder, tmp_path) as url:
        service = open_service(Settings(database_url=url, secret_key=KEY, base_url="https://mgi.example.org"))
        world = make_world(service, instrument)
        give_password(world, "labour_a", second_factor=False)
        with serving(service) as world.address:
            answer = enter(browser(world), "labour_a")
            name, _, secret = answer.headers["Set-Cookie"].split(";")[0].partition("=")
            seen = browser(world).get("/sign-in", headers={"Cookie": f"__Host-mgi={secret}"})
            plain = browser(world).get("/sign-in", headers={"Cookie": f"mgi={secret}"})
        world.forget_clients()
        service.database.close()
    assert (name, seen.status_code, plain.status_code) == ("__Host-mgi", 200, 401)
    assert answer.headers["Set-Cookie"].endswith("; HttpOnly; Path=/; SameSite=lax; Secure")


def test_signing_in_again_gives_another_secret_and_ends_the_old_one(sqlite_world: World) -> None:
    client = signed_in(sqlite_world, "labour_a")
    old = client.cookies["mgi"]
    enter(client, "labour_a")
    assert client.cookies["mgi"] != old
    assert browser(sqlite_world).get("/sign-in", headers={"Cookie": f"mgi={old}"}).status_code == 401
    assert client.get("/sign-in").status_code == 200


def test_a_code_is_needed_where_a_second_factor_is_set_up(world: World) -> None:
    give_password(world, "focal_a")
    client = browser(world)
    half = enter(client, "focal_a").json()
    assert (half["needed"], half["roles"]) == ("code", [])
    assert client.get("/account").json()["type"] == "/problems/second-factor-needed"
    before = client.cookies["mgi"]
    whole = client.post("/sign-in/code", json={"code": code(world)})
    assert (whole.status_code, whole.json()["needed"]) == (200, None)
    assert client.cookies["mgi"] != before
    assert browser(world).get("/account", headers={"Cookie": f"mgi={before}"}).status_code == 401
    assert client.get("/account").status_code == 200
    assert account_events(world)[-1] == ("second_factor_shown", world.accounts["focal_a"])


def test_a_code_serves_once_even_for_two_at_the_same_moment(world: World) -> None:
    give_password(world, "focal_a")
    clients = [browser(world) for _ in range(6)]
    for client in clients:
        enter(client, "focal_a")
    shown = code(world)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda client: client.post("/sign-in/code", json={"code": shown}), clients))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401, 401]


def test_nobody_shows_a_code_twice_or_without_having_one(sqlite_world: World) -> None:
    client = signed_in(sqlite_world, "labour_a")
    assert client.post("/sign-in/code", json={"code": "123456"}).json()["type"] == "/problems/conflict"


def test_a_reviewer_without_a_second_factor_is_asked_to_set_one_up(sqlite_world: World) -> None:
    give_password(sqlite_world, "reviewer", second_factor=False)
    client = browser(sqlite_world)
    answer = enter(client, "reviewer").json()
    assert (answer["needed"], [role["role"] for role in answer["roles"]]) == ("second_factor", ["reviewer"])
    assert client.get("/account").json()["setup"] is True


@pytest.mark.parametrize("who", ["unknown", "no_password", "disabled", "wrong"])
def test_whoever_cannot_sign_in_gets_one_and_the_same_answer(sqlite_world: World, who: str) -> None:
    for name in ("focal_a", "focal_b"):
        give_password(sqlite_world, name)
    change_account(sqlite_world, "focal_b", disabled_at=sqlite_world.now)
    name = {"unknown": "noone", "no_password": "labour_a", "disabled": "focal_b", "wrong": "focal_a"}[who]
    answer = enter(browser(sqlite_world), name, WORDS if who != "wrong" else "not this one at all")
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (401, False)
    assert answer.json() == {
        "type": "/problems/wrong-credentials",
        "title": "E-mail, password or code are not right",
        "status": 401,
        "detail": "",
    }


def test_an_unknown_address_takes_as_long_as_a_known_one(sqlite_world: World) -> None:
    give_password(sqlite_world, "focal_a")
    client, spans = browser(sqlite_world), {"focal_a": [], "noone": []}
    for _ in range(9):
        for name, taken in spans.items():
            begun = time.perf_counter()
            assert enter(client, name, "not this one at all").status_code == 401
            taken.append(time.perf_counter() - begun)
    known, unknown = (statistics.median(taken) for taken in spans.values())
    assert 0.6 < known / unknown < 1.7
    assert unknown > 0.01


def test_after_ten_wrong_tries_even_the_right_password_waits(world: World) -> None:
    give_password(world, "focal_a")
    client = browser(world)
    assert {enter(client, "focal_a", "wrong").status_code for _ in range(10)} == {401}
    blocked = enter(client, "focal_a")
    assert (blocked.status_code, blocked.headers["Retry-After"]) == (429, "900")
    assert "15 minutes" in blocked.json()["detail"]
    give_password(world, "labour_a", second_factor=False)
    assert enter(client, "labour_a").status_code == 200
    world.later(minutes=15)
    assert enter(client, "focal_a").status_code == 200


def test_thirty_tries_at_once_are_ten(world: World) -> None:
    give_password(world, "focal_a")
    clients = [browser(world) for _ in range(30)]
    with ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(lambda client: enter(client, "focal_a", "wrong").status_code, clients))
    assert sorted(answers) == [401] * 10 + [429] * 20


def test_wrong_codes_count_as_wrong_tries(sqlite_world: World) -> None:
    give_password(sqlite_world, "focal_a")
    client = browser(sqlite_world)
    enter(client, "focal_a")
    tries = [client.post("/sign-in/code", json={"code": "no code"}).status_code for _ in range(11)]
    assert tries == [401] * 10 + [429]
    assert client.post("/sign-in/code", json={"code": code(sqlite_world)}).status_code == 429
    assert enter(browser(sqlite_world), "focal_a").status_code == 429


def test_right_tries_leave_no_trace_and_old_ones_are_swept_away(sqlite_world: World) -> None:
    enter(browser(sqlite_world), "noone", "wrong")
    sqlite_world.later(minutes=16)
    signed_in(sqlite_world, "labour_a")
    with sqlite_world.service.database.reading() as session:
        assert session.exec(select(FailedSignIn)).all() == []


def test_signing_out_ends_the_sign_in(sqlite_world: World) -> None:
    client = signed_in(sqlite_world, "labour_a")
    secret = client.cookies["mgi"]
    assert client.post("/sign-out").status_code == 204
    assert "mgi" not in client.cookies
    assert browser(sqlite_world).get("/sign-in", headers={"Cookie": f"mgi={secret}"}).status_code == 401
    assert account_events(sqlite_world)[-1] == ("signed_out", sqlite_world.accounts["labour_a"])


def test_someone_half_signed_in_can_sign_out(sqlite_world: World) -> None:
    give_password(sqlite_world, "focal_a")
    client = browser(sqlite_world)
    enter(client, "focal_a")
    assert client.post("/sign-out").status_code == 204
    assert client.post("/sign-out").status_code == 401


def test_signing_out_everywhere_ends_every_sign_in(sqlite_world: World) -> None:
    first, second = signed_in(sqlite_world, "labour_a"), browser(sqlite_world)
    enter(second, "labour_a")
    assert second.post("/sign-out-everywhere").status_code == 204
    assert (first.get("/sign-in").status_code, second.get("/sign-in").status_code) == (401, 401)


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (30, 401)])
def test_a_sign_in_ends_after_half_an_hour_of_rest(sqlite_world: World, minutes: int, status: int) -> None:
    client = signed_in(sqlite_world, "labour_a")
    sqlite_world.later(minutes=minutes)
    assert client.get("/sign-in").status_code == status


def test_a_sign_in_ends_after_twelve_hours_of_work(sqlite_world: World) -> None:
    client = signed_in(sqlite_world, "labour_a")
    for _ in range(35):
        sqlite_world.now += timedelta(minutes=20)
        assert client.get("/sign-in").status_code == 200
    sqlite_world.now += timedelta(minutes=20)
    assert client.get("/sign-in").status_code == 401


def test_another_site_cannot_sign_anyone_in_or_out(sqlite_world: World) -> None:
    client = signed_in(sqlite_world, "labour_a")
    for path, body in (("/sign-in", {"email": "labour_a@example.org", "password": WORDS}), ("/sign-out", {})):
        assert client.post(path, json=body, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get("/sign-in").status_code == 200


def test_hostile_credentials_are_refused_kindly(sqlite_world: World) -> None:
    client = browser(sqlite_world)
    for password in ("\\u0000", "\\ud800", "x" * 300, "é" * 1024):
        body = f'{{"email": "focal_a@example.org", "password": "{password}"}}'.encode()
        answer: httpx.Response = client.post("/sign-in", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in (401, 422), answer.text
    assert client.post("/sign-in", json={"email": "a\0@b.org", "password": "x"}).status_code == 422
