"""Answers carried from one instrument to another: what fits is kept, and what does not is said in the question's words."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaire.compiled import CompiledInstrument, build_tables, compile_instrument
from questionnaire.loader import load_instrument
from questionnaire.model import Instrument
from questionnaire.moving import SAME, Verdict, move_answers, verdict
from questionnaire.reading import read_answer
from questionnaire.response import Answer, Ratification
from questionnaire.stored import answer_body
from tests.made_responses import SOURCES, make_response

BASE = Path(__file__).parent / "base"
Change = Callable[[list[Any]], Any]


@pytest.fixture(scope="module")
def base() -> CompiledInstrument:
    return load_instrument(str(BASE))


def changed(base: CompiledInstrument, change: Change) -> CompiledInstrument:
    """The base after a change to its indicators' plain data: health access, fees, and a convention."""
    data = base.source.model_dump(mode="json")
    first, second = data["domains"][0]["subdomains"]
    indicators = [*first["indicators"], *second["indicators"]]
    change(indicators)
    instrument = Instrument.model_validate(data)
    return compile_instrument(instrument, build_tables(instrument), {}, base.countries)


def question(indicators: list[Any], number: int, of: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = indicators[of]["questions"][number]
    return found


YEAR = {"id": "law", "type": "year", "text": "When?", "help": "The year of the law."}
FULL = Answer(
    values={"groups": "some", "which": ("workers", "refugees"), "law": "law-one"},
    qualifier="In some regions.",
    detail="Since 2015.",
    sources=("body-two",),
    note="See the annex.",
    version=4,
)


def moved(base: CompiledInstrument, change: Change, answer: Answer = FULL, key: str = "health-access") -> Verdict:
    return verdict(base, changed(base, change), key, answer)


def test_nothing_changes_where_the_instrument_is_the_same(instrument: CompiledInstrument) -> None:
    answers = make_response(instrument, 1).answers
    verdicts = move_answers(instrument, instrument, answers)
    assert {key: one.answer for key, one in verdicts.items()} == answers
    assert {(one.kind, one.reason) for one in verdicts.values()} == {("kept", SAME)}


def test_an_answer_to_an_unchanged_question_is_kept_whole(base: CompiledInstrument) -> None:
    one = moved(base, lambda indicators: question(indicators, 0, of=1).update(text="Do they pay the same?"))
    assert one == Verdict("kept", SAME, FULL)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda i: question(i, 1).update(text="Which ones?"), "The wording of the question 'Which ones?' has changed."),
        (lambda i: question(i, 1).update(help="Choose."), "The wording of the question 'Which groups?' has changed."),
        (
            lambda i: question(i, 1)["options"][1].update(label="Pupils"),
            "The options of the question 'Which groups?' have changed.",
        ),
        (lambda i: i[0].update(title="Health"), "The indicator 'Access to health care' is now called 'Health'."),
        (
            lambda i: i[0]["questions"].append({"id": "more", "type": "text", "text": "What else?", "help": "Any."}),
            "The question 'What else?' is new.",
        ),
        (
            lambda i: question(i, 2).update(kinds=["body"]),
            "The question 'Which law says so?' now takes other kinds of sources; please check the source.",
        ),
    ],
)  # fmt: skip
def test_an_answer_to_a_reworded_question_is_kept_and_that_is_said(
    base: CompiledInstrument, change: Change, reason: str
) -> None:
    assert moved(base, change) == Verdict("kept", reason, FULL)


