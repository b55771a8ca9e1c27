"""Drafts: a preview at any time, those that were kept, and what changed between them."""

from typing import Any

import pytest

from questionnaire.response import Response
from tests.steps import bring_to, fill, made, path, submit
from tests.teamwork import NONE, save
from tests.world import World

GENERATED = "All migrants, regardless of their legal status"
ALL = {"values": {"groups": "all", "limits": ["no_limits"]}}
RETURN = {"indicators": [{"indicator": "health-access", "reason": "Which law says so?"}]}
FORMATS = {"html": b"<!DOCTYPE html>", "pdf": b"%PDF-", "docx": b"PK", "md": b"# ", "json": b"{"}


def read(world: World, name: str, rest: str, **params: Any) -> Any:
    return made(world.as_(name).get(path(world, rest), params=params)).json()


def test_a_preview_follows_the_answers_at_any_time(world: World) -> None:
    assert GENERATED not in world.as_("focal_a").get(path(world, "draft.md")).text
    save(world, 0, ALL)
    preview = made(world.as_("focal_a").get(path(world, "draft.md")))
    assert GENERATED in preview.text
    assert made(world.as_("signatory_a").get(path(world, "draft.md"))).content == preview.content


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_same_answers_give_the_same_bytes_in_every_format(
    sqlite_world: World, response: Response, file_format: str
) -> None:
    bring_to(sqlite_world, "in_review", response)
    for rest in ("draft", "drafts/1"):
        files = []
        for _ in range(2):
            files.append(made(sqlite_world.as_("reviewer").get(path(sqlite_world, f"{rest}.{file_format}"))))
            sqlite_world.later(minutes=5)
        assert files[0].content == files[1].content
        assert files[0].content.startswith(FORMATS[file_format])
        assert f'filename="mgi-draft-KG-2026-en{"-1" if rest == "drafts/1" else ""}.{file_format}"' in str(
            files[0].headers
        )


def test_what_one_has_is_not_sent_again_until_an_answer_changes(sqlite_world: World) -> None:
    focal = sqlite_world.as_("focal_a")
    for rest in ("draft.html", "draft.pdf", "draft"):
        tag = {"If-None-Match": made(focal.get(path(sqlite_world, rest))).headers["ETag"]}
        same = focal.get(path(sqlite_world, rest), headers=tag)
        assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", tag["If-None-Match"])
    save(sqlite_world, 0, ALL)
    assert focal.get(path(sqlite_world, rest), headers=tag).status_code == 200


def test_an_unknown_language_or_format_or_number_is_told(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    focal = sqlite_world.as_("focal_a")
    refused = focal.get(path(sqlite_world, "draft.html"), params={"language": "xx"})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, ["language"])
    assert focal.get(path(sqlite_world, "draft.html"), params={"language": "en'"}).status_code == 422
    assert focal.get(path(sqlite_world, "draft.exe")).status_code == 422
    assert [focal.get(path(sqlite_world, f"drafts/{rest}")).status_code for rest in ("1", "2", "0", "x", "2.pdf")] == [
        200, 404, 422, 422, 404,
    ]  # fmt: skip


def test_a_reviewer_sees_the_draft_of_what_was_submitted(world: World, response: Response) -> None:
    fill(world, response)
    early = world.as_("reviewer").get(path(world, "draft"))
    assert (early.status_code, early.json()["type"]) == (409, "/problems/wrong-state")
    submit(world)
    made(world.as_("reviewer").post(path(world, "return"), json=RETURN))
    save(world, 1, NONE)
    assert GENERATED in world.as_("reviewer").get(path(world, "draft.md")).text
    assert GENERATED not in world.as_("focal_a").get(path(world, "draft.md")).text


def test_drafts_are_for_those_who_may_see_all_answers(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    expected = {
        "labour_a": 403, "administrator": 403, "adviser_a": 409, "focal_b": 404, "unassigned_reviewer": 404, "nobody": 404,
        "anonymous": 401, "signatory_a": 200, "reviewer": 200,
    }  # fmt: skip
    for rest in (
        "draft",
        "draft.pdf",
        "draft/changes",
        "drafts",
        "drafts/1",
        "drafts/1.md",
        "drafts/1/changes",
        "edits",
    ):
        found = {name: sqlite_world.as_(name).get(path(sqlite_world, rest)).status_code for name in expected}
        assert found == expected, rest


def test_a_draft_is_kept_as_it_was(world: World, response: Response) -> None:
    bring_to(world, "in_review", response)
    first = read(world, "reviewer", "drafts/1")
    made(world.as_("reviewer").post(path(world, "return"), json=RETURN))
    save(world, 1, NONE)
    submit(world)
    listed = read(world, "reviewer", "drafts")
    assert [(draft["number"], draft["cause"], draft["submission"]) for draft in listed] == [
        (2, "submitted", 2), (1, "submitted", 1),
    ]  # fmt: skip
    assert read(world, "focal_a", "drafts/1") == first
    assert listed[0]["fingerprint"] != listed[1]["fingerprint"] == first["fingerprint"]


def test_what_changed_since_the_last_draft_is_told_with_both_texts_and_why(world: World, response: Response) -> None:
    bring_to(world, "in_review", response)
    assert read(world, "reviewer", "drafts/1/changes") == {"since": None, "changes": []}
    made(world.as_("reviewer").post(path(world, "return"), json=RETURN))
    assert read(world, "focal_a", "draft/changes") == {"since": 1, "changes": []}
    save(world, 1, NONE)
    change = next(
        one for one in read(world, "focal_a", "draft/changes")["changes"] if one["indicator"] == "health-access"
    )
    assert change["before"]["text"].startswith(GENERATED)
    assert (change["before"]["area"], change["after"]["area"]) == ("well_developed", "potential")
    assert change["reasons"][0]["kind"] == "changed"
    assert read(world, "reviewer", "draft/changes") == {"since": 1, "changes": []}
    submit(world)
    assert change in read(world, "reviewer", "drafts/2/changes")["changes"]
    back = read(world, "reviewer", "drafts/1/changes", since=2)["changes"]
    assert (change["after"], change["before"]) in [(one["before"], one["after"]) for one in back]


def test_an_approved_draft_tells_what_changed_since_the_draft_before_and_not_since_its_own_copy(
    sqlite_world: World, response: Response
) -> None:
    bring_to(sqlite_world, "approved", response)
    causes = {draft["number"]: draft["cause"] for draft in read(sqlite_world, "focal_a", "drafts")}
    assert causes == {1: "submitted", 2: "published copy", 3: "approved"}
    assert read(sqlite_world, "focal_a", "drafts/3/changes") == {"since": 1, "changes": []}
    assert read(sqlite_world, "focal_a", "drafts/3/changes", since=2) == {"since": 2, "changes": []}
    absent = sqlite_world.as_("focal_a").get(path(sqlite_world, "drafts/3/changes"), params={"since": 9})
    assert absent.status_code == 404
