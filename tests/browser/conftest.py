"""A real browser for the tests of the pages: the system's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.windows import ARGS, Windows


def find_chromium() -> str:
    """Where Chromium is; without it the tests fail in CI, and are skipped elsewhere."""
    path = shutil.which("chromium")
    if path is None:
        stop = pytest.fail if os.environ.get("CI") else pytest.skip
        stop("chromium is not installed, so no page can be looked at in a browser")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium for the tests of one file, and no longer: while Playwright runs, this thread can run no other event loop."""
    path = find_chromium()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield chromium
        chromium.close()


@pytest.fixture
def windows(browser: Browser) -> Iterator[Windows]:
    """Opens windows, each in a browser profile of its own; they are closed after the test."""
    opened = Windows(browser)
    yield opened
    opened.close()
