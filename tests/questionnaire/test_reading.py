"""A response file is read whole, and every problem in it is named at once, each with its line and the mend."""

import json
from pathlib import Path

import jsonschema
import pytest

from questionnaire.blank_response import blank_response
from questionnaire.compiled import CompiledInstrument
from questionnaire.loader import EXAMPLES, read_yaml
from questionnaire.problems import ContentError
from questionnaire.reading import Reading, read_response
from questionnaire.response_schema import response_schema
from questionnaire.strict_yaml import parse_yaml
from scoring.evaluate import evaluate
from scoring.submission import missing_for_submission

HEAD = "country: KG\nround: 2018\ndate: 2018-09\ninstrument: mgi-2018\n"
SOURCES = "sources:\n  law-a: {title: Law A, kind: law}\n  body-b: {title: Body B, kind: body}\n"


def read(text: str, instrument: CompiledInstrument) -> Reading:
    return read_response(parse_yaml(text, "response.yaml"), instrument)


@pytest.mark.parametrize(
    ("entry", "line", "words"),
    [
        ("  helth-access: {values: {groups: all}}", 9, "did you mean 'health-access'?"),
        ("  health-access: {values: {grups: all}}", 9, "did you mean 'groups'?"),
        ("  health-access: {values: {groups: al}}", 9, "allowed: all, "),
        ("  health-access: {values: {groups: [all, some]}}", 9, "is not an option"),
        ("  health-access: {values: {law: law-b}}", 9, "did you mean 'law-a'?"),
        ("  health-access: {values: {law: body-b}}", 9, "is of kind body; asked for is law"),
        ("  health-access: {values: {which: [permanent, permanent]}}", 9, "stands twice"),
        ("  health-access: {not_known: Silence., values: {groups: all}}", 9, "keep one of the two"),
        ("  health-access: {not_known: Silence., not_applicable: None.}", 9, "keep one of the two"),
        ("  health-access: {values: {groups: all}, detail: no full stop}", 9, "end it with a full stop"),
        ("  health-access: {vales: {groups: all}}", 9, "not known here"),
        ("  health-access:\n    values:\n      groups: true", 11, "without true or false"),
        ("  health-access: {sources: [nowhere]}", 9, "there is no source 'nowhere'"),
        (
            "  conv-ilo-c97: {values: {status: {status: ratified, year: 1940}}}",
            9,
            "before the convention was adopted (1949)",
        ),
        ("  conv-ilo-c97: {values: {status: {status: none, year: 1990}}}", 9, "has no year"),
        ("  conv-ilo-c97: {values: {status: {status: yes}}}", 9, "status"),
        ("  social-security-portability: {values: {countries: [TUR]}}", 9, "is not a country's ISO code"),
        ("  social-security-portability: {values: {signed: April 2018.}}", 9, "leave out the full stop"),
        (
            "  health-access: {values: {which: 'permanent, refugees'}}",
            9,
            "as a list, with brackets: [permanent, refugees]",
        ),
        ("  health-access: {values: {groups: Some groups of migrants}}", 9, "please write some"),
        ("  social-security-portability: {values: {countries: [Nigeria]}}", 9, "please write NG"),
        ("  conv-ilo-c97: {values: {status: acceded}}", 9, "written as {status: ratified, year: 2008}"),
        ("  1.01: {values: {groups: all}}", 9, "1.01 is 'health-access'"),
        ("  health-access: {not_known: x}", 9, "the reason in words"),
        ("  naturalisation: {values: {years: five}}", 9, "this should be a whole number"),
    ],
)
def test_what_is_wrong_is_named_with_line_indicator_and_mend(
    instrument: CompiledInstrument, entry: str, line: int, words: str
) -> None:
    reading = read(f"{HEAD}{SOURCES}answers:\n{entry}\n", instrument)
    assert reading.response is None
    problem = reading.wrong[0]
    assert (problem.place.file, problem.place.line) == ("response.yaml", line)
    assert words in problem.message
    assert problem.about in entry


def test_all_problems_are_named_at_once(instrument: CompiledInstrument) -> None:
    text = f"{HEAD.replace('KG', 'XX')}answers:\n  nothing: {{}}\n  health-access: {{values: {{groups: x, law: y}}}}\n"
    assert {problem.rule for problem in read(text, instrument).wrong} == {
        "unknown-country",
        "unknown-indicator",
        "value",
    }


def test_a_fault_of_form_hides_no_other_problem(instrument: CompiledInstrument) -> None:
    text = (
        f"{HEAD}sources:\n  a-law: {{title: A, kind: lwa, url: nowhere, date: 2018-13}}\n"
        "answers:\n  health-access: {values: {groups: al, law: a-law}, detail: no stop}\n"
    )
    messages = [problem.message for problem in read(text, instrument).wrong]
    for words in ("did you mean 'law'", "web address", "no such day", "'al' is not an option", "full stop"):
        assert sum(words in message for message in messages) == 1, words
    assert len(messages) == 5


