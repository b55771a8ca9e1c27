"""Conditions: how they are written, what they refuse, and when they hold."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from questionnaire import conditions
from questionnaire.conditions import OFF_PATH, UNAVAILABLE, Condition, Mode

CONDITION: TypeAdapter[tuple[conditions.Test, ...]] = TypeAdapter(Condition)


def parsed(value: Any) -> list[str]:
    """The tests of a condition, in words."""
    return [str(test) for test in CONDITION.validate_python(value)]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({}, []),
        ({"groups": "all"}, ["groups is all"]),
        ({"groups": ["some", "none"]}, ["groups is some or none"]),
        ({"groups": "some", "formal": "yes"}, ["groups is some", "formal is yes"]),
        ({"which": {"any": ["a", "b"]}}, ["which has any of a or b"]),
        ({"which": {"all": "a", "none": ["b"]}}, ["which has all of a", "which has none of b"]),
        ({"strategy-doc.exists": "yes"}, ["strategy-doc.exists is yes"]),
    ],
)
def test_a_condition_is_a_mapping_of_tests_that_must_all_hold(written: Any, words: list[str]) -> None:
    assert parsed(written) == words


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"groups": []}, "must be tested against the id of an option, or a list of ids"),
        ({"groups": [["all"]]}, "must be tested against the id of an option, or a list of ids"),
        ({"groups": True}, "must be tested against the id of an option, or a list of ids"),
        ({"groups": None}, "must be tested against the id of an option, or a list of ids"),
        ({"groups": ["all", "all"]}, "'groups' names an option twice"),
        ({"which": {}}, "by any, all or none of some options, not by nothing"),
        ({"which": {"some": ["a"]}}, "by any, all or none of some options, not by ['some']"),
        ({"which": {"any": {"a": "b"}}}, "must be tested against the id of an option, or a list of ids"),
        ("groups", "should be a valid tuple"),
        (7, "should be a valid tuple"),
    ],
)
def test_what_is_no_condition_is_refused_with_the_way_to_write_it(written: Any, words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        CONDITION.validate_python(written)
    assert words in caught.value.errors()[0]["msg"]


@pytest.mark.parametrize(("value", "holds"), [("a", True), ("b", True), ("c", False)])
def test_a_single_choice_is_one_of_the_named_options(value: str, holds: bool) -> None:
    assert CONDITION.validate_python({"q": ["a", "b"]})[0].holds(value) is holds


@pytest.mark.parametrize(
    ("chosen", "modes"),
    [("a", {"any"}), ("ab", {"any", "all"}), ("abc", {"any", "all"}), ("c", {"none"}), ("bc", {"any"})],
)
def test_several_choices_have_any_all_or_none_of_the_named_options(chosen: str, modes: set[str]) -> None:
    holding = {
        mode
        for mode in ("any", "all", "none")
        if CONDITION.validate_python({"q": {mode: ["a", "b"]}})[0].holds(frozenset(chosen))
    }
    assert holding == modes


@pytest.mark.parametrize("mode", ["is", "any", "all", "none"])
@pytest.mark.parametrize("missing", [OFF_PATH, UNAVAILABLE])
def test_every_test_on_what_is_not_answered_is_false(mode: Mode, missing: object) -> None:
    assert not conditions.Test(indicator=None, question="q", mode=mode, options=("a",)).holds(missing)


def test_what_is_missing_says_why_in_words() -> None:
    assert [repr(OFF_PATH), repr(UNAVAILABLE)] == ["not asked", "no answer"]


def test_a_condition_comes_back_from_json_as_it_was() -> None:
    condition = CONDITION.validate_python({"which": {"any": ["a"], "none": ["b"]}, "health-access.groups": "all"})
    assert CONDITION.validate_json(CONDITION.dump_json(condition)) == condition
