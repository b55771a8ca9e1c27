"""From answers to a public snapshot: each step, what it refuses, and what voids it."""

import pytest
from sqlalchemy import ColumnElement, update
from sqlmodel import col

from app.models.documents import SentenceEdit
from app.models.people import RoleGrant
from app.people.secrets import new_id
from app.work import Work
from questionnaire.response import Response
from tests.steps import approve, bring_to, consent, fill, made, path, publish, sign_off, submit
from tests.world import World

REASON = {"reason": "The second sentence is out of date."}


def state(world: World) -> str:
    events = made(world.as_("focal_a").get(path(world, "record"), params={"limit": 1})).json()["items"]
    return str(events[0]["state"])


def save(world: World, version: int, indicator: str = "health-access", **answer: object) -> int:
    body = {"not_known": "The ministry is being asked.", **answer}
    headers = {"If-Match": f'"{version}"'}
    return world.as_("focal_a").put(path(world, f"answers/{indicator}"), json=body, headers=headers).status_code


def end_roles(work: Work, which: ColumnElement[bool]) -> None:
    work.connection.execute(update(RoleGrant).where(which).values(ended_at=work.now))


def test_a_submission_is_refused_with_all_that_is_missing(sqlite_world: World) -> None:
    refused = sqlite_world.as_("focal_a").post(path(sqlite_world, "submission"))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/incomplete")
    missing = refused.json()["missing"]
    assert len({item["indicator"] for item in missing if item["indicator"]}) > 80
    assert all(item["message"] for item in missing)
    assert missing[-1]["indicator"] is None
    assert "signatory" in missing[-1]["message"]
    assert state(sqlite_world) == "collecting"


def test_a_complete_response_is_submitted_and_a_draft_made(world: World, response: Response) -> None:
    fill(world, response)
    assert submit(world).json()["number"] == 1
    kinds = [
        event["kind"] for event in world.as_("focal_a").get(path(world, "record"), params={"limit": 2}).json()["items"]
    ]
    assert kinds == ["draft_made", "submitted"]


def test_a_submission_repeated_with_its_key_gets_the_first_answer(world: World, response: Response) -> None:
    fill(world, response)
    sign_off(world)
    key = {"Idempotency-Key": "submission-1"}
    first, second = (world.as_("focal_a").post(path(world, "submission"), headers=key) for _ in range(2))
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert first.status_code == 201
    assert world.as_("second_focal_a").post(path(world, "submission"), headers=key).status_code == 409


def test_a_change_after_the_sign_off_makes_it_invalid(sqlite_world: World, response: Response) -> None:
    fill(sqlite_world, response)
    sign_off(sqlite_world)
    assert sqlite_world.as_("focal_a").get(path(sqlite_world, "sign-off")).json()["valid"]
    assert save(sqlite_world, 1) == 200
    assert not sqlite_world.as_("focal_a").get(path(sqlite_world, "sign-off")).json()["valid"]
    refused = sqlite_world.as_("focal_a").post(path(sqlite_world, "submission"))
    assert [item["indicator"] for item in refused.json()["missing"]] == [None]


def test_the_signatory_signs_what_they_have_read(sqlite_world: World, response: Response) -> None:
    fill(sqlite_world, response)
    signatory = sqlite_world.as_("signatory_a")
    read = signatory.get(path(sqlite_world, "sign-off")).json()["sha256"]
    save(sqlite_world, 1)
    late = signatory.post(path(sqlite_world, "sign-off"), json={"sha256": read})
    assert late.status_code == 412
    assert late.json()["sha256"] != read


def test_a_country_without_a_signatory_needs_no_sign_off(sqlite_world: World, response: Response) -> None:
    fill(sqlite_world, response)
    with sqlite_world.work("manage_accounts") as work:
        end_roles(work, col(RoleGrant.role) == "signatory")
    assert made(sqlite_world.as_("focal_a").post(path(sqlite_world, "submission"))).json()["number"] == 1


