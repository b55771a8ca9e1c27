"""A domain, or one indicator, as a form that any JSON Forms client draws: schema, uischema and data.

The data hold an answer per indicator, in the shape in which an answer is saved, so a form is sent back as it is (what a
client leaves empty is taken away by `without_blanks`). Each condition of the instrument is a rule of the uischema: an
indicator that an earlier answer makes moot is hidden; so are its questions while a reason is stated, and the reasons while
there are values. Hidden data are kept, and count nowhere.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from questionnaire.compiled import CompiledInstrument
from questionnaire.form_rules import ANY_VALUE, CONTEXT, Term, Visibility
from questionnaire.model import (
    RATIFICATION_STATUSES,
    ChoicesQuestion,
    ClosedQuestion,
    Indicator,
    Question,
    RatificationQuestion,
    SourceQuestion,
)
from questionnaire.response import Answer, Ratification, Source, SourceId, Value
from questionnaire.response_schema import (
    Schema,
    given,
    holds,
    option_list,
    reference,
    titled,
    typed_text,
    whole_number,
)
from questionnaire.text import Phrase, Prose
from questionnaire.wording import language_codes, language_name

_BLANK: tuple[Any, ...] = (None, "", [], {})


class Form(NamedTuple):
    """What a client needs to draw a form. The schemas are shared between forms: to be read, never changed."""

    schema: Schema
    uischema: Schema
    data: dict[str, Any]


class FormWords(NamedTuple):
    """What a form says besides the instrument's own texts."""

    yes: str = "Yes"
    no: str = "No"
    status: str = "Status"
    ratified: str = "Ratified"
    acceded: str = "Acceded"
    succeeded: str = "Succeeded"
    signed: str = "Signed only"
    none: str = "None of these"
    year: str = "Year"
    reservations: str = "Reservations and declarations"
    reservations_help: str = "In one or more full sentences."
    qualifier: str = "Qualifier"
    qualifier_help: str = "A limit or condition, printed beside the finding. In one or more full sentences."
    detail: str = "Detail"
    detail_help: str = "What should be printed after the finding. In one or more full sentences."
    sources: str = "Further sources"
    sources_help: str = "What else the answer rests on."
    note: str = "Note"
    note_help: str = "For those who fill in and review; it is not printed."
    not_known: str = "Not known, because"
    not_known_help: str = "If it cannot be found out: the reason, in words."
    not_applicable: str = "Not applicable, because"
    not_applicable_help: str = "If the questions do not apply to the country: the reason, in words."


ENGLISH = FormWords()


def domain_form(
    instrument: CompiledInstrument,
    domain: str | int,
    *,
    language: str = "en",
    sources: Mapping[str, Source],
    answers: Mapping[str, Answer],
    words: FormWords = ENGLISH,
) -> Form:
    """The form of all indicators of a domain, given by its number.

    All that its conditions test is in the form itself. `KeyError` for a domain or language that the instrument does not have.
    """
    static = _domain_static(instrument, str(domain), language, words)
    return Form(_with_sources(static, instrument, sources), static.uischema, _bodies(static.indicators, answers))


def indicator_form(
    instrument: CompiledInstrument,
    indicator_id: str,
    *,
    language: str = "en",
    sources: Mapping[str, Source],
    answers: Mapping[str, Answer],
    words: FormWords = ENGLISH,
) -> Form:
    """The form of one indicator. What its conditions test of earlier ones is in `data["context"]`, read-only.

    The context holds the closed values of those indicators and whether a reason is stated, no text. `KeyError` for an indicator
    or language that the instrument does not have.
    """
    static = _indicator_static(instrument, indicator_id, language, words)
    context = {earlier.id: _closed(earlier, answers[earlier.id]) for earlier in static.earlier if earlier.id in answers}
    data = _bodies(static.indicators, answers) | {CONTEXT: context}
    return Form(_with_sources(static, instrument, sources), static.uischema, data)


