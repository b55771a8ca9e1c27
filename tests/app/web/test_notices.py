"""The help and the notices: readable by anyone, and true."""

from pathlib import Path

import pytest

from app.people.sign_ins import ABSOLUTE, IDLE
from questionnaire.compiled import CompiledInstrument
from tests.databases import fresh_database
from tests.visiting import visitor
from tests.world import World, running_world

PAGES = {
    "/help": "Help",
    "/privacy": "Privacy",
    "/accessibility": "Accessibility",
    "/contact": "Contact",
}


@pytest.mark.parametrize("name", ["anonymous", "labour_a"])
def test_anyone_reads_them(sqlite_world: World, name: str) -> None:
    for path, heading in PAGES.items():
        page = visitor(sqlite_world, name).get(path)
        assert page.status == 200
        assert page.heading == heading


def test_every_page_leads_to_them(sqlite_world: World) -> None:
    links = visitor(sqlite_world).get("/").links()
    assert {"/help", "/privacy", "/accessibility", "/contact"} <= set(links.values())


def test_the_times_that_they_name_are_those_of_the_service(sqlite_world: World) -> None:
    privacy = visitor(sqlite_world).get("/privacy").text
    assert f"nothing for {IDLE.seconds // 60} minutes" in privacy
    assert f"or {ABSOLUTE.seconds // 3600} hours" in privacy
    assert "may have up to 20 MB" in visitor(sqlite_world).get("/help").text


def test_the_address_to_write_to_comes_from_the_settings(
    shared_folder: Path, tmp_path: Path, instrument: CompiledInstrument, sqlite_world: World
) -> None:
    assert "No address is set up here yet." in visitor(sqlite_world).get("/contact").text
    folder = tmp_path / "other"
    folder.mkdir()
    with (
        fresh_database("sqlite", shared_folder, folder) as url,
        running_world(url, folder / "data", instrument, contact="mgi@example.org") as world,
    ):
        for path in ("/contact", "/privacy", "/accessibility"):
            assert visitor(world).get(path).links()["mgi@example.org"] == "mailto:mgi@example.org"
