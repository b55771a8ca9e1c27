"""Publication: exactly the text consented to; corrections are new numbers, and a withdrawal leaves a notice."""

from sqlmodel import col, select

from app.assessments.approving import approved_document
from app.assessments.notices import send_notice
from app.assessments.reasons import record_with_reason
from app.errors import Invalid, NothingPublished
from app.mail import letters
from app.models.documents import Publication
from app.record import text_hash
from app.work import Work


def last_publication(work: Work) -> Publication | None:
    """The last publication of this assessment, withdrawn or not."""
    statement = select(Publication).where(col(Publication.assessment_id) == work.assessment.id)
    return work.session.exec(statement.order_by(col(Publication.number).desc()).limit(1)).first()


def publish(work: Work, erratum: str | None) -> Publication:
    """Make the consented text public. Where an earlier one was, `erratum` tells what is corrected and is shown beside it."""
    earlier, approved = last_publication(work), approved_document(work)
    _check_erratum(earlier, erratum)
    publication = Publication(
        assessment_id=work.assessment.id,
        number=earlier.number + 1 if earlier else 1,
        country=work.assessment.country,
        round=work.assessment.round,
        document=approved.document,
        fingerprint=approved.fingerprint,
        erratum=erratum,
        published_at=work.now,
    )
    work.session.add(publication)
    work.session.flush()
    hashes = {"fingerprint": approved.fingerprint} | ({"erratum": text_hash(erratum)} if erratum else {})
    work.record("corrected" if earlier else "published", str(publication.number), **hashes)
    roles = ("focal_point", "contributor", "signatory", "adviser", "reviewer")
    send_notice(work, roles, letters.published, link=public_address(work))
    return publication


def _check_erratum(earlier: Publication | None, erratum: str | None) -> None:
    if earlier is not None and erratum is None:
        message = "please say what is corrected; readers of the earlier snapshot are told"
    elif earlier is None and erratum is not None:
        message = "nothing was published before, so there is nothing to correct; please leave the erratum out"
    else:
        return
    raise Invalid("Please mend the erratum; nothing was published.", errors=[{"path": ["erratum"], "message": message}])


def public_address(work: Work) -> str:
    """Where the published snapshot can be read by all."""
    base = work.service.settings.base_url.rstrip("/")
    return f"{base}/published/{work.assessment.country}/{work.assessment.round}"


def open_erratum(work: Work, reason: str) -> None:
    """Take a published text up again; what is public stays so until it is corrected or withdrawn."""
    publication = last_publication(work)
    record_with_reason(work, "erratum_opened", str(publication.number) if publication else "", reason)


def withdraw(work: Work, notice: str) -> Publication:
    """Take what is public back; its address tells `notice` from now on. `NothingPublished` if nothing is public.

    While answers are being changed for a correction, that goes on: what was not submitted must not come before a reviewer.
    """
    publication = last_publication(work)
    if publication is None or publication.withdrawn_at is not None:
        raise NothingPublished("Nothing of this assessment is public, so there is nothing to withdraw.")
    publication.withdrawn_at, publication.notice = work.now, notice
    work.session.add(publication)
    work.session.flush()
    kind = "publication_withdrawn" if work.state == "collecting" else "withdrawn"
    work.record(kind, str(publication.number), notice=text_hash(notice))
    return publication
