"""Not even a trace: no text, file, name or address of country A turns up where it should not, in any answer, letter or event."""

from collections.abc import Iterator

import pytest
from sqlmodel import select

from app.models.record import Event
from tests.security.access_table import ALLOWED, PRINCIPALS, Route, Target
from tests.security.asking import Application, Question
from tests.security.canaries import Text
from tests.security.choosing import IS_FULL, part_of
from tests.security.readers import PUBLIC, READERS, may_read
from tests.security.removing import LEAKS
from tests.security.six_states import YEARS, Case, SixStates, unchanging
from tests.security.sweeping import sweep

STRIDE, READS = 1 if IS_FULL else 11, 5
"""Of all that is refused or changes something, and of the pages that someone may read, each so many-th is looked at."""
PAGED = ("/record", "/comments", "/contributions", "/evidence", "/accounts", "/assessments")
Told = set[tuple[str, Text, str]]
"""Who was told which text, at which address."""


def chosen(states: SixStates) -> list[Case]:
    """Everything that someone may read, and a part of all the rest."""
    reads, rest = list[Case](), list[Case]()
    for case in states.cases():
        (reads if case.route[0] == "GET" and case.expected == ALLOWED else rest).append(case)
    return part_of(reads, READS) + part_of(rest[::STRIDE])


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


def told_by(app: Application, states: SixStates, questions: list[tuple[str, Question]]) -> Told:
    """All texts of which a word was told to someone."""
    answers = sweep(app, [question for _, question in questions])
    return {(person, text, question.path) for (person, question), answer in zip(questions, answers, strict=True)
            for text in states.canaries.in_bytes(answer.told)}  # fmt: skip


def leaks(told: Told) -> list[tuple[str, Text, str]]:
    """What was told to those it is not for."""
    return sorted(one for one in told if not may_read(one[0], one[1]))


def test_nobody_is_told_a_word_that_is_not_for_them(states: SixStates) -> None:
    cases = chosen(states)
    questions = [(case.person, asked(states, case)) for case in cases] + list(public_files(states))
    with unchanging(states) as (app, _):
        told = told_by(app, states, questions)
    assert leaks(told) == []
    kinds = {text.kind for _, text, _ in told}
    assert kinds == set(READERS) == {text.kind for text in states.canaries.texts.values()}
    for file_format in ("pdf", "docx", "html", "md", "json"):
        published = f"/api/v1/snapshots/KG/{YEARS['published']}.{file_format}"
        assert {text.kind for person, text, path in told if (person, path) == ("anonymous", published)} == PUBLIC
    assert len(questions) >= (40_000 if IS_FULL else 4_000)


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


def test_no_filter_can_be_removed_unnoticed(states: SixStates) -> None:
    """Everyone reads the lists of the assessment in which there is something that reviewers were not given yet."""
    mine = [case for case in states.cases() if case.route[0] == "GET" and case.target.name in ("collecting", "KG")]
    questions = {case: (case.person, asked(states, case)) for case in mine}
    with unchanging(states) as (app, _):
        guarded = frozenset[Route]().union(*(guard.routes for guard in LEAKS))
        assert leaks(told_by(app, states, [questions[case] for case in mine if case.route in guarded])) == []
        for guard in LEAKS:
            with pytest.MonkeyPatch.context() as patch:
                guard.remove(patch)
                told = told_by(app, states, [questions[case] for case in mine if case.route in guard.routes])
            assert leaks(told) != [], guard.name
