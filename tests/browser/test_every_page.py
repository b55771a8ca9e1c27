"""Every page, seen in a browser: wide, narrow, with longer texts and from right to left; nothing to stumble over."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from playwright.sync_api import Browser

from app.application import PAGES
from app.web.languages import COOKIE, LONG, MIRRORED, SOURCE
from questionnaire.compiled import CompiledInstrument
from questionnaire.response import Response
from tests.browser.looking import Watched, axe_script
from tests.browser.pages_seen import SEEN, Seen
from tests.browser.windows import Windows
from tests.databases import fresh_database
from tests.security.six_states import SixStates, six_states

EVERY = 1 if os.environ.get("MGI_FULL") == "1" else 8
"""Of how many pages one is seen in the trial languages; all before a release."""
DESK, ZOOMED, PHONE = 1280, 640, 320
"""Pixels; a desk's screen at 200 % zoom has 640."""


@pytest.fixture(scope="module")
def states(
    shared_folder: Path, tmp_path_factory: pytest.TempPathFactory, instrument: CompiledInstrument, response: Response
) -> Iterator[SixStates]:
    folder = tmp_path_factory.mktemp("pages")
    with (
        fresh_database("sqlite", shared_folder, folder) as url,
        six_states(url, folder / "data", instrument, response) as built,
    ):
        service = built.world.service
        service.settings = service.settings.model_copy(update={"trial_languages": True})
        yield built


class Look:
    """Windows of everyone in each language, opened when they are needed."""

    def __init__(self, browser: Browser, states: SixStates) -> None:
        self.windows = Windows(browser)
        self.states = states
        self.opened: dict[tuple[str, str], Watched] = {}

    def window(self, person: str, language: str) -> Watched:
        if (person, language) not in self.opened:
            world, secret = self.states.world, self.states.secrets[person]
            page = self.windows.open(world, reduced_motion="reduce")
            cookies = {COOKIE: language, **({"mgi": secret} if secret else {})}
            page.context.add_cookies([{"name": k, "value": v, "url": world.address} for k, v in cookies.items()])
            self.opened[person, language] = Watched(page, world.address)
        return self.opened[person, language]

    def at(self, seen: Seen, language: str) -> Watched:
        facts = {**self.states.facts["collecting"], **self.states.facts[seen.target], "step": "disable"}
        window = self.window(seen.person, language)
        window.open(seen.path.format(**facts))
        return window


@pytest.fixture(scope="module")
def look(browser: Browser, states: SixStates) -> Iterator[Look]:
    made = Look(browser, states)
    yield made
    made.windows.close()


def paths_of_pages() -> set[str]:
    app = FastAPI(openapi_url=None)
    for router in PAGES:
        app.include_router(router)
    contexts = list(iter_route_contexts(app.routes))
    return {
        str(one.path) for one in contexts if "GET" in (one.methods or ()) and not str(one.path).startswith("/static/")
    }


def test_every_page_is_in_the_table() -> None:
    assert {seen.path for seen in SEEN} == paths_of_pages()


def named(seen: Seen) -> str:
    return f"{seen.path} {seen.person} {seen.target}"


@pytest.mark.parametrize("seen", SEEN, ids=named)
def test_a_page_is_fit_for_everyone(look: Look, shared_folder: Path, seen: Seen) -> None:
    window = look.at(seen, SOURCE)
    assert window.violations(axe_script(shared_folder)) == []
    assert [window.scrolls_sideways(width) for width in (ZOOMED, PHONE)] == [[], []]
    assert window.wrong == []


@pytest.mark.parametrize("seen", SEEN[::EVERY], ids=named)
def test_a_page_has_room_for_longer_texts_and_for_reading_from_the_right(look: Look, seen: Seen) -> None:
    window = look.at(seen, LONG)
    assert window.cut() == []
    assert [window.scrolls_sideways(width) for width in (DESK, PHONE)] == [[], []]
    assert window.cut() == []
    window = look.at(seen, MIRRORED)
    assert window.page.evaluate("document.documentElement.dir") == "rtl"
    assert [window.scrolls_sideways(width) for width in (DESK, PHONE)] == [[], []]
    assert window.wrong == []
