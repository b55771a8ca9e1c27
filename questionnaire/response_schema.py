"""The JSON Schema of a response to an instrument, for editors that check while one writes."""

from collections.abc import Callable, Mapping
from typing import Any

from questionnaire.compiled import CompiledInstrument
from questionnaire.model import (
    ChoiceQuestion,
    ChoicesQuestion,
    Indicator,
    NumberQuestion,
    Question,
    SourceQuestion,
    YearQuestion,
    closed_options,
)
from questionnaire.response import Ratification, Source

Schema = dict[str, Any]

_DATE: Schema = {
    "anyOf": [
        {"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"},
        {"type": "integer", "minimum": 1000, "maximum": 9999},
    ],
    "description": "A year, a year and month, or a full date.",
}
_SOURCE_ID = "^[a-z0-9]+(-[a-z0-9]+)*$"


def response_schema(instrument: CompiledInstrument) -> Schema:
    """JSON Schema, draft 2020-12. What it cannot say (ids of sources that exist, kinds that fit) `response check` says."""
    answers = {indicator.id: _answer(indicator) for indicator in instrument.source.indicators}
    source = {**Source.model_json_schema(), "additionalProperties": False}
    source["properties"] |= {"kind": {"enum": list(instrument.source_kinds)}, "date": _DATE}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Response to {instrument.source.title} ({instrument.id})",
        "type": "object",
        "additionalProperties": False,
        "required": ["country", "round", "date", "instrument"],
        "properties": {
            "country": {"enum": list(instrument.countries[instrument.source.language])},
            "round": {"type": "integer", "minimum": 2015, "maximum": 2100},
            "date": _DATE,
            "instrument": {"const": instrument.id},
            "sources": {"type": "object", "propertyNames": {"pattern": _SOURCE_ID}, "additionalProperties": source},
            "answers": {"type": "object", "additionalProperties": False, "properties": answers},
        },
        "$defs": {"Ratification": Ratification.model_json_schema()},
    }


def _answer(indicator: Indicator) -> Schema:
    text: Schema = {"type": ["string", "null"]}
    values = {question.id: _value(question) for question in indicator.questions}
    return {
        "title": f"{indicator.number} {indicator.title}",
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {
            "values": {"type": ["object", "null"], "additionalProperties": False, "properties": values},
            "not_known": text,
            "not_applicable": text,
            "qualifier": text,
            "detail": text,
            "sources": {"type": ["array", "null"], "items": {"type": "string", "pattern": _SOURCE_ID}},
            "note": text,
            "version": {"type": "integer", "minimum": 1},
        },
    }


def _value(question: Question) -> Schema:
    allowed = _TYPES[question.type](question)
    return {"title": question.text, "description": question.help, "anyOf": [allowed, {"type": "null"}]}


def _one(question: Question) -> Schema:
    if isinstance(question, ChoiceQuestion):
        return {"oneOf": [{"const": option.id, "title": option.label} for option in question.options]}
    return {"enum": ["yes", "no"]}


def _many(question: ChoicesQuestion) -> Schema:
    return _list({"enum": list(closed_options(question))})


def _list(items: Schema) -> Schema:
    return {"anyOf": [{"type": "array", "items": items, "minItems": 1, "uniqueItems": True}, items]}


def _range(question: YearQuestion | NumberQuestion) -> Schema:
    return {"type": "integer", "minimum": question.min, "maximum": question.max}


def _source(question: SourceQuestion) -> Schema:
    one: Schema = {"type": "string", "pattern": _SOURCE_ID}
    return one if question.type == "source" else _list(one)


_TYPES: Mapping[str, Callable[[Any], Schema]] = {
    "choice": _one,
    "choices": _many,
    "yes_no": _one,
    "year": _range,
    "number": _range,
    "text": lambda question: {"type": "string", "maxLength": 300},
    "paragraph": lambda question: {"type": "string", "maxLength": 5000},
    "source": _source,
    "sources": _source,
    "countries": lambda question: _list({"type": "string", "pattern": "^[A-Z]{2}$"}),
    "languages": lambda question: _list({"type": "string", "pattern": "^[a-z]{2,3}$"}),
    "ratification": lambda question: {"$ref": "#/$defs/Ratification"},
}
