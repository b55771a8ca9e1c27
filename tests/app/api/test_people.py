"""A country's people and ministries over HTTP."""

from tests.app.people.inviting import invite
from tests.world import PEOPLE, World


def test_the_people_of_a_country_are_listed_with_their_roles_there(sqlite_world: World) -> None:
    seen = sqlite_world.as_("focal_a").get("/countries/KG/people").json()["people"]
    here = [name for name, grants in PEOPLE.items() if any(country == "KG" for _, country, _ in grants)]
    assert [person["name"] for person in seen] == sorted(f"Person {name}" for name in here)
    by_name = {person["email"].partition("@")[0]: person for person in seen}
    assert by_name["labour_a"]["roles"][0]["ministry"] == "Ministry labour"
    assert [role["country"] for role in by_name["second_reviewer"]["roles"]] == ["KG"]
    assert sqlite_world.as_("administrator").get("/countries/KG/people").json()["people"] == seen


def test_who_may_not_see_the_people(sqlite_world: World) -> None:
    for name in ("labour_a", "signatory_a", "adviser_a", "reviewer"):
        assert sqlite_world.as_(name).get("/countries/KG/people").status_code == 403, name
    foreign = sqlite_world.as_("focal_b").get("/countries/KG/people")
    absent = sqlite_world.as_("focal_b").get("/countries/FR/people")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.content == absent.content
    assert sqlite_world.as_("anonymous").get("/countries/KG/people").status_code == 401


def test_open_invitations_are_listed_until_they_are_cancelled(sqlite_world: World) -> None:
    made = invite(sqlite_world, "focal_a", "contributor").json()
    listed = sqlite_world.as_("focal_a").get("/countries/KG/people").json()["invitations"]
    assert [(item["id"], item["email"], item["role"]) for item in listed] == [
        (made["id"], "new@example.org", "contributor")
    ]
    sqlite_world.as_("focal_a").delete(f"/countries/KG/invitations/{made['id']}")
    assert sqlite_world.as_("focal_a").get("/countries/KG/people").json()["invitations"] == []


def test_a_ministry_is_added_renamed_and_listed_by_name(world: World) -> None:
    added = world.as_("focal_a").post("/countries/KG/ministries", json={"name": "  Bureau of  Statistics "})
    assert (added.status_code, added.json()["name"]) == (201, "Bureau of Statistics")
    path = f"/countries/KG/ministries/{added.json()['id']}"
    assert world.as_("focal_a").put(path, json={"name": "statistics office"}).status_code == 200
    names = [ministry["name"] for ministry in world.as_("labour_a").get("/countries/KG/ministries").json()]
    assert names == ["Ministry health", "Ministry labour", "statistics office"]


def test_two_ministries_of_a_country_cannot_have_one_name(sqlite_world: World) -> None:
    client = sqlite_world.as_("focal_a")
    assert client.post("/countries/KG/ministries", json={"name": "MINISTRY Labour"}).status_code == 409
    own = f"/countries/KG/ministries/{sqlite_world.ministries['health']}"
    assert client.put(own, json={"name": "Ministry LABOUR"}).status_code == 409
    assert client.put(own, json={"name": "Ministry Health"}).status_code == 200
    elsewhere = sqlite_world.as_("focal_b").post("/countries/UZ/ministries", json={"name": "Ministry labour"})
    assert elsewhere.status_code == 201


def test_ministries_are_changed_by_the_countrys_focal_point_alone(sqlite_world: World) -> None:
    path = f"/ministries/{sqlite_world.ministries['labour']}"
    for name, status in (("labour_a", 403), ("reviewer", 403), ("administrator", 403), ("focal_b", 404)):
        client, body = sqlite_world.as_(name), {"name": "Another"}
        assert client.put(f"/countries/KG{path}", json=body).status_code == status, name
        assert client.post("/countries/KG/ministries", json=body).status_code == status, name
    foreign = sqlite_world.as_("focal_b").put(f"/countries/UZ{path}", json={"name": "Another"})
    assert foreign.status_code == 404


def test_a_hostile_name_of_a_ministry_is_refused(sqlite_world: World) -> None:
    for name in ("", "a\0b", "evil\u202etxt", "x" * 301, "...", {"a": 1}, None):
        answer = sqlite_world.as_("focal_a").post("/countries/KG/ministries", json={"name": name})
        assert answer.status_code == 422, name
