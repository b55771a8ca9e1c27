"""Someone who uses no mouse signs in, answers and saves; where they are is always seen, and they are never caught."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.windows import Windows
from tests.sign_ins import WORDS, give_password
from tests.world import World

PATIENCE = 150
"""How often someone presses the key before they give up."""
REMEMBER = """() => {
  const boxes = (one) => ["radio", "checkbox"].includes(one.type) && one.labels[0];
  const ring = (style) => {
    const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 && !style.outlineColor.endsWith(", 0)");
    return [drawn ? style.outline : "", style.boxShadow === "none" ? "" : style.boxShadow];
  };
  const styled = (one) => boxes(one) ? getComputedStyle(one.labels[0], "::before") : getComputedStyle(one);
  window.ringOf = (one) => JSON.stringify(ring(styled(one)));
  const all = [...document.querySelectorAll("a, button, input, select, textarea, summary, [tabindex]")];
  window.places = all;
  window.atRest = new Map(all.map((one) => [one, one === document.activeElement ? "" : window.ringOf(one)]));
}"""
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect();
  const ring = window.ringOf(one);
  return {
    number: window.places.indexOf(one),
    name: [one.tagName, one.id, one.name, one.textContent.trim().slice(0, 40)].filter(Boolean).join(" "),
    seen: ring !== '["",""]' && ring !== window.atRest.get(one),
    inside: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}"""


class Keyboard:
    """A page and the keys of Tab, Space, Enter and the arrows."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.arrive()

    def arrive(self) -> None:
        """On a new page: how everything looks while it has no focus."""
        self.page.wait_for_load_state()
        self.page.evaluate(REMEMBER)

    def tab(self) -> dict[str, Any] | None:
        """Go on by one; what is come to is seen. None at the end of the page."""
        self.page.keyboard.press("Tab")
        focused: dict[str, Any] | None = self.page.evaluate(FOCUSED)
        if focused:
            assert focused["seen"], f"the focus is not seen on {focused['name']}"
            assert focused["inside"], f"the focus is out of sight on {focused['name']}"
        return focused

    def to(self, target: Locator) -> None:
        """Go on until something has the focus."""
        passed = []
        for _ in range(PATIENCE):
            passed.append(self.tab())
            if target.evaluate("one => one === document.activeElement"):
                return
        raise AssertionError(f"{target} is not come to; there were {passed}")

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def leave(self, key: str = "Enter") -> None:
        """Press a key that leads to another page."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.keyboard.press(key)
        self.arrive()

    def round(self) -> list[str]:
        """All that has the focus on a page just opened, from its beginning to its end; nothing holds it twice."""
        passed: list[dict[str, Any]] = []
        for _ in range(PATIENCE):
            focused = self.tab()
            if focused is None or (passed and focused["number"] == passed[0]["number"]):
                return [one["name"] for one in passed]
            assert focused["number"] not in [one["number"] for one in passed], f"caught in {focused['name']}"
            passed.append(focused)
        raise AssertionError(f"the end is not come to; there were {passed[-5:]}")


def sign_in(keys: Keyboard) -> None:
    page = keys.page
    keys.tab()
    expect(page.get_by_role("link", name="Skip to the main content")).to_be_focused()
    keys.to(page.get_by_label("E-mail"))
    page.keyboard.type("focal_a@example.org")
    keys.to(page.get_by_label("Password"))
    page.keyboard.type(WORDS)
    keys.leave()


def answer(keys: Keyboard) -> None:
    page = keys.page
    keys.to(page.get_by_role("radio", name="No answer yet"))
    keys.press("ArrowDown", "ArrowDown")
    expect(page.get_by_role("radio", name="All migrants with legal residence")).to_be_checked()
    keys.to(page.get_by_role("group", name="Which conditions apply").get_by_role("checkbox", name="None", exact=True))
    keys.press("Space")
    law = page.get_by_role("group", name="Which law or policy gives this entitlement?")
    keys.to(law.get_by_text("Add a source that is not on the list").locator("xpath=ancestor::summary"))
    keys.press("Enter")
    keys.to(law.get_by_label("Title", exact=True))
    page.keyboard.type("Law on Health Protection")
    keys.to(law.get_by_label("Kind", exact=True))
    keys.press("ArrowDown")
    expect(law.get_by_label("Kind", exact=True)).to_have_value("law")


@pytest.mark.parametrize("scripted", [True, False], ids=["with a script", "without a script"])
def test_an_answer_is_given_and_saved_without_a_mouse(sqlite_world: World, windows: Windows, scripted: bool) -> None:
    give_password(sqlite_world, "focal_a", second_factor=False)
    page = windows.open(sqlite_world, java_script_enabled=scripted)
    page.goto("/sign-in")
    keys = Keyboard(page)
    sign_in(keys)
    keys.to(page.get_by_role("link", name="Kyrgyzstan 2026", exact=True))
    keys.leave()
    keys.to(page.get_by_role("link", name="Begin", exact=True))
    keys.leave()
    answer(keys)
    keys.to(page.get_by_role("button", name="Save", exact=True))
    keys.leave("Space")
    expect(page.get_by_role("main")).to_contain_text("The answer was saved.")
    expect(page.get_by_role("main")).to_contain_text("All migrants with legal residence have access to health care")
    passed = keys.round()
    assert passed[0].endswith("Skip to the main content")
    assert passed[-1].endswith("Contact")
