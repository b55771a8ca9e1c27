"""Asking the government for changes: choosing, giving reasons, looking, sending."""

from typing import Any

import pytest

from questionnaire.response import Response
from tests.steps import bring_to, made, path
from tests.teamwork import comment
from tests.visiting import Visitor, visitor
from tests.world import World

WRITING = "Say what should be changed, and why"
LOOKING = "This is what the government will get"


def asking(world: World, query: str = "", name: str = "reviewer") -> Visitor:
    """Someone on the page of the return."""
    someone = visitor(world, name)
    someone.get(f"/assessments/{world.assessments['a']}/return{query}")
    return someone


def because(**reasons: str) -> dict[str, Any]:
    """The fields of reasons."""
    names = {"health": "reason.health-access", "diaspora": "reason.diaspora-institution"}
    return {names[name]: text for name, text in reasons.items()}


def returns(world: World) -> dict[str, str]:
    shown = made(world.as_("focal_a").get(path(world, "returns"))).json()
    return {item["indicator"]: item["reason"] for item in shown}


def test_indicators_are_chosen_given_a_reason_looked_at_and_sent(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    reviewer = asking(sqlite_world)
    page = reviewer.press("Go on to the reasons", returned=["health-access", "diaspora-institution"])
    assert page.heading == WRITING
    reasons = because(health="Which law\r\nsays so?", diaspora="Since when?")
    page = reviewer.press("See what the government will get", **reasons)
    assert page.heading == LOOKING
    assert "Which law says so?" in page.text
    assert returns(sqlite_world) == {}
    page = reviewer.press("Send back")
    assert "sent back to the government" in page.text
    assert returns(sqlite_world) == {"health-access": "Which law says so?", "diaspora-institution": "Since when?"}


def test_one_indicator_is_asked_about_from_its_page(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    reviewer = visitor(sqlite_world, "reviewer")
    reviewer.get(f"/assessments/{sqlite_world.assessments['a']}/review/health-access")
    page = reviewer.follow("Ask for changes in this indicator")
    assert page.heading == WRITING
    assert [one.get("name") for one in page.find("//main//textarea")] == ["reason.health-access"]


def test_reasons_are_kept_while_others_are_chosen(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    reviewer = asking(sqlite_world, "?ask=health-access")
    reviewer.press("Choose other indicators", **because(health="Which law?"))
    page = reviewer.press("Go on to the reasons", returned=["health-access", "diaspora-institution"])
    assert page.find("string(//textarea[@name='reason.health-access'])").strip() == "Which law?"
    reviewer.press("See what the government will get", **because(diaspora="Since when?"))
    page = reviewer.press("Change the reasons")
    assert page.find("string(//textarea[@name='reason.diaspora-institution'])").strip() == "Since when?"


def test_a_missing_reason_is_told_and_nothing_typed_is_lost(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    reviewer = asking(sqlite_world, "?ask=health-access&ask=diaspora-institution")
    page = reviewer.press("See what the government will get", **because(health="Which law?"))
    assert (page.status, page.heading) == (422, WRITING)
    assert "2.03: Enter a reason, or take out the tick" in page.errors
    assert page.find("//a[@href='#f-reason.diaspora-institution']")
    assert page.find("string(//textarea[@name='reason.health-access'])").strip() == "Which law?"
    assert returns(sqlite_world) == {}


def test_a_tick_taken_out_sends_nothing_of_it(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    reviewer = asking(sqlite_world, "?ask=health-access&ask=diaspora-institution")
    reasons = because(health="Which law?", diaspora="Since when?")
    page = reviewer.press("See what the government will get", returned=["diaspora-institution"], **reasons)
    assert "Which law?" not in page.text
    reviewer.press("Send back")
    assert returns(sqlite_world) == {"diaspora-institution": "Since when?"}


@pytest.mark.parametrize("chosen", [None, ["nothing"]])
def test_something_has_to_be_chosen(sqlite_world: World, response: Response, chosen: list[str] | None) -> None:
    bring_to(sqlite_world, "in_review", response)
    page = asking(sqlite_world).press("Go on to the reasons", returned=chosen)
    assert page.status == 422
    assert "Choose at least one indicator" in page.errors


def test_an_indicator_that_there_is_not_is_not_sent(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    sent = {"returned": ["nothing", "health-access"], "reason.nothing": "Why?", "reason.health-access": "Why?"}
    reviewer = visitor(sqlite_world, "reviewer")
    address = f"/assessments/{sqlite_world.assessments['a']}/return"
    answer = reviewer.client.post(address, data={**sent, "step": "send"})
    assert answer.status_code == 422
    assert returns(sqlite_world) == {}


def test_comments_remind_of_what_to_ask_and_are_not_sent(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    made(comment(sqlite_world, "reviewer", "internal", "They always say so."))
    reviewer = asking(sqlite_world, "?ask=health-access")
    assert "They always say so." in reviewer.page.text
    assert reviewer.page.find("string(//textarea)").strip() == ""
    page = reviewer.press("See what the government will get", **because(health="Which law?"))
    assert "They always say so." not in page.text


def test_a_second_sending_is_refused_kindly(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    first, second = (asking(sqlite_world, "?ask=health-access") for _ in range(2))
    for reviewer in (first, second):
        reviewer.press("See what the government will get", **because(health="Which law?"))
    first.press("Send back")
    page = second.press("Send back")
    assert page.status == 409
    assert "Which law?" in page.text


@pytest.mark.parametrize(("name", "status"), [("focal_a", 403), ("labour_a", 403), ("focal_b", 404)])
def test_only_reviewers_of_the_country_send_back(
    sqlite_world: World, response: Response, name: str, status: int
) -> None:
    bring_to(sqlite_world, "in_review", response)
    someone = asking(sqlite_world, name=name)
    assert someone.page.status == status
    sent = {"returned": "health-access", "reason.health-access": "Why?", "step": "send"}
    address = f"/assessments/{sqlite_world.assessments['a']}/return"
    assert someone.client.post(address, data=sent).status_code == status
