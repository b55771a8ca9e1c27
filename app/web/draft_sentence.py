"""Pages of one sentence of the draft: what it rests on, and its rewording by a reviewer."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from app.api.calls import Call, Id, may
from app.api.comparison import Language
from app.assessments.drafts import find_draft
from app.assessments.edit_saving import remove_edit, save_edit
from app.assessments.edits import Edit, find_edit
from app.assessments.responses import seen_response, submitted_response
from app.errors import Invalid, NotFound, Refusal, Stale
from app.web.draft import Kept, Shown, sentences_of, shown_draft
from app.web.draft_grounds import Grounds, grounds_of
from app.web.early import draw_early, is_early
from app.web.fields import Fields, Posted, base_after
from app.web.frame import Frame, frame_of
from app.web.rendering import draw, see_other
from app.work import Work
from questionnaire.text import Sentences
from scoring.snapshot import ConventionRow, DocumentSentence

router = APIRouter(include_in_schema=False)

SentenceName = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,80}\.(finding|detail|qualifier|row)$")]
EditedName = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,80}\.(finding|detail|qualifier)$")]


class RemovalIn(BaseModel):
    """Which rewording is taken back: the version that was seen."""

    base: int = Field(ge=0, le=1_000_000)
    language: str | None = Field(None, pattern="^[a-z]{2,3}(-[A-Za-z]{2,8})?$")


class RewordingIn(RemovalIn):
    """A text for a sentence, made on a version of its rewording."""

    text: Sentences


class SentencePage(NamedTuple):
    """A sentence and what stands behind it. `told` and `row` are None where the draft does not tell it (any longer).

    `edit` is None in drafts that were kept, which nobody rewords.
    """

    id: str
    role: str
    shown: Shown
    told: DocumentSentence | None
    row: ConventionRow | None
    grounds: Grounds
    edit: Edit | None


def sentence_page(work: Work, sentence: str, kept: int, language: str | None) -> SentencePage:
    """A sentence of a draft that was kept, or of the one of now. `NotFound` if it is, and was, not told there."""
    shown = shown_draft(work, kept, language)
    document = shown.document
    indicator, _, role = sentence.rpartition(".")
    told = sentences_of(document).get(sentence)
    rows = (row for domain in document.domains for section in domain.sections for row in section.rows)
    row = next((one for one in rows if one.id == sentence), None)
    edit = None if kept or role == "row" else find_edit(work, sentence, document.language)
    if told is None and row is None and edit is None:
        raise NotFound
    response = submitted_response(work, find_draft(work, kept).submission) if kept else seen_response(work)
    grounds = grounds_of(work, response.response, indicator, document.language)
    return SentencePage(sentence, role, shown, told, row, grounds, edit)


def _draw_sentence(
    frame: Frame, call: Call, page: SentencePage, refusal: Refusal | None = None, typed: Fields | None = None
) -> Response:
    base = base_after(refusal, typed, page.edit.version if page.edit else 0)
    return draw(
        call, "draft/sentence.html", frame=frame, page=page, base=base, refusal=refusal, typed=typed or Fields()
    )


@router.get("/assessments/{assessment_id}/draft/sentences/{sentence_id}")
def show_draft_sentence(
    call: Annotated[Call, may("see_draft")],
    assessment_id: Id,
    sentence_id: SentenceName,
    language: Language = None,
    kept: Kept = 0,
) -> Response:
    """The answer, the rule and the sources behind a sentence; for reviewers the form to reword it."""
    with call.on_assessment(assessment_id) as work:
        frame = frame_of(work)
        if is_early(work):
            return draw_early(call, frame)
        page = sentence_page(work, sentence_id, kept, language)
    return _draw_sentence(frame, call, page)


@router.post("/assessments/{assessment_id}/draft/sentences/{sentence_id}")
def send_rewording(
    call: Annotated[Call, may("edit_sentence")], assessment_id: Id, sentence_id: EditedName, fields: Posted
) -> Response:
    """Put a text in the place of a sentence, or keep a stale one."""
    try:
        given = fields.as_(RewordingIn)
        with call.on_assessment(assessment_id) as work:
            save_edit(work, sentence_id, given.text, given.base, language=given.language)
    except (Invalid, Stale) as refusal:
        return _again(call, assessment_id, sentence_id, refusal, fields)
    return _back(assessment_id, sentence_id, "reworded", fields)


@router.post("/assessments/{assessment_id}/draft/sentences/{sentence_id}/remove")
def send_rewording_removed(
    call: Annotated[Call, may("edit_sentence")], assessment_id: Id, sentence_id: EditedName, fields: Posted
) -> Response:
    """Let the sentence stand as it is written from the answer."""
    given = fields.as_(RemovalIn)
    try:
        with call.on_assessment(assessment_id) as work:
            remove_edit(work, sentence_id, given.base, language=given.language)
    except Stale as refusal:
        return _again(call, assessment_id, sentence_id, refusal, fields)
    return _back(assessment_id, sentence_id, "rewording-removed", fields)


def _back(assessment_id: str, sentence_id: str, done: str, fields: Fields) -> Response:
    """To the sentence, or to the list of reworded sentences where the form stood there."""
    draft = f"/assessments/{assessment_id}/draft"
    if fields.one("back") == "edits":
        return see_other(f"{draft}/edits", done=done)
    query = {"language": fields.one("language")} if fields.one("language") else {}
    return see_other(f"{draft}/sentences/{sentence_id}", done=done, **query)


def _again(call: Call, assessment_id: str, sentence_id: str, refusal: Refusal, typed: Fields) -> Response:
    """The page once more, with what was typed and, after a conflict, with what stands there now."""
    language = typed.one("language") or None
    with call.on_assessment(assessment_id) as work:
        frame, page = frame_of(work), sentence_page(work, sentence_id, 0, language)
    return _draw_sentence(frame, call, page, refusal, typed)
