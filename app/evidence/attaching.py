"""Attaching files to indicators, changing and removing them, and who sees which."""

import json
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from app.assessments.answers import check_visible
from app.assessments.own_assignments import own_indicators, own_ministries
from app.assessments.responses import NOTHING_SUBMITTED, last_submission, seen_sources
from app.assessments.submissions import renew_after_edit
from app.errors import Conflict, Invalid, NotFound, WrongState
from app.evidence.checking import Accepted, safe_name
from app.evidence.keeping import contents_in_use
from app.models.assessments import Evidence
from app.models.people import Account
from app.people.secrets import new_id
from app.record import text_hash
from app.work import Work

MOST_FILES = 1000
_LEADS = frozenset({"focal_point", "signatory", "adviser"})
_SUBMITTED_FIELDS = ("indicator", "source_id", "name", "media_type", "size", "sha256", "public")


class NewFile(NamedTuple):
    """A file that someone wants to attach. `ministry_id` only for those who contribute for several ministries."""

    indicator: str
    name: str
    source_id: str | None = None
    public: bool = False
    ministry_id: str | None = None


class AttachedFile(NamedTuple):
    """A file as its readers see it. Reviewers are not told which ministry it came from."""

    id: str
    indicator: str
    source_id: str | None
    name: str
    media_type: str
    size: int
    sha256: str
    public: bool
    ministry_id: str | None
    added_by: str
    added_at: datetime


def list_evidence(work: Work, indicator: str | None = None) -> list[AttachedFile]:
    """The files that the person may see, by date, the earliest first.

    Focal points, signatories and advisers see all that are attached now. Contributors see, on the indicators assigned
    to their ministries, those of their ministries and those of the focal points. Reviewers see the files of the last
    submission as they were submitted, never newer; `WrongState` before the first.
    """
    if work.roles & _LEADS:
        files = _attached(work)
    else:
        submitted = _submitted(work) if "reviewer" in work.roles else []
        own = _attached(work, *_of_own_ministries(work)) if "contributor" in work.roles else []
        files = list({file.id: file for file in (*submitted, *own)}.values())
    wanted = (file for file in files if indicator in (None, file.indicator))
    return sorted(wanted, key=lambda file: (file.added_at, file.id))


def find_evidence(work: Work, evidence_id: str) -> AttachedFile:
    """One file that the person may see; `NotFound` for all others, removed ones too."""
    for file in list_evidence(work):
        if file.id == evidence_id:
            return file
    raise NotFound


def _attached(work: Work, *conditions: ColumnElement[bool]) -> list[AttachedFile]:
    return [_file(row, name) for row, name in _rows(work, col(Evidence.removed_at).is_(None), *conditions)]


def _rows(work: Work, *conditions: ColumnElement[bool]) -> list[tuple[Evidence, str]]:
    statement = (
        select(Evidence, Account.name)
        .join(Account, col(Account.id) == col(Evidence.added_by))
        .where(col(Evidence.assessment_id) == work.assessment.id, *conditions)
    )
    return list(work.session.exec(statement))


def _file(row: Evidence, added_by: str) -> AttachedFile:
    return AttachedFile(**{**row.model_dump(include=set(AttachedFile._fields)), "added_by": added_by})


def _of_own_ministries(work: Work) -> list[ColumnElement[bool]]:
    own = sorted(work.ministries)
    ministry = col(Evidence.ministry_id)
    return [col(Evidence.indicator).in_(own_indicators(work)), ministry.is_(None) | ministry.in_(own)]


def _submitted(work: Work) -> list[AttachedFile]:
    submission = last_submission(work)
    if submission is None and "contributor" not in work.roles:
        raise WrongState(NOTHING_SUBMITTED)
    listed = {file["id"]: file for file in json.loads(submission.evidence)} if submission else {}
    rows = _rows(work, col(Evidence.id).in_(listed)) if listed else []
    return [_file(row, name)._replace(ministry_id=None, **_as_submitted(listed[row.id])) for row, name in rows]


def _as_submitted(file: dict[str, Any]) -> dict[str, Any]:
    return {name: file[name] for name in _SUBMITTED_FIELDS}


