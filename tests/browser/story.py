"""The people of a story that is told on the pages: each at a browser of their own, by what they read and do there."""

import re
from re import Pattern
from urllib.parse import urlsplit

import pyotp
from playwright.sync_api import Locator, Page, Response, expect
from sqlmodel import select

from app.models.people import Account
from app.people.second_factor import shared_secret
from questionnaire.response import Response as Answers
from tests.browser.windows import Windows
from tests.sign_ins import STORED, WORDS, give_password
from tests.world import World

Words = str | Pattern[str]


class Person:
    """Someone at their browser. What they press and follow leads to another page, and is awaited."""

    def __init__(self, world: World, page: Page, email: str, name: str) -> None:
        self.world, self.page, self.email, self.name = world, page, email, name
        self.password, self.app_key = WORDS, ""
        self.wrong: list[str] = []
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("response", self._look_at)

    def _look_at(self, response: Response) -> None:
        if response.status >= 500:
            self.wrong.append(f"{response.request.method} {response.url}: {response.status}")

    @property
    def main(self) -> Locator:
        """What the page is about, without its frame."""
        return self.page.get_by_role("main")

    def open(self, path: str) -> None:
        """Type an address."""
        self.page.goto(path, wait_until="domcontentloaded")

    def follow(self, link: Words, within: Locator | None = None) -> None:
        """Follow a link."""
        self._go((within or self.page).get_by_role("link", name=link, exact=isinstance(link, str)))

    def press(self, button: Words, within: Locator | None = None) -> None:
        """Press a button that sends a form."""
        self._go((within or self.page).get_by_role("button", name=button, exact=isinstance(button, str)))

    def _go(self, control: Locator) -> None:
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            control.click()

    def go(self, place: str) -> None:
        """Follow a link of the assessment's own menu."""
        self.follow(place, self.page.get_by_role("navigation", name="Assessment"))

    def fill(self, label: str, text: str, within: Locator | None = None) -> None:
        """Write into a field."""
        (within or self.page).get_by_label(label, exact=True).fill(text)

    def select(self, label: str, option: str, within: Locator | None = None) -> None:
        """Choose from a list."""
        (within or self.page).get_by_label(label, exact=True).select_option(label=option)

    def choose(self, option: Words, within: Locator | None = None) -> None:
        """Choose one of several that shut each other out."""
        (within or self.page).get_by_role("radio", name=option, exact=isinstance(option, str)).check()

    def tick(self, box: Words, within: Locator | None = None) -> None:
        """Tick a box."""
        (within or self.page).get_by_role("checkbox", name=box, exact=isinstance(box, str)).check()

    def unfold(self, summary: str, within: Locator | None = None) -> None:
        """Open what is folded away."""
        (within or self.page).locator("summary").get_by_text(summary, exact=True).click()

    def group(self, name: str) -> Locator:
        """Fields that belong together, by what stands above them, without its number."""
        return self.page.get_by_role("group", name=re.compile(rf"^(\d+\. )?{re.escape(name)}$"))

    def panel(self, name: str) -> Locator:
        """A part of the page that has a heading of its own."""
        return self.page.get_by_role("region", name=name, exact=True)

    def read(self, *texts: str, within: Locator | None = None) -> None:
        """Find texts on the page."""
        for text in texts:
            expect(within or self.main).to_contain_text(text)

    def miss(self, *texts: str) -> None:
        """Find texts nowhere in the page."""
        for text in texts:
            expect(self.page.locator("body")).not_to_contain_text(text)

    def be_at(self, heading: str) -> None:
        """Read the heading of the page."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def be_without(self, button: str) -> None:
        """Find no button of that name."""
        expect(self.page.get_by_role("button", name=button, exact=True)).to_have_count(0)

    def accept(self, link: str, role: str, country: str) -> None:
        """Come with the link of an invitation, accept it, and sign in for the first time."""
        told = urlsplit(link)
        self.open(f"{told.path}#{told.fragment}")
        pasted = self.page.get_by_label("Paste the part of the link after #")
        if pasted.is_visible():
            pasted.fill(link)
        self.press("Look at the invitation")
        self.read(role, country, self.email)
        self.fill("Your name", self.name)
        self.fill("Password", self.password)
        self.press("Accept the invitation")
        self.read("The invitation is accepted. Please sign in with your e-mail and your new password.")
        self._show_password()

    def sign_in(self) -> None:
        """Sign in, with a code where a second factor is set up."""
        self.open("/sign-in")
        self._show_password()
        if self.app_key:
            self.be_at("Enter your code")
            self.fill("Code", self.code())
            self.press("Continue")
        self.be_at("My assessments")

    def _show_password(self) -> None:
        self.fill("E-mail", self.email)
        self.fill("Password", self.password)
        self.press("Sign in")

    def code(self) -> str:
        """What the app on their phone shows; a minute passes, so that it is a new code each time."""
        self.world.later(seconds=60)
        return pyotp.TOTP(self.app_key).at(self.world.now)

    def set_up_second_factor(self) -> None:
        """Do what the service asks of a role that needs one: type the key into an app, and show that it works."""
        self.be_at("Set up a second factor")
        self.read("Your role needs a second factor")
        self.fill("Your password, once more", self.password)
        self.press("Continue")
        self.unfold("I cannot scan: show the key to type")
        self.app_key = (self.page.locator("details code").text_content() or "").replace(" ", "")
        self.fill("Code", self.code())
        self.press("Confirm")
        self.read("Your second factor is set up.", "They are shown now and never again.")
        self.follow("I have kept them: continue")
        self.be_at("My assessments")

    def open_assessment(self, name: str) -> None:
        """From the list of their assessments."""
        self.open("/assessments")
        self.follow(name)
        self.be_at(name)


class Story:
    """A country's first rounds, and the people in them."""

    def __init__(self, world: World, windows: Windows, answers: Answers, *, scripted: bool) -> None:
        self.world, self.answers, self.scripted = world, answers, scripted
        self.windows = windows
        self.people: list[Person] = []

    def person(self, name: str, email: str) -> Person:
        """Someone with a browser of their own, in which nobody is signed in."""
        page = self.windows.open(self.world, java_script_enabled=self.scripted, accept_downloads=False)
        arrived = Person(self.world, page, email, name)
        self.people.append(arrived)
        return arrived

    def administrator(self) -> Person:
        """Who set up the service, with a password and an app on the phone."""
        give_password(self.world, "administrator")
        found = self.person("Person administrator", "administrator@example.org")
        found.app_key = shared_secret(self.world.service.settings.key, STORED)
        return found

    def later(self, *people: Person, **span: float) -> None:
        """Time passes; those who go on sign in anew."""
        self.world.later(**span)
        for one in people:
            one.sign_in()

    def fill_in(self, person: Person, path: str, *, without: set[str]) -> None:
        """What would take a country weeks: the answers that the story does not tell of, saved below the pages."""
        rest = {name: answer for name, answer in self.answers.answers.items() if name not in without}
        with self.world.service.database.reading() as session:
            found = session.exec(select(Account.id).where(Account.email == person.email)).one()
        self.world.accounts[person.email] = found
        self.world.fill_in(path.rpartition("/")[2], self.answers.model_copy(update={"answers": rest}), person.email)

    def end(self) -> None:
        """Nothing went wrong behind anyone's back."""
        assert {one.name: one.wrong for one in self.people if one.wrong} == {}


def link_shown(person: Person) -> str:
    """The link of an invitation that the page shows."""
    return (person.main.locator("code").text_content() or "").strip()


def a_source_is_added(person: Person, question: str, title: str) -> None:
    """To the country's list, while a question is answered."""
    place = person.group(question)
    person.unfold("Add a source that is not on the list", place)
    person.fill("Title", title, place)
    person.select("Kind", "Law or regulation", place)
    person.fill("Year or date", "2025", place)
    person.fill("Link", "https://example.org/law", place)


def a_comment_is_written(person: Person, audience: str, text: str) -> None:
    """Beside the indicator that is shown."""
    person.unfold("Write a comment")
    person.choose(audience)
    person.fill("Comment", text)
    person.press("Add the comment")
    person.read("Your comment was added.")
    person.read(text, within=person.panel("Comments"))
