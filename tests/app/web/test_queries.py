"""What pages ask of the database: little, and no more for a long list than for a short one."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from questionnaire.response import Response
from tests.lived import attach
from tests.steps import bring_to, fill, made, path
from tests.teamwork import assign, comment, proposed
from tests.visiting import visitor
from tests.world import World

MOST = 29
PAGES = {
    "focal_a": (
        "indicators/health-access", "indicators/health-access/history", "board", "search", "sources", "check", "submit",
        "sign-off", "draft", "draft/changes", "draft/edits", "draft/sentences/health-access.finding", "record",
        "ministries", "ministries/assign", "contributions", "carry-over",
    ),
    "labour_a": ("indicators/health-access", "indicators/health-access/contribution", "board", "contributions"),
}  # fmt: skip
REVIEWED = ("review", "review/health-access", "return", "approve", "draft", "check", "indicators/health-access")


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    """The statements that the service sends to its database."""
    statements: list[str] = []

    def note(*given: object) -> None:
        statements.append(str(given[2]))

    event.listen(world.service.database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(world.service.database.engine, "before_cursor_execute", note)


def asked_for(world: World, name: str, address: str) -> int:
    """How many statements a page takes."""
    someone = visitor(world, name)
    with counted(world) as statements:
        assert someone.get(address).status == 200
    return len(statements)


@pytest.fixture
def busy(sqlite_world: World) -> World:
    """A world in which much goes on around one indicator."""
    for ministry in ("labour", "health"):
        made(assign(sqlite_world, ministry, "health-access"))
    for number in range(4):
        for audience in ("government", "shared"):
            made(comment(sqlite_world, "focal_a", audience, f"Question {number}?"))
        proposed(sqlite_world, "labour_a", remark=f"Proposal {number}.")
        attach(sqlite_world, f"law-{number}.txt", b"Article %d." % number)
    return sqlite_world


def test_no_page_of_the_government_asks_much(busy: World, response: Response) -> None:
    fill(busy, response)
    found = {
        (name, place): asked_for(busy, name, path(busy, place)) for name, places in PAGES.items() for place in places
    }
    assert {key: number for key, number in found.items() if number > MOST} == {}


def test_no_page_of_the_review_asks_much(busy: World, response: Response) -> None:
    bring_to(busy, "in_review", response)
    found = {place: asked_for(busy, "reviewer", path(busy, place)) for place in REVIEWED}
    assert {place: number for place, number in found.items() if number > MOST} == {}


def test_an_assessment_more_in_the_list_takes_few_statements_more(sqlite_world: World) -> None:
    before = asked_for(sqlite_world, "second_reviewer", "/assessments")
    for year in (2024, 2022):
        sqlite_world.open_round(f"of {year}", "KG", year)
    assert asked_for(sqlite_world, "second_reviewer", "/assessments") - before <= 2 * 2
