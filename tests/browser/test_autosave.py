"""What is typed is saved while it is typed, and survives what happens to lines, sign-ins and browsers."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Dialog, Error, Page, Route, expect

from tests.browser.windows import Windows
from tests.faults.dropping_proxy import dropping_proxy
from tests.sign_ins import WORDS, give_password
from tests.steps import made, path
from tests.world import World

TEXTS = int(os.environ.get("MGI_TEXTS", "20"))
HEALTH = "health-access"


def place(world: World, indicator: str = HEALTH) -> str:
    return f"/assessments/{world.assessments['a']}/indicators/{indicator}"


def open_form(windows: Windows, world: World, name: str = "focal_a", **options: Any) -> Page:
    page = windows.open(world, name, **options)
    page.goto(place(world))
    return page


def write(page: Page, text: str, field: str = "Note") -> None:
    page.get_by_label(field, exact=True).fill(text)


def expect_state(page: Page, state: str) -> None:
    expect(page.locator(f"#save-state[data-state='{state}']")).to_be_visible()


def expect_saved(page: Page, world: World, **parts: Any) -> None:
    """The page says so, and it is so."""
    expect_state(page, "saved")
    stored = stored_answer(world)
    assert {name: stored["answer"].get(name) for name in parts} == parts


def stored_answer(world: World) -> dict[str, Any]:
    found: dict[str, Any] = made(world.as_("focal_a").get(path(world, f"answers/{HEALTH}"))).json()
    return found


def versions(world: World) -> list[str]:
    """The notes of all versions, the first one first."""
    history = made(world.as_("focal_a").get(path(world, f"answers/{HEALTH}/history"))).json()
    return [one["answer"].get("note", "") for one in reversed(history)]


def kept(page: Page) -> list[str]:
    found: list[str] = page.evaluate("Object.values(sessionStorage)")
    return found


def stop_saving(page: Page) -> None:
    """From now on what is sent does not arrive."""
    page.route("**/indicators/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())


def lose_the_answer(page: Page) -> None:
    """What is sent next arrives and is saved, and the answer to it is lost."""
    lost: list[Route] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route)
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/indicators/*", lose)


@contextmanager
def lossy_address(world: World) -> Iterator[str]:
    """The address of a proxy that drops every third answer. It has a thread of its own: Playwright's loop runs in this one."""
    proxy = dropping_proxy(urlsplit(world.address).port or 0)
    with ThreadPoolExecutor(1) as thread:
        port = thread.submit(proxy.__enter__).result()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            thread.submit(proxy.__exit__, None, None, None).result()


def open_at_last(page: Page, world: World) -> None:
    """Open the form over a line that drops answers, again and again until the script is there too."""
    for _ in range(20):
        with suppress(Error):
            page.goto(place(world))
            if page.locator("#answer-form[autocomplete=off]").count():
                return
    raise AssertionError("the form never arrived")


