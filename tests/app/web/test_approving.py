"""Approval, publication, correction and withdrawal on the pages."""

import pytest

from app.models.people import RoleGrant
from app.people.secrets import new_id
from questionnaire.response import Response
from tests.steps import approve, bring_to, consent, made, path, sign_off
from tests.teamwork import NONE, comment, save
from tests.visiting import Visitor, visitor
from tests.world import World


def on(world: World, rest: str, name: str = "reviewer") -> Visitor:
    """Someone on a page of the assessment."""
    someone = visitor(world, name)
    someone.get(f"/assessments/{world.assessments['a']}/{rest}")
    return someone


def state(world: World) -> str:
    return str(made(world.as_("focal_a").get(path(world, "").rstrip("/"))).json()["state"])


def test_a_draft_is_approved_by_a_ticked_box(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    reviewer = on(sqlite_world, "approve")
    assert "Submitted by Person focal_a" in reviewer.page.text
    page = reviewer.press("Approve")
    assert page.status == 422
    assert "Please tick the box once you have read the draft." in page.errors
    page = reviewer.press("Approve", agreed=["read"])
    assert "The draft is approved." in page.text
    assert state(sqlite_world) == "approved"


def test_what_is_unread_or_under_discussion_is_listed(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    made(comment(sqlite_world, "reviewer", "shared"))
    page = on(sqlite_world, "approve").page
    assert "Indicators with an open comment" in page.text
    assert "Indicators that nobody marked as read" in page.text
    assert "1.01 Access to health care" in page.links()


def test_a_draft_changed_meanwhile_is_not_approved(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    reviewer = on(sqlite_world, "approve")
    edit = path(sqlite_world, "edits/education-access.finding")
    made(sqlite_world.as_("reviewer").put(edit, json={"text": "All children learn."}, headers={"If-Match": '"0"'}))
    page = reviewer.press("Approve", agreed=["read"])
    assert page.status == 412
    assert "The draft was changed while you read it" in page.text
    assert "The draft is approved." in reviewer.press("Approve", agreed=["read"]).text


def test_what_stands_in_the_way_is_told(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "approved", response)
    made(save(sqlite_world, 1, NONE))
    reviewer = on(sqlite_world, "approve")
    assert "please ask them to sign off again" in reviewer.page.text
    assert "Approve" not in reviewer.page.buttons()
    sign_off(sqlite_world)
    assert "Approve" in on(sqlite_world, "approve").page.buttons()


def test_nobody_approves_what_they_submitted(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    make_reviewer(sqlite_world, "focal_a")
    someone = on(sqlite_world, "approve", "focal_a")
    assert "Nobody approves what they submitted" in someone.page.text
    assert "Approve" not in someone.page.buttons()
    seen = made(sqlite_world.as_("reviewer").get(path(sqlite_world, "approval"))).json()["fingerprint"]
    address = f"/assessments/{sqlite_world.assessments['a']}/approve"
    refused = someone.client.post(address, data={"fingerprint": seen, "agreed": "read"})
    assert refused.status_code == 403
    assert "please let another reviewer approve" in refused.text
    assert state(sqlite_world) == "in_review"


def make_reviewer(world: World, name: str) -> None:
    with world.work("manage_accounts") as work:
        grant = RoleGrant(
            id=new_id(),
            account_id=world.accounts[name],
            role="reviewer",
            country="KG",
            ministry_id=None,
            created_at=world.now,
        )
        work.session.add(grant)


def test_a_snapshot_is_published_corrected_and_withdrawn(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "consented", response)
    reviewer = on(sqlite_world, "publish")
    assert "Consent was given by Person focal_a" in reviewer.page.text
    assert "Everyone can read it." in reviewer.press("Publish").text
    reviewer.get(f"/assessments/{sqlite_world.assessments['a']}/erratum")
    assert reviewer.press("Begin the correction", reason=" ").status == 422
    assert "The correction has begun." in reviewer.press("Begin the correction", reason="A year was misread.").text
    approve(sqlite_world)
    consent(sqlite_world)
    reviewer.get(f"/assessments/{sqlite_world.assessments['a']}/publish")
    page = reviewer.press("Publish")
    assert "Please say what is corrected; readers of the earlier snapshot are told" in page.errors
    reviewer.press("Publish", erratum="The year was corrected.")
    assert state(sqlite_world) == "published"
    reviewer.get(f"/assessments/{sqlite_world.assessments['a']}/withdraw")
    page = reviewer.press("Withdraw the snapshot", notice="\u202eA law was misread.")
    assert (page.status, page.find("string(//textarea)").strip()) == (422, "\u202eA law was misread.")
    assert "The snapshot was withdrawn." in reviewer.press("Withdraw the snapshot", notice="A law was misread.").text
    assert sqlite_world.as_("anonymous").get("/snapshots/KG/2026").status_code == 410


def test_a_focal_point_withdraws(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "published", response)
    page = on(sqlite_world, "withdraw", "focal_a").press("Withdraw the snapshot", notice="We ask for patience.")
    assert "The snapshot was withdrawn." in page.text
    assert state(sqlite_world) == "withdrawn"


def test_what_is_not_public_cannot_be_withdrawn(sqlite_world: World, response: Response) -> None:
    someone = on(sqlite_world, "withdraw", "focal_a")
    assert "Nothing of this assessment is public now" in someone.page.text
    assert "Withdraw the snapshot" not in someone.page.buttons()
    address = f"/assessments/{sqlite_world.assessments['a']}/withdraw"
    assert someone.client.post(address, data={"notice": "Nothing."}).status_code == 409


@pytest.mark.parametrize("rest", ["approve", "publish", "erratum"])
def test_the_last_steps_are_the_reviewers(sqlite_world: World, rest: str) -> None:
    for name, status in {"focal_a": 403, "labour_a": 403, "administrator": 403, "focal_b": 404}.items():
        someone = on(sqlite_world, rest, name)
        assert someone.page.status == status, name
        address = f"/assessments/{sqlite_world.assessments['a']}/{rest}"
        sent = {"agreed": "read", "fingerprint": "0" * 64, "reason": "Why.", "erratum": "What."}
        assert someone.client.post(address, data=sent).status_code == status, name


@pytest.mark.parametrize(
    ("rest", "reached"), [("approve", "collecting"), ("publish", "in_review"), ("erratum", "in_review")]
)
def test_each_step_has_its_time(sqlite_world: World, response: Response, rest: str, reached: str) -> None:
    bring_to(sqlite_world, reached, response)
    assert on(sqlite_world, rest).page.status == 409
