"""An answer as others see it: who may only read, what was changed when, what is confirmed."""

import json

import pytest

from questionnaire.response import Response
from questionnaire.stored import answer_body
from tests.app.web.answer_pages import HEALTH, answer_of, open_page, page_of
from tests.steps import fill, made, path, submit
from tests.teamwork import assign, save
from tests.visiting import visitor
from tests.world import World


@pytest.mark.parametrize("name", ["adviser_a", "signatory_a"])
def test_colleagues_read_the_answer_and_find_no_form(sqlite_world: World, name: str) -> None:
    made(save(sqlite_world, 0, {"values": {"groups": "some", "which": ["refugees"]}, "qualifier": "A law is awaited."}))
    page = open_page(sqlite_world, name).page
    assert "Some groups of migrants" in page.text
    assert "Qualifier A law is awaited." in page.text
    assert "No answer yet" in page.text
    assert page.find("//form[@id='answer-form']") == []


def test_a_contributor_sees_only_what_is_assigned(sqlite_world: World) -> None:
    made(save(sqlite_world, 0))
    assert open_page(sqlite_world, "labour_a").page.status == 404
    made(assign(sqlite_world, "labour", HEALTH))
    page = open_page(sqlite_world, "labour_a").page
    assert "All migrants, whatever their legal status" in page.text
    assert page.find("//form[@id='answer-form']") == []
    assert "What this will say in the snapshot" not in page.text
    assert "Next: 1.02" not in page.text


@pytest.mark.parametrize("name", ["focal_b", "unassigned_reviewer"])
def test_a_stranger_finds_nothing(sqlite_world: World, name: str) -> None:
    someone = visitor(sqlite_world, name)
    for rest in ("", "/history"):
        assert someone.get(page_of(sqlite_world) + rest).status == 404


@pytest.mark.parametrize("indicator", ["no-such-indicator", "health-access-"])
def test_an_indicator_that_there_is_not_is_a_page_that_says_so(sqlite_world: World, indicator: str) -> None:
    assert open_page(sqlite_world, indicator=indicator).page.status == 404


def test_a_reviewer_sees_nothing_before_the_submission_and_nothing_newer_after(
    sqlite_world: World, response: Response
) -> None:
    fill(sqlite_world, response)
    assert open_page(sqlite_world, "reviewer").page.status == 409
    submit(sqlite_world)
    page = open_page(sqlite_world, "reviewer").page
    assert page.find("//form[@id='answer-form']") == []
    made(sqlite_world.as_("reviewer").post(path(sqlite_world, "return"), json=returned(HEALTH)))
    newer = {**json.loads(answer_body(response.answers[HEALTH])), "note": "Newer than the submission."}
    made(save(sqlite_world, 1, newer))
    assert "Newer than the submission." not in open_page(sqlite_world, "reviewer").page.text
    assert "Newer than the submission." not in open_history(sqlite_world, "reviewer").text


def returned(indicator: str) -> object:
    return {"indicators": [{"indicator": indicator, "reason": "Which law is it?"}]}


def open_history(world: World, name: str = "focal_a") -> object:
    return visitor(world, name).get(page_of(world) + "/history")


def test_the_reason_of_a_return_stands_above_the_form(sqlite_world: World, response: Response) -> None:
    fill(sqlite_world, response)
    submit(sqlite_world)
    made(sqlite_world.as_("reviewer").post(path(sqlite_world, "return"), json=returned(HEALTH)))
    focal = open_page(sqlite_world)
    assert "IOM asks for changes Which law is it?" in focal.page.text
    focal.press("Save", note="This one.")
    assert "the answer was changed since" in focal.page.text


def test_the_preview_tells_the_sentence_and_its_place(sqlite_world: World) -> None:
    made(
        save(sqlite_world, 0, {"values": {"groups": "all", "limits": ["no_limits"]}, "qualifier": "A law is awaited."})
    )
    panel = " ".join(" ".join(open_page(sqlite_world).page.find("//*[@id='preview']")[0].itertext()).split())
    assert "All migrants, regardless of their legal status, have access to health care in Kyrgyzstan" in panel
    assert "A law is awaited." in panel
    assert "Well-developed area" in panel
    assert "Domain 1, under Migration governance: examples of well-developed areas" in panel
    assert "Please also answer the question 'Which law or policy gives this entitlement?'" in panel


def test_a_convention_is_previewed_as_a_row_of_the_table(sqlite_world: World) -> None:
    made(save(sqlite_world, 0, {"values": {"status": {"status": "acceded", "year": 1996}}}, "conv-refugee-1951"))
    page = open_page(sqlite_world, indicator="conv-refugee-1951").page
    assert "Yes, by accession (1996)" in " ".join("".join(page.find("//*[@id='preview']")[0].itertext()).split())


