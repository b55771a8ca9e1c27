"""What ministries propose: beside the answer, never over it; adopted, merged, declined."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from app.models.people import RoleGrant
from app.people.secrets import new_id
from questionnaire.response import Response
from tests.steps import bring_to, made, path
from tests.teamwork import ALL, NONE, assign, propose, proposed, save
from tests.world import World


def decide(world: World, contribution: str, how: str, version: int | None = None, **body: Any) -> httpx.Response:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    place = path(world, f"contributions/{contribution}/{how}")
    return world.as_("focal_a").post(place, json=body or None, headers=headers)


def listed(world: World, name: str, **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = made(world.as_(name).get(path(world, "contributions"), params=params)).json()["items"]
    return found


def states(world: World, name: str = "focal_a") -> list[str]:
    return [item["state"] for item in listed(world, name)]


def kinds(world: World) -> list[str]:
    found = made(world.as_("focal_a").get(path(world, "record"), params={"order": "oldest"})).json()["items"]
    return [event["kind"] for event in found]


def test_a_contribution_stands_beside_the_answer_until_it_is_adopted(world: World) -> None:
    save(world, 0, NONE)
    assign(world, "labour", "health-access")
    contribution = proposed(world, "labour_a", answer=ALL, remark="Since the reform.")
    assert made(world.as_("focal_a").get(path(world, "answers/health-access"))).json()["answer"] == NONE
    adopted = made(decide(world, contribution, "adopt", 1))
    assert (adopted.headers["ETag"], adopted.json()["answer"]) == ('"2"', ALL)
    assert states(world) == states(world, "labour_a") == ["adopted"]
    assert kinds(world)[-3:] == ["contribution_proposed", "answer_saved", "contribution_adopted"]


def test_adopting_on_an_old_version_gives_both_texts_and_leaves_it_open(world: World) -> None:
    assign(world, "labour", "health-access")
    contribution = proposed(world, "labour_a")
    save(world, 0, NONE)
    late = decide(world, contribution, "adopt", 0)
    assert late.status_code == 412
    assert (late.json()["yours"], late.json()["theirs"]) == (ALL, NONE)
    assert states(world) == ["proposed"]
    assert decide(world, contribution, "adopt").status_code == 428


def test_two_ministries_differ_and_neither_goes_first_nor_sees_the_other(sqlite_world: World) -> None:
    for ministry in ("labour", "health"):
        assign(sqlite_world, ministry, "health-access")
    proposed(sqlite_world, "labour_a", answer=ALL)
    sqlite_world.later(seconds=1)
    proposed(sqlite_world, "health_a", answer=NONE)
    beside = path(sqlite_world, "contributions/health-access")
    seen = made(sqlite_world.as_("focal_a").get(beside)).json()
    assert seen["answer"]["version"] == 0
    assert [item["answer"] for item in seen["contributions"]] == [ALL, NONE]
    for name, ministry in (("labour_a", "Ministry labour"), ("health_a", "Ministry health")):
        own = made(sqlite_world.as_(name).get(beside)).json()["contributions"]
        assert {item["ministry"] for item in [*own, *listed(sqlite_world, name)]} == {ministry}


def test_a_new_proposal_replaces_the_earlier_one_of_the_same_ministry(sqlite_world: World) -> None:
    for ministry in ("labour", "health"):
        assign(sqlite_world, ministry, "health-access")
    first = proposed(sqlite_world, "labour_a")
    proposed(sqlite_world, "health_a")
    proposed(sqlite_world, "labour_a", answer=NONE)
    found = listed(sqlite_world, "focal_a")
    assert sorted((item["ministry"], item["version"], item["state"]) for item in found) == [
        ("Ministry health", 1, "proposed"), ("Ministry labour", 1, "replaced"), ("Ministry labour", 2, "proposed"),
    ]  # fmt: skip
    refused = decide(sqlite_world, first, "adopt", 0)
    assert (refused.status_code, refused.json()["state"]) == (409, "replaced")


def test_a_merge_saves_the_merged_text_and_a_decided_one_stays_decided(sqlite_world: World) -> None:
    assign(sqlite_world, "labour", "health-access")
    contribution, merged = proposed(sqlite_world, "labour_a"), {**ALL, "note": "Both."}
    assert decide(sqlite_world, contribution, "merge", 0, answer={"values": {"groups": "x"}}).status_code == 422
    assert made(decide(sqlite_world, contribution, "merge", 0, answer=merged)).json()["answer"] == merged
    again = [
        decide(sqlite_world, contribution, "adopt", 1),
        decide(sqlite_world, contribution, "decline", reason="No."),
    ]
    assert [answer.status_code for answer in again] == [409, 409]
    assert states(sqlite_world) == ["merged"]


def test_a_declined_contribution_tells_its_ministry_why_and_the_record_does_not(sqlite_world: World) -> None:
    assign(sqlite_world, "labour", "health-access")
    contribution = proposed(sqlite_world, "labour_a")
    assert decide(sqlite_world, contribution, "decline").status_code == 422
    made(decide(sqlite_world, contribution, "decline", reason="That law was repealed."))
    assert [(item["state"], item["reason"]) for item in listed(sqlite_world, "labour_a")] == [
        ("declined", "That law was repealed.")
    ]
    record = sqlite_world.as_("administrator").get(path(sqlite_world, "record")).text
    assert "contribution_declined" in record
    assert "repealed" not in record


def test_a_proposal_is_checked_like_an_answer(sqlite_world: World) -> None:
    assign(sqlite_world, "labour", "health-access")
    wrong = propose(sqlite_world, "labour_a", answer={"values": {"groups": "purple"}})
    assert (wrong.status_code, wrong.json()["errors"][0]["path"]) == (422, ["answer", "values", "groups"])
    assert propose(sqlite_world, "labour_a", answer={}).status_code == 422
    assert propose(sqlite_world, "labour_a", answer=ALL, colour="red").status_code == 422
    assert states(sqlite_world) == []


def test_a_ministry_withdraws_its_own_alone(sqlite_world: World) -> None:
    for ministry in ("labour", "health"):
        assign(sqlite_world, ministry, "health-access")
    place = path(sqlite_world, f"contributions/{proposed(sqlite_world, 'labour_a')}/withdraw")
    assert sqlite_world.as_("health_a").post(place).status_code == 404
    assert sqlite_world.as_("focal_a").post(place).status_code == 403
    assert made(sqlite_world.as_("labour_a").post(place)).json()["state"] == "withdrawn"
    assert sqlite_world.as_("labour_a").post(place).status_code == 409


def test_who_works_for_two_ministries_says_for_which(sqlite_world: World) -> None:
    for ministry in ("labour", "health"):
        assign(sqlite_world, ministry, "health-access")
    assign(sqlite_world, "health", "education-access")
    with sqlite_world.work("manage_accounts") as work:
        ministry, account = sqlite_world.ministries["health"], sqlite_world.accounts["labour_a"]
        work.session.add(
            RoleGrant(id=new_id(), account_id=account, role="contributor", country="KG", ministry_id=ministry,
                      created_at=sqlite_world.now)
        )  # fmt: skip
    assert propose(sqlite_world, "labour_a").status_code == 422
    assert propose(sqlite_world, "labour_a", ministry_id=sqlite_world.ministries["labour_b"]).status_code == 422
    assert propose(sqlite_world, "labour_a", ministry_id=ministry).json()["ministry"] == "Ministry health"
    assert propose(sqlite_world, "labour_a", "education-access").json()["ministry"] == "Ministry health"


def test_a_proposal_repeated_with_its_key_is_made_once(sqlite_world: World) -> None:
    assign(sqlite_world, "labour", "health-access")
    place, key = path(sqlite_world, "contributions/health-access"), {"Idempotency-Key": "proposal-1"}
    answers = [sqlite_world.as_("labour_a").post(place, json={"answer": ALL}, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len(listed(sqlite_world, "focal_a")) == 1


def test_proposals_and_decisions_at_the_same_moment_leave_one_open_and_decide_once(world: World) -> None:
    assign(world, "labour", "health-access")
    world.as_("labour_a")
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: propose(world, "labour_a"), range(6)))
        assert [answer.status_code for answer in answers] == [201] * 6
        assert sorted(item["version"] for item in listed(world, "focal_a")) == [1, 2, 3, 4, 5, 6]
        [left] = listed(world, "focal_a", state="proposed")
        decided = list(pool.map(lambda how: decide(world, left["id"], how, 0, reason="No."), ["decline"] * 6))
    assert sorted(answer.status_code for answer in decided) == [200] + [409] * 5


def test_pages_lead_through_all_contributions_even_those_of_one_moment(world: World) -> None:
    assign(world, "labour", "health-access")
    for number in range(3):
        proposed(world, "labour_a", answer={**ALL, "note": f"Note {number}"})
    place, after = path(world, "contributions"), None
    notes: list[str] = []
    for _ in range(3):
        params = {"limit": 1, **({"after": after} if after else {})}
        page = made(world.as_("labour_a").get(place, params=params)).json()
        notes, after = [*notes, *(item["answer"]["note"] for item in page["items"])], page["next"]
    assert (sorted(notes), after) == (["Note 0", "Note 1", "Note 2"], None)
    assert [item["state"] for item in listed(world, "focal_a", state="proposed")] == ["proposed"]
    assert world.as_("focal_a").get(place, params={"after": "nonsense"}).status_code == 422


def test_who_may_propose_and_decide(sqlite_world: World) -> None:
    assign(sqlite_world, "labour", "health-access")
    contribution = proposed(sqlite_world, "labour_a")
    refused = {"focal_a": 403, "signatory_a": 403, "reviewer": 403, "administrator": 403}
    for name, status in {**refused, "health_a": 404, "contributor_b": 404, "nobody": 404, "anonymous": 401}.items():
        assert propose(sqlite_world, name).status_code == status, name
    colleagues = {"labour_a": 403, "signatory_a": 403, "adviser_a": 403, "reviewer": 403, "administrator": 403}
    for name, status in {**colleagues, "focal_b": 404, "anonymous": 401}.items():
        place = path(sqlite_world, f"contributions/{contribution}")
        client = sqlite_world.as_(name)
        assert client.post(f"{place}/adopt", headers={"If-Match": '"0"'}).status_code == status, name
        assert client.post(f"{place}/decline", json={"reason": "No."}).status_code == status, name
        if name != "labour_a":
            assert client.get(path(sqlite_world, "contributions")).status_code == status, name


def test_another_assessments_contribution_is_not_found(sqlite_world: World) -> None:
    assign(sqlite_world, "labour", "health-access")
    contribution = proposed(sqlite_world, "labour_a")
    foreign = path(sqlite_world, f"contributions/{contribution}/decline", "b")
    absent = path(sqlite_world, "contributions/aaaaaaaaaaaaaaaaaaaa/decline", "b")
    answers = [sqlite_world.as_("focal_b").post(place, json={"reason": "No."}) for place in (foreign, absent)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_nothing_is_proposed_or_decided_while_it_is_reviewed(sqlite_world: World, response: Response) -> None:
    assign(sqlite_world, "labour", "health-access")
    contribution = proposed(sqlite_world, "labour_a")
    bring_to(sqlite_world, "in_review", response)
    assert propose(sqlite_world, "labour_a").status_code == 409
    assert decide(sqlite_world, contribution, "adopt", 1).status_code == 409