def check_place(work: Work, new: NewFile, size: int = 0) -> str | None:
    """Whether this person may attach a file of `size` bytes here, and the ministry that it will belong to.

    `NotFound` for an indicator that is not theirs to see; `NotAllowed` for a contributor who makes a file public;
    `Invalid` for a source or ministry that does not fit; `Conflict` when there is no room for more.
    """
    check_visible(work, new.indicator)
    if new.public:
        work.demand("change_evidence")
    if new.source_id is not None and all(saved.id != new.source_id for saved in seen_sources(work)):
        raise _invalid("source_id", "this is not a source in the country's list; please save it there first")
    total = work.service.settings.evidence_total
    if sum(contents_in_use(work.connection, work.assessment.id).values()) + size > total:
        allowed = f"{total / 1_048_576:,.0f} MB"
        raise Conflict(f"All files of an assessment may have {allowed} together. Please remove some, or attach less.")
    return None if "focal_point" in work.roles and new.ministry_id is None else _own_ministry(work, new)


def _own_ministry(work: Work, new: NewFile) -> str:
    assigned = own_ministries(work, new.indicator)
    if new.ministry_id in assigned:
        return new.ministry_id or ""
    if new.ministry_id is None and len(assigned) == 1:
        return assigned[0]
    if not assigned and "focal_point" not in work.roles:
        raise NotFound
    raise _invalid("ministry_id", "this should be one of your ministries that the indicator is assigned to")


def _invalid(field: str, message: str) -> Invalid:
    return Invalid("Please mend what is named here; no file was kept.", errors=[{"path": [field], "message": message}])


def add_evidence(work: Work, new: NewFile, accepted: Accepted) -> tuple[AttachedFile, bool]:
    """Attach a file whose content is in the store already; the file, and whether it is a new one.

    The same content for the same indicator, source and ministry is the file that is there: a retry adds no second one.
    """
    is_here = accepted.sha256 in contents_in_use(work.connection, work.assessment.id)
    ministry = check_place(work, new, 0 if is_here else accepted.size)
    attached = _attached(work)
    for file in attached:
        place = (file.sha256, file.indicator, file.source_id, file.ministry_id)
        if place == (accepted.sha256, new.indicator, new.source_id, ministry):
            return file, False
    if len(attached) >= MOST_FILES:
        raise Conflict(f"An assessment may have {MOST_FILES:,} files. Please remove some before you attach more.")
    row = Evidence(
        id=new_id(),
        assessment_id=work.assessment.id,
        indicator=new.indicator,
        source_id=new.source_id,
        name=accepted.name,
        media_type=accepted.media_type,
        size=accepted.size,
        sha256=accepted.sha256,
        public=new.public,
        ministry_id=ministry,
        added_by=work.actor.id,
        added_at=work.now,
    )
    _save(work, "evidence_added", row)
    return _file(row, work.actor.name), True


def _save(work: Work, kind: str, row: Evidence) -> None:
    """Write a row and its event; an approved text goes back to review."""
    work.session.add(row)
    work.session.flush()
    work.record(
        kind,
        row.id,
        indicator=row.indicator,
        source=row.source_id,
        ministry=row.ministry_id,
        sha256=row.sha256,
        name=text_hash(row.name),
        public=row.public,
    )
    renew_after_edit(work)


def change_evidence(work: Work, evidence_id: str, *, public: bool | None, name: str | None) -> AttachedFile:
    """Make a file public or not, or name it anew; None leaves as it is. `NotFound` for one that is not attached now."""
    row, added_by = _live(work, evidence_id)
    named = row.name if name is None else safe_name(name, row.media_type)
    shown = row.public if public is None else public
    if (row.name, row.public) != (named, shown):
        row.name, row.public = named, shown
        _save(work, "evidence_changed", row)
    return _file(row, added_by)


def remove_evidence(work: Work, evidence_id: str) -> str:
    """Take a file off its indicator, and give the SHA-256 of its content.

    The row stays on record. The content is kept as long as any submission lists it (reviewers read what was submitted)
    or another attached file has it; else `release_content` deletes it once this is committed.
    """
    row, _ = _live(work, evidence_id)
    row.removed_at = work.now
    _save(work, "evidence_removed", row)
    return row.sha256


def _live(work: Work, evidence_id: str) -> tuple[Evidence, str]:
    found = _rows(work, col(Evidence.removed_at).is_(None), col(Evidence.id) == evidence_id)
    if not found:
        raise NotFound
    return found[0]
