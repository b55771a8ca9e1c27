"""Two rounds of one country: what is told otherwise, with both texts and the reasons."""

from typing import Any

from app.assessments.rounds import open_round
from questionnaire.response import Response
from tests.steps import bring_to, fill, made, path, submit
from tests.teamwork import NONE
from tests.world import World


def open_next(world: World, response: Response) -> None:
    """A year later all answers but one are the same."""
    with world.work("open_round") as work:
        world.assessments["next"] = open_round(work, world.instrument, "KG", 2027).id
    fill(world, response, "next")
    address = path(world, "answers/health-access", "next")
    made(world.as_("focal_a").put(address, json=NONE, headers={"If-Match": '"1"'}))


def compared(world: World, name: str = "focal_a", **params: str) -> dict[str, Any]:
    found: dict[str, Any] = made(world.as_(name).get(path(world, "comparison", "next"), params=params)).json()
    return found


def test_a_round_is_compared_with_the_one_before(world: World, response: Response) -> None:
    bring_to(world, "published", response)
    open_next(world, response)
    found = compared(world)
    assert (found["before"]["round"], found["after"]["round"], found["language"]) == (2026, 2027, "en")
    assert found["before"]["assessment"] == world.assessments["a"]
    change = next(one for one in found["changes"] if one["indicator"] == "health-access")
    assert change["before"]["text"].startswith("All migrants, regardless of their legal status")
    assert (change["before"]["area"], change["after"]["area"]) == ("well_developed", "potential")
    assert [reason["kind"] for reason in change["reasons"]][:1] == ["changed"]
    assert found["changes"] == [change]


def test_reviewers_compare_what_was_submitted_in_both_rounds(world: World, response: Response) -> None:
    fill(world, response)
    open_next(world, response)
    reviewer = world.as_("reviewer")
    assert reviewer.get(path(world, "comparison", "next")).status_code == 409
    submit(world, "next")
    assert reviewer.get(path(world, "comparison", "next")).status_code == 409
    submit(world)
    assert [one["indicator"] for one in compared(world, "reviewer")["changes"]] == ["health-access"]


def test_what_a_reviewer_reworded_is_the_text_that_is_compared(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    edit = path(sqlite_world, "edits/education-access.finding")
    made(sqlite_world.as_("reviewer").put(edit, json={"text": "All children learn."}, headers={"If-Match": '"0"'}))
    open_next(sqlite_world, response)
    change = next(one for one in compared(sqlite_world)["changes"] if one["indicator"] == "education-access")
    assert change["before"]["text"].startswith("All children learn.")
    assert not change["after"]["text"].startswith("All children learn.")
    told = "The sentence that a reviewer had reworded is told as it is generated."
    assert change["reasons"] == [{"kind": "edit", "text": told}]


def test_the_first_round_has_nothing_to_be_compared_with(sqlite_world: World) -> None:
    assert sqlite_world.as_("focal_a").get(path(sqlite_world, "comparison")).status_code == 404


def test_an_unknown_language_is_told(sqlite_world: World, response: Response) -> None:
    open_next(sqlite_world, response)
    refused = sqlite_world.as_("focal_a").get(path(sqlite_world, "comparison", "next"), params={"language": "xx"})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, ["language"])


def test_rounds_are_compared_by_those_who_work_on_them(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    open_next(sqlite_world, response)
    submit(sqlite_world, "next")
    for name, status in {
        "focal_a": 200, "signatory_a": 200, "reviewer": 200, "labour_a": 403, "adviser_a": 403, "administrator": 403,
        "focal_b": 404, "unassigned_reviewer": 404, "nobody": 404, "anonymous": 401,
    }.items():  # fmt: skip
        assert sqlite_world.as_(name).get(path(sqlite_world, "comparison", "next")).status_code == status, name
