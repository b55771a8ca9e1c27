"""The page one comes to after signing in: one's assessments."""

from typing import Annotated

from fastapi import APIRouter, Response

from app.api.calls import Call, may
from app.assessments.summaries import list_assessments
from app.web.rendering import draw

router = APIRouter(include_in_schema=False)

MOST = 500


@router.get("/assessments")
def show_assessments(call: Annotated[Call, may("see_own")]) -> Response:
    """The assessments that one works on, by country and round."""
    with call.begin() as work:
        listed = list_assessments(work, MOST)
    return draw(call, "assessments.html", assessments=listed)
