"""The machine sees each defect that is seeded into the service, within a bounded number of runs."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.workflow.machine import workflow_in
from tests.workflow.mutants import MORE_MUTANTS, MUTANTS, Mutant
from tests.workflow.office import Office, open_office

pytestmark = pytest.mark.skipif(os.environ.get("MGI_FULL") != "1", reason="minutes of work; run with MGI_FULL=1")

TRIED = MUTANTS + MORE_MUTANTS
RUNS = 100
"""At most so many runs may pass before a defect is seen."""


@pytest.fixture(scope="module")
def office(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office("sqlite", shared_folder, tmp_path_factory.mktemp("office")) as made:
        yield made


@pytest.mark.parametrize("mutant", TRIED, ids=lambda mutant: mutant.__name__)
def test_the_machine_sees(mutant: Mutant, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            workflow_in(office),
            settings=settings(
                max_examples=RUNS,
                stateful_step_count=50,
                derandomize=True,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                report_multiple_bugs=False,
                suppress_health_check=[HealthCheck.too_slow],
            ),
        )
