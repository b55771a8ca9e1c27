"""What an archive tells in text: answers and all their versions, sources, the work around them, documents, the record.

Names stand in it for the government's own people alone. Those of IOM stand as what they are ("IOM reviewer"), since an
archive is kept and passed on. What reviewers write among themselves is not in it.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeVar

import yaml
from sqlalchemy import ColumnElement, inspect
from sqlmodel import SQLModel, col, select

from app.assessments.comments import readable_comments
from app.assessments.instruments import instrument_of
from app.assessments.responses import live_response
from app.assessments.workflow import GOVERNMENT
from app.models.assessments import (
    Assignment,
    GivenReason,
    ReturnedIndicator,
    StoredAnswer,
    StoredInstrument,
    StoredSource,
    Submission,
)
from app.models.documents import Draft, Publication
from app.models.people import Account, Ministry, RoleGrant
from app.models.record import Event
from app.models.work import Comment, Contribution
from app.work import Work
from questionnaire.response import Response, named_sources
from questionnaire.stored import response_body, source_from

IN_PLACE_OF_NAMES = {
    "reviewer": "IOM reviewer",
    "adviser": "IOM adviser",
    "administrator": "administrator of the service",
}
YAML_HEAD = (
    "# The answers as they stand. Look at them with: mgi response check response.yaml, or: mgi snapshot response.yaml\n"
)
README = """\
The archive of an assessment with the Migration Governance Indicators
Country {country}, round {round}

It holds all that this service keeps for the government on this assessment. All texts are UTF-8.

response.yaml      the answers and sources as they stand; `mgi response check` and `mgi snapshot` read this file
response.json      the same as JSON
instrument.json    the questionnaire that was answered: questions, rules, sentences, translations
assessment.json    country, round, state, ministries
sources.json       the country's list of sources, in all versions
history/           every version of every answer, by indicator: who saved it, and when
evidence/          the attached files, by indicator
evidence.json      what is known about each file, removed ones too; "file" is its place here, or null if it is not kept
contributions.json what ministries proposed, and what became of it
assignments.json   which ministry was asked for which indicator
comments.json      comments within the government, and those shared with IOM
returns.json       indicators that IOM sent back, with the reasons
reasons.json       reasons given for other steps
submissions/       what was submitted, each time, whole; submissions.json tells who and when
drafts/            the draft snapshots that were kept; drafts.json tells when and why
publications/      what was made public; publications.json tells corrections and withdrawals
record.jsonl       the record of events, one to a line
people.json        who the actors of the record are
MANIFEST.json      size and SHA-256 of every other file

Names stand for the government's own people alone. Others stand as what they are, as "IOM reviewer". Notes that IOM's
reviewers write among themselves are not part of it.

The hash of an event is the SHA-256 of the hash before it ("" for the first), stream, seq, at, kind, actor, subject,
payload and state, joined by the character U+001F. An event that is "withheld" concerns a note among IOM's reviewers; its
hash stands there, so that the chain goes on. The sha256 of a version of an answer or source is that of its JSON with
sorted keys, without spaces, with every character as itself. The sha256 of a submission is that of its response.json
followed by its evidence.json.
"""

AT_ONCE = 100
Row = TypeVar("Row", bound=SQLModel)
Document = TypeVar("Document", Draft, Publication)
Numbered = TypeVar("Numbered", Submission, Draft, Publication)
Texts = Iterator[tuple[str, str]]
"""Paths in the archive, each with its text."""


def as_json(data: Any) -> str:
    """Plain data as indented JSON, with every character as itself."""
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def archive_texts(work: Work) -> Texts:
    """The text files of an archive by path, in the order in which they stand in it, read as they are asked for."""
    response, people = _response(work), named_people(work)
    yield "README.txt", README.format(country=work.assessment.country, round=work.assessment.round)
    yield "response.yaml", YAML_HEAD + yaml.safe_dump(response, allow_unicode=True, sort_keys=False, width=110)
    yield "response.json", as_json(response)
    yield "instrument.json", work.session.get_one(StoredInstrument, work.assessment.content_hash).body
    yield "assessment.json", as_json(_assessment(work))
    yield "sources.json", as_json([_versioned(row, "source", people) for row in _sources(work)])
    yield from _history(work, people)
    yield from _work_around(work, people)
    yield from _documents(work, people)
    yield from _record(work, people)


def named_people(work: Work) -> Mapping[str, str]:
    """Account id → the name, for the government's own people, past and present; for all others what they are."""
    statement = (
        select(Account.id, Account.name, RoleGrant.role)
        .join(RoleGrant, col(RoleGrant.account_id) == col(Account.id))
        .where((col(RoleGrant.country) == work.country) | col(RoleGrant.country).is_(None))
        .order_by(col(RoleGrant.created_at), col(RoleGrant.id))
    )
    named: defaultdict[str, str] = defaultdict(lambda: "someone else", {"": "nobody signed in"})
    grants = work.session.exec(statement).all()
    named.update({account_id: IN_PLACE_OF_NAMES.get(role, "") for account_id, _, role in grants})
    named.update({account_id: name for account_id, name, role in grants if role in GOVERNMENT})
    return named


def told(row: SQLModel, people: Mapping[str, str], *left_out: str) -> dict[str, Any]:
    """A row as plain data; people as they are named."""
    data = row.model_dump(mode="json", exclude={"assessment_id", *left_out})
    return {name: people[value] if name.endswith("_by") and value else value for name, value in data.items()}


