"""From outcomes to sentences made of spans: fixed text, or a value that knows which question it came from."""

from collections.abc import Callable, Mapping
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
    Rule,
)
from questionnaire.response import Answer, Source
from questionnaire.sentences import COUNTRY_FORMS, OptionalPart, Placeholder, filled, parse_sentence
from questionnaire.table import Leaf
from questionnaire.wording import JOINED, Joined, interleaved, language_name, list_separators, number_text
from scoring.evaluate import Result

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

    indicator: str
    leaf: Leaf
    area: Area
    spans: tuple[Span, ...]
    answer: Answer
    beside: str | None

    @property
    def told(self) -> tuple[Told, ...]:
        """Its sentence, then the detail and the qualifier, in the government's own words."""
        own: dict[Role, str | None] = {"detail": self.answer.detail, "qualifier": self.answer.qualifier}
        return (
            Told("finding", self.spans),
            *(Told(role, (Span(text),)) for role, text in own.items() if text is not None),
        )


class Narrative(NamedTuple):
    """The findings of a result by indicator, told in one language."""

    result: Result
    country: str
    language: str
    findings: Mapping[str, Finding]


Named = Mapping[str, tuple[str, str | None]]
"""The sources that sentences may name, by id: the name as it stands in a sentence, and the link."""


class _Slot(NamedTuple):
    """A place in a sentence that a question's answer fills; `ready` holds the answers of one option as they are told."""

    question: str
    ready: Mapping[Any, list[Span]]
    tell: Callable[["Writer", "_Slot", Any, Named], list[Span]]
    phrases: Mapping[str, Span]
    joined: Joined


class _Prepared(NamedTuple):
    """A finding's rule, ready to be told: fixed spans, and tuples of pieces that are told together or not at all."""

    pieces: tuple[Span | tuple[Span | _Slot, ...], ...]
    area: Area
    host: str | None
    capital: bool


class Writer:
    """The sentences of an instrument in one language and about one country, ready to be filled in."""

    def __init__(self, instrument: CompiledInstrument, country: str, language: str) -> None:
        self.instrument: Instrument = instrument.in_language(language)
        self.locale = self.instrument.locales[language]
        self.separators = {joined: tuple(map(Span, list_separators(self.locale, joined))) for joined in JOINED}
        self.kinds = instrument.source_kinds
        self.nameable = {kind.id: kind.public for kind in self.kinds.values() if not kind.stands_for_any}
        self.countries = instrument.countries[language]
        here = self.countries[country]
        self.country = {name: getattr(here, name) for name in (*COUNTRY_FORMS, "name", "formal")}
        self.rules: dict[str, tuple[_Prepared | None, ...]] = {
            indicator.id: tuple(self._prepare(rule, indicator) for rule in indicator.findings)
            for indicator in self.instrument.indicators
        }

    def _prepare(self, rule: Rule, indicator: Indicator) -> _Prepared | None:
        if not isinstance(rule, FindingRule):
            return None
        sentence = parse_sentence(rule.text)
        pieces: list[Span | tuple[Span | _Slot, ...]] = []
        for part in sentence:
            inner = tuple(
                self._piece(p, indicator) for p in (part.parts if isinstance(part, OptionalPart) else (part,))
            )
            if len(inner) > 1 or isinstance(inner[0], _Slot):
                pieces.append(inner)
            elif pieces and isinstance(pieces[-1], Span):
                pieces[-1] = Span(pieces[-1].text + inner[0].text)
            else:
                pieces.append(inner[0])
        host = indicator.qualifies if rule.area == "potential" else None
        return _Prepared(tuple(pieces), rule.area, host, isinstance(sentence[0], Placeholder))

    def _piece(self, part: str | Placeholder, indicator: Indicator) -> Span | _Slot:
        if isinstance(part, str):
            return Span(part)
        question = indicator.question(part.name)
        if question is None:
            return Span(self.country[part.name])
        options = question.options if isinstance(question, ChoiceQuestion | ChoicesQuestion) else ()
        phrases = {option.id: Span(option.phrase or option.label, question.id) for option in options}
        ready: dict[Any, list[Span]] = {option: [span] for option, span in phrases.items()}
        ready |= {(option,): spans for option, spans in ready.items()}
        return _Slot(question.id, ready, _TELL[question.type], phrases, getattr(question, "joined", "and"))

    def is_public(self, source: Source) -> bool:
        """Whether a source may be named in a document."""
        return self.kinds[source.kind].public if source.public is None else source.public

    def named(self, sources: Mapping[str, Source]) -> Named:
        """The sources that sentences may name: the public ones, but for kinds that stand for any."""
        nameable = self.nameable
        return {
            key: (source.in_text or source.title, source.url)
            for key, source in sources.items()
            if (nameable.get(source.kind) if source.public is None else source.public and source.kind in nameable)
        }

    def sentence(
        self, prepared: _Prepared, values: Mapping[str, Any], asked: frozenset[str], named: Named
    ) -> tuple[Span, ...]:
        """A finding's sentence, its optional parts filled in or left out."""
        spans: list[Span] = []
        for piece in prepared.pieces:
            if isinstance(piece, Span):
                spans.append(piece)
            elif filled := self._part(piece, values, asked, named):
                spans += filled
        if prepared.capital:
            text, question, source, href = spans[0]
            spans[0] = Span(text[:1].upper() + text[1:], question, source, href)
        return tuple(spans)

    def _part(
        self, part: tuple[Span | _Slot, ...], values: Mapping[str, Any], asked: frozenset[str], named: Named
    ) -> list[Span]:
        spans: list[Span] = []
        for piece in part:
            if isinstance(piece, Span):
                spans.append(piece)
                continue
            question, ready, tell, *_ = piece
            value = values.get(question)
            if value is None or question not in asked:
                return []
            filled = ready.get(value) or tell(self, piece, value, named)
            if not filled:
                return []
            spans += filled
        return spans

    def fixed(self, text: str, **values: str | None) -> str:
        """A fixed text of the snapshot with the country's forms and the given values; missing ones drop their part."""
        known = {**self.country, **{name: value for name, value in values.items() if value is not None}}
        return filled(parse_sentence(text), known)

    def listed(self, spans: list[Span], joined: Joined) -> list[Span]:
        """Values as a list, as the language joins them."""
        return interleaved(spans, self.separators[joined])


