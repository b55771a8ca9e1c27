"""Saving answers: versions, conflicts, retries."""

from questionnaire.response import Response
from tests.steps import bring_to
from tests.steps import path as steps_path
from tests.teamwork import assign, save
from tests.world import World

ANSWER = {"values": {"groups": "all"}, "note": "First."}


def path(world: World, indicator: str = "health-access") -> str:
    return f"/assessments/{world.assessments['a']}/answers/{indicator}"


def test_an_answer_is_saved_and_read_again(world: World) -> None:
    saved = world.as_("focal_a").put(path(world), json=ANSWER, headers={"If-Match": '"0"'})
    assert saved.status_code == 200, saved.text
    assert saved.headers["ETag"] == '"1"'
    read = world.as_("second_focal_a").get(path(world))
    assert read.json()["answer"] == ANSWER


def test_a_save_on_an_old_version_gives_both_texts(world: World) -> None:
    world.as_("focal_a").put(path(world), json=ANSWER, headers={"If-Match": '"0"'})
    late = world.as_("second_focal_a").put(
        path(world), json={"values": {"groups": "none"}}, headers={"If-Match": '"0"'}
    )
    assert late.status_code == 412
    assert (late.json()["yours"], late.json()["theirs"]) == ({"values": {"groups": "none"}}, ANSWER)


def test_the_same_save_again_is_no_conflict(world: World) -> None:
    answers = [world.as_("focal_a").put(path(world), json=ANSWER, headers={"If-Match": '"0"'}) for _ in range(2)]
    assert [(answer.status_code, answer.json()["version"]) for answer in answers] == [(200, 1), (200, 1)]


def test_a_stranger_and_an_absent_assessment_look_the_same(world: World) -> None:
    foreign = world.as_("focal_b").get(path(world))
    absent = world.as_("focal_b").get("/assessments/aaaaaaaaaaaaaaaaaaaa/answers/health-access")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.content == absent.content


def listed(world: World, name: str) -> list[tuple[str, int]]:
    answers = world.as_(name).get(f"/assessments/{world.assessments['a']}/answers")
    assert answers.status_code == 200, answers.text
    return [(answer["indicator"], answer["version"]) for answer in answers.json()]


def test_all_answers_are_listed_in_the_instruments_order_at_their_last_version(world: World) -> None:
    save(world, 0, {"values": {"groups": "none"}}, "education-access")
    save(world, 0, ANSWER)
    save(world, 1, {"values": {"groups": "none"}})
    assert listed(world, "second_focal_a") == [("health-access", 2), ("education-access", 1)]


def test_a_list_holds_what_its_reader_may_see(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    assert len(listed(sqlite_world, "reviewer")) == len(response.answers)
    assert listed(sqlite_world, "labour_a") == []
    for name, status in {
        "administrator": 403,
        "adviser_a": 409,
        "focal_b": 404,
        "nobody": 404,
        "anonymous": 401,
    }.items():
        refused = sqlite_world.as_(name).get(f"/assessments/{sqlite_world.assessments['a']}/answers")
        assert refused.status_code == status, name


def test_reviewers_and_contributors_list_no_more_than_is_theirs(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    body = {"indicators": [{"indicator": "health-access", "reason": "Please name the law."}]}
    assert sqlite_world.as_("reviewer").post(steps_path(sqlite_world, "return"), json=body).is_success
    assign(sqlite_world, "labour", "health-access")
    save(sqlite_world, 1, {"values": {"groups": "none"}})
    assert listed(sqlite_world, "labour_a") == [("health-access", 2)]
    assert ("health-access", 1) in listed(sqlite_world, "reviewer")
