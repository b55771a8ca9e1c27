"""A sentence of the draft on its page: what it rests on, and its rewording by reviewers."""

import pytest

from questionnaire.response import Response
from tests.steps import bring_to, made, path, submit
from tests.teamwork import NONE, save
from tests.visiting import Visitor, visitor
from tests.world import World

GENERATED = "All migrants, regardless of their legal status"
WORDING = "Every migrant <b>may</b> see a doctor."
OTHER = "Whoever lives in the country may see a doctor."
RETURN = {"indicators": [{"indicator": "health-access", "reason": "Which law says so?"}]}


def sentence(world: World, name: str, sentence_id: str = "health-access.finding") -> Visitor:
    someone = visitor(world, name)
    someone.get(f"/assessments/{world.assessments['a']}/draft/sentences/{sentence_id}")
    return someone


def change_the_answer(world: World) -> None:
    """The indicator is sent back, answered otherwise, and submitted again."""
    made(world.as_("reviewer").post(path(world, "return"), json=RETURN))
    made(save(world, 1, NONE))
    submit(world)


def test_a_sentence_tells_answer_rule_sources_version_and_who_saved_it(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    page = sentence(sqlite_world, "focal_a").page
    assert page.heading.endswith("Access to health care")
    assert GENERATED in page.text
    assert "Version 1 of the answer, saved by Person focal_a" in page.text
    assert "All migrants, whatever their legal status" in page.find("string(//ol)")
    assert "Outcome: Well-developed area" in page.text
    (source,) = page.find("//h2[.='Sources']/following-sibling::ul//a")
    assert source.get("href").startswith("http")
    assert page.links()["Go to the indicator"].endswith("/indicators/health-access")
    assert "Save this wording" not in page.buttons()


def test_a_row_of_the_conventions_table_has_its_page_and_no_form(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    reviewer = visitor(sqlite_world, "reviewer")
    draft = reviewer.get(f"/assessments/{sqlite_world.assessments['a']}/draft")
    row = draft.find("string(//table//th/a/@href)")
    page = reviewer.get(row)
    assert "In the table of conventions" in page.text
    assert "Save this wording" not in page.buttons()
    assert page.links()["Go to the indicator"].split("/")[-2] == "review"


def test_a_reviewer_rewords_a_sentence_and_takes_it_back(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    reviewer = sentence(sqlite_world, "reviewer")
    page = reviewer.press("Save this wording", text=WORDING)
    assert "The wording was saved." in page.text
    assert "Reworded by Person reviewer on" in page.text
    assert WORDING in page.text
    assert GENERATED in page.text
    draft = reviewer.follow("Back to the draft")
    assert draft.find("string(//a[@id='health-access.finding'])") == WORDING
    listed = reviewer.follow("See all reworded sentences")
    assert "1.01 Access to health care" in listed.links()
    page = sentence(sqlite_world, "reviewer").press("Go back to the sentence written from the answer")
    assert "The sentence stands again as it is written from the answer." in page.text
    assert WORDING not in page.text
    edits = reviewer.get(f"/assessments/{sqlite_world.assessments['a']}/draft/edits")
    assert "No sentence is reworded." in edits.text


def test_a_text_that_is_no_sentence_is_refused_at_its_field_and_kept(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    page = sentence(sqlite_world, "reviewer").press("Save this wording", text="no full stop")
    assert page.status == 422
    assert any("full stop" in error for error in page.errors)
    assert page.find("string(//textarea[@name='text'])").strip() == "no full stop"


def test_two_reviewers_at_once_see_both_texts_and_nothing_is_lost(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    first, second = sentence(sqlite_world, "reviewer"), sentence(sqlite_world, "second_reviewer")
    first.press("Save this wording", text=WORDING)
    page = second.press("Save this wording", text=OTHER)
    assert page.status == 412
    assert "Someone else changed this sentence while you were writing" in page.text
    sides = [
        " ".join("".join(side.itertext()).split()) for side in page.find("//*[contains(@class, 'mgi-sides__side')]")
    ]
    assert f"Yours {OTHER}" in sides
    assert f"Theirs, as it stands now {WORDING}" in sides
    page = second.press("Save this wording")
    assert page.find("string(//*[contains(@class, 'govuk-inset-text')])").strip() == OTHER


def test_a_wording_mended_after_another_came_first_does_not_overwrite_it(
    sqlite_world: World, response: Response
) -> None:
    bring_to(sqlite_world, "in_review", response)
    first, second = sentence(sqlite_world, "reviewer"), sentence(sqlite_world, "second_reviewer")
    first.press("Save this wording", text=WORDING)
    assert second.press("Save this wording", text="no full stop").status == 422
    page = second.press("Save this wording", text=OTHER)
    assert page.status == 412
    assert page.find("string(//textarea[@name='text'])").strip() == OTHER


def test_a_stale_wording_is_kept_replaced_or_reworded(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    sentence(sqlite_world, "reviewer").press("Save this wording", text=WORDING)
    change_the_answer(sqlite_world)
    reviewer = visitor(sqlite_world, "reviewer")
    draft = reviewer.get(f"/assessments/{sqlite_world.assessments['a']}/draft")
    assert "reworded; the answer has changed since" in draft.text
    page = reviewer.follow("See all reworded sentences")
    assert [told for told in ("The answer has changed", WORDING, GENERATED) if told not in page.text] == []
    assert page.links()["Reword it again"].endswith("#reword")
    page = reviewer.press("Keep the reworded text")
    assert page.heading == "Reworded sentences"
    assert "The answer has changed" not in page.text
    made(sqlite_world.as_("reviewer").post(path(sqlite_world, "return"), json=RETURN))
    made(save(sqlite_world, 2, {**NONE, "note": "Seen again."}))
    submit(sqlite_world)
    page = reviewer.get(page.path)
    assert "The sentence written from the answer reads as before" in page.text
    assert "No sentence is reworded." in reviewer.press("Take the new sentence").text


def test_others_see_the_rewording_but_may_not_change_it(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    reviewer = sentence(sqlite_world, "reviewer")
    reviewer.press("Save this wording", text=WORDING)
    focal = sentence(sqlite_world, "focal_a")
    assert WORDING in focal.page.text
    assert [button for button in focal.page.buttons() if button != "Sign out"] == []
    given = {"text": OTHER, "base": "1"}
    statuses = {"focal_a": 403, "signatory_a": 403, "adviser_a": 403, "focal_b": 404}
    for name, status in statuses.items():
        assert visitor(sqlite_world, name).client.post(focal.page.path, data=given).status_code == status
        assert visitor(sqlite_world, name).client.post(f"{focal.page.path}/remove", data=given).status_code == status


def test_after_approval_the_page_warns_and_a_rewording_sends_the_text_back(
    sqlite_world: World, response: Response
) -> None:
    bring_to(sqlite_world, "approved", response)
    reviewer = sentence(sqlite_world, "reviewer")
    assert "the approval and the consent no longer hold" in reviewer.page.text
    page = reviewer.press("Save this wording", text=OTHER)
    assert "In review at IOM" in page.text


@pytest.mark.parametrize(
    "sentence_id", ["nothing.finding", "health-access.row", "health-access.title", "health-access"]
)
def test_a_sentence_that_there_is_not_is_not_found(sqlite_world: World, response: Response, sentence_id: str) -> None:
    bring_to(sqlite_world, "in_review", response)
    assert sentence(sqlite_world, "reviewer", sentence_id).page.status in (404, 422)
