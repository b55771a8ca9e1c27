"""Pages of the draft: the snapshot as the answers tell it now, those that were kept, and what changed between them."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query, Response

from app.api.calls import Call, Id, may
from app.api.comparison import Language
from app.assessments.comparing import draft_changes, preview_changes
from app.assessments.drafts import PUBLISHED_COPY, KeptDraft, find_draft, list_drafts, preview_draft
from app.assessments.edits import Edit, list_edits
from app.assessments.instruments import instrument_of
from app.assessments.responses import seen_response
from app.web.draft_words import compared_words, document_languages
from app.web.early import draw_early, is_early
from app.web.frame import frame_of
from app.web.rendering import draw
from app.work import Work
from scoring.snapshot import DocumentSentence, Snapshot

router = APIRouter(include_in_schema=False)

Kept = Annotated[int, Query(alias="kept", ge=0, le=1_000_000)]
"""The number of a draft that was kept; 0 for the draft as it would be made now."""


class Shown(NamedTuple):
    """A draft to be shown. `kept` is 0 for the one of now; `marks` says what was done to a sentence, by its id."""

    assessment: str
    kept: int
    document: Snapshot
    marks: Mapping[str, str]
    nothing_answered: bool = False

    @property
    def query(self) -> str:
        """What an address of one of its sentences ends with."""
        return f"?kept={self.kept}" if self.kept else self.file_query

    @property
    def files(self) -> str:
        """The address of its files, without the ending that names the format."""
        name = f"drafts/{self.kept}" if self.kept else "draft"
        return f"/api/v1/assessments/{self.assessment}/{name}"

    @property
    def file_query(self) -> str:
        """What the address of a file ends with: a draft that was kept has a language of its own."""
        return "" if self.kept else f"?language={self.document.language}"


def sentences_of(document: Snapshot) -> dict[str, DocumentSentence]:
    """The sentences of a document by their ids."""
    sections = (section for domain in document.domains for section in domain.sections)
    paragraphs = (paragraph for section in sections for paragraph in section.paragraphs)
    return {told.id: told for paragraph in paragraphs for told in paragraph.sentences}


def shown_draft(work: Work, kept: int, language: str | None) -> Shown:
    """A draft that was kept, or the one of now. `NotFound` for a number that there is not; `WrongState` for reviewers
    before a submission.
    """
    if kept:
        document = Snapshot.model_validate_json(find_draft(work, kept).document)
        return Shown(work.assessment.id, kept, document, _marks(document, []))
    document, edits = preview_draft(work, language)
    empty = not seen_response(work).response.answers
    return Shown(work.assessment.id, 0, document, _marks(document, edits), empty)


def _marks(document: Snapshot, edits: list[Edit]) -> dict[str, str]:
    reworded = {told.id: "edited" for told in sentences_of(document).values() if told.provenance.edited}
    return reworded | {edit.sentence: "stale" for edit in edits if edit.stale}


@router.get("/assessments/{assessment_id}/draft")
def show_draft(
    call: Annotated[Call, may("see_draft")], assessment_id: Id, language: Language = None, kept: Kept = 0
) -> Response:
    """The snapshot as it will be printed, each sentence a way to what it rests on."""
    with call.on_assessment(assessment_id) as work:
        frame = frame_of(work)
        if is_early(work):
            return draw_early(call, frame)
        drafts, shown = list_drafts(work), shown_draft(work, kept, language)
        told = document_languages(instrument_of(work))
        edits = list_edits(work, shown.document.language)
    compare = bool(_comparable(drafts, kept))
    return draw(
        call, "draft/draft.html",
        frame=frame, shown=shown, drafts=drafts, languages_of_documents=told, edits=edits, compare=compare,
    )  # fmt: skip


def _comparable(drafts: list[KeptDraft], kept: int) -> list[KeptDraft]:
    """The drafts that one can be compared with: those before it; published copies tell the same as the draft approved."""
    return [one for one in drafts if one.cause != PUBLISHED_COPY and (not kept or one.number < kept)]


@router.get("/assessments/{assessment_id}/draft/changes")
def show_draft_changes(
    call: Annotated[Call, may("see_draft")],
    assessment_id: Id,
    since: Annotated[int, Query(alias="from", ge=0, le=1_000_000)] = 0,
    kept: Kept = 0,
) -> Response:
    """What a draft tells otherwise than one that was kept before, and why."""
    with call.on_assessment(assessment_id) as work:
        frame = frame_of(work)
        if is_early(work):
            return draw_early(call, frame)
        drafts = list_drafts(work)
        found = draft_changes(work, kept, since or None) if kept else preview_changes(work, since or None)
    changes = [compared_words(change) for change in found.changes]
    return draw(
        call, "draft/changes.html",
        frame=frame, since=found.since, kept=kept, drafts=_comparable(drafts, kept), changes=changes,
    )  # fmt: skip
