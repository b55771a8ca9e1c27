"""Countries, rounds and instruments over HTTP."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import httpx
from sqlalchemy import event

from app.assessments.rounds import open_round
from app.assessments.workflow import ACTIONS
from tests.app.people.inviting import give_token
from tests.world import PEOPLE, World


def rounds_of(world: World, name: str) -> list[tuple[str, int]]:
    page = world.as_(name).get("/assessments").json()
    return [(item["country"]["code"], item["round"]) for item in page["items"]]


def test_everyone_sees_the_rounds_of_their_countries_alone(sqlite_world: World) -> None:
    sqlite_world.open_round("c", "TJ", 2027)
    expected = {
        "focal_a": [("KG", 2026)], "labour_a": [("KG", 2026)], "focal_b": [("UZ", 2026)], "nobody": [],
        "second_reviewer": [("KG", 2026), ("UZ", 2026)], "unassigned_reviewer": [("TJ", 2027)],
        "administrator": [("KG", 2026), ("TJ", 2027), ("UZ", 2026)],
    }  # fmt: skip
    assert {name: rounds_of(sqlite_world, name) for name in expected} == expected
    assert sqlite_world.as_("anonymous").get("/assessments").status_code == 401


def test_a_list_shows_state_and_dates_and_nothing_else(world: World) -> None:
    world.later(days=1)
    path = f"/assessments/{world.assessments['a']}/answers/health-access"
    saved = world.as_("focal_a").put(path, json={"values": {"groups": "all"}}, headers={"If-Match": '"0"'})
    assert saved.status_code == 200, saved.text
    assert world.as_("reviewer").get("/assessments").json()["items"] == [
        {
            "id": world.assessments["a"],
            "country": {"code": "KG", "name": "Kyrgyzstan"},
            "round": 2026,
            "state": "collecting",
            "opened_at": "2026-01-15T09:00:00Z",
            "changed_at": "2026-01-16T09:00:00Z",
        }
    ]


def test_a_long_list_comes_in_pages_by_country_and_round(world: World) -> None:
    for year in (2030, 2028, 2029):
        world.open_round(f"a{year}", "KG", year)
    seen, after = [], None
    for _ in range(3):
        query = {"limit": "2"} | ({"after": after} if after else {})
        page = world.as_("administrator").get("/assessments", params=query).json()
        seen += [(item["country"]["code"], item["round"]) for item in page["items"]]
        after = page["next"]
    assert seen == [("KG", 2026), ("KG", 2028), ("KG", 2029), ("KG", 2030), ("UZ", 2026)]
    assert after is None


def test_the_number_of_queries_does_not_grow_with_the_list(sqlite_world: World) -> None:
    client, statements = sqlite_world.as_("administrator"), []
    event.listen(
        sqlite_world.service.database.engine, "before_cursor_execute", lambda *given: statements.append(given[2])
    )
    client.get("/assessments")
    few = len(statements)
    for year in range(2030, 2040):
        sqlite_world.open_round(str(year), "KG", year)
    statements.clear()
    assert len(client.get("/assessments").json()["items"]) == 12
    assert len(statements) <= few


def test_a_round_is_opened_once_by_an_administrator(world: World) -> None:
    body = {"country": "TJ", "round": 2026}
    opened = world.as_("administrator").post("/assessments", json=body)
    assert (opened.status_code, opened.json()["instrument"]) == (201, "mgi-2018")
    assert world.as_("administrator").post("/assessments", json=body).status_code == 409
    for name in ("focal_a", "reviewer", "nobody"):
        assert world.as_(name).post("/assessments", json=body | {"round": 2027}).status_code == 403
    assert rounds_of(world, "unassigned_reviewer") == [("TJ", 2026)]


def test_a_round_that_cannot_be_opened_says_why(sqlite_world: World) -> None:
    wrong = (
        {"country": "FR", "round": 2026}, {"country": "KG", "round": 1800}, {"country": "kg", "round": 2027},
        {"country": "TJ", "round": 2026, "instrument": "mgi-1900"},
        {"country": "TJ", "round": 2026, "instrument": "../../mgi-2018"},
        {"country": "TJ", "round": 2026, "instrument": "docs"}, {"country": "TJ", "round": 10**25},
    )  # fmt: skip
    for body in wrong:
        answer = sqlite_world.as_("administrator").post("/assessments", json=body)
        assert answer.status_code == 422, body
        assert answer.json()["errors"][0]["message"]
    assert rounds_of(sqlite_world, "unassigned_reviewer") == []


def test_an_assessment_tells_each_person_what_they_may_do_now(sqlite_world: World) -> None:
    for name, grants in PEOPLE.items():
        roles = {role for role, country, _ in grants if country in ("KG", None)}
        answer = sqlite_world.as_(name).get(f"/assessments/{sqlite_world.assessments['a']}")
        assert answer.status_code == (200 if roles else 404), name
        if roles:
            expected = {
                action for action, rule in ACTIONS.items() if rule.roles & roles and "collecting" in rule.states
            }
            assert set(answer.json()["actions"]) == expected, name
            assert set(answer.json()["roles"]) == roles


def test_a_token_that_only_reads_is_offered_nothing_that_writes(sqlite_world: World) -> None:
    secret = give_token(sqlite_world, "focal_a", None)
    path = f"{sqlite_world.address}/api/v1/assessments/{sqlite_world.assessments['a']}"
    actions = httpx.get(path, headers={"Authorization": f"Bearer {secret}"}).json()["actions"]
    assert "see_answers" in actions
    assert not [action for action in actions if ACTIONS[action].writes]


def test_an_assessment_at_a_glance_has_its_links(sqlite_world: World) -> None:
    sqlite_world.open_round("later", "KG", 2028)
    client = sqlite_world.as_("focal_a")
    glance = client.get(f"/assessments/{sqlite_world.assessments['later']}").json()
    assert glance["links"]["previous"].endswith(sqlite_world.assessments["a"])
    for name, link in glance["links"].items():
        assert client.get(link.removeprefix("/api/v1")).status_code == 200, name
    contributor = sqlite_world.as_("labour_a").get(f"/assessments/{sqlite_world.assessments['later']}").json()
    assert "people" not in contributor["links"]


def test_countries_are_listed_to_their_people_and_added_by_administrators(world: World) -> None:
    assert world.as_("second_reviewer").get("/countries").json() == [
        {"code": "KG", "name": "Kyrgyzstan"},
        {"code": "UZ", "name": "Uzbekistan"},
    ]
    assert world.as_("nobody").get("/countries").json() == []
    added = world.as_("administrator").post("/countries", json={"code": "FR"})
    assert (added.status_code, added.json()) == (201, {"code": "FR", "name": "France"})
    assert world.as_("administrator").post("/countries", json={"code": "FR"}).status_code == 409
    assert world.as_("focal_a").post("/countries", json={"code": "ES"}).status_code == 403
    for code in ("XX", "fr", "F", "FRA", ""):
        assert world.as_("administrator").post("/countries", json={"code": code}).status_code == 422, code


def test_the_instrument_is_read_by_its_name_and_by_its_hash(sqlite_world: World) -> None:
    client = sqlite_world.as_("nobody")
    by_name = client.get("/instruments/mgi-2018").json()
    assert by_name == client.get(f"/instruments/{by_name['content_hash']}").json()
    indicators = [i for d in by_name["domains"] for s in d["subdomains"] for i in s["indicators"]]
    assert [indicator["id"] for indicator in indicators] == list(sqlite_world.instrument.indicators)
    assert indicators[0]["questions"][0]["options"]
    assert client.get("/instruments/mgi-1900").status_code == 404
    assert client.get("/instruments/mgi-2018", params={"language": "xx"}).status_code == 422
    assert sqlite_world.as_("anonymous").get("/instruments/mgi-2018").status_code == 401


def test_rounds_opened_at_once_on_an_instrument_that_is_new_here_are_all_opened(world: World) -> None:
    fresh = replace(world.instrument, content_hash="0" * 64)
    at_once = Barrier(3)

    def act(country: str) -> str:
        with world.work("open_round") as work:
            if not world.service.database.is_sqlite:
                at_once.wait(10)
            return open_round(work, fresh, country, 2031).country

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(act, ("KG", "TJ", "UZ"))) == ["KG", "TJ", "UZ"]


def test_one_round_opened_twice_at_once_is_a_conflict(world: World) -> None:
    client, body = world.as_("administrator"), {"country": "TJ", "round": 2032}
    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(lambda _: client.post("/assessments", json=body).status_code, range(4)))
    assert statuses == [201, 409, 409, 409]
