"""The demonstration's first page: what this is, the published snapshots, and where the API is described."""

from typing import Annotated

from fastapi import APIRouter, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from app.api.calls import Call, may
from app.assessments.snapshots import list_published

router = APIRouter(include_in_schema=False)

FORMATS = {"html": "HTML", "pdf": "PDF", "docx": "Word", "md": "Markdown", "json": "JSON"}
_pages = Environment(
    loader=PackageLoader("app.demo", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)  # fmt: skip


@router.get("/")
def get_start(call: Annotated[Call, may("read_public")]) -> Response:
    """The page."""
    with call.begin() as work:
        listed = list_published(work)
    text = _pages.get_template("start.html").render(snapshots=listed, formats=FORMATS)
    return Response(text, media_type="text/html; charset=utf-8")
