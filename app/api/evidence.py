"""Routes of evidence: attach a file, list files, read one and its content, change and remove one."""

from collections.abc import AsyncIterable
from datetime import datetime
from typing import IO, Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import ClientDisconnect

from app.api.assignments import ObjectId
from app.api.calls import Call, Id, etag, may
from app.api.headers import NOT_MODIFIED, IfNoneMatch, still_holds
from app.api.pages import After, Limit, Page, moment_key, page, place_by_date
from app.api.problems import declared
from app.errors import (
    Conflict,
    Invalid,
    NoSpace,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Refusal,
    TooLarge,
    Unavailable,
    WrongState,
)
from app.evidence.attaching import (
    AttachedFile,
    NewFile,
    add_evidence,
    change_evidence,
    check_place,
    find_evidence,
    list_evidence,
    remove_evidence,
)
from app.evidence.checking import EXTENSIONS, content_disposition
from app.evidence.keeping import ensure_content, keep_content, open_content, release_content
from app.evidence.temporary import full_disk_told, temporary_file
from questionnaire.model import IndicatorId
from questionnaire.response import SourceId

router = APIRouter(prefix="/assessments/{assessment_id}/evidence", tags=["evidence"])

STEP = 1024 * 1024
FORMS = ("multipart/", "application/x-www-form-urlencoded")
FileName = Annotated[str, Field(min_length=1, max_length=400)]
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file itself, as it is. What it is called here does not count: its content decides.",
        "content": dict.fromkeys(("application/octet-stream", *EXTENSIONS), _BINARY),
    }
}
_CONTENT: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file, to be saved", "content": dict.fromkeys(EXTENSIONS, _BINARY)}
}


class FileIn(BaseModel):
    """Where a file belongs, and its name."""

    model_config = ConfigDict(extra="forbid")

    indicator: IndicatorId = Field(description="The indicator that it belongs to.")
    name: FileName = Field(description="The file's name; made safe, and with the ending of what the file is.")
    source_id: SourceId | None = Field(None, description="The source in the country's list that this is the text of.")
    public: bool = Field(False, description="Whether it may be given to anyone; the focal point says so.")
    ministry_id: ObjectId | None = Field(None, description="For those who contribute for several ministries.")