def see_each_loss(page: Page) -> None:
    """A browser itself sends once more over a line that it has used before; the script shall see that an answer was lost."""

    def pass_on(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        try:
            route.fulfill(response=route.fetch())
        except Error:
            route.abort()

    page.route("**/indicators/*", pass_on)


def let_time_pass(page: Page) -> None:
    """Until what was typed is saved, however often it has to be sent."""
    for _ in range(50):
        page.clock.run_for(3000)
        page.wait_for_timeout(30)
        if page.locator("#save-state[data-state=saved]").count():
            return
    raise AssertionError(f"not saved: {page.locator('#save-state').inner_text()}")


def test_what_is_typed_is_saved_without_a_button(sqlite_world: World, windows: Windows) -> None:
    page = open_form(windows, sqlite_world)
    write(page, "Asked the ministry of health.")
    expect_state(page, "saving")
    expect_saved(page, sqlite_world, note="Asked the ministry of health.")
    expect(page.locator("#answer-base")).to_have_value("1")
    page.get_by_label("Emergency care only").check()
    expect(page.locator("#answer-base")).to_have_value("2")
    expect(page.locator("#preview")).to_contain_text("in emergencies only")
    assert stored_answer(sqlite_world)["answer"]["values"] == {"groups": "emergency"}
    assert kept(page) == []


def test_typing_goes_on_undisturbed_while_it_is_saved(sqlite_world: World, windows: Windows) -> None:
    page = open_form(windows, sqlite_world)
    note = page.get_by_label("Note", exact=True)
    note.press_sequentially("One sentence, then another one", delay=20)
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect_state(page, "saved")
    page.keyboard.type("quite ")
    expect_state(page, "saving")
    expect_saved(page, sqlite_world, note="One sentence, then another quite one")
    assert note.evaluate("field => [document.activeElement === field, field.selectionStart]") == [True, 33]


def test_no_text_is_lost_on_a_line_that_loses_answers(sqlite_world: World, windows: Windows) -> None:
    texts = [f"Text {number + 1} of {TEXTS}." for number in range(TEXTS)]
    with lossy_address(sqlite_world) as address:
        page = windows.open(sqlite_world, "focal_a", address=address)
        page.clock.install()
        open_at_last(page, sqlite_world)
        see_each_loss(page)
        for text in texts:
            for part in (f"Begun: {text}", f"Half: {text}", text):
                write(page, part)
                page.clock.run_for(1500)
                page.wait_for_timeout(30)
            let_time_pass(page)
        windows.close()
    saved = versions(sqlite_world)
    assert [text for text in saved if text.startswith("Text")] == texts
    assert len(set(saved)) == len(saved)


def test_a_line_that_is_cut_and_comes_back_loses_nothing(sqlite_world: World, windows: Windows) -> None:
    page = open_form(windows, sqlite_world)
    page.context.set_offline(True)
    write(page, "Written in the dark.")
    expect_state(page, "offline")
    expect(page.locator("#save-state")).to_contain_text("No connection")
    assert stored_answer(sqlite_world)["version"] == 0
    page.context.set_offline(False)
    expect_saved(page, sqlite_world, note="Written in the dark.")


def test_a_save_whose_answer_was_lost_is_no_conflict_with_oneself(sqlite_world: World, windows: Windows) -> None:
    page = open_form(windows, sqlite_world)
    lose_the_answer(page)
    write(page, "First.")
    expect_state(page, "offline")
    write(page, "First. Second.")
    expect_saved(page, sqlite_world, note="First. Second.")
    assert versions(sqlite_world) == ["First.", "First. Second."]


def test_nor_after_a_reload(sqlite_world: World, windows: Windows) -> None:
    page = open_form(windows, sqlite_world)
    page.on("dialog", Dialog.accept)
    lose_the_answer(page)
    write(page, "First.")
    expect_state(page, "offline")
    write(page, "First. Second.")
    page.reload()
    expect(page.get_by_text("was put back")).to_be_visible()
    expect_state(page, "saving")
    expect_saved(page, sqlite_world, note="First. Second.")


def test_a_sign_in_that_expires_in_mid_text_loses_nothing(sqlite_world: World, windows: Windows) -> None:
    give_password(sqlite_world, "focal_a", second_factor=False)
    page = open_form(windows, sqlite_world)
    sqlite_world.later(hours=13)
    sqlite_world.forget_clients()
    write(page, "Written over lunch.")
    expect_state(page, "signed-out")
    with page.context.expect_page() as opened:
        page.locator("#save-state a").click()
    other = opened.value
    other.get_by_label("E-mail").fill("focal_a@example.org")
    other.get_by_label("Password").fill(WORDS)
    other.get_by_role("main").get_by_role("button", name="Sign in").click()
    other.close()
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")  # which a browser without a screen does not send
    expect_saved(page, sqlite_world, note="Written over lunch.")


def test_two_who_write_at_once_see_both_texts_and_decide(sqlite_world: World, windows: Windows) -> None:
    mine, theirs = (open_form(windows, sqlite_world, name) for name in ("focal_a", "second_focal_a"))
    write(theirs, "Theirs.")
    expect_saved(theirs, sqlite_world, note="Theirs.")
    write(mine, "Mine.")
    expect_state(mine, "conflict")
    expect(mine.locator("#conflict")).to_contain_text("Theirs.")
    expect(mine.locator("#conflict")).to_contain_text("Mine.")
    write(mine, "Mine, and theirs.")
    mine.wait_for_timeout(1500)
    assert versions(sqlite_world) == ["Theirs."]
    mine.get_by_role("button", name="Keep mine").click()
    expect(mine.get_by_text("The answer was saved.")).to_be_visible()
    assert versions(sqlite_world) == ["Theirs.", "Mine, and theirs."]
    assert kept(mine) == []


def test_who_takes_the_other_text_is_not_asked_again(sqlite_world: World, windows: Windows) -> None:
    mine, theirs = (open_form(windows, sqlite_world, name) for name in ("focal_a", "second_focal_a"))
    write(theirs, "Theirs.")
    expect_saved(theirs, sqlite_world, note="Theirs.")
    write(mine, "Mine.")
    expect_state(mine, "conflict")
    mine.get_by_role("link", name="Take theirs").or_(mine.get_by_role("button", name="Take theirs")).click()
    expect(mine.get_by_label("Note", exact=True)).to_have_value("Theirs.")
    assert versions(sqlite_world) == ["Theirs."]


def test_a_text_that_could_not_be_sent_is_there_after_a_reload(sqlite_world: World, windows: Windows) -> None:
    page = open_form(windows, sqlite_world)
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    stop_saving(page)
    write(page, "Nearly lost.")
    page.get_by_label("Emergency care only").check()
    expect_state(page, "offline")
    page.reload()
    assert asked == ["beforeunload"]
    expect(page.get_by_text("was put back")).to_be_visible()
    expect(page.get_by_label("Emergency care only")).to_be_checked()
    page.unroute_all()
    write(page, "Nearly lost, and found.")
    expect_saved(page, sqlite_world, note="Nearly lost, and found.", values={"groups": "emergency"})
    page.reload()
    assert (asked, kept(page)) == (["beforeunload"], [])


def test_nothing_is_kept_after_signing_out(sqlite_world: World, windows: Windows) -> None:
    page = open_form(windows, sqlite_world)
    page.on("dialog", Dialog.accept)
    stop_saving(page)
    write(page, "Nearly lost.")
    expect_state(page, "offline")
    assert "Nearly lost." in kept(page)[0]
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    assert kept(page) == []


def test_what_another_person_wrote_in_this_window_is_not_put_back(sqlite_world: World, windows: Windows) -> None:
    page = open_form(windows, sqlite_world)
    page.on("dialog", Dialog.accept)
    stop_saving(page)
    write(page, "Nearly lost.")
    expect_state(page, "offline")
    page.context.add_cookies(
        [{"name": "mgi", "value": sqlite_world.sign_in("second_focal_a"), "url": sqlite_world.address}]
    )
    page.reload()
    expect(page.get_by_label("Note", exact=True)).to_have_value("")


def test_what_is_wrong_is_told_and_saving_goes_on_at_the_next_keystroke(sqlite_world: World, windows: Windows) -> None:
    page = open_form(windows, sqlite_world)
    write(page, "no full stop", "Detail")
    expect_state(page, "invalid")
    expect(page.locator("#save-state")).to_contain_text("full stop")
    assert stored_answer(sqlite_world)["version"] == 0
    write(page, "A full stop.", "Detail")
    expect_saved(page, sqlite_world, detail="A full stop.")


def test_a_button_pressed_while_a_save_is_under_way_is_no_conflict(sqlite_world: World, windows: Windows) -> None:
    page = open_form(windows, sqlite_world)
    lose_the_answer(page)
    write(page, "First.")
    expect_state(page, "offline")
    write(page, "First. Second.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The answer was saved.")).to_be_visible()
    assert versions(sqlite_world) == ["First.", "First. Second."]
    assert kept(page) == []


