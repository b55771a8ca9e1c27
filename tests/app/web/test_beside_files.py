"""Files beside an answer: attached, refused with a reason, made public, removed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from questionnaire.compiled import CompiledInstrument
from tests.app.evidence.attachments import attached, kept, names
from tests.app.evidence.made_files import pdf
from tests.app.web.looking import PLACE, at, panel
from tests.databases import fresh_database
from tests.steps import path
from tests.teamwork import assign
from tests.visiting import Page, visitor
from tests.world import World, running_world


def files(page: Page) -> str:
    """What is read in the panel of files."""
    return panel(page, "files")


def test_a_file_is_attached_and_told_in_words(sqlite_world: World) -> None:
    page = at(sqlite_world, "focal_a").press("Attach the file", file=("law.pdf", pdf()), file_public=["yes"])
    assert page.path == path(sqlite_world, PLACE)
    assert "law.pdf" in files(page)
    assert "PDF, 1 kB; by Person focal_a, 15 January 2026" in files(page)
    assert "Make it not public" in files(page)


def test_a_file_is_downloaded_and_never_shown(sqlite_world: World) -> None:
    someone = at(sqlite_world, "focal_a")
    page = someone.press("Attach the file", file=("law.txt", b"Article 1. All."))
    answer = someone.client.get(page.links()["law.txt"])
    assert answer.content == b"Article 1. All."
    assert answer.headers["content-disposition"].startswith("attachment")


def test_what_a_file_may_be_is_told_beforehand(sqlite_world: World) -> None:
    assert "At most 20 MB. PDF, Word" in files(at(sqlite_world, "focal_a").page)


@pytest.mark.parametrize(
    "content",
    [b"<html><script>alert(1)</script></html>", b"MZ\x90\0\x03" + bytes(200), b""],
    ids=["html", "exe", "empty"],
)
def test_a_file_that_cannot_be_evidence_is_refused_at_its_field(sqlite_world: World, content: bytes) -> None:
    page = at(sqlite_world, "focal_a").press("Attach the file", file=("law.pdf", content), file_public=["yes"])
    assert page.status == 422
    assert page.find("//a[@href='#f-file']")
    assert page.find("//*[@id='f-file-error']")
    assert page.find("//input[@name='file_public' and @checked]")
    assert kept(sqlite_world) == set()


def test_a_form_without_a_file_says_so(sqlite_world: World) -> None:
    for file in (None, ("", b"")):
        page = at(sqlite_world, "focal_a").press("Attach the file", file=file)
        assert page.status == 422
        assert page.errors[-1] == "Choose a file"


@pytest.fixture
def frugal_world(shared_folder: Path, tmp_path: Path, instrument: CompiledInstrument) -> Iterator[World]:
    """A world in which a file may have 1,000 bytes."""
    with (
        fresh_database("sqlite", shared_folder, tmp_path) as url,
        running_world(url, tmp_path / "data", instrument, evidence_limit=1000) as made,
    ):
        yield made


def test_a_file_over_the_limit_is_refused_with_the_mend(frugal_world: World) -> None:
    page = at(frugal_world, "focal_a").press("Attach the file", file=("law.txt", b"Article. " * 200))
    assert page.status == 422
    assert "scanning at 150 dpi" in page.errors[-1]
    page = at(frugal_world, "focal_a").press("Attach the file", file=("law.txt", b"Article. " * 20_000))
    assert page.status == 413
    assert kept(frugal_world) == set()


def test_a_contributor_attaches_and_cannot_make_public(sqlite_world: World) -> None:
    assign(sqlite_world, "labour", "health-access")
    someone = at(sqlite_world, "labour_a")
    assert not someone.page.find("//input[@name='file_public']")
    page = someone.press("Attach the file", file=("law.txt", b"Article 1. All."))
    assert "law.txt" in files(page)
    page = someone.press("Attach the file", file=("other.txt", b"Article 2."), file_public=["yes"])
    assert page.status == 403
    assert names(sqlite_world, "focal_a") == ["law.txt"]


def test_who_may_not_attach_is_refused_before_the_file_is_read(sqlite_world: World) -> None:
    broken = {"Content-Type": "multipart/form-data"}
    for name, status in (("health_a", 404), ("signatory_a", 403), ("focal_b", 404), ("focal_a", 400)):
        client = visitor(sqlite_world, name).client
        answer = client.post(path(sqlite_world, f"{PLACE}/evidence"), content=b"no form", headers=broken)
        assert (name, answer.status_code) == (name, status)


def test_a_file_is_made_public_and_no_longer(sqlite_world: World) -> None:
    attached(sqlite_world)
    someone = at(sqlite_world, "focal_a")
    assert "Not public" in files(someone.page)
    page = someone.press("Make it public: law.txt")
    assert "The file may now be given to anyone." in page.text
    assert "Not public" in files(someone.press("Make it not public: law.txt"))


def test_a_file_is_removed_after_a_question(sqlite_world: World) -> None:
    attached(sqlite_world)
    someone = at(sqlite_world, "focal_a")
    page = someone.follow("Remove: law.txt")
    assert page.heading == "Remove this file?"
    assert "law.txt" in page.text
    assert names(sqlite_world, "focal_a") == ["law.txt"]
    assert "No file is attached." in files(someone.press("Remove the file"))
    assert names(sqlite_world, "focal_a") == []


def test_the_text_of_a_source_is_told_as_such(sqlite_world: World) -> None:
    source = {"title": "Law on Health", "kind": "law"}
    put = sqlite_world.as_("focal_a").put(path(sqlite_world, "sources/law"), json=source, headers={"If-Match": '"0"'})
    assert put.status_code == 200
    page = at(sqlite_world, "focal_a").press("Attach the file", file=("law.txt", b"Article 1."), file_source="law")
    assert "The text of Law on Health" in files(page)
    page = at(sqlite_world, "focal_a").press("Attach the file", file=("a.txt", b"Article 2."), file_source="absent")
    assert page.find("//a[@href='#f-file_source']")