def answer_body(answer: Answer) -> dict[str, Any]:
    """An answer as plain JSON data: its values and version, and what else is given."""
    values = {question: _plain_value(value) for question, value in answer.values.items()}
    fields = {name: getattr(answer, name) for name in Answer.model_fields if name not in ("values", "sources")}
    stated = {name: value for name, value in fields.items() if value is not None}
    sources = {"sources": list(dict.fromkeys(answer.sources))} if answer.sources else {}
    return {"values": values, **sources, **stated}


def without_blanks(body: Any) -> Any:
    """What a form sends back, without the empty texts, lists and groups that a cleared field leaves behind.

    >>> without_blanks({"values": {"groups": "all", "limits": [], "status": {}}, "note": ""})
    {'values': {'groups': 'all'}}
    """
    if not isinstance(body, dict):
        return body
    kept = {key: without_blanks(value) for key, value in body.items()}
    return {key: value for key, value in kept.items() if value not in _BLANK}


def _bodies(indicators: Iterable[Indicator], answers: Mapping[str, Answer]) -> dict[str, Any]:
    return {one.id: answer_body(answers[one.id]) for one in indicators if one.id in answers}


def _plain_value(value: Value) -> Any:
    if isinstance(value, Ratification):
        return value.model_dump(exclude_none=True)
    return list(value) if isinstance(value, tuple) else value


def _tested(value: Value) -> Any:
    return {"status": value.status} if isinstance(value, Ratification) else _plain_value(value)


def _closed(indicator: Indicator, answer: Answer) -> dict[str, Any]:
    """What conditions can test of an answer, and nothing else of it."""
    values = {
        question.id: _tested(answer.values[question.id])
        for question in indicator.questions
        if isinstance(question, ClosedQuestion) and question.id in answer.values
    }
    reasons = {name: True for name in ("not_known", "not_applicable") if getattr(answer, name) is not None}
    return {"values": values, **reasons}


class _Static(NamedTuple):
    """What of a form depends on instrument, language and words alone."""

    schema: Schema
    uischema: Schema
    indicators: tuple[Indicator, ...]
    earlier: tuple[Indicator, ...] = ()

    def source_questions(self) -> Iterator[tuple[Indicator, SourceQuestion]]:
        """All questions that take sources."""
        asked = ((indicator, question) for indicator in self.indicators for question in indicator.questions)
        yield from ((indicator, question) for indicator, question in asked if isinstance(question, SourceQuestion))


@lru_cache(maxsize=64)
def _domain_static(instrument: CompiledInstrument, number: str, language: str, words: FormWords) -> _Static:
    domain = {str(domain.number): domain for domain in instrument.in_language(language).domains}[number]
    writer = _Writer(instrument, language, words, Visibility(instrument))
    groups = [
        _group(subdomain.title, [writer.indicator(indicator) for indicator in subdomain.indicators])
        for subdomain in domain.subdomains
    ]
    schema = writer.schema(domain.title, domain.indicators)
    return _Static(schema, {"type": "VerticalLayout", "elements": groups}, domain.indicators)


@lru_cache(maxsize=512)
def _indicator_static(instrument: CompiledInstrument, indicator_id: str, language: str, words: FormWords) -> _Static:
    indicators = {indicator.id: indicator for indicator in instrument.in_language(language).indicators}
    indicator = indicators[indicator_id]
    rules = Visibility(instrument, indicator_id)
    writer = _Writer(instrument, language, words, rules)
    schema = writer.schema(_numbered(indicator), (indicator,))
    schema["properties"][CONTEXT] = {"type": "object", "readOnly": True}
    tested = rules.earlier(indicator)
    earlier = tuple(one for key, one in indicators.items() if key in tested)
    return _Static(schema, writer.indicator(indicator), (indicator,), earlier)


