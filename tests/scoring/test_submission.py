"""What must be given before a response can be submitted, and nothing more."""

import pytest

from questionnaire.compiled import CompiledInstrument
from questionnaire.response import Answer, Ratification, Response, Value
from scoring.evaluate import evaluate
from scoring.submission import missing_for_submission


def missing(instrument: CompiledInstrument, response: Response, indicator: str, answer: Answer) -> list[str | None]:
    changed = response.model_copy(update={"answers": {**response.answers, indicator: answer}})
    return [
        item.question for item in missing_for_submission(evaluate(instrument, changed)) if item.indicator == indicator
    ]


@pytest.mark.parametrize(
    ("values", "questions"),
    [
        ({"status": Ratification(status="ratified", year=2008), "law": "law-refugees"}, []),
        ({"status": Ratification(status="ratified", year=2008)}, ["law"]),
        ({"status": Ratification(status="acceded"), "law": "law-refugees"}, ["status"]),
        ({"status": Ratification(status="none")}, []),
        ({"law": "law-refugees"}, ["status"]),
        ({}, [None]),
    ],
)
def test_a_convention_is_complete_with_status_year_and_source(
    instrument: CompiledInstrument, response: Response, values: dict[str, Value], questions: list[str | None]
) -> None:
    assert missing(instrument, response, "conv-ilo-c97", Answer(values=values)) == questions


def test_a_law_is_required_where_the_outcome_rests_on_one(instrument: CompiledInstrument, response: Response) -> None:
    values = {key: value for key, value in response.answers["health-access"].values.items() if key != "law"}
    assert missing(instrument, response, "health-access", Answer(values=values)) == ["law"]


@pytest.mark.parametrize("state", ["not_known", "not_applicable"])
def test_a_reason_is_an_answer(instrument: CompiledInstrument, response: Response, state: str) -> None:
    assert missing(instrument, response, "health-access", Answer(**{state: "The reason."})) == []


def test_what_is_not_asked_is_not_missing(instrument: CompiledInstrument, response: Response) -> None:
    assert "strategy-implementation" not in response.answers
    assert missing_for_submission(evaluate(instrument, response)) == []


@pytest.mark.parametrize(
    ("indicator", "answer", "message"),
    [
        ("conv-ilo-c97", Answer(), "not answered yet; that it is not known or does not apply, with the reason, is an answer too"),
        ("conv-ilo-c97", Answer(values={"law": "law-refugees"}), "the question '{status}' is not answered yet"),
        (
            "health-access",
            Answer(values={"groups": "all", "limits": ("no_limits",)}),
            "please also answer the question '{law}', which this answer rests on",
        ),
        (
            "conv-ilo-c97",
            Answer(values={"status": Ratification(status="succeeded"), "law": "law-refugees"}),
            "please give the year of the succession",
        ),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_with_the_text_of_its_question(
    instrument: CompiledInstrument, response: Response, indicator: str, answer: Answer, message: str
) -> None:
    texts = {question.id: question.text for question in instrument.indicators[indicator].questions}
    changed = response.model_copy(update={"answers": {**response.answers, indicator: answer}})
    found = [
        item.message for item in missing_for_submission(evaluate(instrument, changed)) if item.indicator == indicator
    ]
    assert message.format(**texts) in found
