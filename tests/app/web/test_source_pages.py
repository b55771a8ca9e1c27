"""Pages of the country's list of sources."""

from typing import Any

import pytest

from questionnaire.response import Response
from tests.steps import bring_to, made, path
from tests.teamwork import save
from tests.visiting import Visitor, visitor
from tests.world import World

LAW: dict[str, Any] = {
    "title": "Law on External Migration",
    "kind": "law",
    "url": "https://example.org/law",
    "date": "2000-07-17",
}


def added(world: World, **fields: str) -> Visitor:
    """A focal point who has just added a source."""
    focal = visitor(world, "focal_a")
    focal.get(path(world, "sources/new"))
    focal.press("Add the source", **(LAW | fields))
    return focal


def test_a_source_is_added_and_listed(sqlite_world: World) -> None:
    focal = visitor(sqlite_world, "focal_a")
    assert "There is no source in the list yet." in focal.get(path(sqlite_world, "sources")).text
    assert focal.follow("Add a source").find("//input[@name='title'][@dir='auto']")
    page = focal.press("Add the source", **LAW)
    assert "The source was added." in page.text
    assert page.links()["Law on External Migration"] == path(sqlite_world, "sources/law-on-external-migration")
    assert page.links()["https://example.org/law"] == "https://example.org/law"
    cells = [" ".join(one.xpath("string()").split()) for one in page.find("//tbody/tr/td")]
    assert cells == ["Law or regulation", "2000-07-17", "Public", "no answer yet"]


def test_a_title_that_is_taken_gets_a_number_and_the_same_source_is_added_once(sqlite_world: World) -> None:
    added(sqlite_world)
    assert "The source was added." in added(sqlite_world).page.text
    page = added(sqlite_world, date="2016").page
    ids = page.find("//tbody/tr/@id")
    assert ids == ["source-law-on-external-migration", "source-law-on-external-migration-2"]


@pytest.mark.parametrize(
    ("title", "name"), [("Закон о внешней миграции", "source"), ("New", "new-2"), ("x" * 300, "x" * 60)]
)
def test_any_title_makes_an_id(sqlite_world: World, title: str, name: str) -> None:
    assert added(sqlite_world, title=title).page.find("//tbody/tr/@id") == [f"source-{name}"]


def test_what_is_wrong_is_told_at_the_field_and_nothing_typed_is_lost(sqlite_world: World) -> None:
    page = added(
        sqlite_world, title="Law on Entry.", url="javascript:alert(1)", date="2000-13", kind="", public="no"
    ).page
    assert page.status == 422
    assert page.find("//*[contains(@class, 'error-summary')]//a/@href") == ["#f-title", "#f-kind", "#f-url", "#f-date"]
    assert page.find("string(//input[@name='title']/@value)") == "Law on Entry."
    assert page.find("string(//input[@name='url']/@value)") == "javascript:alert(1)"
    assert page.find("string(//input[@name='public'][@checked]/@value)") == "no"


def test_a_source_is_changed(sqlite_world: World) -> None:
    focal = added(sqlite_world)
    page = focal.follow("Law on External Migration")
    assert page.find("string(//input[@name='date']/@value)") == "2000-07-17"
    page = focal.press("Save the source", title="Law on Migration", public="no")
    assert "The source was saved." in page.text
    assert "Law on Migration" in page.links()
    assert "Not public" in page.text


def test_two_people_who_change_the_same_source_see_both_texts(sqlite_world: World) -> None:
    first = added(sqlite_world)
    second = visitor(sqlite_world, "second_focal_a")
    for someone in (first, second):
        someone.get(path(sqlite_world, "sources/law-on-external-migration"))
    first.press("Save the source", title="The first title")
    page = second.press("Save the source", title="The second title")
    assert page.status == 412
    assert {"What you typed", "What stands there now"} <= {one.text for one in page.find("//h2")}
    assert page.find("string(//input[@name='title']/@value)") == "The second title"
    assert page.heading == "The first title"
    assert "The second title" in second.press("Save the source").links()


def test_a_source_shows_which_answers_name_it(sqlite_world: World) -> None:
    focal = added(sqlite_world)
    answer = {"values": {"groups": "all", "law": "law-on-external-migration"}}
    made(save(sqlite_world, 0, answer))
    assert focal.get(path(sqlite_world, "sources")).links()["1.01"] == path(sqlite_world, "indicators/health-access")
    assert "1.01 Access to health care" in focal.follow("Law on External Migration").links()
    page = focal.follow("Take it off the list")
    assert "answers still name it" in page.text
    assert "Take it off the list" not in page.buttons()


def test_a_source_that_no_answer_names_is_taken_off_after_a_question(sqlite_world: World) -> None:
    focal = added(sqlite_world)
    focal.follow("Law on External Migration")
    assert focal.follow("Take it off the list").heading == "Take this source off the list?"
    page = focal.press("Take it off the list")
    assert "The source was taken off the list." in page.text
    assert "Law on External Migration" not in page.links()


def test_an_answer_that_names_it_meanwhile_keeps_it_there(sqlite_world: World) -> None:
    focal = added(sqlite_world)
    focal.get(path(sqlite_world, "sources/law-on-external-migration/remove"))
    made(save(sqlite_world, 0, {"values": {"groups": "all", "law": "law-on-external-migration"}}))
    page = focal.press("Take it off the list")
    assert page.status == 409
    assert "Answers still name this source" in page.text


def test_colleagues_read_and_cannot_change(sqlite_world: World) -> None:
    added(sqlite_world)
    for name in ("signatory_a", "labour_a", "adviser_a"):
        colleague = visitor(sqlite_world, name)
        assert "Add a source" not in colleague.get(path(sqlite_world, "sources")).links()
        assert "Save the source" not in colleague.follow("Law on External Migration").buttons()
        assert colleague.get(path(sqlite_world, "sources/new")).status == 403
    assert visitor(sqlite_world, "administrator").get(path(sqlite_world, "sources")).status == 403


def test_contributors_do_not_see_what_is_not_public(sqlite_world: World) -> None:
    added(sqlite_world, public="no")
    someone = visitor(sqlite_world, "labour_a")
    assert "There is no source here that you can see yet." in someone.get(path(sqlite_world, "sources")).text
    assert someone.get(path(sqlite_world, "sources/law-on-external-migration")).status == 404


def test_a_reviewer_sees_the_sources_that_were_submitted(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    page = visitor(sqlite_world, "reviewer").get(path(sqlite_world, "sources"))
    assert len(page.find("//tbody/tr")) > 20
    assert "Add a source" not in page.links()


def test_a_source_that_there_is_not_is_not_made_by_saving_it(sqlite_world: World) -> None:
    focal = added(sqlite_world)
    sent = focal.client.post(path(sqlite_world, "sources/another"), data=LAW | {"base": "0"})
    assert sent.status_code == 404
