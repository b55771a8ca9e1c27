"""Not even a trace: no text, file, name or address of country A turns up where it should not, in any answer, letter or event."""

import os
from collections.abc import Iterator

from sqlmodel import select

from app.models.record import Event
from tests.security.access_table import ALLOWED, PRINCIPALS, Target
from tests.security.asking import Question
from tests.security.canaries import Text
from tests.security.six_states import YEARS, Case, SixStates, unchanging
from tests.security.sweeping import sweep

STRIDE = 1 if os.environ.get("MGI_FULL") else 11
FOCALS = frozenset({"focal_a", "second_focal_a", "reading token", "writing token"})
LEADS = FOCALS | {"signatory_a"}
REVIEWERS = frozenset({"reviewer", "second_reviewer"})
GOVERNMENT = LEADS | {"labour_a", "health_a"}
COLLEAGUES = GOVERNMENT | REVIEWERS | {"adviser_a", "administrator"}
PAGED = ("/record", "/comments", "/contributions", "/evidence", "/accounts", "/assessments")

READERS: dict[str, frozenset[str]] = {
    "answer": LEADS | REVIEWERS | {"labour_a"},
    "unassigned answer": LEADS | REVIEWERS,
    "public answer": LEADS | REVIEWERS | {"labour_a"},
    "public unassigned answer": LEADS | REVIEWERS,
    "rewording": LEADS | REVIEWERS,
    "newer answer": LEADS | {"labour_a"},
    "newer evidence": LEADS,
    "private source": LEADS | REVIEWERS | {"labour_a"},
    "unused source": LEADS,
    "assignment": LEADS | {"labour_a"},
    "contribution": FOCALS | {"labour_a"},
    "government comment": LEADS | {"labour_a"},
    "shared comment": LEADS | REVIEWERS,
    "internal comment": REVIEWERS,
    "evidence": LEADS | REVIEWERS | {"labour_a"},
    "reason": LEADS | REVIEWERS,
    "return": LEADS | REVIEWERS | {"labour_a"},
    "name": COLLEAGUES,
    "email": FOCALS | {"administrator"},
    "ministry labour": GOVERNMENT | {"administrator"},
    "ministry health": GOVERNMENT | {"administrator"},
}
"""Kind of text → who may read it at all."""
ADVISED = frozenset({"answer", "unassigned answer", "public answer", "public unassigned answer", "newer answer", "evidence",
                     "newer evidence", "private source", "unused source", "shared comment", "rewording"})  # fmt: skip
"""What an adviser reads too, while answers are collected."""
PUBLIC = frozenset({"public answer", "public unassigned answer", "rewording"})
"""What everyone reads once it is published."""


def may_read(person: str, text: Text) -> bool:
    """Whether this text may stand in an answer to this person."""
    if text.kind in PUBLIC and text.assessment == "published":
        return True
    if text.kind == "email" and text.assessment == person:
        return True
    if person == "adviser_a" and text.kind in ADVISED:
        return text.assessment in ("collecting", "")
    if text.assessment == "b":
        return person in ("focal_b", "contributor_b", "second_reviewer", "token for another country")
    return person in READERS[text.kind]


def chosen(states: SixStates) -> list[Case]:
    """Everything that someone may read, and a part of all the rest."""
    reads, rest = list[Case](), list[Case]()
    for case in states.cases():
        (reads if case.route[0] == "GET" and case.expected == ALLOWED else rest).append(case)
    return reads + rest[::STRIDE]


def asked(states: SixStates, case: Case) -> Question:
    """The request of a case, with pages as long as they may be."""
    question = states.question(case)
    paged = case.route[0] == "GET" and case.route[1].endswith(PAGED)
    return question._replace(query={"limit": "200"}) if paged else question


def public_files(states: SixStates) -> Iterator[tuple[str, Question]]:
    """Published documents in all formats, also of rounds that are not public."""
    for year in YEARS.values():
        for file_format in ("html", "pdf", "docx", "md", "json"):
            for person in ("anonymous", "focal_b", "unassigned_reviewer"):
                address = f"/api/v1/snapshots/KG/{year}.{file_format}"
                yield person, Question("GET", address, states.secrets[person])


def test_nobody_is_told_a_word_that_is_not_for_them(states: SixStates) -> None:
    cases = chosen(states)
    questions = [(case.person, asked(states, case)) for case in cases] + list(public_files(states))
    with unchanging(states) as (app, _):
        answers = sweep(app, [question for _, question in questions])
    told = {(person, text, question.path) for (person, question), answer in zip(questions, answers, strict=True)
            for text in states.canaries.in_bytes(answer.told)}  # fmt: skip
    assert sorted(leak for leak in told if not may_read(leak[0], leak[1])) == []
    kinds = {text.kind for _, text, _ in told}
    assert kinds == set(READERS) == {text.kind for text in states.canaries.texts.values()}
    for file_format in ("pdf", "docx", "html", "md", "json"):
        published = f"/api/v1/snapshots/KG/{YEARS['published']}.{file_format}"
        assert {text.kind for person, text, path in told if (person, path) == ("anonymous", published)} == PUBLIC
    assert len(questions) >= 1_500


def test_letters_tell_no_text_and_no_file(states: SixStates) -> None:
    assert len(states.letters) > 10
    found = set[Text]().union(*(states.canaries.in_bytes(letter.encode()) for letter in states.letters))
    assert {text.kind for text in found} <= {"name", "ministry labour"}


def test_the_record_tells_nothing_but_ids_and_hashes(states: SixStates) -> None:
    with states.world.service.database.reading() as session:
        events = session.exec(select(Event)).all()
    assert len(events) > 500
    for event in events:
        assert states.canaries.in_bytes(event.model_dump_json().encode()) == set()


def test_a_word_is_found_in_every_kind_of_package(states: SixStates) -> None:
    readers = {name for readers in READERS.values() for name in readers}
    assert readers <= set(PRINCIPALS)
    case = Case(("GET", "/assessments/{assessment_id}/archive"), "export", "focal_a", Target("collecting", "KG", "c"))
    with unchanging(states) as (app, _):
        (archive,) = sweep(app, [states.question(case)])
    kinds = {text.kind for text in states.canaries.in_bytes(archive.told)}
    assert kinds >= {"answer", "newer answer", "evidence", "newer evidence", "contribution", "return", "private source"}
    assert "internal comment" not in kinds
