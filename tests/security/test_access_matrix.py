"""Everyone tries everything: each route × person × state, of one's own country, of another, and of none at all."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from app.api.calls import May
from app.rights import Right
from tests.security.access_table import (
    ALLOWED,
    COUNTRY,
    ENDED_ANYWAY,
    NOT_FOUND,
    OUTSIDE,
    PAGE,
    PAGES,
    READS,
    ROUTES,
    UNDECLARED,
    Route,
    scope_of,
    written,
)
from tests.security.asking import Question
from tests.security.choosing import part_of
from tests.security.six_states import Case, SixStates, unchanging
from tests.security.sweeping import outcome, sweep
from tests.traffic import application


def declared(dependant: Dependant | None) -> Iterator[Right]:
    """The rights that a route declares."""
    if dependant is None:
        return
    if isinstance(dependant.call, May):
        yield dependant.call.right
    for inner in dependant.dependencies:
        yield from declared(inner)


def found_routes() -> dict[Route, list[Right]]:
    """What the application has, as the table names it."""
    found: dict[Route, list[Right]] = {}
    for context in iter_route_contexts(application().routes):
        for method in context.methods or ():
            found[written(method, context.path or "")] = list(declared(getattr(context, "dependant", None)))
    return found


WRITTEN = ROUTES | OUTSIDE | PAGES


def test_every_route_declares_one_right_and_is_written_down() -> None:
    found = found_routes()
    assert {route for route, rights in found.items() if len(rights) != 1} == UNDECLARED
    assert {route: rights[0].action for route, rights in found.items() if rights} == WRITTEN
    assert len(found) == len(WRITTEN) + len(UNDECLARED) >= 113


def test_every_right_is_about_what_was_written_down() -> None:
    for route, rights in found_routes().items():
        for right in rights:
            assert (right.scope, right.writes) == (scope_of(right.action), right.action not in READS), route
            if right.scope == "country":
                assert right.roles == COUNTRY[right.action], route


@pytest.mark.parametrize("part", [0, 1])
def test_everyone_is_told_what_the_table_says(states: SixStates, part: int) -> None:
    chosen = part_of(states.cases())[part::2]
    assert len(chosen) >= 10_000
    with unchanging(states) as (app, _):
        answers = sweep(app, map(states.question, chosen))
    told = [(case, outcome(answer)) for case, answer in zip(chosen, answers, strict=True)]
    assert [(case, case.expected, said) for case, said in told if said != case.expected] == []


def alike(states: SixStates, cases: Iterable[Case]) -> Iterator[Question]:
    """The requests of cases. Pages show what was sent to them, so that each is sent the same form by all."""
    bodies: dict[Route, Any] = {}
    for case in cases:
        question = states.question(case)
        is_page = case.route[1].startswith(PAGE)
        yield question._replace(body=bodies.setdefault(case.route, question.body)) if is_page else question


def test_a_foreign_object_and_an_absent_one_look_the_same(states: SixStates) -> None:
    """To each person, whatever is not there for them looks the same: status, headers, body."""
    unseen = [case for case in states.cases() if case.expected == NOT_FOUND or scope_of(case.action) == "service"]
    unseen = part_of((case for case in unseen if case.expected != ALLOWED), by=lambda case: case.person)
    with unchanging(states) as (app, _):
        answers = sweep(app, alike(states, unseen))
    looks: dict[tuple[Route, str], set[object]] = {}
    for case, answer in zip(unseen, answers, strict=True):
        looks.setdefault((case.route, case.person), set()).add(answer.without(states.question(case).path).lasting)
    assert {place: seen for place, seen in looks.items() if len(seen) != 1} == {}
    compared = {(case.route, case.person) for case in unseen if case.target.name == "absent" or case.inside == "absent"}
    assert {route for route, _ in compared} >= {
        route for route in ROUTES | PAGES if "_id}" in route[1] or "{code}" in route[1]
    } - ENDED_ANYWAY
