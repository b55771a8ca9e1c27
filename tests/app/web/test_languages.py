"""The languages of the pages: chosen, asked for by the browser, and every text translatable."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import Request

from app.people.own_account import Language as AccountLanguage
from app.web.languages import LANGUAGES, LONG, MIRRORED, NAMES, chosen, offered, texts_of
from app.web.rendering import TEMPLATES
from tests.databases import fresh_database
from tests.visiting import Page, visitor
from tests.world import World, running_world

LATIN = re.compile(r"[A-Za-z]{2,}")
NAMES_OF_THINGS = {"UTC", "PDF", "Word", "HTML", "Markdown", "JSON"}
SHOWN = ("aria-label", "title", "alt", "placeholder")


@pytest.fixture
def trial_world(shared_folder: Path, tmp_path: Path, instrument: object) -> Iterator[World]:
    """A world whose pages offer the made-up languages."""
    with (
        fresh_database("sqlite", shared_folder, tmp_path) as url,
        running_world(url, tmp_path / "data", instrument, trial_languages=True) as made,  # type: ignore[arg-type]
    ):
        yield made


def asking(header: str = "", cookie: str = "") -> Request:
    headers = [(b"accept-language", header.encode("latin-1")), (b"cookie", f"mgi-language={cookie}".encode())]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": headers})


def left_in_english(page: Page) -> set[str]:
    """Words of the page in Latin letters, but for what is data: addresses, names of people, ids."""
    texts = page.find(
        "//body//text()[not(ancestor::script or ancestor::code or ancestor::bdi or ancestor::*[@lang][not(self::html)])]"
    )
    texts += [value for name in SHOWN for value in page.find(f"//body//@{name}")]
    words = {
        word for text in (*texts, page.find("string(//title)")) for word in LATIN.findall(re.sub(r"\S+@\S+", "", text))
    }
    return words - NAMES_OF_THINGS


def test_the_browsers_first_language_that_there_is_is_taken() -> None:
    for header in (
        "en-GB,en;q=0.9",
        "tlh, en;q=0.5",
        "*",
        "",
        ";;,,=",
        "xx-" * 60,
        "\xff\xfe",
        "../../etc",
        "en" * 200,
    ):
        assert chosen(asking(header), trial=False).code == "en"
        assert chosen(asking(header), trial=True).code == "en"


def test_a_choice_counts_more_than_the_browser_and_only_what_is_offered_counts() -> None:
    assert chosen(asking("en", MIRRORED), trial=True).direction == "rtl"
    assert chosen(asking("en", MIRRORED), trial=False).code == "en"
    assert chosen(asking(MIRRORED), trial=True).code == "en"
    for cookie in ("tlh", "../en", "", "\u00ff", "en;"):
        assert chosen(asking("en", cookie), trial=True).code == "en"


def test_the_languages_of_accounts_have_names() -> None:
    assert set(NAMES) == set(AccountLanguage.__args__)  # type: ignore[attr-defined]
    assert set(LANGUAGES) <= set(NAMES)
    assert set(offered(trial=True)) - set(LANGUAGES) == {LONG, MIRRORED}


def test_what_stands_in_for_values_is_kept() -> None:
    for code in (LONG, MIRRORED):
        text = texts_of(code).ngettext("%(num)s file of %(name)s", "%(num)s files of %(name)s", 2)
        assert text % {"num": 2, "name": "A"}
        assert "%(num)s" in text
        assert "%(name)s" in text


def test_no_page_offers_a_choice_where_there_is_none(sqlite_world: World) -> None:
    someone = visitor(sqlite_world)
    assert someone.get("/sign-in").find("//*[@class='mgi-languages']") == []
    someone.client.post("/language", data={"language": MIRRORED, "next": "/sign-in"})
    assert "mgi-language" not in someone.client.cookies


def test_a_reader_changes_the_language_and_stays_where_they_are(trial_world: World) -> None:
    someone = visitor(trial_world)
    someone.get("/reset/ask")
    page = someone.press("Right to left")
    assert page.path == "/reset/ask"
    assert page.find("string(//html/@lang)") == MIRRORED
    assert page.find("string(//html/@dir)") == "rtl"
    assert "mgi-rtl.css" in page.find("string(//link[@rel='stylesheet']/@href)")
    assert page.headers["content-language"] == MIRRORED
    assert someone.press("English").find("string(//html/@dir)") == "ltr"


def test_the_choice_is_kept_from_scripts_and_other_sites(trial_world: World) -> None:
    given = visitor(trial_world).client.post("/language", data={"language": LONG}, follow_redirects=False)
    kept = given.headers["set-cookie"].lower()
    assert {"httponly", "samesite=lax", "path=/"} <= set(kept.split("; "))


STRANGERS = ("/sign-in", "/sign-in?next=/account", "/reset", "/reset/ask", "/reset/asked", "/invitation", "/nowhere")
OWN = (
    "", "/details", "/password", "/tokens", "/sign-ins", "/sign-out-everywhere", "/invitations", "/second-factor",
    "/second-factor/remove", "/second-factor/recovery-codes",
)  # fmt: skip


def test_no_english_is_left_on_the_pages_of_signing_in(trial_world: World) -> None:
    someone = visitor(trial_world)
    someone.client.cookies.set("mgi-language", MIRRORED, domain="127.0.0.1")
    for path in STRANGERS:
        assert left_in_english(someone.get(path)) == set(), path
    someone.get("/sign-in")
    page = someone.press(someone.page.find("string(//main//button)"), email="x", password="")
    assert left_in_english(page) == set()


def test_no_english_is_left_on_the_pages_of_the_account(trial_world: World) -> None:
    someone = visitor(trial_world, "focal_a")
    someone.client.cookies.set("mgi-language", MIRRORED, domain="127.0.0.1")
    data = {"Person", "focal", "MGI", "Kyrgyzstan"}
    for path in (*(f"/account{path}" for path in OWN), "/sign-in/second-factor", "/signed-in"):
        assert left_in_english(someone.get(path)) - data == set(), path


def template_texts(text: str) -> str:
    """What stands in a template outside of tags, expressions and comments."""
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", " ", text, flags=re.DOTALL)
    attributes = " ".join(re.findall(rf'(?:{"|".join(SHOWN)})="([^"]*)"', text))
    return re.sub(r'<[^>]*>|[\w-]+="[^"]*"', " ", text) + " " + attributes


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_every_text_of_a_template_can_be_translated(path: Path) -> None:
    assert set(LATIN.findall(template_texts(path.read_text(encoding="utf-8")))) <= NAMES_OF_THINGS