@pytest.mark.parametrize(
    ("change", "reason", "values"),
    [
        (lambda i: i[0]["questions"].pop(2), "The question 'Which law says so?' is no longer asked.", {"law": None}),
        (
            lambda i: question(i, 1)["options"].pop(2),
            "The option 'Refugees' of the question 'Which groups?' is no longer offered. "
            "The options of the question 'Which groups?' have changed.",
            {"which": ("workers",)},
        ),
        (
            lambda i: question(i, 2).update(type="sources"),
            "The question 'Which law says so?' now takes one or more sources.",
            {"law": ("law-one",)},
        ),
        (
            lambda i: question(i, 1)["options"][0].update(exclusive=True),
            "The answer to the question 'Which groups?' no longer fits: 'workers' stands for itself; please choose it alone, "
            "or leave it out.",
            {"which": None},
        ),
        (
            lambda i: question(i, 1).update(type="choice") or question(i, 1).pop("joined"),
            "The question 'Which groups?' now takes one option alone.",
            {"which": None},
        ),
        (
            lambda i: i[0]["questions"].__setitem__(2, YEAR),
            "The question 'When?' now asks for something else.",
            {"law": None},
        ),
    ],
)  # fmt: skip
def test_what_still_fits_is_carried_and_the_rest_is_named(
    base: CompiledInstrument, change: Change, reason: str, values: dict[str, Any]
) -> None:
    one = moved(base, change)
    expected = {key: value for key, value in {**FULL.values, **values}.items() if value is not None}
    assert one == Verdict("converted", reason, FULL.model_copy(update={"values": expected}))


def test_a_choice_becomes_a_list_where_several_may_be_chosen(base: CompiledInstrument) -> None:
    one = moved(base, lambda indicators: question(indicators, 0).update(type="choices", joined="and"))
    assert one.kind == "converted"
    assert one.answer is not None
    assert one.answer.values["groups"] == ("some",)


def test_sources_that_no_longer_have_a_place_go_to_the_further_ones(base: CompiledInstrument) -> None:
    many = changed(base, lambda indicators: question(indicators, 2).update(type="sources"))
    answer = FULL.model_copy(update={"values": {"law": ("law-one", "law-two")}})
    one = verdict(many, base, "health-access", answer)
    assert one.answer is not None
    assert (one.kind, one.answer.values, one.answer.sources) == (
        "converted",
        {"law": "law-one"},
        ("body-two", "law-two"),
    )


def test_an_answer_of_which_nothing_fits_is_dropped(base: CompiledInstrument) -> None:
    answer = Answer(values={"groups": "none"}, detail="In words.")
    one = moved(base, lambda indicators: question(indicators, 0)["options"].pop(2), answer)
    reason = "The option 'None' of the question 'Which migrants can use public health care?' is no longer offered."
    assert one == Verdict("dropped", reason, None)


def test_a_ratification_is_kept_with_its_year(base: CompiledInstrument) -> None:
    answer = Answer(values={"status": Ratification(status="ratified", year=1999, reservations="None at all.")})
    one = moved(base, lambda indicators: question(indicators, 0).update(text="Which?"), answer, "convention-ilo-c97")
    assert one == Verdict("kept", SAME, answer)


def test_a_reason_without_values_is_carried(base: CompiledInstrument) -> None:
    answer = Answer(not_known="The ministry has no record.")
    one = moved(base, lambda indicators: indicators[0]["questions"].pop(2), answer)
    assert (one.kind, one.answer) == ("kept", answer)


def test_an_indicator_that_is_gone_is_named_last(instrument: CompiledInstrument, base: CompiledInstrument) -> None:
    answers = make_response(instrument, 3, states=(1, 0, 0, 0)).answers
    verdicts = move_answers(instrument, base, answers)
    assert next(iter(verdicts)) == "health-access"
    gone = verdicts["vote-abroad"]
    title = instrument.indicators["vote-abroad"].title
    assert gone == Verdict("dropped", f"The indicator '{title}' is no longer asked.", None)


@given(st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_whatever_is_carried_is_an_answer_to_the_new_instrument(
    instrument: CompiledInstrument, base: CompiledInstrument, seed: int
) -> None:
    answers = make_response(base, seed).answers
    there = move_answers(base, instrument, answers)
    for key, one in there.items():
        assert (one.answer is None) == (one.kind == "dropped")
        if one.answer and key in base.indicators:
            sources = dict.fromkeys(SOURCES)
            data = json.loads(answer_body(one.answer))
            reading = read_answer(instrument, key, data, sources=sources, country="KG", year=2018)
            assert reading.answer == one.answer, (one, reading.wrong)
