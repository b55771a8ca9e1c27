"""The page of all sentences of the draft that reviewers have reworded."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Response

from app.api.calls import Call, Id, may
from app.assessments.edits import Edit, list_edits
from app.assessments.instruments import instrument_of
from app.web.early import draw_early, is_early
from app.web.frame import frame_of
from app.web.rendering import draw
from app.work import Work

router = APIRouter(include_in_schema=False)


class ListedEdit(NamedTuple):
    """A reworded sentence with the indicator that it tells of."""

    edit: Edit
    number: str
    title: str


def listed_edits(work: Work) -> list[ListedEdit]:
    """All that stand in the draft: those whose answer has changed first, then in the instrument's order."""
    indicators = instrument_of(work).indicators
    order = {name: place for place, name in enumerate(indicators)}
    named = [(edit, edit.sentence.rpartition(".")[0]) for edit in list_edits(work)]
    named.sort(key=lambda item: (not item[0].stale, order[item[1]]))
    return [ListedEdit(edit, indicators[name].number, indicators[name].title) for edit, name in named]


@router.get("/assessments/{assessment_id}/draft/edits")
def show_draft_edits(call: Annotated[Call, may("see_draft")], assessment_id: Id) -> Response:
    """The reworded sentences, those to be looked at first."""
    with call.on_assessment(assessment_id) as work:
        frame = frame_of(work)
        if is_early(work):
            return draw_early(call, frame)
        listed = listed_edits(work)
    return draw(call, "draft/edits.html", frame=frame, listed=listed)
