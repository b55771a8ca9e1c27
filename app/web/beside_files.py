"""Forms of evidence files: attach one to an indicator, make it public or not, remove it."""

from contextlib import closing
from typing import IO, Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel
from starlette.datastructures import UploadFile

from app.api.assignments import ObjectId
from app.api.calls import Call, Id, IndicatorName, may
from app.assessments.answers import check_visible
from app.errors import Conflict, Invalid, NoSpace, Refusal, Unavailable
from app.evidence.attaching import (
    NewFile,
    add_evidence,
    change_evidence,
    check_place,
    find_evidence,
    remove_evidence,
)
from app.evidence.keeping import ensure_content, keep_content, release_content
from app.web.beside import Back, at_fields, draw_beside, indicator_path, named_indicator, place_before, return_from
from app.web.beside_evidence import shown_file
from app.web.fields import Fields, Posted
from app.web.frame import frame_of
from app.web.rendering import draw
from questionnaire.response import SourceId

router = APIRouter(prefix="/assessments/{assessment_id}", include_in_schema=False)

LONGEST_NAME = 400


class FileIn(BaseModel):
    """What is said about a file that is attached. `file_ministry` only for those who contribute for several ministries."""

    file_public: bool = False
    file_source: SourceId | None = None
    file_ministry: ObjectId | None = None


class PublicIn(BaseModel):
    """Whether a file may be given to anyone."""

    public: bool


def _may_attach(call: Annotated[Call, may("add_evidence")], assessment_id: Id, indicator: IndicatorName) -> Call:
    """Refuses who may not attach a file here, before the file is read."""
    with call.on_assessment(assessment_id) as work:
        check_visible(work, indicator)
    return call


@router.post("/indicators/{indicator}/evidence")
def send_file(
    call: Annotated[Call, Depends(_may_attach)], assessment_id: Id, indicator: IndicatorName, fields: Posted
) -> Response:
    """Attach a file to an indicator."""
    try:
        with closing(_file_in(fields).file) as content:
            _attach(call, assessment_id, _new_file(indicator, fields), content)
    except (Invalid, Conflict, Unavailable, NoSpace) as refusal:
        return draw_beside(call, assessment_id, indicator, _at_file(refusal), fields)
    return return_from(fields, indicator_path(assessment_id, indicator), part="files", done="attached")


def _file_in(fields: Fields) -> UploadFile:
    file = fields.files.get("file")
    if file is None or not file.filename:
        message = "Choose a file"
        raise Invalid("There is no file in the form.", errors=[{"path": ["file"], "message": message}])
    return file


def _new_file(indicator: str, fields: Fields) -> NewFile:
    given = fields.as_(FileIn)
    name = (_file_in(fields).filename or "")[:LONGEST_NAME]
    return NewFile(indicator, name, given.file_source, given.file_public, given.file_ministry)


def _attach(call: Call, assessment_id: str, new: NewFile, content: IO[bytes]) -> None:
    """Keep the content, then attach it in a transaction that checks once more who may; else nothing is kept."""
    size = content.seek(0, 2)
    content.seek(0)
    with call.on_assessment(assessment_id) as work:
        check_place(work, new)
    accepted = keep_content(call.service, assessment_id, new.name, content, size)
    try:
        with call.on_assessment(assessment_id) as work:
            add_evidence(work, new, accepted)
            ensure_content(call.service, assessment_id, accepted.sha256, content)
    except Exception:
        release_content(call.service, assessment_id, accepted.sha256)
        raise


def _at_file(refusal: Refusal) -> Refusal:
    """What is wrong with the file itself is told at its field."""
    if not isinstance(refusal, Invalid):
        return refusal
    if not refusal.more.get("errors"):
        return Invalid("Nothing was kept.", errors=[{"path": ["file"], "message": refusal.detail}])
    return at_fields(refusal, {"source_id": "file_source", "ministry_id": "file_ministry"})


@router.post("/evidence/{evidence_id}/public")
def send_public(
    call: Annotated[Call, may("change_evidence")], assessment_id: Id, evidence_id: Id, fields: Posted
) -> Response:
    """Make a file public, or no longer."""
    given = fields.as_(PublicIn)
    with call.on_assessment(assessment_id) as work:
        file = change_evidence(work, evidence_id, public=given.public, name=None)
    done = "file-public" if file.public else "file-not-public"
    return return_from(fields, indicator_path(assessment_id, file.indicator), part="files", done=done)


@router.get("/evidence/{evidence_id}/remove")
def show_file_removal(
    call: Annotated[Call, may("change_evidence")], assessment_id: Id, evidence_id: Id, back: Back = ""
) -> Response:
    """Ask whether a file shall be removed."""
    with call.on_assessment(assessment_id) as work:
        frame, file = frame_of(work), find_evidence(work, evidence_id)
        title = named_indicator(work, file.indicator)
    place = place_before(back, indicator_path(assessment_id, file.indicator))
    return draw(call, "beside/remove-file.html", frame=frame, file=shown_file(file, {}), title=title, back=place)


@router.post("/evidence/{evidence_id}/remove")
def send_file_removal(
    call: Annotated[Call, may("change_evidence")], assessment_id: Id, evidence_id: Id, fields: Posted
) -> Response:
    """Remove a file from its indicator."""
    with call.on_assessment(assessment_id) as work:
        indicator = find_evidence(work, evidence_id).indicator
        sha256 = remove_evidence(work, evidence_id)
    release_content(call.service, assessment_id, sha256)
    return return_from(fields, indicator_path(assessment_id, indicator), part="files", done="file-removed")
