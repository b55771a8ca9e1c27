"""Saving answers: versions, conflicts, retries."""

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