def test_the_template_takes_a_reason_in_place_of_its_empty_values(instrument: CompiledInstrument) -> None:
    blank = blank_response(instrument, instrument.countries["en"]["GH"], 2018)
    filled = blank.replace("    # not_known:", "    not_known: We are still asking the ministry.", 1)
    reading = read(filled, instrument)
    assert reading.wrong == []
    assert reading.response is not None
    assert reading.response.answers["health-access"].not_known


@pytest.mark.parametrize(
    "text",
    ["", "[]", "a", "country: KG", "answers: 3\n" + HEAD, HEAD + "sources: [a]", HEAD + "answers: {health-access: 3}"],
)
def test_a_file_of_another_shape_is_refused_kindly(instrument: CompiledInstrument, text: str) -> None:
    reading = read(text, instrument)
    assert reading.response is None
    assert reading.wrong


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{title: Law, kind: lwa}", "did you mean 'law'?"),
        ("{kind: law}", "this is missing"),
        ("{title: Law, kind: law, url: 'javascript:alert(1)'}", "http:// or https://"),
        ("{title: Law, kind: law, date: 2018-02-30}", "there is no such day"),
        ("{title: '', kind: law}", "should not be empty"),
    ],
)
def test_a_wrong_source_is_named(instrument: CompiledInstrument, source: str, words: str) -> None:
    reading = read(f"{HEAD}sources:\n  law-a: {source}\n", instrument)
    assert any(words in problem.message for problem in reading.wrong), reading.wrong


@pytest.mark.parametrize("hidden", ["\\u0000", "\\u202e", "\\u0007", "\\ufffe"])
def test_characters_that_hide_something_are_refused_with_a_reason(instrument: CompiledInstrument, hidden: str) -> None:
    text = f'{HEAD}answers:\n  vote-abroad:\n    detail: "Text {hidden} more."\n'
    assert "is refused" in read(text, instrument).wrong[0].message


def test_wrong_is_kept_apart_from_missing(instrument: CompiledInstrument) -> None:
    reading = read(
        f"{HEAD}{SOURCES}answers:\n  health-access: {{values: {{groups: all, limits: [no_limits]}}}}\n", instrument
    )
    assert reading.wrong == []
    assert reading.response is not None
    missing = {item.indicator: item for item in missing_for_submission(evaluate(instrument, reading.response))}
    assert len(missing) == 92
    assert missing["health-access"].question == "law"
    assert missing["vote-abroad"].question is None


def test_a_year_that_differs_from_the_depositarys_is_a_remark(instrument: CompiledInstrument) -> None:
    text = f"{HEAD}answers:\n  conv-refugee-1951: {{values: {{status: {{status: acceded, year: 2006}}}}}}\n"
    reading = read(text, instrument)
    assert reading.response is not None
    assert "the depositary 1996" in reading.remarks[0].message


def test_an_unused_source_is_a_remark(instrument: CompiledInstrument) -> None:
    reading = read(HEAD + SOURCES, instrument)
    assert [remark.about for remark in reading.remarks] == ["source law-a", "source body-b"]


def test_the_example_is_ready_to_be_submitted(instrument: CompiledInstrument) -> None:
    reading = read_response(read_yaml(EXAMPLES / "kyrgyzstan-2018.yaml"), instrument)
    assert reading.response is not None
    assert missing_for_submission(evaluate(instrument, reading.response)) == []


def test_a_blank_response_has_nothing_wrong_and_everything_missing(instrument: CompiledInstrument) -> None:
    for code in ("KG", "CI", "BO"):
        blank = blank_response(instrument, instrument.countries["en"][code], 2018)
        reading = read(blank, instrument)
        assert (reading.wrong, reading.remarks) == ([], [])
        assert reading.response is not None
        assert len(missing_for_submission(evaluate(instrument, reading.response))) == 92


def test_the_schema_takes_the_example_and_refuses_what_is_wrong(instrument: CompiledInstrument) -> None:
    validator = jsonschema.Draft202012Validator(response_schema(instrument))
    document = read_yaml(EXAMPLES / "kyrgyzstan-2018.yaml").data
    validator.validate(document)
    for wrong in (
        {"country": "XX"},
        {"answers": {"helth": {}}},
        {"answers": {"health-access": {"values": {"groups": "al"}}}},
    ):
        assert not validator.is_valid(document | wrong)


def test_the_published_schema_of_responses_is_the_one_of_the_code(instrument: CompiledInstrument) -> None:
    published = Path(__file__).parents[2] / "docs" / "response-mgi-2018.schema.json"
    assert json.loads(published.read_text(encoding="utf-8")) == response_schema(instrument)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="there is no such file"):
        read_yaml(tmp_path / "nowhere.yaml")
