"""The workflow against a small model of it, on both databases: everyone tries everything, at any time."""

import os
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from app.checkpoints import Checkpoints
from app.verification.verifying import verify_record
from tests.databases import KINDS
from tests.workflow.case import Case
from tests.workflow.content import HEALTH
from tests.workflow.machine import workflow_in
from tests.workflow.model import MAY, STATES
from tests.workflow.office import Office, open_office
from tests.workflow.walk import walk_through

FULL = os.environ.get("MGI_FULL") == "1"
RUNS = 500 if FULL else 6
STEPS = 50
"""Runs and steps per database; a release wants 500 × 50."""


@pytest.fixture(scope="module", params=KINDS)
def office(
    request: pytest.FixtureRequest, shared_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    with open_office(request.param, shared_folder, tmp_path_factory.mktemp("office")) as made:
        yield made


def test_everyone_tries_every_action_in_every_state(office: Office) -> None:
    for state in STATES.values():
        walk_through(office, state)
    may = {(STATES[letter], action) for action, roles in MAY.items() for letter in "".join(roles.values())}
    assert {(state, action) for state, action, done in office.tried if done} == may
    assert {(state, action) for state, action, done in office.tried if not done} == set(product(STATES.values(), MAY))


def test_the_service_does_what_the_model_does(office: Office) -> None:
    """Each run ends with a publication, from wherever it got: there is no dead end; and the record of it all verifies."""
    before = office.tried.total()
    run_state_machine_as_test(
        workflow_in(office),
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            derandomize=not FULL,
            database=None,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
    assert office.tried.total() - before > 20 * RUNS
    with office.world.service.database.connected(writes=False) as connection:
        found = verify_record(connection, Checkpoints())
    assert found.faults == []
    assert found.streams > RUNS / 2


def test_a_reviewer_who_was_a_focal_point_does_not_answer_for_the_government(office: Office) -> None:
    case = Case(office, signatory=False)
    case.bring_to("in_review")
    case.step("reviewer", "return_indicators", indicators=(HEALTH,))
    case.appoint()
    case.leave()
    case.step("second_focal", "comment", indicator=HEALTH, audience="shared")
    case.step("focal", "submit")
    assert case.model.state == "collecting"
