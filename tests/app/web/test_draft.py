"""The draft on the pages: early, as it stands now, as it was kept, what changed, where to download it."""

import pytest

from app.web.draft_words import word_differences
from questionnaire.response import Response
from tests.steps import bring_to, fill, made, path, submit
from tests.teamwork import NONE, save
from tests.visiting import Visitor, visitor
from tests.world import World

GENERATED = "All migrants, regardless of their legal status"
RETURN = {"indicators": [{"indicator": "health-access", "reason": "Which law says so?"}]}


def draft_of(world: World, name: str, rest: str = "") -> Visitor:
    someone = visitor(world, name)
    someone.get(f"/assessments/{world.assessments['a']}/draft{rest}")
    return someone


def test_before_the_first_answer_the_draft_says_that_it_writes_itself(sqlite_world: World) -> None:
    page = draft_of(sqlite_world, "focal_a").page
    assert page.heading == "Draft of the snapshot"
    assert "Nothing is answered yet" in page.text
    save(sqlite_world, 0, {"values": {"groups": "all", "limits": ["no_limits"]}})
    page = draft_of(sqlite_world, "focal_a").page
    assert "Nothing is answered yet" not in page.text
    assert GENERATED in page.text


@pytest.mark.parametrize("rest", ["", "/edits", "/changes", "/sentences/health-access.finding"])
def test_a_reviewer_is_told_kindly_that_nothing_was_submitted(
    sqlite_world: World, response: Response, rest: str
) -> None:
    fill(sqlite_world, response)
    page = draft_of(sqlite_world, "reviewer", rest).page
    assert page.status == 200
    assert GENERATED not in page.text
    assert any(
        told in page.text for told in ("Nothing was submitted yet", "No sentence is reworded", "no earlier draft")
    )


def test_the_draft_stands_on_the_page_as_it_will_be_printed(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    page = draft_of(sqlite_world, "signatory_a").page
    document = made(sqlite_world.as_("signatory_a").get(path(sqlite_world, "draft.json"))).json()
    for domain in document["domains"]:
        assert f"{domain['number']}. {domain['title']}" in page.text
        for section in domain["sections"]:
            told = [one for paragraph in section["paragraphs"] for one in paragraph["sentences"]]
            for sentence in told:
                words = " ".join("".join(span["text"] for span in sentence["spans"]).split())
                assert page.links()[words].endswith(f"/draft/sentences/{sentence['id']}?language=en")
            for row in section["rows"]:
                assert page.links()[row["name"]].endswith(f"/draft/sentences/{row['id']}?language=en")
    assert [source["title"] for source in document["sources"] if source["title"] not in page.text] == []


def test_its_files_can_be_downloaded_in_every_format(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    for rest in ("", "?kept=1"):
        someone = draft_of(sqlite_world, "focal_a", rest)
        for name in ("PDF", "Word", "HTML", "Markdown", "JSON"):
            assert someone.client.get(someone.page.links()[name]).status_code == 200


def test_a_draft_that_was_kept_is_shown_as_it_was(sqlite_world: World, response: Response) -> None:
    _change_after_submission(sqlite_world, response)
    focal = draft_of(sqlite_world, "focal_a")
    assert GENERATED not in focal.page.text
    page = focal.press("Show", kept="1")
    assert "This is draft 1, just as it was kept." in page.text
    assert GENERATED in page.text
    sentence = next(text for text in page.links() if text.startswith(GENERATED))
    page = focal.follow(sentence)
    assert "The answer is the one submitted then." in page.text
    assert page.find("//dd[contains(., 'All migrants')]")
    assert focal.get(f"/assessments/{sqlite_world.assessments['a']}/draft?kept=9").status == 404


def _change_after_submission(world: World, response: Response) -> None:
    """Submitted, sent back, answered otherwise; not submitted again."""
    bring_to(world, "in_review", response)
    made(world.as_("reviewer").post(path(world, "return"), json=RETURN))
    made(save(world, 1, NONE))


def test_what_changed_is_told_with_both_texts_and_why(sqlite_world: World, response: Response) -> None:
    _change_after_submission(sqlite_world, response)
    focal = draft_of(sqlite_world, "focal_a")
    page = focal.follow("Compare with the draft kept before")
    assert page.heading == "What changed in the draft"
    change = page.find("//section[@aria-labelledby='change-health-access']")[0]
    told = " ".join("".join(change.itertext()).split())
    assert GENERATED in told
    assert "changed from" in told
    assert [tag for tag in ("Well-developed area", "Area with potential") if tag not in told] == []
    submit(sqlite_world)
    page = focal.get(f"{page.path}?from=1&kept=2")
    assert "What draft 2 tells otherwise than draft 1, and why." in page.text
    assert "Nothing is told otherwise than in draft 2." in focal.get(page.path).text
    assert "Nothing is told otherwise than in draft 2." in focal.press("Compare").text


def test_the_draft_is_for_those_who_may_see_all_answers(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    expected = {"labour_a": 403, "administrator": 403, "adviser_a": 409, "focal_b": 404, "nobody": 404, "reviewer": 200}
    for rest in ("", "/changes", "/edits", "/sentences/health-access.finding"):
        assert {name: draft_of(sqlite_world, name, rest).page.status for name in expected} == expected
    assert draft_of(sqlite_world, "anonymous").page.heading == "Sign in"


def test_words_that_differ_are_marked_without_the_spaces_around_them() -> None:
    texts = word_differences("All migrants have access.", "Some migrants have public access.")
    assert [piece.text for piece in texts.before if piece.marked] == ["All"]
    assert [piece.text for piece in texts.after if piece.marked] == ["Some", "public"]
    assert "".join(piece.text for piece in texts.after) == "Some migrants have public access."
    assert not any(piece.marked for piece in word_differences("One two.", "Something else entirely here.").before)