def test_an_approval_binds_to_the_draft_that_was_seen(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    reviewer = sqlite_world.as_("reviewer")
    now = reviewer.get(path(sqlite_world, "approval")).json()["fingerprint"]
    stale = reviewer.post(path(sqlite_world, "approval"), json={"fingerprint": "0" * 64})
    assert (stale.status_code, stale.json()["fingerprint"]) == (412, now)
    assert reviewer.post(path(sqlite_world, "approval"), json={"fingerprint": now}).status_code == 201
    approved = reviewer.get(path(sqlite_world, "record"), params={"kind": "approved"}).json()["items"][0]
    assert approved["payload"]["fingerprint"] == now


def grant(world: World, name: str, role: str) -> None:
    with world.work("manage_accounts") as work:
        work.session.add(
            RoleGrant(
                id=new_id(), account_id=world.accounts[name], role=role, country="KG", created_at=world.now
            )
        )  # fmt: skip


def test_nobody_approves_what_they_submitted(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    with sqlite_world.work("manage_accounts") as work:
        end_roles(work, col(RoleGrant.account_id) == sqlite_world.accounts["focal_a"])
    grant(sqlite_world, "focal_a", "reviewer")
    seen = sqlite_world.as_("focal_a").get(path(sqlite_world, "approval")).json()
    refused = sqlite_world.as_("focal_a").post(
        path(sqlite_world, "approval"), json={"fingerprint": seen["fingerprint"]}
    )
    assert refused.status_code == 403
    assert "submitted" in refused.json()["detail"]


@pytest.mark.parametrize("role", ["focal_point", "contributor", "signatory"])
def test_a_reviewer_with_a_role_in_the_government_cannot_approve(
    sqlite_world: World, response: Response, role: str
) -> None:
    bring_to(sqlite_world, "in_review", response)
    grant(sqlite_world, "second_reviewer", role)
    reviewer = sqlite_world.as_("second_reviewer")
    seen = reviewer.get(path(sqlite_world, "approval")).json()["fingerprint"]
    assert reviewer.post(path(sqlite_world, "approval"), json={"fingerprint": seen}).status_code == 403
    assert approve(sqlite_world).status_code == 201


@pytest.mark.parametrize("reached", ["approved", "consented"])
def test_an_edit_after_approval_voids_it(world: World, response: Response, reached: str) -> None:
    bring_to(world, reached, response)
    assert save(world, 1, note="A later thought.") == 200
    assert state(world) == "in_review"
    assert world.as_("focal_a").get(path(world, "consent")).status_code == 409
    assert world.as_("reviewer").post(path(world, "publication"), json={}).status_code == 409


def test_what_was_changed_after_approval_is_signed_anew(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "approved", response)
    save(sqlite_world, 1, note="A later thought.")
    reviewer = sqlite_world.as_("reviewer")
    told = reviewer.get(path(sqlite_world, "approval")).json()
    refused = reviewer.post(path(sqlite_world, "approval"), json={"fingerprint": told["fingerprint"]})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/incomplete")
    assert told["missing"] == refused.json()["missing"]
    assert "signatory" in told["missing"][0]["message"]
    sign_off(sqlite_world)
    assert approve(sqlite_world).status_code == 201


def test_a_stale_rewording_stands_in_the_way_of_approval(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    with sqlite_world.work("edit_sentence") as work:
        work.session.add(
            SentenceEdit(
                assessment_id=sqlite_world.assessments["a"], language="en", sentence="health-access.finding", version=1,
                text="All migrants are cared for.", generated="What stood there before.", answer_version=1,
                edited_by=sqlite_world.accounts["reviewer"], edited_at=work.now,
            )
        )  # fmt: skip
    told = sqlite_world.as_("reviewer").get(path(sqlite_world, "approval")).json()
    refused = sqlite_world.as_("reviewer").post(
        path(sqlite_world, "approval"), json={"fingerprint": told["fingerprint"]}
    )
    assert refused.json()["missing"] == told["missing"]
    assert [item["indicator"] for item in told["missing"]] == ["health-access"]


def test_what_was_left_open_after_approval_cannot_be_approved(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "approved", response)
    headers = {"If-Match": '"1"'}
    made(sqlite_world.as_("focal_a").put(path(sqlite_world, "answers/health-access"), json={}, headers=headers))
    sign_off(sqlite_world)
    told = sqlite_world.as_("reviewer").get(path(sqlite_world, "approval")).json()
    refused = sqlite_world.as_("reviewer").post(
        path(sqlite_world, "approval"), json={"fingerprint": told["fingerprint"]}
    )
    assert [item["indicator"] for item in refused.json()["missing"]] == ["health-access"]


def test_consent_is_given_to_the_published_copy(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "approved", response)
    focal = sqlite_world.as_("focal_a")
    shown = focal.get(path(sqlite_world, "consent")).json()
    assert shown["document"]["copy_kind"] == "published"
    stale = focal.post(path(sqlite_world, "consent"), json={"fingerprint": "0" * 64})
    assert (stale.status_code, stale.json()["fingerprint"]) == (412, shown["fingerprint"])
    assert focal.post(path(sqlite_world, "consent"), json={"fingerprint": shown["fingerprint"]}).status_code == 201


@pytest.mark.parametrize("reached", ["approved", "consented"])
def test_declined_consent_goes_back_to_review_with_its_reason(
    sqlite_world: World, response: Response, reached: str
) -> None:
    bring_to(sqlite_world, reached, response)
    declined = sqlite_world.as_("focal_a").post(path(sqlite_world, "consent/decline"), json=REASON)
    assert declined.json() == {"state": "in_review"}
    told = sqlite_world.as_("reviewer").get(path(sqlite_world, "reasons")).json()[0]
    assert (told["step"], told["reason"], told["given_by"]) == (
        "consent_declined", REASON["reason"], "Person focal_a",
    )  # fmt: skip
    assert sqlite_world.as_("administrator").get(path(sqlite_world, "reasons")).status_code == 403


def test_a_correction_tells_what_it_corrects(world: World, response: Response) -> None:
    bring_to(world, "published", response)
    reviewer = world.as_("reviewer")
    assert reviewer.post(path(world, "erratum"), json=REASON).json() == {"state": "in_review"}
    approve(world)
    consent(world)
    untold = reviewer.post(path(world, "publication"), json={})
    assert untold.json()["errors"][0]["path"] == ["erratum"]
    corrected = reviewer.post(path(world, "publication"), json={"erratum": "A date was wrong."})
    assert corrected.json()["number"] == 2
    assert reviewer.get(path(world, "record"), params={"limit": 1}).json()["items"][0]["kind"] == "corrected"


def test_a_first_publication_has_nothing_to_correct(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "consented", response)
    refused = sqlite_world.as_("reviewer").post(path(sqlite_world, "publication"), json={"erratum": "A date."})
    assert refused.status_code == 422
    assert publish(sqlite_world).json()["number"] == 1


def test_what_is_not_public_cannot_be_withdrawn(sqlite_world: World) -> None:
    refused = sqlite_world.as_("reviewer").post(path(sqlite_world, "withdrawal"), json={"notice": "An error."})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/nothing-published")


def test_a_withdrawn_snapshot_can_be_corrected_and_public_again(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "withdrawn", response)
    reviewer = sqlite_world.as_("reviewer")
    assert reviewer.post(path(sqlite_world, "withdrawal"), json={"notice": "Twice."}).status_code == 409
    made(reviewer.post(path(sqlite_world, "erratum"), json=REASON))
    again = reviewer.post(path(sqlite_world, "withdrawal"), json={"notice": "Twice."})
    assert again.json()["type"] == "/problems/nothing-published"
    approve(sqlite_world)
    consent(sqlite_world)
    made(reviewer.post(path(sqlite_world, "publication"), json={"erratum": "The law is now read rightly."}))
    assert sqlite_world.as_("anonymous").get("/snapshots/KG/2026").status_code == 200
