"""An answer as people read it: each question with what was answered, in words. For every page that shows an answer.

    with call.on_assessment(id) as work:
        words = words_of(work, language_of(call))
        told = told_answer(words, indicator, find_answer(work, indicator).answer)

Then in a template: `{% import "answer/summary.html" as answers %}{{ answers.summary(told) }}`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from app.api.calls import Call
from app.assessments.instruments import instrument_of
from app.assessments.responses import seen_sources, visible_indicators
from app.assessments.sources import sources_by_id
from app.web.done import translatable
from app.web.languages import chosen
from app.work import Work
from questionnaire.compiled import CompiledInstrument
from questionnaire.conditions import Test
from questionnaire.model import Indicator, Instrument, Question
from questionnaire.response import Source
from questionnaire.wording import language_name, number_text

Kind = Literal["own", "instrument", "service"]
"""Whose words: someone's own, the instrument's, or the service's, which a template translates with `|word`."""
State = Literal["given", "unanswered", "off_path"]


class Line(NamedTuple):
    """One line of an answer: an option, a name, a text. `label` (the service's word) stands before it.

    `href` is the link of a source, `source` its id; `private` says that it will not be named in public.
    """

    text: str
    kind: Kind = "own"
    href: str | None = None
    label: str = ""
    source: str | None = None
    private: bool = False


class Told(NamedTuple):
    """A question, or another part of an answer, in words. `field` is its name in forms, as `values.groups` or `note`.

    An `unanswered` one has no lines. `off_path`: it is no longer asked; what was answered is kept and counts nowhere.
    """

    field: str
    label: str
    kind: Kind
    lines: tuple[Line, ...]
    state: State = "given"


class Words(NamedTuple):
    """What answers are told with: the instrument, the language, and the sources that the person may see."""

    instrument: CompiledInstrument
    language: str
    sources: Mapping[str, Source]

    @property
    def texts(self) -> Instrument:
        """The instrument in the language."""
        return self.instrument.in_language(self.language)

    @property
    def locale(self) -> str:
        """The locale of names and numbers."""
        return self.texts.locales[self.language]

    def indicator(self, name: str) -> Indicator:
        """An indicator in the language."""
        return next(one for one in self.texts.indicators if one.id == name)


PARTS: Mapping[str, str] = {
    "not_known": translatable("We cannot answer: it is not known"),
    "not_applicable": translatable("We cannot answer: it does not apply"),
    "qualifier": translatable("Qualifier"),
    "detail": translatable("Detail"),
    "sources": translatable("Further sources"),
    "note": translatable("Note"),
}
"""The parts of an answer besides its questions, in the order in which they are told."""
YES_NO = {"yes": translatable("Yes"), "no": translatable("No")}
STATUSES = {
    "ratified": translatable("Ratified"),
    "acceded": translatable("Acceded"),
    "succeeded": translatable("Succeeded"),
    "signed": translatable("Signed only"),
    "none": translatable("None of these"),
}
YEAR, RESERVATIONS = translatable("Year"), translatable("Reservations and declarations")


def as_sentence(message: str) -> str:
    """A message that begins with a capital.

    >>> as_sentence("this should be a year")
    'This should be a year'
    """
    return message[:1].upper() + message[1:]


def language_of(call: Call) -> str:
    """The language in which the reader reads the pages."""
    return chosen(call.request, trial=call.service.settings.trial_languages).code


def words_of(work: Work, language: str | None = None) -> Words:
    """What the answers of this assessment are told with; in the instrument's own language if it has no texts in `language`."""
    instrument = instrument_of(work)
    told = language if language in instrument.translations else instrument.source.language
    return Words(instrument, told or "", {saved.id: saved.source for saved in seen_sources(work)})


def with_removed_sources(work: Work, words: Words, answers: Iterable[Mapping[str, Any]]) -> Words:
    """The same with the sources that these answers name and that were taken off the list since, for those who see all."""
    named = {item for answer in answers for item in _texts_in(answer)} - words.sources.keys()
    if not named or not work.sees_live or visible_indicators(work) is not None:
        return words
    return words._replace(sources={**sources_by_id(work, named), **words.sources})


def _texts_in(answer: Mapping[str, Any]) -> Iterator[str]:
    for value in (answer.get("sources", ()), *answer.get("values", {}).values()):
        yield from (item for item in (value if isinstance(value, list | tuple) else [value]) if isinstance(item, str))