class FileChangeIn(BaseModel):
    """What to change; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"public": True}})

    public: bool | None = None
    name: FileName | None = None


class FileOut(BaseModel):
    """An attached file. Its content stands at `…/content`."""

    id: str
    indicator: str
    source_id: str | None
    name: str
    media_type: str
    size: int = Field(description="Bytes.")
    sha256: str
    public: bool
    ministry_id: str | None
    added_by: str
    added_at: datetime


def _out(file: AttachedFile) -> FileOut:
    return FileOut.model_validate(file, from_attributes=True)


@router.post(
    "",
    status_code=201,
    openapi_extra=_UPLOAD,
    responses=declared(
        Refusal, NotSignedIn, NotAllowed, NotFound, WrongState, Conflict, TooLarge, Invalid, Unavailable, NoSpace
    )
    | {200: {"description": "This very file is attached there already", "model": FileOut}},
)
async def post_evidence(
    call: Annotated[Call, may("add_evidence")],
    assessment_id: Id,
    wanted: Annotated[FileIn, Query()],
    response: Response,
) -> FileOut:
    """Attach a file, sent as the body. Who may not is refused before the body is read."""
    new = NewFile(**wanted.model_dump())
    await run_in_threadpool(_check_call, call, assessment_id, new)
    with temporary_file() as content:
        size = await receive_file(call.request.stream(), content, call.service.settings.evidence_limit)
        file, is_new = await run_in_threadpool(_attach, call, assessment_id, new, content, size)
    response.status_code = 201 if is_new else 200
    return _out(file)


def _check_call(call: Call, assessment_id: str, new: NewFile) -> None:
    """All that can be known before the body: it need not travel in vain."""
    with call.on_assessment(assessment_id) as work:
        check_place(work, new)
    if call.request.headers.get("content-type", "").lower().startswith(FORMS):
        message = "Please send the file itself as the body, not a form that holds it."
        raise Invalid(message, errors=[{"path": ["body"], "message": "this is a form"}])


async def receive_file(chunks: AsyncIterable[bytes], file: IO[bytes], limit: int) -> int:
    """Write what arrives into a file, and give its bytes.

    `TooLarge` as soon as it is more than `limit`; `Refusal` if the sender goes away; `NoSpace` on a full disk.
    """
    size, waiting = 0, bytearray()
    try:
        async for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise TooLarge(
                    f"A file may have {limit / 1_048_576:.3g} MB. Make it smaller, for example by scanning at 150 dpi."
                )
            waiting += chunk
            if len(waiting) >= STEP:
                await run_in_threadpool(_write, file, bytes(waiting))
                waiting.clear()
    except ClientDisconnect:
        raise Refusal("The connection ended before the whole file had arrived; nothing was kept.") from None
    await run_in_threadpool(_write, file, bytes(waiting))
    return size


def _write(file: IO[bytes], data: bytes) -> None:
    with full_disk_told():
        file.write(data)


def _attach(call: Call, assessment_id: str, new: NewFile, content: IO[bytes], size: int) -> tuple[AttachedFile, bool]:
    """Keep the content, then attach it in a transaction that checks once more who may; else nothing is kept."""
    accepted = keep_content(call.service, assessment_id, new.name, content, size)
    try:
        with call.on_assessment(assessment_id) as work:
            attached = add_evidence(work, new, accepted)
            ensure_content(call.service, assessment_id, accepted.sha256, content)
    except Exception:
        release_content(call.service, assessment_id, accepted.sha256)
        raise
    return attached


@router.get("", responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Invalid))
def get_evidence_list(
    call: Annotated[Call, may("see_evidence")],
    assessment_id: Id,
    indicator: Annotated[str | None, Query(pattern="^[a-z0-9-]{1,80}$", description="Only of this indicator.")] = None,
    *,
    after: After = None,
    limit: Limit = 50,
) -> Page[FileOut]:
    """The files that you may see, by date; reviewers see those of the last submission."""
    begins = place_by_date(after)
    with call.on_assessment(assessment_id) as work:
        files = list_evidence(work, indicator)
    rest = [file for file in files if begins is None or (file.added_at, file.id) > begins]
    return page(rest[: limit + 1], limit, _out, lambda file: (moment_key(file.added_at), file.id))


@router.get("/{evidence_id}", responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Invalid))
def get_evidence(call: Annotated[Call, may("see_evidence")], assessment_id: Id, evidence_id: Id) -> FileOut:
    """What is known about a file."""
    with call.on_assessment(assessment_id) as work:
        return _out(find_evidence(work, evidence_id))


@router.head("/{evidence_id}/content", include_in_schema=False)
@router.get(
    "/{evidence_id}/content",
    response_class=StreamingResponse,
    responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Invalid, Unavailable) | _CONTENT | NOT_MODIFIED,
)
def get_evidence_content(
    call: Annotated[Call, may("see_evidence")], assessment_id: Id, evidence_id: Id, if_none_match: IfNoneMatch = None
) -> Response:
    """The file itself, always to be saved and never to be shown by the browser."""
    with call.on_assessment(assessment_id) as work:
        file = find_evidence(work, evidence_id)
    headers = _headers(file)
    if still_holds(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers={"ETag": headers["ETag"]})
    if call.request.method == "HEAD":
        return Response(headers=headers, media_type=file.media_type)
    chunks = open_content(call.service, assessment_id, file.sha256)
    return StreamingResponse(chunks, headers=headers, media_type=file.media_type)


def _headers(file: AttachedFile) -> dict[str, str]:
    return {
        "ETag": etag(file.sha256),
        "Content-Length": str(file.size),
        "Content-Disposition": content_disposition(file.name),
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }


@router.patch("/{evidence_id}", responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Invalid))
def patch_evidence(
    call: Annotated[Call, may("change_evidence")], assessment_id: Id, evidence_id: Id, change: FileChangeIn
) -> FileOut:
    """Make a file public or not, or name it anew."""
    with call.on_assessment(assessment_id) as work:
        return _out(change_evidence(work, evidence_id, public=change.public, name=change.name))


@router.delete(
    "/{evidence_id}", status_code=204, responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Invalid)
)
def delete_evidence(call: Annotated[Call, may("change_evidence")], assessment_id: Id, evidence_id: Id) -> None:
    """Remove a file. It stays on record; its content stays if it was submitted, so that reviewers read what was sent."""
    with call.on_assessment(assessment_id) as work:
        sha256 = remove_evidence(work, evidence_id)
    release_content(call.service, assessment_id, sha256)