def _versioned(row: StoredAnswer | StoredSource | Contribution, name: str, people: Mapping[str, str]) -> dict[str, Any]:
    return told(row, people, "body") | {name: json.loads(row.body)}


def _rows(work: Work, table: type[Row], *order: Any) -> list[Row]:
    """The assessment's rows of a table."""
    return _where(work, table, inspect(table).columns["assessment_id"] == work.assessment.id, *order)


def _where(work: Work, table: type[Row], condition: ColumnElement[bool], *order: Any) -> list[Row]:
    return list(work.session.exec(select(table).where(condition).order_by(*order)))


def _sources(work: Work) -> list[StoredSource]:
    table = StoredSource
    return _where(work, table, col(table.country) == work.country, col(table.id), col(table.version))


def _response(work: Work) -> dict[str, Any]:
    """The answers as they are now, with every source that they name, even one that was taken off the list since."""
    response = live_response(work).response
    last, gone = {row.id: row for row in _sources(work)}, _named(work, response) - response.sources.keys()
    sources = response.sources | {name: source_from(last[name].body) for name in sorted(gone) if name in last}
    data: dict[str, Any] = json.loads(response_body(response.model_copy(update={"sources": sources})))
    frame = {name: data[name] for name in ("country", "round", "date", "instrument", "sources")}
    return frame | {"answers": {name: data["answers"][name] for name in response.answers}}


def _named(work: Work, response: Response) -> set[str]:
    indicators = instrument_of(work).indicators
    answers = response.answers.items()
    return {source for name, answer in answers for source in named_sources(indicators[name].questions, answer)}


def _assessment(work: Work) -> dict[str, Any]:
    opened, table = work.assessment, Ministry
    ministries = _where(work, table, col(table.country) == work.country, col(table.name), col(table.id))
    return {
        **opened._asdict(),
        "opened_at": opened.opened_at.isoformat(),
        "state": work.state,
        "ministries": {ministry.id: ministry.name for ministry in ministries},
    }


def _history(work: Work, people: Mapping[str, str]) -> Texts:
    statement = select(StoredAnswer).where(col(StoredAnswer.assessment_id) == work.assessment.id)
    ordered = statement.order_by(col(StoredAnswer.indicator), col(StoredAnswer.version))
    rows = work.session.exec(ordered.execution_options(yield_per=AT_ONCE))
    for indicator, versions in groupby(rows, key=attrgetter("indicator")):
        yield f"history/{indicator}.json", as_json([_versioned(row, "answer", people) for row in versions])


def _work_around(work: Work, people: Mapping[str, str]) -> Texts:
    proposals = _rows(work, Contribution, col(Contribution.proposed_at), col(Contribution.id))
    yield "contributions.json", as_json([_versioned(row, "answer", people) for row in proposals])
    assigned = _rows(work, Assignment, col(Assignment.indicator), col(Assignment.ministry_id))
    yield "assignments.json", as_json([told(row, people) for row in assigned])
    comments = _where(work, Comment, readable_comments(work), col(Comment.written_at), col(Comment.id))
    yield "comments.json", as_json([told(row, people) for row in comments])
    returned = _rows(work, ReturnedIndicator, col(ReturnedIndicator.submission), col(ReturnedIndicator.indicator))
    yield "returns.json", as_json([told(row, people) for row in returned])
    yield "reasons.json", as_json([told(row, people) for row in _rows(work, GivenReason, col(GivenReason.event))])


def _documents(work: Work, people: Mapping[str, str]) -> Texts:
    """Submissions, drafts and publications; their texts exactly as they are kept, so that their hashes can be checked."""
    rows = []
    for submission in _numbered(work, Submission):
        rows.append(told(submission, people, "response", "evidence"))
        yield f"submissions/{submission.number}/response.json", submission.response
        yield f"submissions/{submission.number}/evidence.json", submission.evidence
    yield "submissions.json", as_json(rows)
    yield from _kept(work, people, "drafts", Draft)
    yield from _kept(work, people, "publications", Publication)


def _kept(work: Work, people: Mapping[str, str], name: str, table: type[Document]) -> Texts:
    rows = []
    for row in _numbered(work, table):
        rows.append(told(row, people, "document"))
        yield f"{name}/{row.number}.json", row.document
    yield f"{name}.json", as_json(rows)


def _numbered(work: Work, table: type[Numbered]) -> Iterator[Numbered]:
    """The rows of a table with whole documents, one at a time: there may be hundreds."""
    statement = select(table).where(col(table.assessment_id) == work.assessment.id).order_by(col(table.number))
    yield from work.session.exec(statement.execution_options(yield_per=1))


def _record(work: Work, people: Mapping[str, str]) -> Texts:
    events = _where(work, Event, col(Event.stream) == work.assessment.id, col(Event.seq))
    internal = {row.id for row in _rows(work, Comment) if row.audience == "internal"}
    lines = [_event(event, internal) for event in events]
    yield "record.jsonl", "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    actors = sorted({line["actor"] for line in lines if line.get("actor")})
    yield "people.json", as_json({actor: people[actor] for actor in actors})


def _event(event: Event, internal: set[str]) -> dict[str, Any]:
    """An event whole; one about a note among reviewers by its hash alone."""
    if event.subject in internal or json.loads(event.payload).get("audience") == "internal":
        return {"seq": event.seq, "hash": event.hash, "withheld": True}
    return event.model_dump(mode="json")
