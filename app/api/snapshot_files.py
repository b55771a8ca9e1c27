"""A snapshot as a file, in each of its formats."""

import base64
import hashlib
import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import Path, Response

from app.api.headers import still_holds
from app.documents import render
from scoring.snapshot import Snapshot

FormatName = Literal["html", "pdf", "docx", "md", "json"]
FileFormat = Annotated[FormatName, Path(description="The format of the file.")]
MEDIA_TYPES: dict[FormatName, str] = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
}
FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind.partition(";")[0]: {} for kind in MEDIA_TYPES.values()}, "description": "The document"}
}
"""What a route that sends these files declares in OpenAPI."""


def snapshot_file(
    document: Snapshot,
    file_format: FormatName,
    *,
    name: str,
    headers: dict[str, str],
    if_none_match: str | None,
    make: Callable[[Snapshot, str], bytes] = render,
) -> Response:
    """The document as a file called `name`; 304 if the caller has what the ETag in `headers` stands for. `make` renders it."""
    if still_holds(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    content = make(document, file_format)
    headers["Content-Disposition"] = f'inline; filename="{name}.{file_format}"'
    headers["Content-Language"] = document.language
    if file_format == "html":
        headers["Content-Security-Policy"] = style_policy(content)
    return Response(content, 200, headers, MEDIA_TYPES[file_format])


def style_policy(page: bytes) -> str:
    """The content security policy of a page that carries its one style sheet in itself: that sheet alone, by its hash."""
    sheets = re.findall(rb"<style>(.*?)</style>", page, re.DOTALL)[:1]
    hashes = [base64.b64encode(hashlib.sha256(sheet).digest()).decode() for sheet in sheets]
    allowed = " ".join(f"'sha256-{digest}'" for digest in hashes) or "'none'"
    return f"default-src 'none'; style-src {allowed}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
