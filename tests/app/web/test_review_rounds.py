"""Two rounds: what is told otherwise, and what the new round takes over."""

import pytest

from questionnaire.response import Response
from tests.steps import bring_to, fill, made, path, submit
from tests.teamwork import NONE
from tests.visiting import Page, visitor
from tests.world import World


def page_of(world: World, rest: str, name: str = "focal_a", assessment: str = "next") -> Page:
    return visitor(world, name).get(f"/assessments/{world.assessments[assessment]}/{rest}")


def answer_otherwise(world: World, response: Response) -> None:
    """A year later all answers but one are the same."""
    world.open_round("next", "KG", 2027)
    fill(world, response, "next")
    address = path(world, "answers/health-access", "next")
    made(world.as_("focal_a").put(address, json=NONE, headers={"If-Match": '"1"'}))


def test_both_texts_stand_side_by_side_with_the_reason(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "published", response)
    answer_otherwise(sqlite_world, response)
    page = page_of(sqlite_world, "comparison")
    assert [one.text for one in page.find("//h3")] == ["In 2026", "In 2027"]
    assert "All migrants, regardless of their legal status" in page.text
    assert "The answer to 'Which migrants are entitled to government-funded health care?' changed" in page.text
    assert "1.01 Access to health care" in page.links()


def test_nothing_told_otherwise_is_said(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "published", response)
    sqlite_world.open_round("next", "KG", 2027)
    fill(sqlite_world, response, "next")
    assert "Nothing is told otherwise than in 2026." in page_of(sqlite_world, "comparison").text


def test_a_first_round_has_none_before(sqlite_world: World) -> None:
    for rest in ("comparison", "carry-over"):
        page = page_of(sqlite_world, rest, assessment="a")
        assert page.status == 200
        assert "This is the first round" in page.text


def test_a_reviewer_waits_until_both_rounds_were_submitted(sqlite_world: World, response: Response) -> None:
    fill(sqlite_world, response)
    answer_otherwise(sqlite_world, response)
    submit(sqlite_world, "next")
    assert "once the answers of both were submitted" in page_of(sqlite_world, "comparison", "reviewer").text
    submit(sqlite_world)
    assert "In 2026" in page_of(sqlite_world, "comparison", "reviewer").text


def test_answers_come_over_and_wait_to_be_confirmed(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "published", response)
    sqlite_world.open_round("next", "KG", 2027)
    focal = visitor(sqlite_world, "focal_a")
    page = focal.get(f"/assessments/{sqlite_world.assessments['next']}/carry-over")
    assert "These come over as they are" in page.text
    assert "Access to health care" in page.text
    assert "Please confirm or change each of them." in focal.press("Carry the answers over").text
    answers = made(sqlite_world.as_("focal_a").get(path(sqlite_world, "answers", "next"))).json()
    assert {answer["carried_from"] for answer in answers} == {2026}
    page = focal.get(f"/assessments/{sqlite_world.assessments['next']}/carry-over")
    assert "Everything that can come over is here already." in page.text
    assert page.buttons().count("Carry the answers over") == 0


def test_an_answer_given_here_stays(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "published", response)
    sqlite_world.open_round("next", "KG", 2027)
    address = path(sqlite_world, "answers/health-access", "next")
    made(sqlite_world.as_("focal_a").put(address, json=NONE, headers={"If-Match": '"0"'}))
    assert "Access to health care Answered here already" in page_of(sqlite_world, "carry-over").text


@pytest.mark.parametrize(("name", "status"), [("labour_a", 403), ("adviser_a", 403), ("focal_b", 404)])
def test_rounds_are_for_those_who_lead_the_assessment(
    sqlite_world: World, response: Response, name: str, status: int
) -> None:
    answer_otherwise(sqlite_world, response)
    for rest in ("comparison", "carry-over"):
        assert page_of(sqlite_world, rest, name).status == status
    address = f"/assessments/{sqlite_world.assessments['next']}/carry-over"
    assert visitor(sqlite_world, name).client.post(address).status_code == status
