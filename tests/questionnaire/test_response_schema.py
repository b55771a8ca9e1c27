"""The JSON Schema of a response and the checker agree, as far as a schema can say it."""

from typing import Any

import jsonschema
import pytest

from questionnaire.blank_response import blank_response
from questionnaire.compiled import CompiledInstrument
from questionnaire.loader import EXAMPLES, read_yaml
from questionnaire.problems import Places
from questionnaire.reading import read_response
from questionnaire.response_schema import response_schema
from questionnaire.strict_yaml import Document, parse_yaml

HEAD: dict[str, Any] = {"country": "KG", "round": 2018, "date": "2018-09", "instrument": "mgi-2018"}
SOURCES = {"law-a": {"title": "Law A", "kind": "law"}, "eaeu": {"title": "EAEU", "kind": "agreement"}}


@pytest.fixture(scope="module")
def schema(instrument: CompiledInstrument) -> jsonschema.Draft202012Validator:
    schema = response_schema(instrument)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def head(**fields: Any) -> dict[str, Any]:
    return {**HEAD, **fields}


def source(**fields: Any) -> dict[str, Any]:
    return head(sources={"law-a": {"title": "Law A", "kind": "law", **fields}})


def answer(**fields: Any) -> dict[str, Any]:
    return head(sources=SOURCES, answers={"health-access": fields})


def value(indicator: str, question: str, given: Any) -> dict[str, Any]:
    return head(sources=SOURCES, answers={indicator: {"values": {question: given}}})


def health(question: str, given: Any) -> dict[str, Any]:
    return value("health-access", question, given)


def portability(question: str, given: Any) -> dict[str, Any]:
    return value("social-security-portability", question, given)


def treaty(**given: Any) -> dict[str, Any]:
    return value("conv-ilo-c97", "status", given)


SOUND = {
    "the frame alone": HEAD,
    "a year as a number": head(date=2018),
    "a full date": head(date="2016-02-29"),
    "empty sources": head(sources=None),
    "empty answers": head(answers=None),
    "an empty indicator": head(answers={"health-access": None}),
    "empty fields": answer(values=None, not_known=None, detail=None, sources=None, version=None),
    "an empty value": health("groups", None),
    "a number as a title": source(title=1993),
    "a number as a phrase": portability("signed", 1993),
    "a number as a reason": answer(not_known=404),
    "a number as a note": answer(note=5),
    "a source with empty fields": source(in_text=None, url=None, date=None, public=None),
    "a source with all fields": source(in_text="the Law", url="https://example.org/a?b#c", date="1993-02", public=True),
    "a title in another script": source(title="Закон о миграции"),
    "an address with space around": source(url=" http://example.org \n"),
    "a title of 300": source(title="x" * 300),
    "one option": health("limits", "no_limits"),
    "one option as a list": health("limits", ["no_limits"]),
    "several options": health("limits", ["period", "services"]),
    "one country": portability("countries", "TR"),
    "several countries": portability("countries", ["TR", "KZ"]),
    "a ratification": treaty(status="ratified", year=2008, reservations="It excludes article 3."),
    "a ratification without a year": treaty(status="signed", year=None),
    "no ratification": treaty(status="none"),
    "a reason with a detail": answer(not_known="Nobody asked.", detail="It is so.", values={"groups": None}),
    "a detail in quotation marks": answer(detail="They say “it is so.”"),
    "an answer's version": answer(version=3),
}
WRONG = {
    "a round as text": head(round="2018"),
    "a round that is true": head(round=True),
    "an early round": head(round=2014),
    "no country": {key: value for key, value in HEAD.items() if key != "country"},
    "an empty country": head(country=None),
    "an unknown country": head(country="XX"),
    "another instrument": head(instrument="mgi-2016"),
    "an unknown field": head(contry="KG"),
    "month 13": head(date="2018-13"),
    "31 April": head(date="2018-04-31"),
    "the year 999": head(date="0999"),
    "the year 2201": head(date=2201),
    "a date that is true": head(date=True),
    "an empty date": head(date=None),
    "a list of sources": head(sources=["law-a"]),
    "an empty source": head(sources={"law-a": None}),
    "a source id with capitals": head(sources={"Law-A": SOURCES["law-a"]}),
    "an unknown kind": source(kind="lwa"),
    "a language": source(language="ru"),
    "public in words": source(public="yes"),
    "a title that is true": source(title=True),
    "an empty title": source(title=" "),
    "an invisible title": source(title="\u200b\u200d"),
    "a title with a full stop": source(title="Law."),
    "a title of 301": source(title="x" * 301),
    "a hidden direction mark": source(title="Law \u202e A"),
    "a control character": source(title="Law \a A"),
    "an address without a scheme": source(url="example.org"),
    "a script as an address": source(url="javascript:alert(1)"),
    "an address with a space": source(url="https://example.org/a b"),
    "an address that is a number": source(url=5),
    "a source's month 13": source(date="2018-13"),
    "an unknown indicator": head(answers={"helth": {}}),
    "an answer that is a number": head(answers={"health-access": 3}),
    "an unknown field of an answer": answer(vales={"groups": "all"}),
    "an unknown question": health("grups", "all"),
    "a version that is true": answer(version=True),
    "version 0": answer(version=0),
    "a detail without a full stop": answer(detail="It is so"),
    "a detail that is a number": answer(detail=1993),
    "a detail of a full stop": answer(detail="."),
    "an invisible detail": answer(detail="\u200b."),
    "a qualifier without a full stop": answer(qualifier="It is so"),
    "a reason that is none": answer(not_known="Yes"),
    "a reason of 1001": answer(not_applicable="x" * 1001),
    "a note of 5001": answer(note="x" * 5001),
    "two reasons": answer(not_known="Silence.", not_applicable="None."),
    "not known beside a value": answer(not_known="Silence.", values={"groups": "all"}),
    "not applicable beside a value": answer(not_applicable="None.", values={"groups": "all"}),
    "an unknown option": health("groups", "al"),
    "true as an option": health("groups", True),
    "an option twice": health("limits", ["period", "period"]),
    "no option": health("limits", []),
    "an exclusive option beside another": health("limits", ["no_limits", "period"]),
    "two sources where one is asked": health("law", ["law-a"]),
    "an unknown country in a list": portability("countries", ["XX"]),
    "a country in small letters": portability("countries", "kz"),
    "a phrase of 301": portability("signed", "x" * 301),
    "a phrase with a full stop": portability("signed", "April 2018."),
    "an unknown status": treaty(status="yes"),
    "no status": treaty(year=2008),
    "none with a year": treaty(status="none", year=1990),
    "a year before the convention": treaty(status="ratified", year=1940),
    "a year as text": treaty(status="ratified", year="2008"),
    "reservations without a full stop": treaty(status="ratified", year=2008, reservations="Article 3"),
    "a number in words": value("naturalisation", "years", "five"),
    "a number as text": value("naturalisation", "years", "5"),
}