def _with_sources(static: _Static, instrument: CompiledInstrument, sources: Mapping[str, Source]) -> Schema:
    """The schema with the sources to choose from: for a question those of its kinds; where there is none, an id is typed."""
    any_kind = {kind.id for kind in instrument.source_kinds.values() if kind.stands_for_any}
    lists: dict[str, Schema] = {_ALL_SOURCES: _source_list(sources)}
    schema = static.schema
    for indicator, question in static.source_questions():
        name = _list_of(question)
        if name not in lists:
            fits = any_kind.union(question.kinds)
            lists[name] = _source_list({key: source for key, source in sources.items() if source.kind in fits})
        if question.type == "source":
            # a client reads title and options of a control in one place, so this one is no reference
            schema = _extended(schema, ("properties", indicator.id, *_VALUES, question.id), lists[name])
    return _extended(schema, ("$defs",), lists)


def _extended(tree: Schema, path: tuple[str, ...], more: Schema) -> Schema:
    """The tree with more at a place, sharing all the rest with the given one."""
    if not path:
        return {**tree, **more}
    return {**tree, path[0]: _extended(tree[path[0]], path[1:], more)}


def _source_list(sources: Mapping[str, Source]) -> Schema:
    return _one_of({key: source.title for key, source in sources.items()}) if sources else _SOURCE_ID


def _list_of(question: SourceQuestion) -> str:
    return "-".join([_ALL_SOURCES, *question.kinds])


@lru_cache(maxsize=16)
def _code_lists(instrument: CompiledInstrument, language: str) -> Mapping[str, Schema]:
    """The countries and languages by name."""
    locale = instrument.in_language(language).locales[language]
    names = {code: language_name(code, locale) or language_name(code, "en") or code for code in language_codes()}
    languages = dict(sorted(names.items(), key=lambda name: name[1].casefold()))
    listed = sorted(instrument.countries[language].values(), key=lambda country: country.name.casefold())
    countries = {country.code: country.name for country in listed}
    return {"countries": _one_of(countries), "languages": _one_of(languages)}


def _one_of(titles: Mapping[str, str]) -> Schema:
    return {"type": "string", **titled(titles)}


class _Writer(NamedTuple):
    """Writes the parts of a form in one language."""

    instrument: CompiledInstrument
    language: str
    words: FormWords
    rules: Visibility

    def schema(self, title: str, indicators: Iterable[Indicator]) -> Schema:
        """The schema of all data; source lists come later."""
        asked = {question.type for indicator in indicators for question in indicator.questions}
        lists = _code_lists(self.instrument, self.language)
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": title,
            "type": "object",
            "additionalProperties": False,
            "properties": {indicator.id: self._answer(indicator) for indicator in indicators},
            "$defs": {name: schema for name, schema in lists.items() if name in asked},
        }

    def _answer(self, indicator: Indicator) -> Schema:
        values = {question.id: self._value(question) for question in indicator.questions}
        reasons = ("not_known", "not_applicable")
        texts = {name: self._field(name) | _FIELD_TEXTS[name] for name in (*reasons, "qualifier", "detail", "note")}
        return {
            "title": _numbered(indicator),
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "values": {"type": "object", "additionalProperties": False, "properties": values},
                **texts,
                "sources": self._field("sources") | _list(reference(_ALL_SOURCES)),
                "version": {"type": "integer", "minimum": 1, "readOnly": True},
            },
            # said of the reason, which is shown while there are values, and not of values that it hides
            "if": ANY_VALUE,
            "then": {"properties": dict.fromkeys(reasons, False)},
            "dependentSchemas": {"not_applicable": {"properties": {"not_known": False}}},
        }

    def _field(self, name: str) -> Schema:
        return {"title": getattr(self.words, name), "description": getattr(self.words, f"{name}_help")}

    def _value(self, question: Question) -> Schema:
        frame: Schema = {"title": question.text, "description": question.help}
        if isinstance(question, RatificationQuestion):
            return frame | self._ratification(question)
        if question.type == "yes_no":
            return frame | _one_of({"yes": self.words.yes, "no": self.words.no})
        return frame | _TYPES[question.type](question)

    def _ratification(self, question: RatificationQuestion) -> Schema:
        adopted = next(one.adopted for one in self.instrument.source.conventions if one.id == question.convention)
        fields = Ratification.model_json_schema()["properties"]
        statuses = _one_of({status: getattr(self.words, status) for status in RATIFICATION_STATUSES})
        year = max(adopted, given(fields["year"])["minimum"])
        return {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "status": {"title": self.words.status, "description": question.help, **statuses},
                "year": {"title": self.words.year, **given(fields["year"]), "minimum": year},
                "reservations": self._field("reservations") | typed_text(fields["reservations"]),
            },
            "dependentRequired": {"year": ["status"], "reservations": ["status"]},
            "if": holds("status", {"const": "none"}),
            "then": {"properties": {"year": False}},
        }

    def indicator(self, indicator: Indicator) -> Schema:
        """The group of an indicator's controls."""
        scope = f"#/properties/{indicator.id}/properties"
        questions = [self._question(indicator, question) for question in indicator.questions]
        told = [_control(f"{scope}/{name}", lines=True) for name in ("qualifier", "detail")]
        reasons = [
            _control(f"{scope}/{name}", lines=True) | _rule(self.rules.reason(indicator, name, other))
            for name, other in (("not_known", "not_applicable"), ("not_applicable", "not_known"))
        ]
        elements = [
            {"type": "VerticalLayout", "elements": [*questions, *told], **_rule(self.rules.values(indicator))},
            *reasons,
            _control(f"{scope}/sources"),
            _control(f"{scope}/note", lines=True),
        ]
        return _group(_numbered(indicator), elements) | _rule(self.rules.indicator(indicator))

    def _question(self, indicator: Indicator, question: Question) -> Schema:
        scope = f"#/properties/{indicator.id}/properties/values/properties/{question.id}"
        rule = _rule(self.rules.question(indicator, question))
        if not isinstance(question, RatificationQuestion):
            return _control(scope, lines=question.type == "paragraph") | rule
        fields = [
            _control(f"{scope}/properties/status"),
            _control(f"{scope}/properties/year") | _rule(self.rules.year(indicator, question)),
            _control(f"{scope}/properties/reservations", lines=True),
        ]
        return _group(question.text, fields) | rule


