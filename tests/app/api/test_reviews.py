"""The review: marks, returns with reasons, and the way back."""

from app.models.assessments import Assignment
from app.models.work import Comment
from app.people.secrets import new_id
from questionnaire.response import Response
from tests.steps import bring_to, made, path, sign_off, submit
from tests.world import World

RETURN = {
    "indicators": [
        {"indicator": "health-access", "reason": "Which law gives this?"},
        {"indicator": "diaspora-institution", "reason": "Since when?"},
    ]
}


def returned(world: World, response: Response) -> None:
    """A response that was submitted, and of which two answers were sent back."""
    bring_to(world, "in_review", response)
    world.later(minutes=5)
    made(world.as_("reviewer").post(path(world, "return"), json=RETURN))


def statuses(world: World, name: str = "focal_a") -> dict[str, str]:
    shown = made(world.as_(name).get(path(world, "returns"))).json()
    return {item["indicator"]: item["status"] for item in shown}


def change(world: World, indicator: str, version: int = 1) -> None:
    headers = {"If-Match": f'"{version}"'}
    body = {"not_known": "It is being looked up."}
    made(world.as_("focal_a").put(path(world, f"answers/{indicator}"), json=body, headers=headers))


def comment(world: World, audience: str, by: str = "focal_a") -> None:
    with world.work("comment") as work:
        comment_id = new_id()
        work.session.add(
            Comment(
                id=comment_id, assessment_id=world.assessments["a"], indicator="diaspora-institution", thread_id=comment_id,
                audience=audience, text="It stays as it is.", written_by=world.accounts[by], written_at=world.now,
            )
        )  # fmt: skip


