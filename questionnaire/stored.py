"""What goes into a database and comes back from it unchanged: answers, sources, responses, and whole instruments."""

import hashlib
import json
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from questionnaire.compiled import CompiledInstrument, build_tables, compile_instrument
from questionnaire.dates import PartialDate
from questionnaire.model import Country, Instrument
from questionnaire.response import Answer, Ratification, Response, Source, Value

INSTRUMENT_FORMAT = "mgi-instrument/1"
_NOTHING = dict.fromkeys(Answer.model_fields)
_DAMAGED = "the stored instrument is damaged: {}; please restore the database from a backup"


def canonical(data: Any) -> str:
    """Plain data as the one JSON text that stands for it: keys sorted, no spaces, every character as itself."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def answer_body(answer: Answer) -> str:
    """The answer as canonical JSON, without its version and without what is empty."""
    return canonical(_answer_data(answer))


def answer_from(body: str, version: int) -> Answer:
    """The answer of a text that `answer_body` made; the text is trusted and not checked again."""
    return _answer(from_json(body), version)


def source_body(source: Source) -> str:
    """The source as canonical JSON, without what is empty."""
    return canonical(source.model_dump(mode="json", exclude_none=True))


def source_from(body: str) -> Source:
    """The source of a text that `source_body` made; the text is trusted and not checked again."""
    return _source(from_json(body))


def response_body(response: Response) -> str:
    """The whole response as canonical JSON, each answer with its version."""
    return canonical(
        {
            "country": response.country,
            "round": response.round,
            "date": response.date,
            "instrument": response.instrument,
            "sources": {
                key: source.model_dump(mode="json", exclude_none=True) for key, source in response.sources.items()
            },
            "answers": {
                key: {**_answer_data(answer), "version": answer.version} for key, answer in response.answers.items()
            },
        }
    )


def response_from(body: str) -> Response:
    """The response of a text that `response_body` made; the text is trusted and not checked again."""
    data = from_json(body)
    return Response.model_construct(
        country=data["country"],
        round=data["round"],
        date=PartialDate(data["date"]),
        instrument=data["instrument"],
        sources={key: _source(source) for key, source in data["sources"].items()},
        answers={key: _answer(answer, answer.pop("version")) for key, answer in data["answers"].items()},
    )


def _answer_data(answer: Answer) -> dict[str, Any]:
    """The fields of an answer that hold something, as plain data."""
    data = {key: value for key, value in answer.__dict__.items() if value and key not in ("values", "version")}
    if answer.values:
        data["values"] = {key: _plain(value) for key, value in answer.values.items()}
    return data


def _plain(value: Value) -> Any:
    return value.model_dump(mode="json", exclude_none=True) if isinstance(value, Ratification) else value


def _answer(data: dict[str, Any], version: int) -> Answer:
    values = {key: _value(value) for key, value in data.pop("values", {}).items()}
    sources = tuple(data.pop("sources", ()))
    return Answer.model_construct(**{**_NOTHING, **data, "values": values, "sources": sources, "version": version})


def _value(value: Any) -> Value:
    """A list is a tuple of ids or codes, and a mapping a ratification; text and numbers are themselves."""
    if isinstance(value, list):
        return tuple(value)
    typed: Value = Ratification.model_construct(**value) if isinstance(value, dict) else value
    return typed


def _source(data: dict[str, Any]) -> Source:
    if "date" in data:
        data["date"] = PartialDate(data["date"])
    return Source.model_construct(**data)


def dump_instrument(compiled: CompiledInstrument) -> str:
    """All that an assessment is evaluated and told with, as JSON: the instrument, its translations and the countries.

    The tables follow from the rest and are left out. The text holds its own SHA-256, by which damage is found.
    """
    content = {
        "format": INSTRUMENT_FORMAT,
        "content_hash": compiled.content_hash,
        "instrument": compiled.source.model_dump(mode="json"),
        "translations": {
            language: instrument.model_dump(mode="json")
            for language, instrument in compiled.translations.items()
            if language != compiled.source.language
        },
        "countries": {
            language: [country.model_dump(mode="json") for country in countries.values()]
            for language, countries in compiled.countries.items()
        },
    }
    return json.dumps({"checksum": _sha256(content), "content": content}, ensure_ascii=False, separators=(",", ":"))


def _sha256(content: Any) -> str:
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def restore_instrument(text: str) -> CompiledInstrument:
    """The instrument of a text that `dump_instrument` made, its tables built anew; `ValueError` if the text was damaged."""
    content = _sound_content(text)
    try:
        instrument = Instrument.model_validate(content["instrument"])
        translations = {
            language: Instrument.model_validate(translated) for language, translated in content["translations"].items()
        }
        countries = {
            language: {country["code"]: Country.model_validate(country) for country in listed}
            for language, listed in content["countries"].items()
        }
    except ValidationError as error:
        raise ValueError(_DAMAGED.format(f"it does not fit this version of the program ({error})")) from None
    compiled = compile_instrument(instrument, build_tables(instrument), translations, countries)
    if compiled.content_hash != content["content_hash"]:
        raise ValueError(_DAMAGED.format("it is not the one that its content hash names"))
    return compiled


def _sound_content(text: str) -> Any:
    """The content, if it is whole: `ValueError` if its checksum is not the one that stands beside it."""
    try:
        stored = from_json(text)
        content, checksum = stored["content"], stored["checksum"]
        sound = content["format"] == INSTRUMENT_FORMAT and _sha256(content) == checksum
    except (ValueError, KeyError, TypeError):
        raise ValueError(_DAMAGED.format("it is not the text that was stored")) from None
    if not sound:
        raise ValueError(_DAMAGED.format("its checksum is not the one stored with it"))
    return content
