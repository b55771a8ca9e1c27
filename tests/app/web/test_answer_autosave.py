"""Saving while one types: the parts of the page that come back, by which the page's script goes."""

from typing import Any

import httpx
from lxml import html

from questionnaire.response import Response
from tests.app.web.answer_pages import answer_of, open_page, page_of
from tests.steps import approve, fill, made, path, submit
from tests.teamwork import save
from tests.world import World

PARTS = ["save-state", "answer-base", "preview", "remarks", "conflict"]


def autosave(world: World, base: int, name: str = "focal_a", **fields: Any) -> httpx.Response:
    """What the script sends while someone types."""
    cookies = {"mgi": world.sign_in(name)}
    sent = {"base": str(base), **{key.replace("__", "."): value for key, value in fields.items()}}
    headers = {"Sec-Fetch-Site": "same-origin", "MGI-Part": "autosave", "Cookie": f"mgi={cookies['mgi']}"}
    return httpx.post(world.address + page_of(world), data=sent, headers=headers, timeout=30)


def parts_of(answer: httpx.Response) -> dict[str, Any]:
    """The parts by id, in the order in which they came."""
    return {part.get("id"): part for part in html.fragments_fromstring(answer.text) if not isinstance(part, str)}


def words(part: Any) -> str:
    return " ".join(" ".join(part.itertext()).split())


def test_what_is_typed_is_saved_and_its_parts_come_back(sqlite_world: World) -> None:
    answer = autosave(sqlite_world, 0, values__groups="none", note="Half a tho")
    parts = parts_of(answer)
    assert (answer.status_code, list(parts)) == (200, PARTS)
    assert parts["save-state"].get("data-state") == "saved"
    assert words(parts["save-state"]) == "Saved at 09:00 UTC"
    assert parts["answer-base"].get("value") == "1"
    assert "No group of migrants in Kyrgyzstan is entitled" in words(parts["preview"])
    assert answer_of(sqlite_world)["answer"] == {"values": {"groups": "none"}, "note": "Half a tho"}


def test_the_page_has_every_part_that_comes_back(sqlite_world: World) -> None:
    page = open_page(sqlite_world).page
    assert [one for one in PARTS if not page.find("//*[@id=$id]", id=one)] == []
    assert page.find("//form[@id='answer-form'][@data-autosave]")
    texts = ("saving", "not-saved", "retry", "signed-out", "offline", "restored")
    assert all(page.find(f"string(//*[@id='save-state']/@data-text-{one})") for one in texts)


def test_the_same_text_sent_again_after_a_lost_response_is_saved_once(sqlite_world: World) -> None:
    for _ in range(2):
        assert parts_of(autosave(sqlite_world, 0, note="Seen."))["answer-base"].get("value") == "1"
    assert answer_of(sqlite_world)["version"] == 1


def test_what_is_wrong_is_told_and_the_version_stays(sqlite_world: World) -> None:
    answer = autosave(sqlite_world, 0, qualifier="no full stop")
    parts = parts_of(answer)
    assert answer.status_code == 422
    assert parts["save-state"].get("data-state") == "invalid"
    assert "please end it with a full stop" in words(parts["save-state"])
    assert parts["answer-base"].get("value") == "0"


def test_a_conflict_brings_both_texts_and_cannot_be_overrun(sqlite_world: World) -> None:
    made(save(sqlite_world, 0, {"note": "Theirs."}))
    for _ in range(2):  # it goes on to be one until someone decides
        answer = autosave(sqlite_world, 0, note="Mine.")
        parts = parts_of(answer)
        assert (answer.status_code, parts["save-state"].get("data-state")) == (412, "conflict")
        assert "Theirs." in words(parts["conflict"])
        assert "Mine." in words(parts["conflict"])
        assert parts["answer-base"].get("value") == "0"
    assert answer_of(sqlite_world)["answer"] == {"note": "Theirs."}


def test_a_new_source_waits_for_the_button(sqlite_world: World) -> None:
    answer = autosave(sqlite_world, 0, values__groups="all", new__law__title="Law on He")
    assert answer.status_code == 200
    assert "The new source is added when you press “Save”." in words(parts_of(answer)["save-state"])
    assert made(sqlite_world.as_("focal_a").get(path(sqlite_world, "sources"))).json() == []


def test_remarks_come_back_with_the_answer(sqlite_world: World) -> None:
    answer = autosave(sqlite_world, 0, not_known="Nobody keeps a record.", qualifier="In full.", cannot="not_known")
    assert "Qualifier is not printed beside not_known" in words(parts_of(answer)["remarks"])


def test_an_approval_is_never_taken_back_while_one_types(sqlite_world: World, response: Response) -> None:
    fill(sqlite_world, response)
    submit(sqlite_world)
    approve(sqlite_world)
    page = open_page(sqlite_world).page
    assert page.find("//form[@id='answer-form'][@data-autosave]") == []
    assert "takes back the approval" in page.text
    assert autosave(sqlite_world, 1, note="Typed.").status_code == 409
    open_page(sqlite_world).press("Save")
    assert (
        made(sqlite_world.as_("focal_a").get(f"/assessments/{sqlite_world.assessments['a']}")).json()["state"]
        == "approved"
    )
    open_page(sqlite_world).press("Save", note="Meant.")
    assert (
        made(sqlite_world.as_("focal_a").get(f"/assessments/{sqlite_world.assessments['a']}")).json()["state"]
        == "in_review"
    )


def test_who_may_not_save_is_told_by_the_status(sqlite_world: World) -> None:
    assert autosave(sqlite_world, 0, "adviser_a", note="x").status_code == 403
    assert autosave(sqlite_world, 0, "focal_b", note="x").status_code == 404
    headers = {"Sec-Fetch-Site": "same-origin", "MGI-Part": "autosave"}
    assert (
        httpx.post(sqlite_world.address + page_of(sqlite_world), data={"base": "0"}, headers=headers).status_code == 401
    )
