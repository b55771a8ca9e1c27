"""The review: the queue of what is to be read, and one indicator with all that stands around it."""

import json

import pytest

from questionnaire.response import Response
from questionnaire.stored import answer_body
from tests.steps import bring_to, fill, made, path, submit
from tests.teamwork import NONE, comment, save
from tests.visiting import Page, visitor
from tests.world import World

HEALTH = "1.01 Access to health care"


def page_of(world: World, rest: str, name: str = "reviewer") -> Page:
    return visitor(world, name).get(f"/assessments/{world.assessments['a']}/{rest}")


def tags(page: Page, indicator: str) -> str:
    """What the first line of an indicator says beside its name."""
    found = page.find("//li[contains(@class, 'task-list__item')][.//a[contains(@href, $id)]]", id=f"/{indicator}")
    return " ".join("".join(found[0].xpath("div")[1].itertext()).split())


def sent_back_and_changed(world: World, response: Response) -> None:
    """The reviewer read an answer, sent it back, and the government changed it and submitted again."""
    bring_to(world, "in_review", response)
    reviewer = world.as_("reviewer")
    made(reviewer.post(path(world, "reviews/health-access"), json={"answer_version": 1}))
    returned = {"indicators": [{"indicator": "health-access", "reason": "Which groups, by which law?"}]}
    made(reviewer.post(path(world, "return"), json=returned))
    made(save(world, 1, NONE))
    submit(world)


def test_before_a_submission_there_is_nothing_to_read(sqlite_world: World) -> None:
    page = page_of(sqlite_world, "review")
    assert page.status == 200
    assert "Nothing was submitted yet" in page.text
    assert "Approve the draft" not in page.links()
    assert page_of(sqlite_world, "review/health-access").status == 409


def test_a_reviewer_reads_one_indicator_after_the_other(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    reviewer = visitor(sqlite_world, "reviewer")
    page = reviewer.get(f"/assessments/{sqlite_world.assessments['a']}/review")
    assert "Submitted by Person focal_a" in page.text
    assert tags(page, "health-access") == "Not yet read"
    page = reviewer.follow(f"Next to read: {HEALTH}")
    assert page.heading == HEALTH
    page = reviewer.press("Mark as read and go on")
    assert page.heading.startswith("1.02")
    assert "is marked as read" in page.text
    assert tags(reviewer.follow("Review"), "health-access") == "Read"
    assert reviewer.page.find("string(//p[@class='mgi-progress'])").startswith("1 of ")


def test_what_was_submitted_and_what_it_says_stand_on_the_page(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    text = page_of(sqlite_world, "review/health-access").text
    assert "Which migrants are entitled to government-funded health care?" in text
    assert "All migrants, regardless of their legal status, have access to health care" in text
    assert "Well-developed area" in text


def test_what_the_government_says_among_itself_is_not_shown(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    made(comment(sqlite_world, "focal_a", "government", "Not for IOM yet."))
    made(comment(sqlite_world, "focal_a", "shared", "For IOM to know."))
    text = page_of(sqlite_world, "review/health-access").text
    assert "Not for IOM yet." not in text
    assert "For IOM to know." in text


def test_a_mark_is_taken_away_again(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    reviewer = visitor(sqlite_world, "reviewer")
    reviewer.get(f"/assessments/{sqlite_world.assessments['a']}/review/health-access")
    assert "Read by Person reviewer" in reviewer.press("Mark as read").text
    page = reviewer.press("Take the mark away")
    assert "Read by" not in page.text
    assert "Mark as read" in page.buttons()


def test_what_was_changed_comes_first_and_tells_what_was_changed(sqlite_world: World, response: Response) -> None:
    sent_back_and_changed(sqlite_world, response)
    page = page_of(sqlite_world, "review")
    first = page.find("string((//section)[1]//h2)")
    assert first == "New in this submission"
    assert "Changed since it was read" in tags(page, "health-access")
    assert f"Next to read: {HEALTH}" in page.links()
    page = page_of(sqlite_world, "review/health-access")
    assert "Which groups, by which law?" in page.text
    assert "The answer was changed since." in page.text
    assert page.find("//del")
    assert page.find("//ins")


def test_the_queue_is_filtered(sqlite_world: World, response: Response) -> None:
    sent_back_and_changed(sqlite_world, response)
    made(comment(sqlite_world, "reviewer", "internal", "Ask the colleagues."))
    for show in ("changed", "returned", "discussed"):
        page = page_of(sqlite_world, f"review?show={show}")
        assert [one.text for one in page.find("//a[contains(@class, 'task-list__link')]")] == [HEALTH], show
    assert "No indicator is like that" in page_of(sqlite_world, "review?show=returned&domain=2").text
    assert page_of(sqlite_world, "review?show=nonsense&domain=nonsense").status == 200


def test_an_answer_changed_meanwhile_is_not_marked_as_read(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    reviewer = visitor(sqlite_world, "reviewer")
    reviewer.get(f"/assessments/{sqlite_world.assessments['a']}/review/health-access")
    page = reviewer.press("Mark as read", answer_version="7")
    assert page.status == 412
    assert "not the answer that was last submitted" in page.text
    assert page.heading == HEALTH
    assert "Mark as read" in page.buttons()


def test_the_answer_stands_beside_that_of_the_last_round(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "published", response)
    sqlite_world.open_round("next", "KG", 2027)
    fill(sqlite_world, response, "next")
    made(sqlite_world.as_("focal_a").put(
        path(sqlite_world, "answers/health-access", "next"), json=NONE, headers={"If-Match": '"1"'}
    ))  # fmt: skip
    submit(sqlite_world, "next")
    reviewer = visitor(sqlite_world, "reviewer")
    page = reviewer.get(f"/assessments/{sqlite_world.assessments['next']}/review/health-access")
    assert [one.text for one in page.find("//thead//th")] == ["Question", "Now", "In 2026"]
    row = " ".join("".join(page.find("//tbody/tr[1]")[0].itertext()).split())
    asked = "Which migrants are entitled to government-funded health care?"
    assert row == f"{asked} Different None All migrants, whatever their legal status"
    page = reviewer.get(f"/assessments/{sqlite_world.assessments['next']}/review/education-access")
    assert "The answer is the same as in 2026." in page.text


def test_an_unanswered_indicator_is_read_too(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    page = page_of(sqlite_world, f"review/{unknown_of(response)}")
    assert page.status == 200
    assert "it is not known" in page.text


def unknown_of(response: Response) -> str:
    return next(name for name, answer in response.answers.items() if "not_known" in json.loads(answer_body(answer)))


@pytest.mark.parametrize(
    ("name", "status"),
    [("focal_a", 403), ("labour_a", 403), ("administrator", 403), ("focal_b", 404), ("unassigned_reviewer", 404)],
)  # fmt: skip
def test_the_review_is_for_reviewers_of_the_country(sqlite_world: World, name: str, status: int) -> None:
    for rest in ("review", "review/health-access"):
        assert page_of(sqlite_world, rest, name).status == status
    sent = visitor(sqlite_world, name).client.post(
        f"/assessments/{sqlite_world.assessments['a']}/review/health-access", data={"answer_version": "1"}
    )
    assert sent.status_code == status


def test_an_indicator_that_there_is_not(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    assert page_of(sqlite_world, "review/nothing").status == 404
