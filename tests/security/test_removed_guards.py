"""Each guard that is taken away is noticed: the matrix fails without it."""

import asyncio
from collections.abc import Iterable

import pytest

from tests.security.asking import Application, ask
from tests.security.removing import OTHER_GUARDS, Guard, declared_guards
from tests.security.six_states import Case, SixStates, unchanging
from tests.security.sweeping import outcome
from tests.traffic import application

DECLARED = declared_guards(application().routes)


async def first_deviation(app: Application, states: SixStates, cases: Iterable[Case]) -> Case | None:
    """The first case in which someone is told something else than the table says."""
    for case in cases:
        if outcome(await ask(app, states.question(case))) != case.expected:
            return case
    return None


def unnoticed(states: SixStates, guards: Iterable[Guard]) -> list[str]:
    """The guards without which everything looks as it should."""
    missed, cases = [], list(states.cases())
    with unchanging(states) as (app, _):
        for guard in guards:
            with pytest.MonkeyPatch.context() as patch:
                guard.remove(patch)
                mine = [case for case in cases if case.route in guard.routes]
                if not mine or asyncio.run(first_deviation(app, states, mine)) is None:
                    missed.append(guard.name)
    return missed


def test_no_declared_right_can_be_weakened_unnoticed(states: SixStates) -> None:
    assert len(DECLARED) >= 60
    assert unnoticed(states, DECLARED) == []


def test_no_check_behind_a_route_can_be_removed_unnoticed(states: SixStates) -> None:
    assert len(OTHER_GUARDS) >= 28
    assert unnoticed(states, OTHER_GUARDS) == []