def _numbered(indicator: Indicator) -> str:
    return f"{indicator.number} {indicator.title}"


def _group(label: str, elements: list[Schema]) -> Schema:
    return {"type": "Group", "label": label, "elements": elements}


def _control(scope: str, lines: bool = False) -> Schema:
    return {"type": "Control", "scope": scope, **({"options": {"multi": True}} if lines else {})}


def _rule(term: Term) -> Schema:
    """The rule that shows an element where the term holds; none where it always does."""
    if term is True:
        return {}
    return {"rule": {"effect": "SHOW", "condition": {"scope": "#", "schema": term or {"not": {}}}}}


def _list(items: Schema) -> Schema:
    return {"type": "array", "uniqueItems": True, "items": items}


def _choices(question: ChoicesQuestion) -> Schema:
    alone = [option.id for option in question.options if option.exclusive]
    single = {"if": {"contains": {"enum": alone}}, "then": {"maxItems": 1}} if alone else {}
    return {**_list({"type": "string", **option_list(question)}), **single}


_ALL_SOURCES = "sources"
_VALUES = ("properties", "values", "properties")
_SOURCE_ID = TypeAdapter(SourceId).json_schema()
_FIELDS = Answer.model_json_schema()["properties"]
_FIELD_TEXTS = {
    name: typed_text(_FIELDS[name]) for name in ("not_known", "not_applicable", "qualifier", "detail", "note")
}

_TYPES: Mapping[str, Callable[[Any], Schema]] = {
    "choice": lambda question: {"type": "string", **option_list(question)},
    "choices": _choices,
    "year": whole_number,
    "number": whole_number,
    "text": lambda question: typed_text(TypeAdapter(Phrase).json_schema()),
    "paragraph": lambda question: typed_text(TypeAdapter(Prose).json_schema()),
    "source": lambda question: {"type": "string"},
    "sources": lambda question: _list(reference(_list_of(question))),
    "countries": lambda question: _list(reference("countries")),
    "languages": lambda question: _list(reference("languages")),
}
