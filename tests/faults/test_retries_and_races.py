"""Lost answers and two editors at once: nothing is done twice, nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.faults.dropping_proxy import dropping_proxy
from tests.world import World

RACES = 200
TIMES = 60


def path(world: World, rest: str) -> str:
    return f"/assessments/{world.assessments['a']}/{rest}"


def insistent(client: httpx.Client, method: str, where: str, **more: Any) -> httpx.Response:
    """Send again, the very same, until an answer comes."""
    for _ in range(10):
        try:
            return client.request(method, where, **more)
        except httpx.TransportError:
            continue
    raise AssertionError("no answer came in ten tries")


def through(world: World, port: int) -> httpx.Client:
    direct = world.as_("focal_a")
    return httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", headers=direct.headers, timeout=30, verify=False)


def server_port(world: World) -> int:
    return httpx.URL(world.address).port or 0


def test_a_save_whose_answer_was_lost_is_saved_once(world: World) -> None:
    where = path(world, "answers/health-access")
    with dropping_proxy(server_port(world)) as port, through(world, port) as client:
        for version in range(TIMES):
            body = {"note": f"Version {version + 1}."}
            saved = insistent(client, "PUT", where, json=body, headers={"If-Match": f'"{version}"'})
            assert (saved.status_code, saved.json()["version"]) == (200, version + 1)
    history = world.as_("focal_a").get(f"{where}/history").json()
    assert [one["answer"]["note"] for one in reversed(history)] == [f"Version {n + 1}." for n in range(TIMES)]


def test_a_comment_whose_answer_was_lost_is_written_once(world: World) -> None:
    comment = {"indicator": "health-access", "audience": "government", "text": "Who answers this?"}
    with dropping_proxy(server_port(world)) as port, through(world, port) as client:
        for number in range(TIMES):
            headers = {"Idempotency-Key": f"comment-{number:04}"}
            written = insistent(client, "POST", path(world, "comments"), json=comment, headers=headers)
            assert written.status_code == 201, written.text
    assert len(world.as_("focal_a").get(path(world, "comments?limit=200")).json()["items"]) == TIMES


def test_eight_at_once_with_one_key_act_once(world: World) -> None:
    comment = {"indicator": "health-access", "audience": "government", "text": "Who answers this?"}
    client = world.as_("focal_a")

    def send(_: int) -> httpx.Response:
        return client.post(path(world, "comments"), json=comment, headers={"Idempotency-Key": "the-one-key"})

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_one_key_cannot_stand_for_two_requests(sqlite_world: World) -> None:
    client = sqlite_world.as_("focal_a")
    statuses = []
    for text in ("First.", "Second."):
        comment = {"indicator": "health-access", "audience": "government", "text": text}
        headers = {"Idempotency-Key": "the-one-key"}
        statuses.append(client.post(path(sqlite_world, "comments"), json=comment, headers=headers).status_code)
    assert statuses == [201, 409]


def test_of_two_editors_exactly_one_wins_and_nothing_is_lost(world: World) -> None:
    where = path(world, "answers/health-access")
    people = [world.as_("focal_a"), world.as_("second_focal_a")]

    def save(number: int, version: int) -> httpx.Response:
        body = {"note": f"Editor {number} on version {version}."}
        return people[number].put(where, json=body, headers={"If-Match": f'"{version}"'})

    with ThreadPoolExecutor(2) as pool:
        for version in range(RACES):
            first, second = pool.map(save, (0, 1), (version, version))
            assert {first.status_code, second.status_code} == {200, 412}
            won, late = (first, second) if first.status_code == 200 else (second, first)
            assert late.json()["theirs"] == won.json()["answer"]
            assert late.json()["yours"]["note"] != won.json()["answer"]["note"]
    assert len(people[0].get(f"{where}/history").json()) == RACES
