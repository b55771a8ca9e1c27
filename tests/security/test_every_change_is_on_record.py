"""Every change is on record: each success of a request that may change something wrote its event in the same transaction."""

import asyncio
from collections.abc import Collection
from typing import Any

import pytest

from app.record import Head
from app.work import Work
from tests.security.access_table import ALLOWED, PAGE, PAGES, ROUTES, Route
from tests.security.asking import Answer, ask
from tests.security.choosing import few_of
from tests.security.six_states import Case, SixStates, unchanging

SAFE = frozenset({"GET", "HEAD"})
EVERYTHING = ROUTES | PAGES
MOST = 10
"""So many people send the form of a page, in several states."""
_ONE = "/assessments/{assessment_id}"
CHANGES_NOTHING: dict[Route, str] = {
    ("POST", "/invitations/look"): "looking does not use an invitation up",
    ("POST", f"{_ONE}/carry-over"): "each indicator has an answer already, so nothing is carried",
    ("POST", f"{PAGE}/invitation/look"): "looking does not use an invitation up",
    ("POST", f"{PAGE}/language"): "the language of a reader stands in a cookie of theirs",
    ("POST", f"{PAGE}{_ONE}/carry-over"): "each indicator has an answer already, so nothing is carried",
}
"""What succeeds without an event, and why."""
NOTHING_TO_CHANGE: dict[Route, str] = {
    ("POST", f"{PAGE}/sign-out"): "nobody is signed in",
    ("POST", f"{PAGE}/account/sign-ins/{{session_id}}/end"): "there is no such sign-in, or no more",
}
"""What succeeds without an event in some cases, and in which."""
NEVER_HERE: dict[Route, str] = {
    ("POST", "/accounts/{account_id}/enable"): "the account is not disabled",
    ("DELETE", f"{_ONE}/sources/{{source_id}}"): "an answer rests on the source",
    ("POST", f"{PAGE}{_ONE}/sources/{{source_id}}/remove"): "an answer rests on the source",
}
"""What cannot succeed on what was built, and why; each has a test of its own beside the API."""


def asked_to_change(states: SixStates, routes: Collection[Route] = EVERYTHING) -> list[tuple[Case, Answer, int]]:
    """Every request that may change something and that its person may make, with the events that it wrote."""
    changing = {route for route in routes if route[0] not in SAFE}
    cases = few_of((case for case in states.cases() if case.route in changing and case.expected == ALLOWED), MOST)

    async def all_of_them() -> list[tuple[Case, Answer, int]]:
        told = []
        for case in cases:
            database.grew.clear()
            answer = await ask(app, states.question(case))
            told.append((case, answer, sum(database.grew)))
        return told

    with unchanging(states) as (app, database):
        return asyncio.run(all_of_them())


def test_every_change_is_on_record(states: SixStates) -> None:
    told = asked_to_change(states)
    made = [(case, grew) for case, answer, grew in told if 200 <= answer.status < 400]
    silent, loud = ({case.route for case, grew in made if bool(grew) == is_loud} for is_loud in (False, True))
    assert silent == {*CHANGES_NOTHING, *NOTHING_TO_CHANGE}
    assert silent & loud == set(NOTHING_TO_CHANGE)
    changing = {route for route in EVERYTHING if route[0] not in SAFE}
    assert changing - {case.route for case, _ in made} == set(NEVER_HERE)
    refused = [(case, answer.status) for case, answer, grew in told if answer.status >= 400 and grew]
    assert refused == []


def test_a_change_without_its_event_is_noticed(states: SixStates, monkeypatch: pytest.MonkeyPatch) -> None:
    route, record = ("POST", f"{_ONE}/comments"), Work.record

    def forgetful(work: Work, kind: str, subject: str = "", **more: Any) -> Head:
        return work.head() if kind == "comment_written" else record(work, kind, subject, **more)

    monkeypatch.setattr(Work, "record", forgetful)
    told = asked_to_change(states, {route})
    assert {grew for _, answer, grew in told if answer.status == 201} == {0}
