"""The pages of ministries: what each is asked, asking many indicators at once, reminding, a country's list."""

import pytest

from tests.steps import made, path
from tests.teamwork import assign
from tests.visiting import visitor
from tests.world import World


def test_many_indicators_of_a_domain_are_asked_at_once(sqlite_world: World) -> None:
    someone = visitor(sqlite_world, "focal_a")
    someone.get(path(sqlite_world, "ministries"))
    someone.follow("Ask a ministry about indicators")
    ministry = sqlite_world.ministries["labour"]
    page = someone.press(
        "Ask the ministry", indicators=["health-access", "education-access"], ministry_id=ministry, due="2026-03-31"
    )
    assert page.path == path(sqlite_world, "ministries")
    assert page.text.count("31 March 2026") == 2
    page = someone.follow("Ask a ministry about indicators")
    assert "Asked already: Ministry labour" in page.text


def test_asking_for_nothing_is_refused_with_what_was_typed(sqlite_world: World) -> None:
    someone = visitor(sqlite_world, "focal_a")
    someone.get(path(sqlite_world, "ministries/assign?domain=2"))
    page = someone.press("Ask the ministry", remark="The law please.", due="2025-01-01")
    assert page.status == 422
    assert page.find("//a[@href='#f-indicators']")
    assert page.find("//a[@href='#f-ministry_id']")
    assert page.find("string(//textarea[@name='remark'])").strip() == "The law please."
    box = str(page.find("string(//input[@name='indicators']/@value)"))
    page = someone.press("Ask the ministry", indicators=[box], ministry_id=sqlite_world.ministries["labour"])
    assert page.find("//a[@href='#f-due']")
    assert page.find("//input[@name='indicators' and @value=$box and @checked]", box=box)


def test_the_page_tells_what_is_done_and_what_is_late(sqlite_world: World) -> None:
    made(assign(sqlite_world, "labour", "health-access", "education-access", due="2026-01-20"))
    done = path(sqlite_world, f"assignments/health-access/{sqlite_world.ministries['labour']}/finish")
    made(sqlite_world.as_("labour_a").post(done))
    sqlite_world.later(days=10)
    page = visitor(sqlite_world, "focal_a").get(path(sqlite_world, "ministries"))
    states = ["".join(cell.itertext()).strip() for cell in page.find("//tbody//td[2]")]
    assert states == ["Done", "Late"]


def test_a_ministry_is_reminded_once_a_day(sqlite_world: World) -> None:
    made(assign(sqlite_world, "labour", "health-access"))
    someone = visitor(sqlite_world, "focal_a")
    someone.get(path(sqlite_world, "ministries"))
    page = someone.press("Remind this ministry: Ministry labour")
    assert "A reminder is on its way" in page.text
    assert "reminded on 15 January 2026" in page.text
    page = someone.press("Remind this ministry: Ministry labour")
    assert page.status == 409
    assert "They were reminded within the last 24 hours" in page.text


def test_a_contributor_sees_what_their_ministry_is_asked(sqlite_world: World) -> None:
    for ministry in ("labour", "health"):
        made(assign(sqlite_world, ministry, "health-access"))
    page = visitor(sqlite_world, "labour_a").get(path(sqlite_world, "ministries"))
    assert "Ministry labour" in page.text
    assert "Ministry health" not in page.text
    assert "Ask a ministry about indicators" not in page.links()


@pytest.mark.parametrize(
    ("name", "status"), [("labour_a", 403), ("adviser_a", 403), ("reviewer", 403), ("focal_b", 404)]
)
def test_nobody_else_asks_for_many(sqlite_world: World, name: str, status: int) -> None:
    assert visitor(sqlite_world, name).get(path(sqlite_world, "ministries/assign")).status == status


def test_a_signatory_reads_that_nobody_is_asked_yet(sqlite_world: World) -> None:
    page = visitor(sqlite_world, "signatory_a").get(path(sqlite_world, "ministries"))
    assert "No ministry is asked for anything." in page.text
    assert not page.find("//input[@name='ministry']")


def test_a_ministry_is_added_and_renamed(sqlite_world: World) -> None:
    someone = visitor(sqlite_world, "focal_a")
    someone.get("/countries/KG/ministries")
    page = someone.press("Add the ministry", name="Ministry of Justice")
    assert "The ministry was added." in page.text
    someone.follow("Rename: Ministry of Justice")
    page = someone.press("Save the name", name="Ministry of Law")
    assert "Rename: Ministry of Law" in page.links()
    assert "Rename: Ministry of Justice" not in page.links()


def test_two_ministries_have_no_common_name(sqlite_world: World) -> None:
    someone = visitor(sqlite_world, "focal_a")
    someone.get("/countries/KG/ministries")
    page = someone.press("Add the ministry", name="ministry LABOUR")
    assert page.status == 409
    assert page.find("string(//input[@name='name']/@value)") == "ministry LABOUR"
    assert someone.press("Add the ministry", name="Ends with a stop.").find("//a[@href='#f-name']")
    someone.follow("Rename: Ministry health")
    assert someone.press("Save the name", name="Ministry labour").status == 409


@pytest.mark.parametrize(("name", "status"), [("labour_a", 200), ("reviewer", 403), ("focal_b", 404)])
def test_who_sees_the_ministries_of_a_country(sqlite_world: World, name: str, status: int) -> None:
    someone = visitor(sqlite_world, name)
    assert someone.get("/countries/KG/ministries").status == status
    assert "Add the ministry" not in someone.page.buttons()
    labour = sqlite_world.ministries["labour"]
    assert someone.get(f"/countries/KG/ministries/{labour}").status in (403, 404)