def test_the_history_tells_what_each_save_changed(sqlite_world: World) -> None:
    assert "Nothing was saved here yet" in open_history(sqlite_world).text
    made(save(sqlite_world, 0, {"values": {"groups": "all"}, "note": "The law of 2005 says so."}))
    sqlite_world.later(minutes=15)
    made(save(sqlite_world, 1, {"values": {"groups": "none"}, "note": "The law of 2015 says so."}))
    page = open_history(sqlite_world)
    changes = page.find("//section[1]//del | //section[1]//ins")
    told = [(one.tag, " ".join("".join(one.itertext()).split())) for one in changes]
    assert ("del", "Removed: All migrants, whatever their legal status") in told
    assert ("ins", "Added: None") in told
    assert ("del", "Removed: 2005") in told
    assert ("ins", "Added: 2015") in told


def test_saves_of_one_person_within_minutes_are_told_as_one(sqlite_world: World) -> None:
    for version, note in enumerate(("a b", "a b c", "a b c d")):
        made(save(sqlite_world, version, {"note": note}))
        sqlite_world.later(minutes=5)
    sqlite_world.later(minutes=15)
    made(save(sqlite_world, 3, {"note": "Later."}))
    page = open_history(sqlite_world)
    assert [one.strip() for one in page.find("//section/h2/text()") if one.strip()] == ["Version 4", "Version 3"]
    assert "3 saves within a few minutes" in page.text


def test_an_earlier_version_is_put_on_top_again(sqlite_world: World) -> None:
    made(save(sqlite_world, 0, {"note": "First."}))
    sqlite_world.later(minutes=15)
    made(save(sqlite_world, 1, {"note": "Second."}))
    focal = visitor(sqlite_world, "focal_a")
    focal.get(page_of(sqlite_world) + "/history")
    page = focal.press("Save this version again (1)")
    assert "The earlier version was saved again" in page.text
    assert (answer_of(sqlite_world)["version"], answer_of(sqlite_world)["answer"]) == (3, {"note": "First."})


def test_an_earlier_version_is_not_put_over_what_came_meanwhile(sqlite_world: World) -> None:
    for version, note in enumerate(("First.", "Second.")):
        made(save(sqlite_world, version, {"note": note}))
        sqlite_world.later(minutes=15)
    focal = visitor(sqlite_world, "focal_a")
    focal.get(page_of(sqlite_world) + "/history")
    made(save(sqlite_world, 2, {"note": "Third."}))
    page = focal.press("Save this version again (1)")
    assert page.status == 409
    assert "Third." in page.text
    assert answer_of(sqlite_world)["version"] == 3


def test_who_may_not_save_finds_no_button_in_the_history(sqlite_world: World) -> None:
    for version, note in enumerate(("First.", "Second.")):
        made(save(sqlite_world, version, {"note": note}))
        sqlite_world.later(minutes=15)
    page = open_history(sqlite_world, "adviser_a")
    assert not [one for one in page.buttons() if one.startswith("Save this version")]


def carried(world: World, response: Response) -> None:
    """A round that follows one with answers, and has taken them over."""
    fill(world, response)
    submit(world)
    world.open_round("next", "KG", 2030)
    made(world.as_("focal_a").post(path(world, "carry-over", "next"), json={}))


def test_a_carried_answer_is_confirmed_as_it_is(sqlite_world: World, response: Response) -> None:
    carried(sqlite_world, response)
    focal = visitor(sqlite_world, "focal_a")
    assert "This answer was carried over from 2026." in focal.get(page_of(sqlite_world, name="next")).text
    page = focal.press("Confirm this answer")
    assert "The answer was confirmed for this round." in page.text
    assert "carried over" not in page.text.replace("The answer was confirmed", "")


def test_a_confirmation_does_not_go_over_what_came_meanwhile(sqlite_world: World, response: Response) -> None:
    carried(sqlite_world, response)
    focal = visitor(sqlite_world, "focal_a")
    focal.get(page_of(sqlite_world, name="next"))
    address = path(sqlite_world, f"answers/{HEALTH}", "next")
    version = made(sqlite_world.as_("focal_a").get(address)).json()["version"]
    made(sqlite_world.as_("focal_a").put(address, json={"note": "Newer."}, headers={"If-Match": f'"{version}"'}))
    page = focal.press("Confirm this answer")
    assert page.status in (409, 412)
    assert "Newer." in page.find("string(//textarea[@name='note'])")
