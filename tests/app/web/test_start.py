"""The start page: what this is, the way in, what is published, and the accounts of a demonstration."""

from pathlib import Path

from app.demo.people import PEOPLE
from questionnaire.compiled import CompiledInstrument
from questionnaire.response import Response
from tests.databases import fresh_database
from tests.steps import bring_to
from tests.visiting import visitor
from tests.world import World, running_world


def test_anyone_learns_what_this_is_and_finds_the_way_in(sqlite_world: World) -> None:
    someone = visitor(sqlite_world)
    page = someone.get("/")
    assert page.heading == "Take stock of migration policies"
    assert len(page.find("//ol/li")) == 5
    assert "Nothing is published yet." in page.text
    assert "@" not in page.text
    assert someone.follow("Sign in").heading == "Sign in"


def test_who_is_signed_in_goes_on_to_their_assessments(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "published", response)
    focal = visitor(sqlite_world, "focal_a")
    page = focal.get("/")
    assert page.links()["Kyrgyzstan 2026"] == "/published/KG/2026"
    assert focal.follow("Go to my assessments").heading == "My assessments"


def test_a_demonstration_names_its_accounts(
    shared_folder: Path, tmp_path: Path, instrument: CompiledInstrument
) -> None:
    with (
        fresh_database("sqlite", shared_folder, tmp_path) as url,
        running_world(url, tmp_path / "data", instrument, demo=True) as world,
    ):
        page = visitor(world).get("/")
        assert ["".join(cell.itertext()) for cell in page.find("//tbody//td")] == [
            f"{name}@demo.example" for name in PEOPLE
        ]
        assert page.links()["Sign in as one of them"] == "/sign-in"
