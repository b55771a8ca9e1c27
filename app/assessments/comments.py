"""Comments in threads per indicator: within the government, shared with IOM, or internal to IOM's reviewers."""

from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, and_, false, or_
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from app.assessments.answers import check_visible
from app.assessments.contributions import Place
from app.assessments.own_assignments import own_indicators
from app.errors import Invalid, NotAllowed, NotFound
from app.models.people import Account, Ministry
from app.models.work import Comment
from app.people.secrets import new_id
from app.record import text_hash
from app.work import Work

Audience = Literal["government", "shared", "internal"]
WRITES: dict[str, str] = {
    "government": "comment_to_government",
    "shared": "comment_shared",
    "internal": "comment_internal",
}
"""The action that writing for an audience is."""

_LEADS = frozenset({"focal_point", "signatory"})
_GOVERNMENT = _LEADS | {"contributor"}


class Remark(NamedTuple):
    """A comment as its readers see it. `resolved_at` is that of its thread, and stands on the first comment alone."""

    id: str
    thread_id: str
    indicator: str
    audience: str
    ministry_id: str | None
    text: str
    written_by: str
    written_at: datetime
    resolved_at: datetime | None


class NewComment(NamedTuple):
    """What is to be written. `thread_id` makes it a reply; `ministry_id` keeps it between that ministry and the leads."""

    indicator: str
    audience: Audience
    text: str
    thread_id: str | None = None
    ministry_id: str | None = None


def readable_comments(work: Work) -> ColumnElement[bool]:
    """Which comments the person may read, for a `where`.

    Focal points and signatories read what is said within the government or shared with IOM; contributors what is said within
    the government on their indicators, to all or to their ministries; advisers what is shared; reviewers also what is
    internal, unless they hold a role of the government as well. Administrators read none.
    """
    here = col(Comment.assessment_id) == work.assessment.id
    audience = col(Comment.audience)
    allowed: list[ColumnElement[bool]] = []
    if work.roles & _LEADS:
        allowed.append(audience == "government")
    elif "contributor" in work.roles:
        allowed.append((audience == "government") & _of_own_ministries(work))
    if work.roles & {"focal_point", "signatory", "adviser", "reviewer"}:
        allowed.append(audience == "shared")
    if "reviewer" in work.roles and not work.roles & _GOVERNMENT:
        allowed.append(audience == "internal")
    return and_(here, or_(false(), *allowed))


def _of_own_ministries(work: Work) -> ColumnElement[bool]:
    own = sorted(work.ministries)
    ministry = col(Comment.ministry_id)
    return col(Comment.indicator).in_(own_indicators(work)) & (ministry.is_(None) | ministry.in_(own))


def list_comments(work: Work, *, indicator: str | None, after: Place | None, limit: int | None) -> list[Remark]:
    """The comments that the person may read, by date, the earliest first."""
    key, date = col(Comment.id), col(Comment.written_at)
    statement = _readable(work).order_by(date, key).limit(limit)
    if indicator is not None:
        statement = statement.where(col(Comment.indicator) == indicator)
    if after is not None:
        statement = statement.where(or_(date > after[0], (date == after[0]) & (key > after[1])))
    return [_remark(*row) for row in work.session.exec(statement)]


def _readable(work: Work) -> Select[Comment, str]:
    return (
        select(Comment, Account.name)
        .join(Account, col(Account.id) == col(Comment.written_by))
        .where(readable_comments(work))
    )


def _remark(comment: Comment, written_by: str) -> Remark:
    return Remark(
        comment.id,
        comment.thread_id,
        comment.indicator,
        comment.audience,
        comment.ministry_id,
        comment.text,
        written_by,
        comment.written_at,
        comment.resolved_at,
    )


