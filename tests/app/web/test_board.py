"""The status board: who does what until when."""

from questionnaire.response import Response
from tests.steps import bring_to, made, path
from tests.teamwork import assign, proposed
from tests.visiting import Page, visitor
from tests.world import World


def board(world: World, name: str = "focal_a", query: str = "") -> Page:
    return visitor(world, name).get(path(world, f"board{query}"))


def row(page: Page, number: str) -> str:
    [found] = page.find("//tbody/tr[starts-with(normalize-space(th), $number)]", number=number)
    return " ".join("".join(found.itertext()).split())


def test_each_indicator_has_a_row_with_its_ministry_and_date(sqlite_world: World) -> None:
    made(assign(sqlite_world, "labour", "health-access", due="2026-02-01"))
    page = board(sqlite_world)
    assert len(page.find("//tbody/tr")) == len(sqlite_world.instrument.indicators)
    assert "Not answered Ministry labour, due 1 February 2026" in row(page, "1.01")
    assert page.links()["1.01 Access to health care"] == path(sqlite_world, "indicators/health-access")
    assert page.find("//details[@open]") == []


def test_what_is_late_and_what_is_done_is_told_in_words(sqlite_world: World) -> None:
    made(assign(sqlite_world, "labour", "health-access", "education-access", due="2026-01-15"))
    done = path(sqlite_world, f"assignments/education-access/{sqlite_world.ministries['labour']}/finish")
    made(sqlite_world.as_("labour_a").post(done))
    proposed(sqlite_world, "labour_a")
    sqlite_world.later(days=1)
    page = board(sqlite_world)
    assert "Ministry labour, due 15 January 2026 Late Proposal waiting" in row(page, "1.01")
    assert "Ministry labour Done" in row(page, "1.02")


def test_the_board_is_filtered_by_ministry_and_to_what_is_late(sqlite_world: World) -> None:
    made(assign(sqlite_world, "labour", "health-access", due="2026-01-15"))
    made(assign(sqlite_world, "health", "health-access", "education-access", due="2026-03-01"))
    sqlite_world.later(days=1)
    focal = visitor(sqlite_world, "focal_a")
    focal.get(path(sqlite_world, "board"))
    page = focal.press("Show", ministry=sqlite_world.ministries["health"])
    assert len(page.find("//tbody/tr")) == 2
    assert len(page.find("//details[@open]")) == 1
    page = focal.press("Show", late="yes")
    assert "Nothing fits." in page.text
    page = focal.press("Show", ministry="", late="yes")
    assert len(page.find("//tbody/tr")) == 1


def test_a_contributor_sees_their_rows_and_no_other_ministry(sqlite_world: World) -> None:
    assert "No indicator is assigned to your ministry yet." in board(sqlite_world, "labour_a").text
    made(assign(sqlite_world, "labour", "health-access"))
    made(assign(sqlite_world, "health", "health-access", "education-access"))
    page = board(sqlite_world, "labour_a")
    assert len(page.find("//tbody/tr")) == 1
    assert "Ministry health" not in page.text


def test_a_reviewer_sees_states_without_ministries(sqlite_world: World, response: Response) -> None:
    made(assign(sqlite_world, "labour", "health-access"))
    assert board(sqlite_world, "reviewer").heading == "Nothing was submitted yet"
    bring_to(sqlite_world, "in_review", response)
    page = board(sqlite_world, "reviewer")
    assert "Answered" in row(page, "1.01")
    assert "Ministry labour" not in page.text
    assert page.find("//select") == []


def test_before_any_ministry_is_asked_the_way_to_ask_is_shown(sqlite_world: World) -> None:
    assert board(sqlite_world).links()["Ask ministries to contribute"] == path(sqlite_world, "ministries")
    assert board(sqlite_world, "administrator").status == 403


def test_a_filter_that_cannot_be_is_refused(sqlite_world: World) -> None:
    assert board(sqlite_world, query="?ministry=%27--").status == 422
    assert "Nothing fits." in board(sqlite_world, query="?ministry=zzzzzzzzzz").text
