"""The stylesheet, the script and the pictures: small, kept in memory, and kept by browsers for good."""

import gzip
import hashlib
import mimetypes
from functools import cache
from pathlib import Path
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Request, Response
from fastapi import Path as InPath

from app.api.calls import Call, may
from app.errors import NotFound

router = APIRouter(include_in_schema=False)

FOLDER = Path(__file__).parent.parent / "static"
HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
PACKED = frozenset({".css", ".js", ".svg"})


class File(NamedTuple):
    """A file and how it is sent."""

    content: bytes
    packed: bytes | None
    media_type: str


@cache
def _files() -> dict[str, File]:
    return {path.name: _file(path) for path in sorted(FOLDER.iterdir()) if path.is_file()}


def _file(path: Path) -> File:
    content = path.read_bytes()
    packed = gzip.compress(content, 9, mtime=0) if path.suffix in PACKED else None
    return File(content, packed, mimetypes.guess_type(path.name)[0] or "application/octet-stream")


@cache
def static_address(name: str) -> str:
    """The address of a file, which changes with its content. `KeyError` for one that there is not.

    >>> static_address("mgi.css")[:8]
    '/static/'
    """
    return f"/static/{hashlib.sha256(_files()[name].content).hexdigest()[:12]}/{name}"


@router.get("/static/{version}/{name}")
async def get_static_file(
    call: Annotated[Call, may("read_public")],
    request: Request,
    version: Annotated[str, InPath(pattern="^[0-9a-f]{12}$")],
    name: Annotated[str, InPath(max_length=60)],
) -> Response:
    """A file of the front end."""
    if name not in _files() or static_address(name) != f"/static/{version}/{name}":
        raise NotFound
    file = _files()[name]
    if file.packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(file.packed, headers={**HEADERS, "Content-Encoding": "gzip"}, media_type=file.media_type)
    return Response(file.content, headers=HEADERS, media_type=file.media_type)
