"""What a reader on a slow line has to wait for: few bytes at the first visit, fewer afterwards."""

from typing import Any

import pytest
from playwright.sync_api import Page

from questionnaire.response import Response
from tests.browser.windows import Windows
from tests.steps import fill
from tests.world import World

FIRST_VISIT, LATER_PAGE = 60_000, 20_000
"""Bytes on the line, packed, headers included."""
EVERYDAY = ("", "/domains/1", "/indicators/health-access", "/check", "/search", "/sources", "/board", "/record")


class Meter:
    """Counts what comes over the line."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.arrived = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._count)

    def _count(self, event: dict[str, Any]) -> None:
        self.arrived += int(event["encodedDataLength"])

    def open(self, path: str) -> int:
        """The bytes that opening a page takes."""
        self.arrived = 0
        self.page.goto(path, wait_until="networkidle")
        return self.arrived


def test_a_first_visit_is_light(sqlite_world: World, windows: Windows) -> None:
    arrived = Meter(windows.open(sqlite_world)).open("/sign-in")
    assert 10_000 < arrived <= FIRST_VISIT


@pytest.mark.parametrize("rest", EVERYDAY)
def test_the_pages_after_it_are_lighter(world_filled_in: World, windows: Windows, rest: str) -> None:
    meter = Meter(windows.open(world_filled_in, "focal_a"))
    meter.open("/assessments")
    arrived = meter.open(f"/assessments/{world_filled_in.assessments['a']}{rest}")
    assert 1_000 < arrived <= LATER_PAGE


@pytest.fixture
def world_filled_in(sqlite_world: World, response: Response) -> World:
    """Kyrgyzstan with all its answers."""
    fill(sqlite_world, response)
    return sqlite_world
