"""The country's list of sources: saved with versions, used by reference, seen by those who may."""

from concurrent.futures import ThreadPoolExecutor

from questionnaire.response import Response
from tests.steps import bring_to
from tests.world import World

LAW = {"title": "Law on External Migration", "kind": "law", "url": "https://example.org/law", "date": "2000-07-17"}
SECRET_NOTE = {"title": "An internal instruction", "kind": "law", "public": False}
NEW = {"If-Match": '"0"'}


def path(world: World, rest: str = "", name: str = "a") -> str:
    return f"/assessments/{world.assessments[name]}/{rest}"


def test_a_source_is_saved_and_an_answer_names_it(world: World) -> None:
    focal = world.as_("focal_a")
    assert focal.put(path(world, "sources/migration-law"), json=LAW, headers=NEW).status_code == 200
    answer = {"values": {"groups": "all", "law": "migration-law"}}
    assert focal.put(path(world, "answers/health-access"), json=answer, headers=NEW).status_code == 200
    assert [one["id"] for one in focal.get(path(world, "sources")).json()] == ["migration-law"]


def test_an_answer_cannot_name_a_source_of_another_country(world: World) -> None:
    world.as_("focal_a").put(path(world, "sources/migration-law"), json=LAW, headers=NEW)
    answer = {"values": {"groups": "all", "law": "migration-law"}}
    refused = world.as_("focal_b").put(path(world, "answers/health-access", "b"), json=answer, headers=NEW)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["path"] == ["values", "law"]


def test_a_change_on_an_old_version_gives_both_texts(world: World) -> None:
    focal = world.as_("focal_a")
    for version in (0, 1):
        json = LAW | {"title": f"Title {version}"}
        focal.put(path(world, "sources/migration-law"), json=json, headers={"If-Match": f'"{version}"'})
    late = focal.put(path(world, "sources/migration-law"), json=LAW, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    assert (late.json()["yours"]["title"], late.json()["theirs"]["title"]) == (LAW["title"], "Title 1")


def test_a_source_that_an_answer_names_stays(world: World) -> None:
    focal = world.as_("focal_a")
    focal.put(path(world, "sources/migration-law"), json=LAW, headers=NEW)
    focal.put(path(world, "answers/health-access"), json={"values": {"law": "migration-law"}}, headers=NEW)
    gone = focal.delete(path(world, "sources/migration-law"), headers={"If-Match": '"1"'})
    assert (gone.status_code, gone.json()["indicators"]) == (409, ["health-access"])
    focal.put(path(world, "answers/health-access"), json={"note": "No law."}, headers={"If-Match": '"1"'})
    assert focal.delete(path(world, "sources/migration-law"), headers={"If-Match": '"1"'}).status_code == 204
    assert focal.get(path(world, "sources/migration-law")).status_code == 404


def test_contributors_see_public_sources_alone(sqlite_world: World) -> None:
    world = sqlite_world
    world.as_("focal_a").put(path(world, "sources/migration-law"), json=LAW, headers=NEW)
    world.as_("focal_a").put(path(world, "sources/instruction"), json=SECRET_NOTE, headers=NEW)
    assert [one["id"] for one in world.as_("labour_a").get(path(world, "sources")).json()] == ["migration-law"]


def test_who_may_not(sqlite_world: World) -> None:
    world = sqlite_world
    tries = {"labour_a": 403, "reviewer": 403, "administrator": 403, "focal_b": 404, "nobody": 404, "anonymous": 401}
    for name, status in tries.items():
        answer = world.as_(name).put(path(world, "sources/migration-law"), json=LAW, headers=NEW)
        assert answer.status_code == status, name
    assert world.as_("reviewer").get(path(world, "sources")).status_code == 409


def test_a_source_that_another_round_rests_on_stays(sqlite_world: World) -> None:
    world = sqlite_world
    world.open_round("later", "KG", 2027)
    world.as_("focal_a").put(path(world, "sources/migration-law"), json=LAW, headers=NEW)
    world.as_("focal_a").put(
        path(world, "answers/health-access"), json={"values": {"law": "migration-law"}}, headers=NEW
    )
    gone = world.as_("focal_a").delete(path(world, "sources/migration-law", "later"), headers={"If-Match": '"1"'})
    assert (gone.status_code, "health-access (2026)" in gone.json()["detail"]) == (409, True)


def test_one_source_saved_in_two_rounds_at_once_is_no_error(world: World) -> None:
    world.open_round("later", "KG", 2027)
    client = world.as_("focal_a")

    def save(name: str, version: int) -> int:
        body = LAW | {"title": f"Title of {name} on {version}"}
        return client.put(path(world, "sources/law", name), json=body, headers={"If-Match": f'"{version}"'}).status_code

    with ThreadPoolExecutor(2) as pool:
        for version in range(20):
            assert sorted(pool.map(save, ("a", "later"), (version, version))) == [200, 412]


def test_reviewers_see_no_source_that_nothing_rests_on(sqlite_world: World, response: Response) -> None:
    world = sqlite_world
    world.as_("focal_a").put(path(world, "sources/instruction"), json=SECRET_NOTE, headers=NEW)
    bring_to(world, "in_review", response)
    assert "instruction" not in [one["id"] for one in world.as_("reviewer").get(path(world, "sources")).json()]
