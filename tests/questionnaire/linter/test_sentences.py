"""How the linter prints a sentence, and which words it demands for it."""

from textwrap import dedent
from typing import Any

import pytest

from questionnaire.linter.prove import prove
from questionnaire.linter.sentences import printings, words_pattern
from questionnaire.linter.walk import Content
from questionnaire.loader import load_instrument
from questionnaire.model import Indicator, Instrument
from questionnaire.problems import Places
from questionnaire.sentences import parse_sentence
from questionnaire.strict_yaml import parse_yaml

LIMITS = """
  - id: limits
    type: choices
    text: Which conditions apply?
    help: Choose each.
    options:
      - {id: nothing, label: None, exclusive: true, phrase: no condition}
      - {id: fee, label: A fee, phrase: a fee}
      - {id: wait, label: A waiting period, phrase: a waiting period}
  - {id: law, type: source, kinds: [law], text: Which law?, help: Name it.}
"""
WITHOUT = "{when: {limits: {any: [nothing]}}, area: well_developed, text: Care is open to all.}"
WITH = '{when: {limits: {none: [nothing]}}, area: potential, text: "Care is subject to {limits}."}'


def an_indicator(questions: str, *rules: str) -> Indicator:
    findings = "".join(f"\n  - {rule}" for rule in rules)
    text = f"id: care\nnumber: '1.01'\ntitle: Care\nquestions:{questions}\nfindings:{findings}"
    return Indicator.model_validate(parse_yaml(dedent(text), "f").data)


def rules_reported(indicator: Indicator) -> list[str]:
    """What is reported of an instrument that holds this one indicator."""
    whole = load_instrument().source
    domain = whole.domains[0]
    subdomain = domain.subdomains[0].model_copy(update={"indicators": (indicator,)})
    update: dict[str, Any] = {"domains": (domain.model_copy(update={"subdomains": (subdomain,)}),), "conventions": ()}
    return [problem.rule for problem in prove(Content(whole.model_copy(update=update), Places("f"))).problems]


def printed(text: str) -> list[str]:
    return list(printings(parse_sentence(text), an_indicator(LIMITS, WITHOUT, WITH), "en_GB"))


def test_a_sentence_is_printed_with_and_without_its_optional_part() -> None:
    assert printed("Care is open[, under {law}].") == ["Care is open.", "Care is open, under the Law on Migration."]


def test_each_option_is_told_once_and_lists_hold_only_what_can_stand_together() -> None:
    assert printed("Subject to {limits}.") == [
        "Subject to no condition.",
        "Subject to a fee.",
        "Subject to a waiting period.",
        "Subject to a fee and a waiting period.",
        "Subject to a fee and a waiting period.",
    ]


def test_a_value_told_within_and_without_an_optional_part_is_always_there() -> None:
    assert len(printed("Subject to {limits}[, that is {limits}].")) == 5


def test_a_sentence_that_begins_with_a_value_begins_with_a_capital() -> None:
    assert printed("{in_country} it is open.") == ["In the Gambia it is open."]


def test_the_indicator_as_written_has_no_problem() -> None:
    assert rules_reported(an_indicator(LIMITS, WITHOUT, WITH)) == []


def test_an_exclusive_option_that_the_finding_cannot_meet_needs_no_phrase() -> None:
    questions = LIMITS.replace(", exclusive: true, phrase: no condition", ", exclusive: true")
    assert rules_reported(an_indicator(questions, WITHOUT, WITH)) == []


def test_an_exclusive_option_that_the_finding_can_meet_needs_a_phrase() -> None:
    questions = LIMITS.replace(", exclusive: true, phrase: no condition", ", exclusive: true")
    always = '{area: potential, text: "Care is subject to {limits}."}'
    assert rules_reported(an_indicator(questions, always)) == ["missing-phrase"]
    told = WITHOUT.replace("text: Care is open to all.", 'text: "Care is subject to {limits}."')
    assert rules_reported(an_indicator(questions, told, WITH)) == ["missing-phrase"]


@pytest.mark.parametrize("phrase", [", phrase: a fee", ", phrase: a waiting period"])
def test_every_other_option_of_several_needs_a_phrase(phrase: str) -> None:
    assert rules_reported(an_indicator(LIMITS.replace(phrase, ""), WITHOUT, WITH)) == ["missing-phrase"]


@pytest.mark.parametrize(
    ("text", "avoided"),
    [("It ranks high.", "ranks"), ("Poorly done.", "Poorly"), ("A gap.", "gap"), ("Frankly, agape pooring.", "")],
)
def test_words_to_avoid_are_whole_words_with_any_ending_where_a_star_stands(text: str, avoided: str) -> None:
    pattern = words_pattern(load_instrument().source)
    assert pattern is not None
    found = pattern.search(text)
    assert (found.group() if found else "") == avoided


def test_without_words_to_avoid_there_is_no_pattern() -> None:
    instrument: Instrument = load_instrument().source.model_copy(update={"words_to_avoid": ()})
    assert words_pattern(instrument) is None
