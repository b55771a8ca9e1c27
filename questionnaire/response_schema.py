"""The JSON Schema of a response to an instrument, for editors that check while one writes."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import TypeAdapter

from questionnaire.compiled import CompiledInstrument
from questionnaire.model import (
    ChoiceQuestion,
    ChoicesQuestion,
    Convention,
    Indicator,
    NumberQuestion,
    Question,
    RatificationQuestion,
    YearQuestion,
)
from questionnaire.response import Answer, Ratification, Response, Source, SourceId
from questionnaire.text import Phrase, Prose
from questionnaire.wording import language_codes

Schema = dict[str, Any]

_EMPTY: Schema = {"type": "null"}


def response_schema(instrument: CompiledInstrument) -> Schema:
    """JSON Schema, draft 2020-12. What it cannot say (ids of sources that exist, kinds that fit) `response check` says."""
    conventions = {convention.id: convention for convention in instrument.source.conventions}
    answers = {indicator.id: _answer(indicator, conventions) for indicator in instrument.source.indicators}
    frame = Response.model_json_schema()["properties"]
    sources = {"type": "object", "propertyNames": reference("SourceId"), "additionalProperties": reference("Source")}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Response to {instrument.source.title} ({instrument.id})",
        "type": "object",
        "additionalProperties": False,
        "required": ["country", "round", "date", "instrument"],
        "properties": {
            "country": reference("Country"),
            "round": frame["round"],
            "date": frame["date"],
            "instrument": {"const": instrument.id},
            "sources": _or_empty(sources),
            "answers": _or_empty({"type": "object", "additionalProperties": False, "properties": answers}),
        },
        "$defs": _definitions(instrument),
    }


def _definitions(instrument: CompiledInstrument) -> Schema:
    """What is used in many places: the models' own schemas, and lists of codes."""
    source = Source.model_json_schema()
    source["properties"]["kind"] = {"enum": list(instrument.source_kinds)}
    fields = Answer.model_json_schema()["properties"]
    return {
        "SourceId": TypeAdapter(SourceId).json_schema(),
        "Source": source,
        "Country": {"enum": list(instrument.countries[instrument.source.language])},
        "Language": {"enum": list(language_codes())},
        "Phrase": TypeAdapter(Phrase).json_schema(),
        "Prose": TypeAdapter(Prose).json_schema(),
        "Ratification": Ratification.model_json_schema()
        | {"if": holds("status", {"const": "none"}), "then": {"properties": {"year": _EMPTY}}},
        "sources": {"type": ["array", "null"], "items": reference("SourceId")},
        "version": _or_empty(fields["version"]),
        **{name: fields[name] for name in ("not_known", "not_applicable", "qualifier", "detail", "note")},
        "reasons": {"allOf": [_alone("not_known", "not_applicable"), _alone("not_applicable", "not_known")]},
    }


def reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _or_empty(schema: Schema) -> Schema:
    return {"anyOf": [schema, _EMPTY]}


def holds(name: str, schema: Schema) -> Schema:
    """That a field is there and as the schema says."""
    return {"type": "object", "required": [name], "properties": {name: schema}}


def _alone(reason: str, other: str) -> Schema:
    """That where one reason stands, there is no other and no value."""
    nothing_else = {"properties": {other: _EMPTY, "values": {"additionalProperties": _EMPTY}}}
    return {"if": holds(reason, {"not": _EMPTY}), "then": nothing_else}


def titled(options: Mapping[str, str]) -> Schema:
    """One of these, each with its title."""
    return {"oneOf": [{"const": key, "title": title} for key, title in options.items()]}


def given(schema: Schema) -> Schema:
    """A model's schema of a field, without the possibility to leave it empty."""
    return next((one for one in schema.get("anyOf", ()) if one != _EMPTY), schema)


def typed_text(schema: Schema) -> Schema:
    """A kind of text as any client draws it: a text and no number, with all its patterns in one."""
    kind = given(schema)
    patterns = "".join(rf"(?=[\s\S]*(?:{pattern['pattern']}))" for pattern in kind["allOf"])
    return {"type": "string", "maxLength": kind["maxLength"], "pattern": f"^{patterns}"}


def _answer(indicator: Indicator, conventions: Mapping[str, Convention]) -> Schema:
    values = {question.id: _value(question, conventions) for question in indicator.questions}
    return {
        "title": f"{indicator.number} {indicator.title}",
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {
            "values": {"type": ["object", "null"], "additionalProperties": False, "properties": values},
            **{name: reference(name) for name in Answer.model_fields if name != "values"},
        },
        **reference("reasons"),
    }


def _value(question: Question, conventions: Mapping[str, Convention]) -> Schema:
    if isinstance(question, RatificationQuestion):
        allowed = _ratification(conventions[question.convention])
    else:
        allowed = _TYPES[question.type](question)
    return {"title": question.text, "description": question.help, **_or_empty(allowed)}


def _ratification(convention: Convention) -> Schema:
    return {**reference("Ratification"), "properties": {"year": {"minimum": convention.adopted}}}


def option_list(question: ChoiceQuestion | ChoicesQuestion) -> Schema:
    """One of the options, each with its label."""
    return titled({option.id: option.label for option in question.options})


def _choices(question: ChoicesQuestion) -> Schema:
    """One option; some of those that can stand together; or a list of one that stands for itself."""
    alone = [option.id for option in question.options if option.exclusive]
    together = [option.id for option in question.options if not option.exclusive]
    lists = [_list({"enum": together})] if together else []
    lists += [_list({"enum": alone}) | {"maxItems": 1}] if alone else []
    return {"anyOf": [*lists, {"enum": [option.id for option in question.options]}]}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items, "minItems": 1, "uniqueItems": True}


def _one_or_more(items: Schema) -> Schema:
    return {"anyOf": [_list(items), items]}


def whole_number(question: YearQuestion | NumberQuestion) -> Schema:
    """A whole number within the question's bounds."""
    return {"type": "integer", "minimum": question.min, "maximum": question.max}


_TYPES: Mapping[str, Callable[[Any], Schema]] = {
    "choice": option_list,
    "choices": _choices,
    "yes_no": lambda question: {"enum": ["yes", "no"]},
    "year": whole_number,
    "number": whole_number,
    "text": lambda question: reference("Phrase"),
    "paragraph": lambda question: reference("Prose"),
    "source": lambda question: reference("SourceId"),
    "sources": lambda question: _one_or_more(reference("SourceId")),
    "countries": lambda question: _one_or_more(reference("Country")),
    "languages": lambda question: _one_or_more(reference("Language")),
}
