"""The workflow against a small model of it, on both databases: everyone tries everything, at any time."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from app.checkpoints import Checkpoints
from app.database import Database
from app.verification.verifying import consistent_reading, verify_record
from tests.databases import KINDS
from tests.workflow.machine import Workflow
from tests.workflow.model import MAY, STATES
from tests.workflow.office import Office, open_office
from tests.workflow.walk import walk_through

FULL = os.environ.get("MGI_FULL") == "1"
RUNS = 500 if FULL else 20
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
    assert {(state, action) for state, action, done in office.tried if not done} == {
        (state, action) for state in STATES.values() for action in MAY
    }


def test_the_service_does_what_the_model_does(office: Office) -> None:
    """Each run ends with a publication, from wherever it got: there is no dead end."""
    office.tried.clear()
    run_state_machine_as_test(
        lambda: Workflow(office),
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            derandomize=not FULL,
            database=None,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
    assert {(state, action) for state, action, _ in office.tried} == {
        (state, action) for state in STATES.values() for action in MAY
    }


def test_the_record_of_all_that_was_tried_verifies(office: Office) -> None:
    database: Database = office.world.service.database
    with consistent_reading(database) as connection:
        found = verify_record(connection, Checkpoints())
    assert found.faults == []
    assert found.streams > 6
