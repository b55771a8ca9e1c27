"""`python -m tests.browser.pictures FOLDER`: photographs the main pages of the demonstration, as README shows them."""

import io
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from sqlmodel import col, select

from app.demo.folder import DATA, Kept, demo_settings, open_folder
from app.demo.people import email_of
from app.demo.story import tell_story
from app.models.assessments import Assessment
from app.service import open_service
from tests.browser.windows import ARGS
from tests.world import serving

DESKTOP, PHONE = {"width": 1200, "height": 860}, {"width": 375, "height": 760}
COLOURS = 96
"""Enough for flat pages; a picture then has a tenth of the bytes."""


class Shot(NamedTuple):
    """A page to be photographed: who looks, at what below the assessment of a round, and in which windows."""

    name: str
    person: str
    round: int
    path: str
    phone: bool = False


SHOTS = (
    Shot("overview", "focal", 2026, "", phone=True),
    Shot("indicator", "focal", 2026, "/indicators/health-access", phone=True),
    Shot("board", "focal", 2026, "/board"),
    Shot("review", "reviewer", 2022, "/review/health-access", phone=True),
    Shot("sentence", "reviewer", 2022, "/draft/sentences/health-access.finding"),
)


@contextmanager
def demonstration(folder: Path) -> Iterator[tuple[str, Kept, dict[int, str]]]:
    """A running demonstration: its address, its passwords, and the assessments of its country by round."""
    kept = open_folder(folder, tell_story)
    service = open_service(demo_settings(kept, folder / DATA))
    try:
        with service.database.reading() as session:
            found = session.exec(select(Assessment).where(col(Assessment.country) == "KG")).all()
        with serving(service) as address:
            yield address, kept, {one.round: one.id for one in found}
    finally:
        service.database.close()


def signed_in(browser: Browser, address: str, kept: Kept, person: str) -> Page:
    """A window in which a person has signed in as people do."""
    page = browser.new_context(base_url=address, reduced_motion="reduce").new_page()
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(email_of(person))
    page.get_by_label("Password").fill(kept.passwords[person])
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="My assessments").wait_for()
    return page


def take(page: Page, target: Path) -> None:
    """What the window shows, as a small PNG."""
    whole = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    whole.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)


def photograph(folder: Path) -> None:
    """Take all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as made,
        demonstration(Path(made)) as (address, kept, rounds),
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGS) as browser,
    ):
        pages = {person: signed_in(browser, address, kept, person) for person in {shot.person for shot in SHOTS}}
        for shot in SHOTS:
            page = pages[shot.person]
            for size, ending in ((DESKTOP, ""), (PHONE, "-phone"))[: 1 + shot.phone]:
                page.set_viewport_size(size)  # type: ignore[arg-type]  # it is a ViewportSize
                page.goto(f"/assessments/{rounds[shot.round]}{shot.path}")
                take(page, folder / f"{shot.name}{ending}.png")


if __name__ == "__main__":
    photograph(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures"))
