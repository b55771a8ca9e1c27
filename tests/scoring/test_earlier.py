"""Rules that test an earlier indicator, which is answered, not answered, not known, or not asked."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from questionnaire.compiled import CompiledInstrument
from questionnaire.loader import load_instrument
from questionnaire.problems import Places
from questionnaire.reading import read_response
from questionnaire.strict_yaml import Document
from scoring.evaluate import Result, conclude, evaluate, steps
from scoring.submission import missing_for_submission

BASE = Path(__file__).parents[1] / "questionnaire" / "base"
RULES = """
          - {when: {same: "yes", health-access.groups: [all, some]}, area: well_developed, text: The fees are the same.}
          - {when: {same: "yes", health-access.groups: none}, area: potential, text: The fees are the same for few.}
          - {when: {same: "no"}, area: potential, text: The fees differ.}
"""


@pytest.fixture(scope="module")
def dependent(tmp_path_factory: pytest.TempPathFactory) -> CompiledInstrument:
    """The base, with rules of `health-fees` that test `health-access`."""
    folder = tmp_path_factory.mktemp("dependent") / "base"
    shutil.copytree(BASE, folder)
    path = folder / "domains" / "1-rights.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index("          - when: {same:")
    end = text.index("        qualifies: health-access")
    text = text[:start] + RULES.removeprefix("\n") + text[end:]
    path.write_text(text.replace("        asked_when: {health-access.groups: [all, some]}\n", ""), encoding="utf-8")
    return load_instrument(str(folder))


def scored(instrument: CompiledInstrument, answers: dict[str, Any]) -> Result:
    data = {"country": "KG", "round": 2018, "date": "2018-09", "instrument": "base", "sources": {}, "answers": answers}
    reading = read_response(Document(data, Places("r")), instrument)
    assert reading.response is not None, reading.wrong
    return evaluate(instrument, reading.response)


@pytest.mark.parametrize(
    ("first", "same", "outcome"),
    [
        ({"values": {"groups": "all"}}, "yes", ("finding", 0, None)),
        ({"values": {"groups": "none"}}, "yes", ("finding", 1, None)),
        ({"not_known": "It is not on record."}, "yes", ("not_answered", None, "health-access.groups")),
        (None, "yes", ("not_answered", None, "health-access.groups")),
        (None, "no", ("finding", 2, None)),
    ],
)
def test_a_finding_waits_for_the_earlier_answer_that_its_rules_test(
    dependent: CompiledInstrument, first: Any, same: str, outcome: Any
) -> None:
    answers = {"health-access": first} if first else {}
    result = scored(dependent, {**answers, "health-fees": {"values": {"same": same}}})
    leaf = result.leaves["health-fees"]
    assert (leaf.kind, leaf.rule, leaf.missing) == outcome
    assert [str(step.variable) for step in steps(result, "health-fees")] == ["health-access.groups", "same"]
    assert conclude(result, "health-fees").leaf is leaf


def test_what_is_waited_for_is_named_among_what_is_missing(dependent: CompiledInstrument) -> None:
    missing = missing_for_submission(scored(dependent, {"health-fees": {"values": {"same": "yes"}}}))
    assert [item.message for item in missing if item.indicator == "health-fees"] == [
        "the question 'Which migrants can use public health care?' of 1.01 Access to health care is not answered yet"
    ]
