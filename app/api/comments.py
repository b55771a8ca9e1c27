"""Routes of comments: read them, write one, resolve a thread."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.assignments import ObjectId
from app.api.calls import Call, Id, may
from app.api.headers import Once
from app.api.pages import After, Limit, Page, moment_key, page, place_by_date
from app.api.problems import declared
from app.assessments.comments import Audience, NewComment, Remark, list_comments, resolve_thread, write_comment
from app.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn, WrongState
from app.once import act_once
from questionnaire.model import IndicatorId
from questionnaire.text import Prose

router = APIRouter(prefix="/assessments/{assessment_id}/comments", tags=["comments"])


class CommentIn(BaseModel):
    """A comment on an indicator, or a reply in a thread of that indicator and audience."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"indicator": "health-access", "audience": "shared", "text": "Does the law name students?"}
        },
    )

    indicator: IndicatorId
    audience: Audience = Field(description="government: one's own people; shared: with IOM; internal: IOM's reviewers.")
    text: Prose
    thread_id: ObjectId | None = Field(None, description="The first comment of the thread that this replies to.")
    ministry_id: ObjectId | None = Field(
        None, description="Within the government: keeps it between this ministry and the focal points and signatories."
    )


class CommentOut(BaseModel):
    """A comment. The first of a thread has `id` = `thread_id`, and tells when the thread was resolved."""

    id: str
    thread_id: str
    indicator: str
    audience: Audience
    ministry_id: str | None
    text: str
    written_by: str
    written_at: datetime
    resolved_at: datetime | None


def _out(remark: Remark) -> CommentOut:
    return CommentOut.model_validate(remark, from_attributes=True)


@router.get("", responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Invalid))
def get_comments(
    call: Annotated[Call, may("see_comments")],
    assessment_id: Id,
    indicator: Annotated[str | None, Query(pattern="^[a-z0-9-]{1,80}$", description="Only on this indicator.")] = None,
    *,
    after: After = None,
    limit: Limit = 50,
) -> Page[CommentOut]:
    """The comments that are for you, by date."""
    with call.on_assessment(assessment_id) as work:
        found = list_comments(work, indicator=indicator, after=place_by_date(after), limit=limit + 1)
    return page(found, limit, _out, lambda remark: (moment_key(remark.written_at), remark.id))


@router.post("", status_code=201, responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Conflict, Invalid))
def post_comment(call: Annotated[Call, may("comment")], assessment_id: Id, body: CommentIn, once: Once) -> CommentOut:
    """Write a comment. A reply opens a resolved thread again."""
    with call.on_assessment(assessment_id) as work:
        return act_once(work, once, CommentOut, lambda: _out(write_comment(work, NewComment(**body.model_dump()))))


@router.post("/{comment_id}/resolve", responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Invalid))
def post_resolution(call: Annotated[Call, may("comment")], assessment_id: Id, comment_id: Id) -> CommentOut:
    """Mark the thread of a comment as resolved; the thread's first comment is given back."""
    with call.on_assessment(assessment_id) as work:
        return _out(resolve_thread(work, comment_id))