def told_answer(words: Words, indicator: str, answer: Mapping[str, Any]) -> list[Told]:
    """The parts of an answer in order: its questions, then what else was given. `answer` is plain data, as it was saved.

    Questions that are asked stand there without an answer too, unless the answer says why there is none.
    """
    found, values = words.indicator(indicator), answer.get("values", {})
    cannot = "not_known" in answer or "not_applicable" in answer
    told = [] if cannot else [part for one in found.questions if (part := _told_question(words, found, one, values))]
    return told + [
        Told(name, label, "service", _lines(words, name, answer[name]))
        for name, label in PARTS.items()
        if answer.get(name)
    ]


def is_asked(indicator: Indicator, question: Question, values: Mapping[str, Any]) -> bool:
    """Whether these values of the indicator lead to the question. What earlier indicators say is not looked at."""
    return all(_holds(indicator, test, values) for test in question.asked_when if test.indicator is None)


def _holds(indicator: Indicator, test: Test, values: Mapping[str, Any]) -> bool:
    question, value = indicator.question(test.question), values.get(test.question)
    if question is None or not value or not is_asked(indicator, question, values):
        return False
    return test.holds(value.get("status") if isinstance(value, Mapping) else value)


def _told_question(words: Words, indicator: Indicator, question: Question, values: Mapping[str, Any]) -> Told | None:
    """The question in words; None if it is neither asked nor answered."""
    given, asked = question.id in values, is_asked(indicator, question, values)
    if not given and not asked:
        return None
    lines = _LINES[question.type](words, question, values[question.id]) if given else ()
    state: State = "off_path" if not asked else "given" if given else "unanswered"
    return Told(f"values.{question.id}", question.text, "instrument", tuple(lines), state)


def _lines(words: Words, name: str, value: Any) -> tuple[Line, ...]:
    return tuple(_sources(words, None, value)) if name == "sources" else (Line(value),)


def _listed(value: Any) -> list[str]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _options(words: Words, question: Any, value: Any) -> list[Line]:
    labels = {option.id: option.label for option in question.options}
    return [Line(labels.get(one, one), "instrument") for one in _listed(value)]


def _yes_no(words: Words, question: Any, value: Any) -> list[Line]:
    return [Line(YES_NO.get(value, value), "service")]


def _text(words: Words, question: Any, value: Any) -> list[Line]:
    return [Line(str(value))]


def _number(words: Words, question: Any, value: Any) -> list[Line]:
    return [Line(number_text(value, words.locale), "instrument")]


def _sources(words: Words, question: Any, value: Any) -> list[Line]:
    return [_source(words, name) for name in _listed(value)]


def _source(words: Words, name: str) -> Line:
    source = words.sources.get(name)
    if source is None:
        return Line(name, source=name)
    return Line(source.title, href=source.url, source=name, private=not is_public(words.instrument, source))


def is_public(instrument: CompiledInstrument, source: Source) -> bool:
    """Whether a source may be named in public: as it says itself, or as its kind says."""
    return instrument.source_kinds[source.kind].public if source.public is None else source.public


def _countries(words: Words, question: Any, value: Any) -> list[Line]:
    known = words.instrument.countries[words.language]
    return [Line(known[code].name if code in known else code, "instrument") for code in _listed(value)]


def _languages(words: Words, question: Any, value: Any) -> list[Line]:
    return [Line(language_name(code, words.locale) or code, "instrument") for code in _listed(value)]


def _ratification(words: Words, question: Any, value: Any) -> list[Line]:
    lines = [Line(STATUSES[value["status"]], "service")]
    if "year" in value:
        lines.append(Line(str(value["year"]), "instrument", label=YEAR))
    if "reservations" in value:
        lines.append(Line(value["reservations"], label=RESERVATIONS))
    return lines


_LINES: Mapping[str, Callable[[Words, Any, Any], list[Line]]] = {
    "choice": _options,
    "choices": _options,
    "yes_no": _yes_no,
    "year": _text,
    "number": _number,
    "text": _text,
    "paragraph": _text,
    "source": _sources,
    "sources": _sources,
    "countries": _countries,
    "languages": _languages,
    "ratification": _ratification,
}
