"""Consent on the pages: the very text, the decision, what comes next."""

import pytest

from questionnaire.response import Response
from tests.steps import approve, bring_to, consent, made, path
from tests.visiting import Visitor, visitor
from tests.world import World


def consent_of(world: World, name: str, rest: str = "") -> Visitor:
    someone = visitor(world, name)
    someone.get(f"/assessments/{world.assessments['a']}/consent{rest}")
    return someone


def test_the_text_is_shown_whole_as_it_will_be_public(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "approved", response)
    page = consent_of(sqlite_world, "focal_a").page
    asked = made(sqlite_world.as_("focal_a").get(path(sqlite_world, "consent"))).json()
    assert asked["fingerprint"] in page.text
    sections = [section for domain in asked["document"]["domains"] for section in domain["sections"]]
    sentences = [one for section in sections for part in section["paragraphs"] for one in part["sentences"]]
    for sentence in sentences:
        words = " ".join("".join(span["text"] for span in sentence["spans"]).split())
        assert " ".join(page.find("string(//span[@id=$id])", id=sentence["id"]).split()) == words
    assert "Draft for review" not in page.text


def test_a_focal_point_consents_with_a_tick_and_sees_what_comes_next(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "approved", response)
    focal = consent_of(sqlite_world, "focal_a")
    page = focal.press("Give consent")
    assert page.status == 422
    assert "Please read the text, then tick this box" in page.errors
    page = focal.press("Give consent", read="yes")
    assert "Your consent is recorded. IOM was told." in page.text
    assert "Person focal_a consented for the government on" in page.text
    assert "What comes next" in page.text
    assert "Give consent" not in page.buttons()


def test_a_text_that_was_changed_meanwhile_is_not_consented_to(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "approved", response)
    focal = consent_of(sqlite_world, "focal_a")
    wording = {"text": "Every migrant may see a doctor."}
    edit = path(sqlite_world, "edits/health-access.finding")
    made(sqlite_world.as_("reviewer").put(edit, json=wording, headers={"If-Match": '"0"'}))
    assert focal.press("Give consent", read="yes").status == 409
    approve(sqlite_world)
    focal.client.headers["Referer"] = ""
    page = consent_of(sqlite_world, "focal_a").press("Give consent", read="yes", fingerprint="0" * 64)
    assert page.status == 412
    assert "please read it again" in page.text
    assert "Every migrant may see a doctor." in page.text


@pytest.mark.parametrize("state", ["approved", "consented"])
def test_consent_is_declined_or_taken_back_with_a_reason(sqlite_world: World, response: Response, state: str) -> None:
    bring_to(sqlite_world, state, response)
    focal = consent_of(sqlite_world, "focal_a")
    page = focal.follow("Decline, with a reason" if state == "approved" else "Take the consent back")
    button = page.heading
    assert focal.press(button, reason="").status == 422
    focal.press(button, reason="One law is missing.")
    reasons = made(sqlite_world.as_("reviewer").get(path(sqlite_world, "reasons"))).json()
    assert [(one["step"], one["reason"]) for one in reasons] == [("consent_declined", "One law is missing.")]
    assert (
        made(sqlite_world.as_("focal_a").get(f"/assessments/{sqlite_world.assessments['a']}")).json()["state"]
        == "in_review"
    )


def test_others_read_the_text_but_the_focal_point_decides(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "approved", response)
    for name in ("reviewer", "signatory_a"):
        page = consent_of(sqlite_world, name).page
        assert "A focal point of the government decides." in page.text
        assert [button for button in page.buttons() if button != "Sign out"] == []
        assert consent_of(sqlite_world, name, "/decline").page.status == 403
    expected = {"labour_a": 403, "adviser_a": 403, "administrator": 403, "focal_b": 404, "nobody": 404}
    assert {name: consent_of(sqlite_world, name).page.status for name in expected} == expected


def test_before_an_approval_and_after_publication_there_is_nothing_to_consent_to(
    sqlite_world: World, response: Response
) -> None:
    bring_to(sqlite_world, "in_review", response)
    assert consent_of(sqlite_world, "focal_a").page.status == 409
    approve(sqlite_world)
    consent(sqlite_world)
    made(sqlite_world.as_("reviewer").post(path(sqlite_world, "publication"), json={}))
    assert consent_of(sqlite_world, "focal_a").page.status == 409
