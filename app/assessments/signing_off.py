"""Sign-off: where a country has a signatory, what is submitted is what they signed, to the letter."""

from typing import NamedTuple

from sqlmodel import col, select

from app.assessments.events import facts, last_event
from app.assessments.responses import last_submission, whole_response
from app.assessments.submissions import content_sha256, evidence_body
from app.errors import Stale
from app.models.people import Account, RoleGrant
from app.work import Work
from questionnaire.stored import response_from


class SignOff(NamedTuple):
    """Whether a sign-off is wanted, and whether there is one of the content as it is now, whose SHA-256 is `sha256`."""

    wanted: bool
    valid: bool
    sha256: str
    signed_by: str | None = None
    signed_at: str | None = None


def find_sign_off(work: Work) -> SignOff:
    """The last sign-off; it is valid as long as answers, sources and evidence are the ones that were signed."""
    now, wanted = _present_content(work), _has_signatory(work)
    event = last_event(work, "signed_off")
    if event is None:
        return SignOff(wanted, False, now)
    account = work.session.get(Account, event.actor)
    return SignOff(wanted, facts(event)["sha256"] == now, now, account.name if account else None, event.at)


def sign_off(work: Work, sha256: str) -> SignOff:
    """Sign what stands there now. `Stale` if that is no longer what the signatory has read, whose hash is `sha256`."""
    now = _present_content(work)
    if sha256 != now:
        raise Stale("The answers were changed while you read them; please look at them once more.", sha256=now)
    work.record("signed_off", sha256=now)
    return find_sign_off(work)


def missing_sign_off(work: Work) -> str | None:
    """Why a sign-off stands in the way, if it does."""
    found = find_sign_off(work)
    if not found.wanted or found.valid:
        return None
    if found.signed_by is None:
        return "the signatory has not signed off yet"
    return "something was changed after the signatory signed off; please ask them to sign off again"


def _present_content(work: Work) -> str:
    """While collecting the content as it is now; afterwards what was submitted."""
    submission = None if work.state == "collecting" else last_submission(work)
    if submission is None:
        return content_sha256(whole_response(work), evidence_body(work))
    return content_sha256(response_from(submission.response), submission.evidence)


def _has_signatory(work: Work) -> bool:
    statement = (
        select(RoleGrant.id)
        .join(Account, col(Account.id) == col(RoleGrant.account_id))
        .where(
            col(RoleGrant.country) == work.assessment.country,
            col(RoleGrant.role) == "signatory",
            col(RoleGrant.ended_at).is_(None),
            col(Account.disabled_at).is_(None),
        )
        .limit(1)
    )
    return work.session.exec(statement).first() is not None
