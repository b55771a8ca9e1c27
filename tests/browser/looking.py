"""What is looked for on a page in the browser: whatever a reader would stumble over."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

AXE = Path(__file__).parent / "axe"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN_AXE = """async (rules) => {
  const found = await axe.run(document, {runOnly: {type: "tag", values: rules}, resultTypes: ["violations"], preload: false});
  return found.violations.map((one) => [one.id, one.help, one.nodes.map((node) => node.html.slice(0, 200)).slice(0, 3)]);
}"""
WIDER = "document.scrollingElement.scrollWidth - innerWidth"
WIDE_ONES = """() => [...document.body.querySelectorAll("*")]
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.right > innerWidth + 1 || box.left < -1)).map(([one]) => one)
  .filter((one) => !one.closest(".govuk-visually-hidden, .govuk-skip-link"))
  .map((one) => one.tagName + "." + one.className).slice(0, 5)"""
CUT = """() => [...document.body.querySelectorAll("*")]
  .filter((one) => ["hidden", "clip"].includes(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth + 1)
  .filter((one) => !one.closest(".govuk-visually-hidden, .govuk-skip-link, thead, svg") && one.clientWidth > 1)
  .map((one) => one.outerHTML.slice(0, 200))"""


@cache
def axe_script(shared: Path) -> str:
    """axe-core, installed once by npm; without npm the tests fail in CI, and are skipped elsewhere."""
    if shutil.which("npm") is None:
        stop = pytest.fail if os.environ.get("CI") else pytest.skip
        stop("npm is not installed, so axe-core cannot be had")
    folder = shutil.copytree(AXE, shared / "axe")
    install = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund"]
    installed = subprocess.run(install, cwd=folder, capture_output=True, text=True, timeout=300)
    assert installed.returncode == 0, installed.stderr
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


class Watched:
    """A window of someone, in which nothing may go wrong unseen: errors, requests elsewhere, what the policy blocks."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.wrong: list[str] = []
        page.on("console", lambda message: self._note(message.type in ("error", "warning"), message.text))
        page.on("pageerror", lambda error: self._note(True, str(error)))
        page.on("request", lambda request: self._note(not request.url.startswith(address), f"asks {request.url}"))

    def _note(self, is_wrong: bool, what: str) -> None:
        if is_wrong:
            self.wrong.append(what)

    def open(self, path: str) -> None:
        """Open a page at the width of a desk."""
        self.wrong.clear()
        self.page.set_viewport_size({"width": 1280, "height": 900})
        arrived = self.page.goto(path)
        assert arrived is not None
        assert arrived.status == 200, f"{path}: {arrived.status}"
        assert self.page.url == self.address + path, f"{path} leads to {self.page.url}"

    def violations(self, axe: str) -> list[Any]:
        """What axe-core finds; everything folded away is opened for it."""
        self.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        self.page.evaluate(axe)
        found: list[Any] = self.page.evaluate(RUN_AXE, RULES)
        return found

    def scrolls_sideways(self, width: int) -> list[str]:
        """What is too wide where the screen has so many pixels."""
        self.page.set_viewport_size({"width": width, "height": 900})
        wider = self.page.evaluate(WIDER)
        return [f"{wider} pixels at {width}", *self.page.evaluate(WIDE_ONES)] if wider > 0 else []

    def cut(self) -> list[str]:
        """Elements whose text does not fit, and is cut."""
        found: list[str] = self.page.evaluate(CUT)
        return found