def test_a_mark_counts_while_the_answer_stays(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    reviewer = sqlite_world.as_("reviewer")
    marked = made(reviewer.post(path(sqlite_world, "reviews/health-access"), json={"answer_version": 1})).json()
    assert (marked["current"], marked["reviewed_by"]) == (True, "Person reviewer")
    made(reviewer.post(path(sqlite_world, "return"), json=RETURN))
    for indicator in ("health-access", "diaspora-institution"):
        change(sqlite_world, indicator)
    submit(sqlite_world)
    assert [mark["current"] for mark in reviewer.get(path(sqlite_world, "reviews")).json()] == [False]


def test_a_mark_names_the_submitted_version(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    stale = sqlite_world.as_("reviewer").post(path(sqlite_world, "reviews/health-access"), json={"answer_version": 2})
    assert (stale.status_code, stale.json()["version"]) == (412, 1)
    unknown = sqlite_world.as_("reviewer").post(path(sqlite_world, "reviews/nothing"), json={"answer_version": 0})
    assert unknown.status_code == 404


def test_a_mark_is_taken_away(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    reviewer = sqlite_world.as_("reviewer")
    made(reviewer.post(path(sqlite_world, "reviews/health-access"), json={"answer_version": 1}))
    assert reviewer.delete(path(sqlite_world, "reviews/health-access")).status_code == 204
    assert reviewer.delete(path(sqlite_world, "reviews/health-access")).status_code == 404
    assert reviewer.get(path(sqlite_world, "reviews")).json() == []


def test_indicators_are_sent_back_with_reasons(world: World, response: Response) -> None:
    returned(world, response)
    shown = world.as_("focal_a").get(path(world, "returns")).json()
    assert {item["indicator"]: item["reason"] for item in shown} == {
        item["indicator"]: item["reason"] for item in RETURN["indicators"]
    }
    event = world.as_("focal_a").get(path(world, "record"), params={"kind": "returned"}).json()["items"][0]
    assert event["state"] == "collecting"
    assert "Which law" not in str(event)


def test_a_return_names_indicators_that_there_are_and_a_reason(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    reviewer, address = sqlite_world.as_("reviewer"), path(sqlite_world, "return")
    named = [{"indicator": name, "reason": "Why?"} for name in ("health-access", "nothing", "health-access")]
    wrong = reviewer.post(address, json={"indicators": named})
    assert [error["path"] for error in wrong.json()["errors"]] == [
        ["indicators", 1, "indicator"], ["indicators", 2, "indicator"],
    ]  # fmt: skip
    assert reviewer.post(address, json={"indicators": []}).status_code == 422
    assert reviewer.post(address, json={"indicators": [{"indicator": "nothing", "reason": " "}]}).status_code == 422
    assert reviewer.get(path(sqlite_world, "returns")).json() == []


def test_a_returned_indicator_is_changed_once_a_new_version_is_saved(sqlite_world: World, response: Response) -> None:
    returned(sqlite_world, response)
    change(sqlite_world, "health-access")
    assert statuses(sqlite_world) == {"health-access": "changed", "diaspora-institution": "changes_requested"}
    assert set(statuses(sqlite_world, "reviewer").values()) == {"changes_requested"}


def test_a_contributor_sees_the_returns_of_their_ministry_alone(sqlite_world: World, response: Response) -> None:
    returned(sqlite_world, response)
    assert statuses(sqlite_world, "health_a") == {}
    with sqlite_world.work("assign") as work:
        work.session.add(
            Assignment(
                assessment_id=sqlite_world.assessments["a"], indicator="health-access", assigned_at=sqlite_world.now,
                ministry_id=sqlite_world.ministries["health"], assigned_by=sqlite_world.accounts["focal_a"],
            )
        )  # fmt: skip
    assert statuses(sqlite_world, "health_a") == {"health-access": "changes_requested"}


def test_what_was_sent_back_is_changed_or_answered_before_it_is_submitted_again(
    sqlite_world: World, response: Response
) -> None:
    returned(sqlite_world, response)
    change(sqlite_world, "health-access")
    sign_off(sqlite_world)
    for audience, by in (("government", "focal_a"), ("shared", "reviewer")):
        comment(sqlite_world, audience, by)
        refused = sqlite_world.as_("focal_a").post(path(sqlite_world, "submission"))
        assert [item["indicator"] for item in refused.json()["missing"]] == ["diaspora-institution"]
    comment(sqlite_world, "shared")
    assert submit(sqlite_world).json()["number"] == 2


def test_what_was_changed_after_a_return_is_signed_anew(sqlite_world: World, response: Response) -> None:
    returned(sqlite_world, response)
    assert sqlite_world.as_("signatory_a").get(path(sqlite_world, "sign-off")).json()["valid"]
    for indicator in ("health-access", "diaspora-institution"):
        change(sqlite_world, indicator)
    refused = sqlite_world.as_("focal_a").post(path(sqlite_world, "submission"))
    assert [item["indicator"] for item in refused.json()["missing"]] == [None]


def test_the_second_return_is_about_the_second_submission(sqlite_world: World, response: Response) -> None:
    returned(sqlite_world, response)
    for indicator in ("health-access", "diaspora-institution"):
        change(sqlite_world, indicator)
    submit(sqlite_world)
    only = {"indicators": RETURN["indicators"][:1]}
    made(sqlite_world.as_("reviewer").post(path(sqlite_world, "return"), json=only))
    assert statuses(sqlite_world) == {"health-access": "changes_requested"}


def test_what_was_sent_back_twice_shows_the_last_reasons(sqlite_world: World, response: Response) -> None:
    returned(sqlite_world, response)
    for indicator in ("health-access", "diaspora-institution"):
        change(sqlite_world, indicator)
    submit(sqlite_world)
    last = {"indicators": [{"indicator": "health-access", "reason": "Another reason."}]}
    made(sqlite_world.as_("reviewer").post(path(sqlite_world, "return"), json=last))
    shown = sqlite_world.as_("focal_a").get(path(sqlite_world, "returns")).json()
    assert [(item["indicator"], item["reason"]) for item in shown] == [("health-access", "Another reason.")]


def test_a_withdrawal_while_answers_are_corrected_leaves_the_correction_going(
    sqlite_world: World, response: Response
) -> None:
    bring_to(sqlite_world, "published", response)
    reviewer = sqlite_world.as_("reviewer")
    made(reviewer.post(path(sqlite_world, "erratum"), json={"reason": "A date."}))
    made(reviewer.post(path(sqlite_world, "return"), json=RETURN))
    made(reviewer.post(path(sqlite_world, "withdrawal"), json={"notice": "Wrong."}))
    assert sqlite_world.as_("focal_a").get(path(sqlite_world, "").rstrip("/")).json()["state"] == "collecting"
    assert reviewer.get("/snapshots/KG/2026").status_code == 410
