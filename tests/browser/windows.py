"""Browser windows of the world's people."""

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.world import World

ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip
"""How Chromium is started: without what it would do in the background."""
SOON = 15_000
"""Milliseconds that a page may take to come to what is expected of it."""

expect.set_options(timeout=SOON)


class Windows:
    """Windows in profiles of their own."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: list[BrowserContext] = []

    def open(self, world: World, name: str = "anonymous", *, address: str = "", **options: Any) -> Page:
        """An empty window of a person who is signed in, or of nobody; `address` is that of a proxy before the service."""
        context = self.browser.new_context(base_url=address or world.address, **options)
        context.set_default_timeout(SOON)
        self.contexts.append(context)
        if name != "anonymous":
            host = urlsplit(world.address).hostname or ""
            context.add_cookies([{"name": "mgi", "value": world.sign_in(name), "domain": host, "path": "/"}])
        return context.new_page()

    def close(self) -> None:
        """Close all of them."""
        for context in self.contexts:
            context.close()
        self.contexts.clear()