def write_comment(work: Work, new: NewComment) -> Remark:
    """Write a comment, or a reply, which has its thread's indicator and audience and opens a resolved thread again.

    `NotFound` for an indicator or thread that is not the person's to see; `NotAllowed` for an audience that is not theirs.
    """
    check_visible(work, new.indicator)
    _demand(work, new.audience)
    thread = _thread_of(work, new)
    comment_id = new_id()
    comment = Comment(
        id=comment_id,
        assessment_id=work.assessment.id,
        indicator=new.indicator,
        thread_id=thread.id if thread else comment_id,
        audience=new.audience,
        ministry_id=_ministry_of(work, new, thread),
        text=new.text,
        written_by=work.actor.id,
        written_at=work.now,
    )
    work.session.add(comment)
    if thread is not None:
        thread.resolved_at = None
        work.session.add(thread)
    work.session.flush()
    work.record(
        "comment_written",
        comment_id,
        indicator=new.indicator,
        audience=new.audience,
        thread=comment.thread_id,
        sha256=text_hash(new.text),
    )
    return _remark(comment, work.actor.name)


def _demand(work: Work, audience: str) -> None:
    """A person of both sides writes nothing internal: what they read is read by a government."""
    work.demand(WRITES[audience])
    if audience == "internal" and work.roles & _GOVERNMENT:
        raise NotAllowed("You work for this government too; comments internal to IOM are not for you.")


def _thread_of(work: Work, new: NewComment) -> Comment | None:
    """The first comment of the thread that is replied to."""
    if new.thread_id is None:
        return None
    thread, _ = _find(work, new.thread_id)
    if thread.id != thread.thread_id:
        raise NotFound
    for field in ("indicator", "audience"):
        if getattr(new, field) != getattr(thread, field):
            message = f"a reply has the {field} of its thread"
            raise Invalid("Please mend what is named here; nothing was written.", errors=[_error(field, message)])
    return thread


def _error(field: str, message: str) -> dict[str, object]:
    return {"path": [field], "message": message}


def _ministry_of(work: Work, new: NewComment, thread: Comment | None) -> str | None:
    """The ministry that a comment is kept to: its thread's, that of the contributor who writes, or the one named."""
    wanted = (thread.ministry_id if thread else None) or new.ministry_id
    if new.ministry_id not in (None, wanted):
        raise Invalid(errors=[_error("ministry_id", "a reply is kept to the ministry of its thread")])
    if wanted is not None and new.audience != "government":
        message = "a ministry is named where only the government reads; please leave it out"
        raise Invalid(errors=[_error("ministry_id", message)])
    if work.roles & _LEADS or new.audience != "government":
        ministry = work.session.get(Ministry, wanted) if wanted else None
        if wanted and (ministry is None or ministry.country != work.country):
            raise Invalid(errors=[_error("ministry_id", "this is not a ministry of this country")])
        return wanted
    return wanted if wanted in work.ministries else _only_ministry(work, wanted)


def _only_ministry(work: Work, wanted: str | None) -> str:
    if wanted is None and len(work.ministries) == 1:
        return next(iter(work.ministries))
    raise Invalid(errors=[_error("ministry_id", "please name the one of your ministries that you write for")])


def resolve_thread(work: Work, comment_id: str) -> Remark:
    """Mark the thread of a comment as resolved; for those who may write in it. A reply opens it again.

    A contributor resolves only what is kept to their ministry.
    """
    comment, _ = _find(work, comment_id)
    thread, written_by = _find(work, comment.thread_id)
    _demand(work, thread.audience)
    if not work.roles & _LEADS and thread.audience == "government" and thread.ministry_id is None:
        raise NotAllowed("This thread is for several ministries; the focal point resolves it.")
    thread.resolved_at = work.now
    work.session.add(thread)
    work.session.flush()
    work.record("comment_resolved", thread.id, indicator=thread.indicator, audience=thread.audience)
    return _remark(thread, written_by)


def _find(work: Work, comment_id: str) -> tuple[Comment, str]:
    found = work.session.exec(_readable(work).where(col(Comment.id) == comment_id)).first()
    if found is None:
        raise NotFound
    return found
