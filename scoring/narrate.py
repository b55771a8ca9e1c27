"""From outcomes to sentences made of spans: fixed text, or a value that knows which question it came from."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from questionnaire.compiled import CompiledInstrument
from questionnaire.model import (
    Area,
    ChoiceQuestion,
    ChoicesQuestion,
    FindingRule,
    Indicator,
    Instrument,
    Question,
)
from questionnaire.response import Source
from questionnaire.sentences import COUNTRY_FORMS, OptionalPart, Placeholder, Sentence, parse_sentence
from questionnaire.wording import language_name, list_separators, number_text, separator
from scoring.evaluate import Conclusion, Result

Role = Literal["finding", "detail", "qualifier"]


class Span(NamedTuple):
    """A piece of a sentence. `question` is where a value came from; `source` and `href` are those of a named source."""

    text: str
    question: str | None = None
    source: str | None = None
    href: str | None = None


class Told(NamedTuple):
    """A sentence (or a few of them) as printed: the finding's own, the government's detail, or its qualifier."""

    role: Role
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """The plain text."""
        return "".join(span.text for span in self.spans)


class Finding(NamedTuple):
    """An area, its sentences, and why. `beside` is the finding right after which a qualifying one is printed."""

    conclusion: Conclusion
    area: Area
    told: tuple[Told, ...]
    beside: str | None


class Narrative(NamedTuple):
    """The findings of a result by indicator, told in one language."""

    result: Result
    country: str
    language: str
    findings: Mapping[str, Finding]


class _Slot(NamedTuple):
    """A place in a sentence that a question's answer fills."""

    question: Question
    tell: Callable[["Writer", Question, Any, Mapping[str, Source]], list[Span]]


_Piece = Span | _Slot
_Prepared = tuple[tuple[_Piece | tuple[_Piece, ...], ...], bool]
"""The pieces of a sentence, an optional part being a tuple of them; and whether it begins with a value."""


class Writer:
    """The sentences of an instrument in one language and about one country, ready to be filled in."""

    def __init__(self, instrument: CompiledInstrument, country: str, language: str) -> None:
        self.instrument: Instrument = instrument.in_language(language)
        self.locale = self.instrument.locales[language]
        self.separators = list_separators(self.locale)
        self.kinds = instrument.source_kinds
        self.countries = instrument.countries[language]
        here = self.countries[country]
        self.country = {name: getattr(here, name) for name in (*COUNTRY_FORMS, "name", "formal")}
        self._rules: dict[str, tuple[_Prepared | None, ...]] = {
            indicator.id: tuple(
                self._prepare(parse_sentence(rule.text), indicator) if isinstance(rule, FindingRule) else None
                for rule in indicator.findings
            )
            for indicator in self.instrument.indicators
        }

    def _prepare(self, sentence: Sentence, indicator: Indicator) -> _Prepared:
        pieces = tuple(
            tuple(self._piece(inner, indicator) for inner in part.parts)
            if isinstance(part, OptionalPart)
            else self._piece(part, indicator)
            for part in sentence
        )
        return pieces, isinstance(sentence[0], Placeholder)

    def _piece(self, part: str | Placeholder, indicator: Indicator) -> _Piece:
        if isinstance(part, str):
            return Span(part)
        question = indicator.question(part.name)
        return _Slot(question, _TELL[question.type]) if question else Span(self.country[part.name])

    def is_public(self, source: Source) -> bool:
        """Whether a source may be named in a document."""
        return self.kinds[source.kind].public if source.public is None else source.public

    def is_named(self, source: Source) -> bool:
        """Whether a source is named in sentences."""
        return self.is_public(source) and not self.kinds[source.kind].stands_for_any

    def sentence(self, conclusion: Conclusion, sources: Mapping[str, Source]) -> tuple[Span, ...]:
        """The finding's sentence, its optional parts filled in or left out."""
        if conclusion.leaf is None or conclusion.leaf.rule is None or conclusion.answer is None:
            return ()
        prepared = self._rules[conclusion.indicator.id][conclusion.leaf.rule]
        if prepared is None:
            return ()
        pieces, begins_with_value = prepared
        values, asked = conclusion.answer.values, conclusion.leaf.asked
        spans: list[Span] = []
        for piece in pieces:
            if isinstance(piece, Span):
                spans.append(piece)
            elif isinstance(piece, _Slot):
                spans += self._fill(piece, values, asked, sources)
            else:
                spans += self._optional(piece, values, asked, sources)
        if begins_with_value:
            spans[0] = spans[0]._replace(text=spans[0].text[:1].upper() + spans[0].text[1:])
        return tuple(spans)

    def _fill(
        self, slot: _Slot, values: Mapping[str, Any], asked: frozenset[str], sources: Mapping[str, Source]
    ) -> list[Span]:
        value = values.get(slot.question.id)
        return [] if value is None or slot.question.id not in asked else slot.tell(self, slot.question, value, sources)

    def _optional(
        self, part: tuple[_Piece, ...], values: Mapping[str, Any], asked: frozenset[str], sources: Mapping[str, Source]
    ) -> list[Span]:
        spans: list[Span] = []
        for piece in part:
            if isinstance(piece, Span):
                spans.append(piece)
                continue
            filled = self._fill(piece, values, asked, sources)
            if not filled:
                return []
            spans += filled
        return spans

    def fixed(self, text: str, **values: str | None) -> str:
        """A fixed text of the snapshot with the country's forms and the given values; missing ones drop their part."""
        known = {**self.country, **{name: value for name, value in values.items() if value is not None}}
        return "".join(_fixed(parse_sentence(text), known))

    def joined(self, spans: list[Span]) -> list[Span]:
        """Values as a list, as the language joins them."""
        if len(spans) < 2:
            return spans
        joined = spans[:1]
        for index, span in enumerate(spans[1:], 1):
            joined += (Span(separator(self.separators, index, len(spans))), span)
        return joined


