"""Routes of drafts: the snapshot as it would be made now, those that were kept, and what changed between them."""

import hashlib
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field

from app.api.calls import Call, Id, etag, may
from app.api.comparison import ChangeOut, Language, change_out
from app.api.edits import EditOut
from app.api.headers import NOT_MODIFIED, IfNoneMatch, still_holds
from app.api.problems import declared
from app.api.snapshot_files import FILES, FileFormat, snapshot_file
from app.assessments.comparing import DraftChanges, draft_changes, preview_changes
from app.assessments.drafts import find_draft, list_drafts, preview_draft
from app.errors import Invalid, NotAllowed, NotFound, NotSignedIn, SecondFactorNeeded, WrongState
from scoring.snapshot import Snapshot

router = APIRouter(prefix="/assessments/{assessment_id}", tags=["drafts"])

DraftNumber = Annotated[int, Path(alias="number", ge=1, le=1_000_000, description="The number of a draft.")]
Since = Annotated[
    int | None,
    Query(ge=1, le=1_000_000, description="The draft to compare with; the one before if left out."),
]
_READING = declared(NotSignedIn, SecondFactorNeeded, NotAllowed, NotFound, WrongState, Invalid)


class PreviewOut(BaseModel):
    """The draft as it would be made now, and the edits that stand in it, stale ones marked."""

    document: Snapshot
    edits: list[EditOut]


class DraftOut(BaseModel):
    """A draft that was kept."""

    number: int
    cause: str = Field(description="What it was made for: a submission, an approval, its being voided.")
    submission: int = Field(description="The number of the submission that it was made from.")
    fingerprint: str = Field(description="SHA-256 over instrument, answers, evidence and text.")
    made_at: datetime


class KeptDraftOut(DraftOut):
    """A draft that was kept, with its document."""

    document: Snapshot


class ChangesOut(BaseModel):
    """What is told otherwise than in draft `since`; null if there was none before."""

    since: int | None
    changes: list[ChangeOut]


@router.get("/draft.{file_format}", responses=_READING | FILES | NOT_MODIFIED)
def get_preview_file(
    call: Annotated[Call, may("see_draft")],
    assessment_id: Id,
    file_format: FileFormat,
    language: Language = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The draft as it would be made now, as a file. The same answers and edits give the same bytes."""
    with call.on_assessment(assessment_id) as work:
        document = preview_draft(work, language).document
    name = f"mgi-draft-{document.country}-{document.round}-{document.language}"
    headers = {"ETag": _tag(document.model_dump_json(), file_format)}
    return snapshot_file(document, file_format, name=name, headers=headers, if_none_match=if_none_match)


@router.get("/draft", response_model=PreviewOut, responses=_READING | NOT_MODIFIED)
def get_preview(
    call: Annotated[Call, may("see_draft")],
    assessment_id: Id,
    response: Response,
    *,
    language: Language = None,
    if_none_match: IfNoneMatch = None,
) -> PreviewOut | Response:
    """The draft as it would be made now, of what you may see. Add `.html`, `.pdf`, `.docx`, `.md` or `.json` for a file."""
    with call.on_assessment(assessment_id) as work:
        preview = PreviewOut.model_validate(preview_draft(work, language), from_attributes=True)
    response.headers["ETag"] = _tag(preview.model_dump_json(), "about")
    if still_holds(if_none_match, response.headers["ETag"]):
        return Response(status_code=304, headers={"ETag": response.headers["ETag"]})
    return preview


def _tag(content: str, representation: str) -> str:
    return etag(f"{hashlib.sha256(content.encode()).hexdigest()[:32]}-{representation}")


def _changes(found: DraftChanges) -> ChangesOut:
    return ChangesOut(since=found.since, changes=[change_out(change) for change in found.changes])


@router.get("/draft/changes", responses=_READING)
def get_preview_changes(call: Annotated[Call, may("see_draft")], assessment_id: Id, since: Since = None) -> ChangesOut:
    """What the draft would tell otherwise now than the last one that was kept, and why."""
    with call.on_assessment(assessment_id) as work:
        return _changes(preview_changes(work, since))


@router.get("/drafts", responses=_READING)
def get_drafts(call: Annotated[Call, may("see_draft")], assessment_id: Id) -> list[DraftOut]:
    """The drafts that were kept, on each submission and approval; the last one first."""
    with call.on_assessment(assessment_id) as work:
        return [DraftOut.model_validate(draft, from_attributes=True) for draft in list_drafts(work)]


@router.get("/drafts/{number}.{file_format}", responses=_READING | FILES | NOT_MODIFIED)
def get_draft_file(
    call: Annotated[Call, may("see_draft")],
    assessment_id: Id,
    draft_number: DraftNumber,
    file_format: FileFormat,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """A draft that was kept, as a file."""
    with call.on_assessment(assessment_id) as work:
        draft = find_draft(work, draft_number)
        document = Snapshot.model_validate_json(draft.document)
        headers = {"ETag": etag(f"{draft.fingerprint}-{file_format}")}
    name = f"mgi-draft-{document.country}-{document.round}-{document.language}-{draft_number}"
    return snapshot_file(document, file_format, name=name, headers=headers, if_none_match=if_none_match)


@router.get("/drafts/{number}", responses=_READING)
def get_draft(call: Annotated[Call, may("see_draft")], assessment_id: Id, draft_number: DraftNumber) -> KeptDraftOut:
    """A draft that was kept. Add `.html`, `.pdf`, `.docx`, `.md` or `.json` for a file."""
    with call.on_assessment(assessment_id) as work:
        draft = find_draft(work, draft_number)
        document = Snapshot.model_validate_json(draft.document)
        return KeptDraftOut(**draft.model_dump(exclude={"assessment_id", "document"}), document=document)


@router.get("/drafts/{number}/changes", responses=_READING)
def get_draft_changes(
    call: Annotated[Call, may("see_draft")], assessment_id: Id, draft_number: DraftNumber, since: Since = None
) -> ChangesOut:
    """What a draft tells otherwise than the one before, or than draft `since`, and why."""
    with call.on_assessment(assessment_id) as work:
        return _changes(draft_changes(work, draft_number, since))
