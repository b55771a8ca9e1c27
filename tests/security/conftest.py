"""What the tests of access share: the assessments in all states, built once in a test run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from questionnaire.compiled import CompiledInstrument
from questionnaire.response import Response
from tests.databases import fresh_database
from tests.security.six_states import SixStates, six_states


@pytest.fixture(scope="session")
def states(
    shared_folder: Path, tmp_path_factory: pytest.TempPathFactory, instrument: CompiledInstrument, response: Response
) -> Iterator[SixStates]:
    folder = tmp_path_factory.mktemp("states")
    with (
        fresh_database("sqlite", shared_folder, folder) as url,
        six_states(url, folder / "data", instrument, response) as built,
    ):
        yield built
