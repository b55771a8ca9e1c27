"""The route of the archive: everything on an assessment that its government may have, as one ZIP."""

from collections.abc import Iterator
from typing import IO, Annotated, Any

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from app.api.calls import Call, Id, may
from app.api.problems import declared
from app.assessments.archive import begin_archive, finish_archive
from app.errors import Invalid, NoSpace, NotAllowed, NotFound, NotSignedIn, Unavailable, WrongState
from app.evidence.checking import content_disposition
from app.evidence.contents import read_chunks
from app.evidence.temporary import temporary_file

router = APIRouter(prefix="/assessments/{assessment_id}/archive", tags=["archive"])

MEDIA_TYPE = "application/zip"
_ZIP: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The archive; README.txt in it explains what it holds",
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get(
    "",
    response_class=StreamingResponse,
    responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Invalid, Unavailable, NoSpace) | _ZIP,
)
def get_archive(call: Annotated[Call, may("export")], assessment_id: Id) -> Response:
    """The whole assessment to take away: answers with their history, sources, files, documents, comments, the record."""
    content = temporary_file()
    try:
        with call.on_assessment(assessment_id) as work:
            archive = begin_archive(work, content)
        size = finish_archive(call.service, archive, content)
    except BaseException:
        content.close()
        raise
    headers = {"Content-Length": str(size), "Content-Disposition": content_disposition(archive.name)}
    return StreamingResponse(_sent(content), headers=headers, media_type=MEDIA_TYPE)


def _sent(content: IO[bytes]) -> Iterator[bytes]:
    """The file in chunks; it is gone once it was sent, or the reader went away."""
    with content:
        yield from read_chunks(content)
