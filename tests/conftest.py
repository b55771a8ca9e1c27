"""What all tests share: the packaged instrument, the Kyrgyz response, and the snapshot made of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from questionnaire.compiled import CompiledInstrument
from questionnaire.loader import EXAMPLES, load_instrument, read_yaml
from questionnaire.reading import read_response
from questionnaire.response import Response
from scoring.assemble import build_snapshot
from scoring.evaluate import Result, evaluate
from scoring.narrate import Narrative, narrate
from scoring.snapshot import Snapshot
from tests.databases import KINDS, fresh_database
from tests.world import World, running_world


@pytest.fixture(scope="session")
def instrument() -> CompiledInstrument:
    return load_instrument()


@pytest.fixture(scope="session")
def response(instrument: CompiledInstrument) -> Response:
    reading = read_response(read_yaml(EXAMPLES / "kyrgyzstan-2018.yaml"), instrument)
    assert reading.response is not None, reading.wrong
    return reading.response


@pytest.fixture(scope="session")
def result(instrument: CompiledInstrument, response: Response) -> Result:
    return evaluate(instrument, response)


@pytest.fixture(scope="session")
def narrative(result: Result) -> Narrative:
    return narrate(result, "KG", "en")


@pytest.fixture(scope="session")
def snapshot(narrative: Narrative) -> Snapshot:
    return build_snapshot(narrative)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where template databases and servers of this test run live."""
    return tmp_path_factory.mktemp("shared")


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, shared_folder: Path, tmp_path: Path) -> Iterator[str]:
    """A fresh database of each kind, made by the migrations."""
    with fresh_database(request.param, shared_folder, tmp_path) as url:
        yield url


@pytest.fixture
def world(database_url: str, tmp_path: Path, instrument: CompiledInstrument) -> Iterator[World]:
    """The people, two countries and a running server, on each kind of database."""
    with running_world(database_url, tmp_path / "data", instrument) as made:
        yield made


@pytest.fixture
def sqlite_world(shared_folder: Path, tmp_path: Path, instrument: CompiledInstrument) -> Iterator[World]:
    """The same on SQLite alone, for what does not depend on the database."""
    with (
        fresh_database("sqlite", shared_folder, tmp_path) as url,
        running_world(url, tmp_path / "data", instrument) as made,
    ):
        yield made