def test_a_new_source_waits_for_the_button_and_survives_a_reload(sqlite_world: World, windows: Windows) -> None:
    page = open_form(windows, sqlite_world)
    page.on("dialog", Dialog.accept)
    page.locator("[name='new.further.title']").evaluate("field => field.closest('details').open = true")
    page.locator("[name='new.further.title']").fill("Law on health")
    write(page, "A law.")
    expect_saved(page, sqlite_world, note="A law.")
    page.reload()
    expect(page.locator("[name='new.further.title']")).to_have_value("Law on health")
    assert made(sqlite_world.as_("focal_a").get(path(sqlite_world, "sources"))).json() == []


def test_follow_up_questions_come_and_go(sqlite_world: World, windows: Windows) -> None:
    page = open_form(windows, sqlite_world)
    which = page.locator("#q-which")
    expect(which).to_be_hidden()
    page.get_by_label("Some groups of migrants").check()
    expect(which).to_be_visible()
    page.get_by_label("Emergency care only").check()
    expect(which).to_be_hidden()
    page.reload()
    expect(which).to_be_hidden()


def test_without_a_script_all_questions_are_there(sqlite_world: World, windows: Windows) -> None:
    page = open_form(windows, sqlite_world, java_script_enabled=False)
    expect(page.locator("#q-which")).to_be_visible()
    write(page, "By hand.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The answer was saved.")).to_be_visible()
    assert stored_answer(sqlite_world)["answer"]["note"] == "By hand."