def faults(data: dict[str, Any], instrument: CompiledInstrument) -> list[str]:
    return [str(problem) for problem in read_response(Document(data, Places("response.yaml")), instrument).wrong]


@pytest.mark.parametrize("name", SOUND)
def test_what_is_sound_is_so_to_both(
    instrument: CompiledInstrument, schema: jsonschema.Draft202012Validator, name: str
) -> None:
    assert faults(SOUND[name], instrument) == []
    schema.validate(SOUND[name])


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_so_to_both(
    instrument: CompiledInstrument, schema: jsonschema.Draft202012Validator, name: str
) -> None:
    assert len(faults(WRONG[name], instrument)) == 1
    assert not schema.is_valid(WRONG[name])


def test_the_blank_template_is_sound_to_both(
    instrument: CompiledInstrument, schema: jsonschema.Draft202012Validator
) -> None:
    for code in ("KG", "CI"):
        blank = parse_yaml(blank_response(instrument, instrument.countries["en"][code], 2018), "blank.yaml").data
        assert faults(blank, instrument) == []
        schema.validate(blank)


def test_the_example_is_sound_to_both(instrument: CompiledInstrument, schema: jsonschema.Draft202012Validator) -> None:
    example = read_yaml(EXAMPLES / "kyrgyzstan-2018.yaml").data
    assert faults(example, instrument) == []
    schema.validate(example)


@pytest.mark.parametrize("code", ["und", "zxx", "mul", "mis", "russian", "xx"])
def test_the_schema_names_languages_and_nothing_else(
    instrument: CompiledInstrument, schema: jsonschema.Draft202012Validator, code: str
) -> None:
    asked = next(
        (indicator.id, question.id)
        for indicator in instrument.source.indicators
        for question in indicator.questions
        if question.type == "languages"
    )
    assert faults(value(*asked, ["ru", "ky"]), instrument) == []
    schema.validate(value(*asked, ["ru", "ky"]))
    assert faults(value(*asked, [code]), instrument)
    assert not schema.is_valid(value(*asked, [code]))