def _fixed(sentence: Sentence, known: Mapping[str, str]) -> Iterator[str]:
    for part in sentence:
        if isinstance(part, str):
            yield part
        elif isinstance(part, Placeholder):
            yield known[part.name]
        elif all(inner.name in known for inner in part.parts if isinstance(inner, Placeholder)):
            yield from _fixed(part.parts, known)


def _phrases(writer: Writer, question: Question, value: Any, sources: Mapping[str, Source]) -> list[Span]:
    chosen = (value,) if isinstance(value, str) else value
    options = question.options if isinstance(question, ChoiceQuestion | ChoicesQuestion) else ()
    return writer.joined(
        [Span(option.phrase or option.label, question.id) for option in options if option.id in chosen]
    )


def _words(writer: Writer, question: Question, value: Any, sources: Mapping[str, Source]) -> list[Span]:
    return [Span(str(value), question.id)]


def _number(writer: Writer, question: Question, value: Any, sources: Mapping[str, Source]) -> list[Span]:
    return [Span(number_text(value, writer.locale), question.id)]


def _sources(writer: Writer, question: Question, value: Any, sources: Mapping[str, Source]) -> list[Span]:
    named = [(key, sources[key]) for key in ((value,) if isinstance(value, str) else value)]
    return writer.joined(
        [
            Span(source.in_text or source.title, question.id, key, source.url)
            for key, source in named
            if writer.is_named(source)
        ]
    )


def _countries(writer: Writer, question: Question, value: Any, sources: Mapping[str, Source]) -> list[Span]:
    return writer.joined([Span(writer.countries[code].country, question.id) for code in value])


def _languages(writer: Writer, question: Question, value: Any, sources: Mapping[str, Source]) -> list[Span]:
    return writer.joined([Span(language_name(code, writer.locale) or code, question.id) for code in value])


_TELL: Mapping[str, Callable[[Writer, Question, Any, Mapping[str, Source]], list[Span]]] = {
    "choice": _phrases,
    "choices": _phrases,
    "year": _words,
    "number": _number,
    "text": _words,
    "source": _sources,
    "sources": _sources,
    "countries": _countries,
    "languages": _languages,
}


@lru_cache(maxsize=256)
def writer_for(instrument: CompiledInstrument, country: str, language: str) -> Writer:
    """The writer for a country and a language, kept once made."""
    return Writer(instrument, country, language)


def narrate(result: Result, country: str, language: str) -> Narrative:
    """Tell each finding: its sentence, then the detail and the qualifier, in the government's own words."""
    writer = writer_for(result.instrument, country, language)
    sources = result.response.sources
    conclusions = result.conclusions
    findings: dict[str, Finding] = {}
    for indicator_id, conclusion in conclusions.items():
        rule = conclusion.rule
        if not isinstance(rule, FindingRule) or conclusion.answer is None:
            continue
        told = [Told("finding", writer.sentence(conclusion, sources))]
        if conclusion.answer.detail:
            told.append(Told("detail", (Span(conclusion.answer.detail),)))
        if conclusion.answer.qualifier:
            told.append(Told("qualifier", (Span(conclusion.answer.qualifier),)))
        findings[indicator_id] = Finding(conclusion, rule.area, tuple(told), _beside(conclusion, rule, conclusions))
    return Narrative(result, country, language, findings)


def _beside(conclusion: Conclusion, rule: FindingRule, conclusions: Mapping[str, Conclusion]) -> str | None:
    """The id of the well-developed finding that a potential one qualifies."""
    host = conclusion.indicator.qualifies
    if host is None or rule.area != "potential":
        return None
    hosting = conclusions[host].rule
    return host if isinstance(hosting, FindingRule) and hosting.area == "well_developed" else None
