"""Ministries beside an answer: asked, late, done, asked no longer."""

import pytest

from tests.app.web.looking import PLACE, at, panel
from tests.steps import made, path
from tests.teamwork import assign
from tests.visiting import visitor
from tests.world import World


def test_the_focal_point_asks_a_ministry(sqlite_world: World) -> None:
    someone = at(sqlite_world, "focal_a")
    assert "No ministry is asked about this indicator." in panel(someone.page, "ministries")
    page = someone.press(
        "Ask the ministry",
        asked_ministry=sqlite_world.ministries["labour"],
        asked_due="2026-03-31",
        asked_remark="The law please.",
    )
    assert page.path == path(sqlite_world, PLACE)
    assert "Ministry labour Asked due on 31 March 2026 The law please." in panel(page, "ministries")


def test_what_is_wrong_with_asking_is_told_at_the_fields(sqlite_world: World) -> None:
    someone = at(sqlite_world, "focal_a")
    page = someone.press("Ask the ministry", asked_due="2025-12-31", asked_ministry="absent00", asked_remark="Please.")
    assert page.status == 422
    assert page.find("//a[@href='#f-asked_due']")
    assert page.find("//a[@href='#f-asked_ministry']")
    assert page.find("string(//textarea[@name='asked_remark'])").strip() == "Please."
    page = someone.press("Ask the ministry", asked_due="soon", asked_ministry=sqlite_world.ministries["labour"])
    assert page.find("//a[@href='#f-asked_due']")
    assert page.find("string(//input[@name='asked_due']/@value)") == "soon"


def test_a_late_ministry_says_so_until_it_is_done(sqlite_world: World) -> None:
    made(assign(sqlite_world, "labour", "health-access", due="2026-01-20"))
    sqlite_world.later(days=10)
    assert "Late was due on 20 January 2026" in panel(at(sqlite_world, "focal_a").page, "ministries")
    page = at(sqlite_world, "labour_a").press("We are done with this indicator")
    assert "Your ministry is done with this indicator." in page.text
    assert "We are done with this indicator" not in page.buttons()
    assert "Done" in panel(at(sqlite_world, "focal_a").page, "ministries")


def test_a_ministry_is_asked_no_longer_after_a_question(sqlite_world: World) -> None:
    made(assign(sqlite_world, "labour", "health-access"))
    someone = at(sqlite_world, "focal_a")
    page = someone.follow("Ask no longer: Ministry labour")
    assert "Its people see this indicator no more." in page.text
    page = someone.press("Ask no longer")
    assert "No ministry is asked about this indicator." in panel(page, "ministries")
    assert at(sqlite_world, "labour_a").page.status == 404


@pytest.mark.parametrize(("name", "status"), [("labour_a", 403), ("signatory_a", 403), ("focal_b", 404)])
def test_nobody_else_asks_ministries(sqlite_world: World, name: str, status: int) -> None:
    made(assign(sqlite_world, "labour", "health-access"))
    someone = visitor(sqlite_world, name)
    sent = {"asked_ministry": sqlite_world.ministries["labour"]}
    assert someone.client.post(path(sqlite_world, f"{PLACE}/assign"), data=sent).status_code == status
    labour = sqlite_world.ministries["labour"]
    assert someone.get(path(sqlite_world, f"{PLACE}/ministries/{labour}/take-back")).status == status


def test_advisers_and_reviewers_see_no_ministries(sqlite_world: World) -> None:
    made(assign(sqlite_world, "labour", "health-access"))
    page = at(sqlite_world, "adviser_a").page
    assert page.status == 200
    assert "Ministry labour" not in page.text
