"""The comments on an indicator in threads, and for whom the reader may write."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from app.assessments.comments import WRITES, Remark, list_comments
from app.assessments.workflow import GOVERNMENT
from app.people.ministries import list_ministries
from app.work import Work

LEADS = frozenset({"focal_point", "signatory"})
"""Those who read what every ministry writes, and may keep what they write to one."""


class Thread(NamedTuple):
    """A thread, its comments by date. `ministry` is the one that it is kept to, or empty."""

    id: str
    audience: str
    ministry: str
    comments: list[Remark]
    resolved_at: datetime | None
    may_reply: bool
    may_resolve: bool


class Talk(NamedTuple):
    """What is said about an indicator. `audiences` are those the person may write for; `ministries` pairs of id and name.

    `must_choose`: a contributor of several ministries says for which of them they write.
    """

    open: list[Thread]
    resolved: list[Thread]
    audiences: list[str]
    ministries: list[tuple[str, str]]
    must_choose: bool


def talk_about(work: Work, indicator: str) -> Talk | None:
    """The threads that the person may read; None for those who read no comments."""
    if not work.allows("see_comments"):
        return None
    names = {ministry.id: ministry.name for ministry in list_ministries(work)}
    audiences = [audience for audience in WRITES if _writes_for(work, audience)]
    threads: dict[str, list[Remark]] = {}
    for remark in list_comments(work, indicator=indicator, after=None, limit=None):
        threads.setdefault(remark.thread_id, []).append(remark)
    told = [_thread(work, comments, audiences, names) for comments in threads.values()]
    choices = _ministries(work, names)
    return Talk(
        [thread for thread in told if thread.resolved_at is None],
        [thread for thread in told if thread.resolved_at is not None],
        audiences,
        choices,
        must_choose=bool(choices) and not work.roles & LEADS,
    )


def _writes_for(work: Work, audience: str) -> bool:
    own = audience != "internal" or not work.roles & GOVERNMENT
    return own and work.allows("comment") and work.allows(WRITES[audience])


def _thread(work: Work, comments: list[Remark], audiences: list[str], names: Mapping[str, str]) -> Thread:
    first = next((remark for remark in comments if remark.id == remark.thread_id), comments[0])
    may_write = first.audience in audiences
    for_several = first.audience == "government" and first.ministry_id is None
    return Thread(
        first.thread_id,
        first.audience,
        names.get(first.ministry_id or "", ""),
        [first, *(remark for remark in comments if remark is not first)],
        first.resolved_at,
        may_write,
        may_write and (bool(work.roles & LEADS) or not for_several),
    )


def _ministries(work: Work, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """The ministries among which the person may choose when writing within the government."""
    if work.roles & LEADS:
        return list(names.items())
    own = [(key, name) for key, name in names.items() if key in work.ministries]
    return own if len(own) > 1 else []
