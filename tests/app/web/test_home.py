"""The list of one's assessments, and what waits in each."""

from questionnaire.response import Response
from tests.steps import bring_to, path
from tests.teamwork import assign
from tests.visiting import visitor
from tests.world import World


def test_what_waits_is_told_with_a_link_to_it(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "approved", response)
    page = visitor(sqlite_world, "focal_a").get("/assessments")
    assert "Waits for you Ready for your consent" in page.text
    assert page.links()["Read the text and decide: Kyrgyzstan 2026"] == path(sqlite_world, "consent")
    assert "Waits for you" not in visitor(sqlite_world, "reviewer").get("/assessments").text


def test_those_that_wait_for_the_person_stand_first(sqlite_world: World, response: Response) -> None:
    sqlite_world.open_round("later", "KG", 2028)
    reviewer, rows = visitor(sqlite_world, "second_reviewer"), "//tbody/tr/th"
    found = [one.xpath("string()") for one in reviewer.get("/assessments").find(rows)]
    assert found == ["Kyrgyzstan 2028", "Kyrgyzstan 2026", "Uzbekistan 2026"]
    bring_to(sqlite_world, "in_review", response)
    found = [one.xpath("string()") for one in reviewer.get("/assessments").find(rows)]
    assert found == ["Kyrgyzstan 2026", "Kyrgyzstan 2028", "Uzbekistan 2026"]
    assert "Ready for review" in reviewer.page.find("string(//tbody/tr[1])")


def test_a_ministry_is_told_how_much_it_is_asked(sqlite_world: World) -> None:
    assert "Nothing waits for your ministry" in visitor(sqlite_world, "labour_a").get("/assessments").text
    assign(sqlite_world, "labour", "health-access")
    page = visitor(sqlite_world, "labour_a").get("/assessments")
    assert "Your ministry is asked to contribute to 1 indicator." in page.text


def test_administrators_get_a_list_without_tasks(sqlite_world: World) -> None:
    page = visitor(sqlite_world, "administrator").get("/assessments")
    assert {"Kyrgyzstan 2026", "Uzbekistan 2026"} <= set(page.links())
    assert "Waits for you" not in page.text


def test_who_works_on_nothing_is_told_what_will_appear(sqlite_world: World) -> None:
    page = visitor(sqlite_world, "nobody").get("/assessments")
    assert "There is no assessment yet that you work on." in page.text
    assert page.find("//table") == []
