"""What counts as a value for each type of question."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from questionnaire.model import (
    RATIFICATION_STATUSES,
    ChoiceQuestion,
    ChoicesQuestion,
    Country,
    NumberQuestion,
    Question,
    SourceQuestion,
    YearQuestion,
)
from questionnaire.problems import nearest
from questionnaire.response import Ratification, Source, Value
from questionnaire.text import Phrase, Prose
from questionnaire.validation import worded
from questionnaire.wording import language_codes, language_name


class Known(NamedTuple):
    """What a value can refer to: the response's sources (None: one that is wrong itself), kinds that stand for any, countries."""

    sources: Mapping[str, Source | None]
    any_kinds: frozenset[str]
    countries: Mapping[str, Country]


_PHRASE: TypeAdapter[str] = TypeAdapter(Phrase)
_PROSE: TypeAdapter[str] = TypeAdapter(Prose)


def parse_value(question: Question, raw: Any, known: Known) -> Value:
    """The typed value of a raw answer; `ValueError` says what is allowed."""
    return _PARSERS[question.type](question, raw, known)


def _one_of(raw: Any, allowed: Collection[str], what: str, names: Mapping[str, str] | None = None) -> str:
    """The id, if it is allowed. `names` are other ways to say one, for a hint."""
    if isinstance(raw, bool):
        raise ValueError(f"write one of: {_some(allowed)} (without true or false)")
    if isinstance(raw, str) and raw in allowed:
        return raw
    meant = {name.casefold(): known for name, known in {**{one: one for one in allowed}, **(names or {})}.items()}
    found = meant.get(str(raw).casefold())
    hint = f"; please write {found}" if found else nearest(str(raw), allowed)
    raise ValueError(f"'{raw}' is not {what}; allowed: {_some(allowed)}{hint}")


def _some(allowed: Collection[str]) -> str:
    listed = list(allowed)
    return ", ".join(listed[:12]) + (", …" if len(listed) > 12 else "")


def _listed(raw: Any, allowed: Collection[str], what: str, names: Mapping[str, str] | None = None) -> tuple[str, ...]:
    if isinstance(raw, str) and raw not in allowed and "," in raw:
        raise ValueError(f"several are written as a list, with brackets: [{raw}]")
    items = raw if isinstance(raw, list) else [raw]
    if not items:
        raise ValueError(f"this should be a list of one or more; allowed: {_some(allowed)}")
    values = tuple(_one_of(item, allowed, what, names) for item in items)
    if len(set(values)) < len(values):
        raise ValueError("one of these stands twice; please name each once")
    return values


def _labels(question: ChoiceQuestion | ChoicesQuestion) -> dict[str, str]:
    return {option.label: option.id for option in question.options}


def _choice(question: ChoiceQuestion, raw: Any, known: Known) -> str:
    return _one_of(raw, tuple(option.id for option in question.options), "an option", _labels(question))


def _choices(question: ChoicesQuestion, raw: Any, known: Known) -> tuple[str, ...]:
    order = tuple(option.id for option in question.options)
    chosen = _listed(raw, order, "an option", _labels(question))
    for option in question.options:
        if option.exclusive and option.id in chosen and len(chosen) > 1:
            raise ValueError(f"'{option.id}' stands for itself; please choose it alone, or leave it out")
    return tuple(option for option in order if option in chosen)


def _yes_no(question: Question, raw: Any, known: Known) -> str:
    return _one_of(raw, ("yes", "no"), "an answer")


def _number(question: YearQuestion | NumberQuestion, raw: Any, known: Known) -> int:
    what = "year" if isinstance(question, YearQuestion) else "whole number"
    if isinstance(raw, bool) or not isinstance(raw, int) or not question.min <= raw <= question.max:
        raise ValueError(f"this should be a {what} from {question.min} to {question.max}")
    return raw


def _text(adapter: TypeAdapter[str]) -> Callable[[Question, Any, Known], str]:
    def parse(question: Question, raw: Any, known: Known) -> str:
        try:
            return adapter.validate_python(raw)
        except ValidationError as error:
            raise ValueError(worded(error.errors()[0])) from None

    return parse


def _source_ids(question: SourceQuestion, raw: Any, known: Known) -> tuple[str, ...]:
    chosen = _listed(raw, known.sources, "a source of this response")
    for source in chosen:
        named = known.sources[source]
        kind = named.kind if named else ""
        if named and kind not in question.kinds and kind not in known.any_kinds:
            raise ValueError(f"source '{source}' is of kind {kind}; asked for is {' or '.join(question.kinds)}")
    return chosen


def _source(question: SourceQuestion, raw: Any, known: Known) -> str:
    if isinstance(raw, list):
        raise ValueError("this takes one source, not a list; further ones can stand in the answer's 'sources'")
    return _source_ids(question, raw, known)[0]


def _countries(question: Question, raw: Any, known: Known) -> tuple[str, ...]:
    names = {country.name: code for code, country in known.countries.items()}
    return _listed(raw, known.countries, "a country's ISO code", names)


def _languages(question: Question, raw: Any, known: Known) -> tuple[str, ...]:
    names = {language_name(code, "en") or code: code for code in language_codes()}
    return _listed(raw, language_codes(), "a language's ISO code", names)


def _ratification(question: Question, raw: Any, known: Known) -> Ratification:
    if not isinstance(raw, dict):
        raise ValueError(
            f"this is written as {{status: ratified, year: 2008}}; statuses: {', '.join(RATIFICATION_STATUSES)}"
        )
    try:
        return Ratification.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "it"
        raise ValueError(f"{field}: {worded(first)} (status, year, reservations)") from None


_PARSERS: Mapping[str, Callable[[Any, Any, Known], Value]] = {
    "choice": _choice,
    "choices": _choices,
    "yes_no": _yes_no,
    "year": _number,
    "number": _number,
    "text": _text(_PHRASE),
    "paragraph": _text(_PROSE),
    "source": _source,
    "sources": _source_ids,
    "countries": _countries,
    "languages": _languages,
    "ratification": _ratification,
}
