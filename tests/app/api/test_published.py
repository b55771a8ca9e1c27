"""Published snapshots: open to all, exactly as consented to, gone with a notice when withdrawn."""

import json
from functools import partial

import pytest

from app.api.published import KEPT, kept_file
from questionnaire.response import Response
from tests.steps import approve, bring_to, consent, made, path, withdraw
from tests.world import World

ADDRESS = "/snapshots/KG/2026"


def test_anyone_reads_exactly_what_was_consented_to(world: World, response: Response) -> None:
    bring_to(world, "consented", response)
    shown = world.as_("focal_a").get(path(world, "consent")).json()
    made(world.as_("reviewer").post(path(world, "publication"), json={}))
    public = made(world.as_("anonymous").get(ADDRESS)).json()
    assert (public["document"], public["fingerprint"]) == (shown["document"], shown["fingerprint"])
    assert (public["number"], public["errata"]) == (1, [])


@pytest.mark.parametrize("state", ["in_review", "consented"])
def test_what_is_not_published_looks_like_what_there_is_not(
    sqlite_world: World, response: Response, state: str
) -> None:
    bring_to(sqlite_world, state, response)
    anyone = sqlite_world.as_("anonymous")
    for ending in ("", ".html"):
        hidden, absent = anyone.get(ADDRESS + ending), anyone.get(f"/snapshots/XX/1999{ending}")
        assert (hidden.status_code, hidden.content) == (404, absent.content)
    assert anyone.get("/snapshots").json() == []


def test_the_public_list_tells_country_round_and_date(sqlite_world: World, response: Response) -> None:
    sqlite_world.open_round("later", "KG", 2027)
    bring_to(sqlite_world, "published", response, "later")
    bring_to(sqlite_world, "published", response)
    listed = made(sqlite_world.as_("anonymous").get("/snapshots")).json()
    assert [(item["country_name"], item["round"]) for item in listed] == [("Kyrgyzstan", 2026), ("Kyrgyzstan", 2027)]
    assert set(listed[0]) == {"country", "country_name", "round", "published_at"}


@pytest.mark.parametrize(
    ("ending", "media_type", "beginning"),
    [
        ("html", "text/html; charset=utf-8", b"<!DOCTYPE html>"),
        ("pdf", "application/pdf", b"%PDF-"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
        ("md", "text/markdown; charset=utf-8", b"#"),
        ("json", "application/json", b"{"),
    ],
)
def test_each_format_is_served(
    sqlite_world: World, response: Response, ending: str, media_type: str, beginning: bytes
) -> None:
    bring_to(sqlite_world, "published", response)
    document = made(sqlite_world.as_("anonymous").get(f"{ADDRESS}.{ending}"))
    assert document.headers["Content-Type"] == media_type
    assert document.content.startswith(beginning)
    assert document.headers["Content-Disposition"] == f'inline; filename="mgi-snapshot-KG-2026.{ending}"'


def test_the_page_may_use_its_own_style_sheet_and_nothing_else(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "published", response)
    policy = sqlite_world.as_("anonymous").get(f"{ADDRESS}.html").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_a_copy_that_still_holds_is_not_sent_again(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "published", response)
    anyone, tags = sqlite_world.as_("anonymous"), set()
    for address in (ADDRESS, f"{ADDRESS}.html", f"{ADDRESS}.json"):
        tag = anyone.get(address).headers["ETag"]
        again = anyone.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        assert anyone.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
        tags.add(tag)
    assert len(tags) == 3


def test_what_was_published_stays_public_until_it_is_corrected(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "published", response)
    reviewer, anyone = sqlite_world.as_("reviewer"), sqlite_world.as_("anonymous")
    first = anyone.get(ADDRESS)
    made(reviewer.post(path(sqlite_world, "erratum"), json={"reason": "A private reason."}))
    assert anyone.get(ADDRESS).json() == first.json()
    approve(sqlite_world)
    consent(sqlite_world)
    made(reviewer.post(path(sqlite_world, "publication"), json={"erratum": "A year was wrong."}))
    corrected = anyone.get(ADDRESS)
    assert [(one["number"], one["text"]) for one in corrected.json()["errata"]] == [(2, "A year was wrong.")]
    assert "private reason" not in corrected.text
    assert corrected.headers["ETag"] != first.headers["ETag"]


def test_a_withdrawn_snapshot_leaves_its_notice(world: World, response: Response) -> None:
    bring_to(world, "published", response)
    withdraw(world)
    for ending in ("", ".html", ".pdf"):
        gone = world.as_("anonymous").get(ADDRESS + ending)
        assert (gone.status_code, gone.json()["notice"]) == (410, "A law was misread.")
    assert world.as_("anonymous").get("/snapshots").json() == []


def test_a_published_copy_tells_nothing_of_how_it_was_made(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "published", response)
    text = json.dumps(sqlite_world.as_("anonymous").get(ADDRESS).json())
    assert sqlite_world.accounts["focal_a"] not in text
    assert sqlite_world.assessments["a"] not in text
    assert '"draft_notice": null' in text


def test_a_file_is_made_once_however_many_ask_for_it() -> None:
    made: list[str] = []

    def make(name: str) -> bytes:
        made.append(name)
        return name.encode()

    for _ in range(3):
        assert kept_file("one", lambda: make("one")) == b"one"
    for number in range(KEPT):
        kept_file(f"other {number}", partial(make, str(number)))
    assert made.count("one") == 1
    assert kept_file("one", lambda: make("one")) == b"one"
    assert made.count("one") == 2, "the oldest made room"


def test_a_file_that_is_kept_has_the_same_bytes_and_headers(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "published", response)
    anyone = sqlite_world.as_("anonymous")
    for ending in ("html", "md", "json", "pdf"):
        first, second = (anyone.get(f"{ADDRESS}.{ending}") for _ in range(2))
        assert first.content == second.content
        assert first.headers["Content-Disposition"] == second.headers["Content-Disposition"]
    assert len({anyone.get(f"{ADDRESS}.{ending}").content for ending in ("html", "md", "json")}) == 3
