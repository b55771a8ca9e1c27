"""Pages that anyone may read: the start, the help, the notices."""

from typing import Annotated

from fastapi import APIRouter, Response

from app.api.calls import Call, may
from app.assessments.snapshots import list_published
from app.web.rendering import draw

router = APIRouter(include_in_schema=False)


@router.get("/")
def show_start(call: Annotated[Call, may("read_public")]) -> Response:
    """What this is, the way in, and what is published."""
    with call.begin() as work:
        listed = list_published(work)
    return draw(call, "start.html", snapshots=listed)
