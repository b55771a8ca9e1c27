"""What all tests share: the packaged instrument, the Kyrgyz response, and the snapshot made of it."""

import pytest

from questionnaire.compiled import CompiledInstrument
from questionnaire.loader import EXAMPLES, load_instrument, read_yaml
from questionnaire.reading import read_response
from questionnaire.response import Response
from scoring.assemble import build_snapshot
from scoring.evaluate import Result, evaluate
from scoring.narrate import Narrative, narrate
from scoring.snapshot import Snapshot


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