def _phrases(writer: Writer, slot: _Slot, value: Any, named: Named) -> list[Span]:
    phrases = slot.phrases
    return writer.listed([phrases[option] for option in value], slot.joined)


def _words(writer: Writer, slot: _Slot, value: Any, named: Named) -> list[Span]:
    return [Span(str(value), slot.question)]


def _number(writer: Writer, slot: _Slot, value: Any, named: Named) -> list[Span]:
    return [Span(number_text(value, writer.locale), slot.question)]


def _source(writer: Writer, slot: _Slot, value: Any, named: Named) -> list[Span]:
    if value not in named:
        return []
    text, href = named[value]
    return [Span(text, slot.question, value, href)]


def _sources(writer: Writer, slot: _Slot, value: Any, named: Named) -> list[Span]:
    return writer.listed([span for key in value for span in _source(writer, slot, key, named)], slot.joined)


def _countries(writer: Writer, slot: _Slot, value: Any, named: Named) -> list[Span]:
    return writer.listed([Span(writer.countries[code].country, slot.question) for code in value], slot.joined)


def _languages(writer: Writer, slot: _Slot, value: Any, named: Named) -> list[Span]:
    return writer.listed(
        [Span(language_name(code, writer.locale) or code, slot.question) for code in value], slot.joined
    )


_TELL: Mapping[str, Callable[[Writer, _Slot, Any, Named], list[Span]]] = {
    "choice": _phrases,
    "choices": _phrases,
    "year": _words,
    "number": _number,
    "text": _words,
    "source": _source,
    "sources": _sources,
    "countries": _countries,
    "languages": _languages,
}


@lru_cache(maxsize=256)
def writer_for(instrument: CompiledInstrument, country: str, language: str) -> Writer:
    """The writer for a country and a language, kept once made."""
    return Writer(instrument, country, language)


def narrate(result: Result, country: str, language: str) -> Narrative:
    """Tell each finding in the country's and the language's forms."""
    writer = writer_for(result.instrument, country, language)
    named = writer.named(result.response.sources)
    answers = result.response.answers
    findings: dict[str, Finding] = {}
    for indicator_id, leaf in result.leaves.items():
        if leaf.rule is None:
            continue
        prepared = writer.rules[indicator_id][leaf.rule]
        if prepared is None:
            continue
        answer = answers[indicator_id]
        spans = writer.sentence(prepared, answer.values, leaf.asked, named)
        beside = _beside(prepared.host, result, writer) if prepared.host else None
        findings[indicator_id] = Finding(indicator_id, leaf, prepared.area, spans, answer, beside)
    return Narrative(result, country, language, findings)


def _beside(host: str, result: Result, writer: Writer) -> str | None:
    """The id of the well-developed finding that a potential one qualifies."""
    rule = result.leaves[host].rule
    hosting = None if rule is None else writer.rules[host][rule]
    return host if hosting and hosting.area == "well_developed" else None
