"""Submission: refused with the whole list of what is missing, or kept whole and put before the reviewers."""

from app.assessments.checking import missing_before_submission
from app.assessments.drafts import make_draft
from app.assessments.notices import send_notice
from app.assessments.submissions import freeze_submission
from app.errors import Incomplete
from app.mail import letters
from app.models.assessments import Submission
from app.work import Work


def submit(work: Work) -> Submission:
    """Submit the response as it is now. `Incomplete` with the whole list if anything is missing."""
    missing = missing_before_submission(work)
    if missing:
        told = [{"indicator": gap.indicator, "question": gap.question, "message": gap.message} for gap in missing]
        raise Incomplete("Please complete what is named here, then submit again.", missing=told)
    submission = freeze_submission(work)
    work.record("submitted", str(submission.number), submission=submission.number, sha256=submission.sha256)
    make_draft(work, submission, cause="submitted")
    send_notice(work, ("reviewer", "focal_point", "adviser"), letters.submitted)
    return submission
