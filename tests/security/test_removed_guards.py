"""Each guard that is taken away is noticed: the matrix fails without it."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable

import pytest

from tests.security.access_table import NOT_ALLOWED, WRONG_STATE, Route
from tests.security.asking import Application, ask
from tests.security.removing import OTHER_GUARDS, Guard, declared_guards
from tests.security.six_states import Case, SixStates, unchanging
from tests.security.sweeping import outcome
from tests.traffic import application

DECLARED = declared_guards(application().routes)
REFUSED = frozenset({NOT_ALLOWED, WRONG_STATE})
"""What colleagues are told: without a guard they are let in, so that they are asked first."""


async def first_deviation(app: Application, states: SixStates, cases: Iterable[Case]) -> Case | None:
    """The first case in which someone is told something else than the table says."""
    for case in cases:
        if outcome(await ask(app, states.question(case))) != case.expected:
            return case
    return None


def unnoticed(states: SixStates, guards: Iterable[Guard]) -> list[str]:
    """The guards without which everything looks as it should."""
    missed, cases = [], defaultdict[Route, list[Case]](list)
    for case in sorted(states.cases(), key=lambda case: case.expected not in REFUSED):
        cases[case.route].append(case)
    with unchanging(states) as (app, _):
        for guard in guards:
            mine = [case for route in sorted(guard.routes) for case in cases[route]]
            with pytest.MonkeyPatch.context() as patch:
                guard.remove(patch)
                if not mine or asyncio.run(first_deviation(app, states, mine)) is None:
                    missed.append(guard.name)
    return missed


def test_no_declared_right_can_be_weakened_unnoticed(states: SixStates) -> None:
    assert len(DECLARED) >= 160
    assert unnoticed(states, DECLARED) == []


def test_no_check_behind_a_route_can_be_removed_unnoticed(states: SixStates) -> None:
    assert len(OTHER_GUARDS) >= 41
    assert unnoticed(states, OTHER_GUARDS) == []
