"""Forms of comments: write one, reply, resolve a thread."""

from datetime import timedelta
from typing import Annotated, cast

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.api.assignments import ObjectId
from app.api.calls import Call, Id, IndicatorName, may
from app.assessments.comments import Audience, NewComment, Remark, list_comments, resolve_thread, write_comment
from app.errors import Invalid, NotFound
from app.web.beside import at_fields, draw_beside, indicator_path, return_from
from app.web.beside_threads import LEADS
from app.web.fields import Posted
from app.work import Work
from questionnaire.text import Prose

router = APIRouter(prefix="/assessments/{assessment_id}", include_in_schema=False)


MOMENT = timedelta(minutes=1)


class CommentIn(BaseModel):
    """A new comment. Without a ministry, all of the government who work on the indicator read it."""

    comment_text: Prose
    comment_audience: Audience
    comment_ministry: ObjectId | None = None


class ReplyIn(BaseModel):
    """A reply; `reply_ministry` only for those who contribute for several ministries."""

    reply: Prose
    reply_ministry: ObjectId | None = None


@router.post("/indicators/{indicator}/comments")
def send_comment(
    call: Annotated[Call, may("comment")], assessment_id: Id, indicator: IndicatorName, fields: Posted
) -> Response:
    """Write a comment, which opens a thread."""
    try:
        given = fields.as_(CommentIn)
        new = NewComment(indicator, given.comment_audience, given.comment_text, None, given.comment_ministry)
        with call.on_assessment(assessment_id) as work:
            _write_once(work, new)
    except Invalid as refusal:
        told = at_fields(refusal, {"ministry_id": "comment_ministry"})
        return draw_beside(call, assessment_id, indicator, told, fields)
    return return_from(fields, indicator_path(assessment_id, indicator), part="comments", done="commented")


@router.post("/comments/{comment_id}/replies")
def send_reply(call: Annotated[Call, may("comment")], assessment_id: Id, comment_id: Id, fields: Posted) -> Response:
    """Reply in a thread; a resolved one is open again."""
    with call.on_assessment(assessment_id) as work:
        thread = _thread(work, comment_id)
    try:
        given = fields.as_(ReplyIn)
        audience = cast(Audience, thread.audience)
        with call.on_assessment(assessment_id) as work:
            _write_once(work, NewComment(thread.indicator, audience, given.reply, thread.id, given.reply_ministry))
    except Invalid as refusal:
        told = at_fields(refusal, {"ministry_id": "reply_ministry"})
        return draw_beside(call, assessment_id, thread.indicator, told, fields)
    return return_from(fields, indicator_path(assessment_id, thread.indicator), part="comments", done="replied")


@router.post("/comments/{comment_id}/resolve")
def send_resolution(
    call: Annotated[Call, may("comment")], assessment_id: Id, comment_id: Id, fields: Posted
) -> Response:
    """Mark a thread as resolved."""
    with call.on_assessment(assessment_id) as work:
        thread = resolve_thread(work, comment_id)
    return return_from(fields, indicator_path(assessment_id, thread.indicator), part="comments", done="resolved")


def _write_once(work: Work, new: NewComment) -> None:
    """Write a comment, but not a second time where its form was sent twice, as by a double click on a slow line."""
    written = list_comments(work, indicator=new.indicator, after=None, limit=None)
    if not any(_is_same(work, remark, new) for remark in written):
        write_comment(work, new)


def _is_same(work: Work, remark: Remark, new: NewComment) -> bool:
    """Whether this person wrote the very same a moment ago."""
    just_now = remark.written_by == work.actor.name and work.now - remark.written_at <= MOMENT
    place = remark.thread_id == new.thread_id if new.thread_id else remark.id == remark.thread_id
    given = new.ministry_id is None and not work.roles & LEADS
    return (
        just_now and place and remark.resolved_at is None and (given or remark.ministry_id == new.ministry_id)
        and (remark.audience, remark.text) == (new.audience, new.text)
    )  # fmt: skip


def _thread(work: Work, comment_id: str) -> Remark:
    """The first comment of a thread, for those who may read it."""
    for remark in list_comments(work, indicator=None, after=None, limit=None):
        if remark.id == comment_id == remark.thread_id:
            return remark
    raise NotFound
