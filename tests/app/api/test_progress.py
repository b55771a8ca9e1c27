"""Progress and the check before submission, as each person sees them."""

from typing import Any

from app.models.assessments import StoredAnswer
from app.record import text_hash
from questionnaire.response import Response
from tests.steps import bring_to, fill, made, path, sign_off
from tests.teamwork import ALL, NONE, assign, comment, propose, proposed, save
from tests.world import World


def progress(world: World, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = made(world.as_(name).get(path(world, "progress"))).json()
    return found


def standing(world: World, name: str, indicator: str = "health-access") -> dict[str, Any]:
    return next(item for domain in progress(world, name) for item in domain["indicators"] if item["id"] == indicator)


def check(world: World, name: str = "focal_a") -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = made(world.as_(name).get(path(world, "missing"))).json()
    return found


def carry(world: World, indicator: str = "health-access", body: str = '{"values":{"groups":"none"}}') -> None:
    """An answer as it is carried from the round of 2018."""
    with world.service.database.writing() as session:
        session.add(
            StoredAnswer(
                assessment_id=world.assessments["a"], indicator=indicator, version=1, base=0, body=body,
                sha256=text_hash(body), carried_from=2018, saved_by=world.accounts["focal_a"], saved_at=world.now,
            )
        )  # fmt: skip


def confirm(world: World, version: int, indicator: str = "health-access") -> tuple[int, dict[str, Any]]:
    place = path(world, f"answers/{indicator}/confirm")
    answer = world.as_("focal_a").post(place, headers={"If-Match": f'"{version}"'})
    return answer.status_code, answer.json()


def test_each_state_of_an_indicator_is_told(sqlite_world: World) -> None:
    given = {
        "health-access": ALL,
        "education-access": {"values": {"groups": "none"}},
        "social-protection-access": {"not_known": "The ministry does not say."},
        "social-security-portability": {"not_applicable": "There are none here."},
        "anti-discrimination": {"note": "Later."},
        "family-reunification": {"values": {"groups": "none"}},
    }
    for indicator, answer in given.items():
        made(save(sqlite_world, 0, answer, indicator))
    states = {item["id"]: item["state"] for item in progress(sqlite_world, "focal_a")[0]["indicators"]}
    assert states["health-access"] == "incomplete"
    assert states["education-access"] == "answered"
    assert states["social-protection-access"] == "not_known"
    assert states["social-security-portability"] == "not_applicable"
    assert states["anti-discrimination"] == "not_answered"
    assert states["family-member-work"] == "not_asked"


def test_what_is_moot_counts_neither_as_asked_nor_as_answered(sqlite_world: World) -> None:
    before = progress(sqlite_world, "focal_a")[0]
    save(sqlite_world, 0, NONE)
    save(sqlite_world, 0, {"values": {"groups": "none"}}, "family-reunification")
    after = progress(sqlite_world, "adviser_a")[0]
    assert (before["answered"], before["asked"]) == (0, len(before["indicators"]))
    assert (after["answered"], after["asked"]) == (2, before["asked"] - 1)


def test_a_contributor_sees_their_indicators_and_no_totals_beyond_them(sqlite_world: World) -> None:
    save(sqlite_world, 0, NONE)
    assert progress(sqlite_world, "labour_a") == []
    assign(sqlite_world, "labour", "health-access", "education-access", due="2026-01-15")
    assign(sqlite_world, "health", "health-access")
    propose(sqlite_world, "health_a")
    [domain] = progress(sqlite_world, "labour_a")
    assert [item["id"] for item in domain["indicators"]] == ["health-access", "education-access"]
    assert (domain["answered"], domain["asked"]) == (1, 2)
    assert not standing(sqlite_world, "labour_a")["open_contribution"]
    assert standing(sqlite_world, "focal_a")["open_contribution"]


def test_flags_tell_what_goes_on_around_an_answer_to_its_government(sqlite_world: World) -> None:
    assign(sqlite_world, "labour", "health-access", due="2026-01-15")
    propose(sqlite_world, "labour_a")
    comment(sqlite_world, "labour_a", "government")
    sqlite_world.later(days=1)
    sqlite_world.forget_clients()
    flags = ("assigned", "overdue", "open_contribution", "open_thread")
    assert [standing(sqlite_world, "focal_a")[flag] for flag in flags] == [True] * 4
    assert [standing(sqlite_world, "signatory_a")[flag] for flag in flags] == [True, True, False, True]
    assert [standing(sqlite_world, "adviser_a")[flag] for flag in flags] == [False] * 4


def test_progress_tells_nothing_of_what_was_found(sqlite_world: World, response: Response) -> None:
    fill(sqlite_world, response)
    text = sqlite_world.as_("focal_a").get(path(sqlite_world, "progress")).text
    assert "well_developed" not in text
    assert "potential" not in text
    assert set(progress(sqlite_world, "focal_a")[0]) == {"number", "title", "answered", "asked", "indicators"}


def test_a_reviewer_sees_the_submission_and_what_became_of_their_return(world: World, response: Response) -> None:
    early = world.as_("reviewer").get(path(world, "progress"))
    assert early.status_code == 409
    bring_to(world, "in_review", response)
    body = {"indicators": [{"indicator": "health-access", "reason": "Please name the law."}]}
    made(world.as_("reviewer").post(path(world, "return"), json=body))
    assert [item["kind"] for item in check(world)["missing"] if item["indicator"]] == ["return"]
    assert standing(world, "focal_a")["changes"] == standing(world, "reviewer")["changes"] == "changes_requested"
    made(save(world, 1, {"note": "Emptied."}))
    assert (standing(world, "focal_a")["changes"], standing(world, "focal_a")["state"]) == ("changed", "not_answered")
    seen = standing(world, "reviewer")
    assert (seen["changes"], seen["state"]) == ("changes_requested", "answered")
    assert standing(world, "adviser_a")["changes"] is None


def test_the_check_lists_all_that_is_missing_and_where(sqlite_world: World, response: Response) -> None:
    found = check(sqlite_world)["missing"]
    assert found[0]["indicator"] == "health-access"
    assert found[0]["link"] == f"/api/v1/assessments/{sqlite_world.assessments['a']}/answers/health-access"
    assert (found[-1]["kind"], found[-1]["indicator"]) == ("sign_off", None)
    fill(sqlite_world, response)
    assert [item["kind"] for item in check(sqlite_world)["missing"]] == ["sign_off"]
    sign_off(sqlite_world)
    assert check(sqlite_world, "signatory_a")["missing"] == []


def test_what_colleagues_left_open_is_a_remark_to_the_government_alone(sqlite_world: World, response: Response) -> None:
    fill(sqlite_world, response)
    assign(sqlite_world, "labour", "health-access")
    proposed(sqlite_world, "labour_a")
    found = check(sqlite_world)
    assert [item["kind"] for item in found["missing"]] == ["sign_off"]
    assert {item["kind"]: item["message"] for item in found["remarks"]} == {
        "contribution": "the contribution of Ministry labour is not adopted, merged or declined yet",
        "assignment": "Ministry labour has not said that it is done",
    }
    assert [item["kind"] for item in check(sqlite_world, "signatory_a")["remarks"]] == ["assignment"]
    assert check(sqlite_world, "adviser_a")["remarks"] == []


def test_who_sees_progress_and_the_check(sqlite_world: World) -> None:
    for name, statuses in {
        "focal_a": (200, 200), "signatory_a": (200, 200), "labour_a": (200, 403), "adviser_a": (200, 200),
        "reviewer": (409, 409), "administrator": (403, 403), "focal_b": (404, 404), "anonymous": (401, 401),
    }.items():  # fmt: skip
        client = sqlite_world.as_(name)
        found = tuple(client.get(path(sqlite_world, place)).status_code for place in ("progress", "missing"))
        assert found == statuses, name


def test_a_carried_answer_waits_until_it_is_confirmed(world: World) -> None:
    carry(world)
    assert standing(world, "focal_a")["carried_from"] == 2018
    assert progress(world, "focal_a")[0]["answered"] == 0
    assert [item["kind"] for item in check(world)["missing"] if item["indicator"] == "health-access"] == [
        "confirmation"
    ]
    status, confirmed = confirm(world, 1)
    assert (status, confirmed["version"], confirmed["carried_from"], confirmed["answer"]) == (200, 2, None, NONE)
    assert standing(world, "focal_a")["carried_from"] is None
    assert progress(world, "focal_a")[0]["answered"] == 1
    assert [item for item in check(world)["missing"] if item["indicator"] == "health-access"] == []


def test_saving_the_same_text_confirms_as_well(sqlite_world: World) -> None:
    carry(sqlite_world)
    assert made(save(sqlite_world, 1, NONE)).json()["carried_from"] is None
    assert standing(sqlite_world, "focal_a")["carried_from"] is None


def test_a_carried_answer_that_is_moot_needs_no_confirmation(sqlite_world: World) -> None:
    carry(sqlite_world, "family-member-work", '{"values":{"access":"all"}}')
    save(sqlite_world, 0, {"values": {"groups": "none"}}, "family-reunification")
    assert standing(sqlite_world, "focal_a", "family-member-work")["carried_from"] is None
    assert "family-member-work" not in {item["indicator"] for item in check(sqlite_world)["missing"]}


def test_a_confirmation_acts_once_and_only_on_what_was_carried_and_seen(sqlite_world: World) -> None:
    assert confirm(sqlite_world, 0)[0] == 404
    carry(sqlite_world)
    place = path(sqlite_world, "answers/health-access/confirm")
    assert sqlite_world.as_("focal_a").post(place).status_code == 428
    assert confirm(sqlite_world, 7)[0] == 412
    assert [confirm(sqlite_world, 1)[1]["version"] for _ in range(2)] == [2, 2]
    assert confirm(sqlite_world, 2)[0] == 409
    save(sqlite_world, 2, ALL)
    status, again = confirm(sqlite_world, 1)
    assert (status, again["version"]) == (200, 2)
    assert sqlite_world.as_("focal_a").get(path(sqlite_world, "answers/health-access")).json()["answer"] == ALL
    for name, refused in {"labour_a": 403, "reviewer": 403, "administrator": 403, "focal_b": 404}.items():
        assert sqlite_world.as_(name).post(place, headers={"If-Match": '"1"'}).status_code == refused
