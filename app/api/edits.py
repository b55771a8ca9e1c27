"""Routes of sentence edits: a reviewer rewords a sentence of the draft; it goes stale when the answer under it changes."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.calls import Call, Id, IfMatch, etag, may
from app.api.comparison import Language
from app.api.headers import base_version
from app.api.problems import declared
from app.assessments.edit_saving import remove_edit, save_edit
from app.assessments.edits import document_language, find_edit, list_edits
from app.errors import (
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    SecondFactorNeeded,
    Stale,
    VersionNeeded,
    WrongState,
)
from questionnaire.text import Sentences

router = APIRouter(prefix="/assessments/{assessment_id}/edits", tags=["drafts"])

SentenceName = Annotated[
    str,
    Path(
        pattern=r"^[a-z0-9-]{1,80}\.(finding|detail|qualifier)$",
        description="The id of a sentence in the draft.",
        examples=["health-access.finding"],
    ),
]
_READING = declared(NotSignedIn, SecondFactorNeeded, NotAllowed, NotFound, WrongState, Invalid)
_SAVING = _READING | declared(Stale, VersionNeeded)


class EditIn(BaseModel):
    """The text that is to stand in the place of the sentence."""

    model_config = ConfigDict(extra="forbid")

    text: Sentences = Field(examples=["All migrants can use public health care."])
    language: str | None = Field(
        None, pattern="^[a-z]{2,3}(-[A-Za-z]{2,8})?$", description="The questionnaire's own if left out."
    )


class EditOut(BaseModel):
    """A sentence and what a reviewer put in its place.

    It is stale if the sentence or the version of its answer is another than when it was reworded. It stands in the draft
    all the same, until a reviewer saves it again or removes it.
    """

    language: str
    sentence: str = Field(description="The sentence's id in the draft.")
    version: int = Field(description="0 for a sentence that was never reworded.")
    text: str | None = Field(description="The reviewer's text; null where the generated sentence stands.")
    generated: str = Field(description="The generated sentence that the text was put in the place of.")
    now: str | None = Field(description="The sentence as it is generated now; null if it is no longer told.")
    stale: bool
    edited_by: str | None
    edited_at: datetime | None


@router.get("", responses=_READING)
def get_edits(call: Annotated[Call, may("see_draft")], assessment_id: Id, language: Language = None) -> list[EditOut]:
    """The edits that stand in the draft, stale ones marked, by language and sentence."""
    with call.on_assessment(assessment_id) as work:
        told = document_language(work, language) if language else None
        return [EditOut.model_validate(edit, from_attributes=True) for edit in list_edits(work, told)]


@router.get("/{sentence_id}", responses=_READING)
def get_edit(
    call: Annotated[Call, may("see_draft")],
    assessment_id: Id,
    sentence_id: SentenceName,
    response: Response,
    language: Language = None,
) -> EditOut:
    """One sentence of the draft as it is generated, and what a reviewer put in its place."""
    with call.on_assessment(assessment_id) as work:
        edit = find_edit(work, sentence_id, document_language(work, language))
    response.headers["ETag"] = etag(edit.version)
    return EditOut.model_validate(edit, from_attributes=True)


@router.put("/{sentence_id}", responses=_SAVING)
def put_edit(
    call: Annotated[Call, may("edit_sentence")],
    assessment_id: Id,
    sentence_id: SentenceName,
    data: EditIn,
    response: Response,
    *,
    if_match: IfMatch = None,
) -> EditOut:
    """Reword a sentence, or keep a stale wording. Approval and consent are void after it."""
    with call.on_assessment(assessment_id) as work:
        edit = save_edit(work, sentence_id, data.text, base_version(if_match), language=data.language)
    response.headers["ETag"] = etag(edit.version)
    return EditOut.model_validate(edit, from_attributes=True)


@router.delete("/{sentence_id}", status_code=204, responses=_SAVING)
def delete_edit(
    call: Annotated[Call, may("edit_sentence")],
    assessment_id: Id,
    sentence_id: SentenceName,
    *,
    language: Language = None,
    if_match: IfMatch = None,
) -> None:
    """Take an edit back; the generated sentence stands again. Approval and consent are void after it."""
    with call.on_assessment(assessment_id) as work:
        remove_edit(work, sentence_id, base_version(if_match), language=language)
