"""What IOM's reviewers are told before the first submission, on the pages that show what was submitted."""

from fastapi import Response

from app.api.calls import Call
from app.assessments.responses import last_submission
from app.web.frame import Frame
from app.web.rendering import draw
from app.work import Work


def is_early(work: Work) -> bool:
    """Whether the person sees what was submitted, and nothing was yet."""
    return not work.sees_live and last_submission(work) is None


def draw_early(call: Call, frame: Frame) -> Response:
    """A page that says so."""
    return draw(call, "overview/early.html", frame=frame)
