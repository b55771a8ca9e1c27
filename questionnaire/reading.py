"""From plain data to a typed response, answer or source: every problem at once, each with its place."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import Field, ValidationError

from questionnaire.compiled import CompiledInstrument
from questionnaire.model import Indicator, RatificationQuestion
from questionnaire.problems import Path, Places, Problem, nearest, printable
from questionnaire.response import (
    SOURCE_ID,
    SOURCE_ID_LENGTH,
    Answer,
    Ratification,
    Response,
    Source,
    Value,
    named_sources,
)
from questionnaire.strict_yaml import Document
from questionnaire.validation import Model, validate, worded
from questionnaire.values import Known, parse_value

MAX_DEPTH = 8
MAX_VALUES = 1000
MAX_TEXT = 20_000
MAX_INTEGER = 10**18
_MOST_HINTS = 20
_ANSWER_FIELDS = frozenset(Answer.model_fields)


class Reading(NamedTuple):
    """A response, or None where something is wrong; what of it could be read; and remarks that do not stand in the way."""

    response: Response | None
    readable: Response | None
    wrong: list[Problem]
    remarks: list[Problem]


class FieldProblem(NamedTuple):
    """What is wrong in one answer or source; `path` leads to it from there, as `("values", "groups")`."""

    path: Path
    rule: str
    message: str


class AnswerReading(NamedTuple):
    """An answer, or None where something is wrong; and remarks that do not stand in the way."""

    answer: Answer | None
    wrong: list[FieldProblem]
    remarks: list[FieldProblem]


class _RawAnswer(Answer):
    values: dict[str, Any] = Field({}, validate_default=False)


def read_response(document: Document, instrument: CompiledInstrument) -> Reading:
    """Check a response against the instrument it names, and type its values."""
    return _Reader(document, instrument).read()


def read_answer(
    instrument: CompiledInstrument,
    indicator_id: str,
    data: Any,
    *,
    sources: Mapping[str, Source | None],
    country: str,
    year: int,
) -> AnswerReading:
    """Check one answer, given as plain JSON data, and type its values.

    `sources` are those an answer may name, by id (None: one that is wrong itself); `country` and `year` are the assessment's.
    A `version` in the data is passed over: who stores the answer counts. Nothing is raised, whatever the data hold.
    """
    indicator = instrument.indicators.get(indicator_id)
    if indicator is None:
        message = f"there is no indicator '{indicator_id}'{nearest(indicator_id, instrument.indicators)}"
        return AnswerReading(None, _shown([FieldProblem((), "unknown-indicator", message)]), [])
    excess = _excess(data)
    if excess:
        return AnswerReading(None, _shown([excess]), [])
    if isinstance(data, dict) and "version" in data:
        data = {key: value for key, value in data.items() if key != "version"}
    reader = _AnswerReader(instrument, _known(instrument, sources), country, year)
    answer = reader.read(indicator, data)
    return AnswerReading(None if reader.wrong else answer, _shown(reader.wrong), _shown(reader.remarks))


def read_source(instrument: CompiledInstrument, data: Any) -> tuple[Source | None, list[FieldProblem]]:
    """Check one source, given as plain JSON data: the source, or None and all that is wrong with it."""
    excess = _excess(data)
    if excess:
        return None, _shown([excess])
    source, wrong = _source(instrument, data)
    return source, _shown(wrong)


def _excess(data: Any, depth: int = 0) -> FieldProblem | None:
    """The first thing that is larger than anything an answer or a source can hold."""
    if not isinstance(data, dict | list):
        message = _too_large(data)
        return FieldProblem((), "size", message) if message else None
    if depth >= MAX_DEPTH:
        return FieldProblem((), "depth", f"this is nested more than {MAX_DEPTH} levels deep")
    if len(data) > MAX_VALUES:
        return FieldProblem((), "size", f"this holds more than {MAX_VALUES:,} values; please leave some out")
    for step, value in data.items() if isinstance(data, dict) else enumerate(data):
        found = _excess(value, depth + 1)
        if found:
            return found._replace(path=(step, *found.path))
    return None


def _too_large(value: Any) -> str:
    """What to say of a text or number that is larger than any answer, or nothing."""
    if isinstance(value, str) and len(value) > MAX_TEXT:
        return f"this is longer than {MAX_TEXT:,} characters; please shorten it"
    if isinstance(value, int) and not -MAX_INTEGER < value < MAX_INTEGER:
        return "this number has more than 18 digits; please check it"
    return ""


def _shown(problems: Iterable[FieldProblem]) -> list[FieldProblem]:
    """The problems as they may be sent to anyone: what was typed stands in them without hidden characters, and shortened."""
    return [
        FieldProblem(
            tuple(printable(step) if isinstance(step, str) else step for step in problem.path),
            problem.rule,
            printable(problem.message),
        )
        for problem in problems
    ]


def _typed(model: type[Model], data: Any) -> tuple[Model | None, list[FieldProblem]]:
    """The typed model, or None and every problem that stood in the way."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        return None, [FieldProblem(found["loc"], "format", worded(found)) for found in errors]


def _source(instrument: CompiledInstrument, data: Any) -> tuple[Source | None, list[FieldProblem]]:
    """The source, or None and what is wrong with it."""
    source, wrong = _typed(Source, data)
    kinds = instrument.source_kinds
    kind = data.get("kind") if isinstance(data, dict) else None
    if isinstance(kind, str) and kind not in kinds:
        message = f"'{kind}' is not a kind of source; allowed: {', '.join(kinds)}{nearest(kind, kinds)}"
        return None, [*wrong, FieldProblem(("kind",), "unknown-kind", message)]
    return source, wrong


def _known(instrument: CompiledInstrument, sources: Mapping[str, Source | None]) -> Known:
    """What the values of an answer can refer to."""
    any_kinds = frozenset(kind.id for kind in instrument.source_kinds.values() if kind.stands_for_any)
    return Known(sources, any_kinds, instrument.countries[instrument.source.language])


def _given(entry: Any) -> Any:
    """A mapping without the known fields that are left empty; a misspelt one stays, to be named."""
    if not isinstance(entry, dict):
        return entry
    return {key: value for key, value in entry.items() if value is not None or key not in _ANSWER_FIELDS}


class _AnswerReader:
    """Reads one answer; paths begin at the answer. `year` is that of the document, or None where its date cannot be read."""

    def __init__(self, instrument: CompiledInstrument, known: Known, country: str, year: int | None) -> None:
        self.instrument = instrument
        self.known = known
        self.country = country
        self.year = year
        self.wrong: list[FieldProblem] = []
        self.remarks: list[FieldProblem] = []

    def problem(self, path: Path, rule: str, message: str) -> None:
        self.wrong.append(FieldProblem(path, rule, message))

    def remark(self, path: Path, rule: str, message: str) -> None:
        self.remarks.append(FieldProblem(path, rule, message))

    def read(self, indicator: Indicator, entry: Any) -> Answer | None:
        """What of the answer can be read; None where nothing can."""
        given = _given(entry)
        raw, wrong = _typed(_RawAnswer, given)
        self.wrong += wrong
        written = raw.values if raw else given.get("values") if isinstance(given, dict) else None
        values = dict(self._values(indicator, written)) if isinstance(written, dict) else {}
        if raw is None:
            return Answer.model_construct(values=values) if values else None
        self._reasons(raw, values)
        self._remark_small_letters(raw)
        self._further_sources(raw.sources)
        return Answer.model_construct(**{**raw.__dict__, "values": values})

    def _values(self, indicator: Indicator, raw: dict[str, Any]) -> Iterator[tuple[str, Value]]:
        for question_id, value in raw.items():
            path: Path = ("values", question_id)
            question = indicator.question(question_id)
            if question is None:
                ids = [question.id for question in indicator.questions]
                message = (
                    f"there is no question '{question_id}' here; there are {', '.join(ids)}{nearest(question_id, ids)}"
                )
                self.problem(path, "unknown-question", message)
                continue
            if value is None:
                continue
            try:
                parsed = parse_value(question, value, self.known)
            except ValueError as error:
                self.problem(path, "value", str(error))
                continue
            if isinstance(question, RatificationQuestion) and isinstance(parsed, Ratification):
                self._convention(path, question, parsed)
            yield question_id, parsed

    def _reasons(self, answer: Answer, values: Mapping[str, Value]) -> None:
        stated = [name for name in ("not_known", "not_applicable") if getattr(answer, name)]
        if len(stated) == 2 or (stated and values):
            message = f"it says {stated[0]}, and something else beside it; please keep one of the two"
            self.problem((stated[0],), "two-answers", message)
        for name in ("detail", "qualifier"):
            if stated and getattr(answer, name):
                message = f"{name} is not printed beside {stated[0]}; please put it into the reason, or into note"
                self.remark((name,), "not-printed", message)

    def _remark_small_letters(self, answer: Answer) -> None:
        for name in ("detail", "qualifier"):
            text = getattr(answer, name)
            if text and text[0].islower():
                message = f"{name} is printed as a sentence of its own, but begins with a small letter"
                self.remark((name,), "small-letter", message)

    def _further_sources(self, sources: tuple[str, ...]) -> None:
        known = self.known.sources
        for number, source in enumerate(sources):
            if source not in known:
                hint = nearest(source, known) if number < _MOST_HINTS else ""
                self.problem(("sources",), "unknown-source", f"there is no source '{source}' in this response{hint}")

    def _convention(self, path: Path, question: RatificationQuestion, value: Ratification) -> None:
        if value.year is None:
            return
        convention = next(c for c in self.instrument.source.conventions if c.id == question.convention)
        if value.status == "none":
            self.problem(path, "value", "a convention that is not ratified has no year; please remove it")
        elif value.year < convention.adopted:
            message = f"{value.year} is before the convention was adopted ({convention.adopted}); please check the year"
            self.problem(path, "before-adoption", message)
        if self.year is not None and value.year > self.year:
            self.problem(path, "after-the-document", f"{value.year} is after the date of the document; please check")
        depositary = convention.depositary_dates.get(self.country)
        if depositary is not None and value.year != depositary:
            message = f"the answer gives {value.year}, the depositary {depositary}; please check which is right"
            self.remark(path, "depositary-date", message)


class _Reader:
    def __init__(self, document: Document, instrument: CompiledInstrument) -> None:
        self.data: Any = document.data
        self.places: Places = document.places
        self.instrument = instrument
        self.countries = instrument.countries[instrument.source.language]
        self.wrong: list[Problem] = []
        self.remarks: list[Problem] = []

    def problem(self, path: Path, rule: str, about: str, message: str) -> None:
        self.wrong.append(Problem(self.places.of(path), rule, about, message))

    def placed(self, prefix: Path, about: str, problems: Iterable[FieldProblem]) -> Iterator[Problem]:
        """The problems of the answer or source that stands at `prefix`, with their lines and the names of their fields."""
        for path, rule, message in problems:
            field = next((step for step in reversed(path) if isinstance(step, str)), "")
            named = f"{field}: {message}" if field and rule in ("format", "value") else message
            yield Problem(self.places.of((*prefix, *path)), rule, about, named)

    def read(self) -> Reading:
        if not isinstance(self.data, dict):
            self.problem(
                (), "format", "", "this should be a response: country, round, date, instrument, sources, answers"
            )
            return Reading(None, None, self.wrong, [])
        sources = self._sources()
        answers = self._answers(sources)
        frame, problems = validate(Response, {**self.data, "sources": {}, "answers": {}}, self.places, "response")
        self.wrong += problems
        if frame is None or not self._fits(frame):
            return Reading(None, None, sorted(self.wrong), self.remarks)
        known = {key: source for key, source in sources.items() if source is not None}
        readable = frame.model_copy(update={"sources": known, "answers": answers})
        if self.wrong:
            return Reading(None, readable, sorted(self.wrong), self.remarks)
        self._unused(known, answers)
        return Reading(readable, readable, [], self.remarks)

    def _fits(self, frame: Response) -> bool:
        """Whether the response is one of a country that there is, to this instrument."""
        before = len(self.wrong)
        if frame.country not in self.countries:
            message = f"'{frame.country}' is not the ISO code of a country; a code is two capitals, as KG"
            self.problem(("country",), "unknown-country", "country", message)
        if frame.instrument != self.instrument.id:
            message = f"the response is to '{frame.instrument}', but it is read with '{self.instrument.id}'"
            self.problem(("instrument",), "other-instrument", "instrument", message)
        return len(self.wrong) == before

    def _mapping(self, key: str) -> Mapping[str, Any]:
        found = self.data.get(key)
        if found is None or isinstance(found, dict):
            return found or {}
        self.problem((key,), "format", key, "this should be a mapping from ids to entries")
        return {}

    def _sources(self) -> dict[str, Source | None]:
        """The sources by id; None stands for one in which something is wrong."""
        sources: dict[str, Source | None] = {}
        for source_id, entry in self._mapping("sources").items():
            path: Path = ("sources", source_id)
            about = f"source {source_id}"
            if len(source_id) > SOURCE_ID_LENGTH or not re.match(SOURCE_ID, source_id):
                message = "a source's id is written in small letters, digits and hyphens, as law-on-migration"
                self.problem(path, "source-id", about, message)
            source, problems = _source(self.instrument, entry)
            self.wrong += self.placed(path, about, problems)
            sources[source_id] = source
        return sources

    def _answers(self, sources: dict[str, Source | None]) -> dict[str, Answer]:
        known = _known(self.instrument, sources)
        date = str(self.data.get("date"))[:4]
        country, year = str(self.data.get("country")), int(date) if date.isdecimal() else None
        answers = {}
        for indicator_id, entry in self._mapping("answers").items():
            indicator = self.instrument.indicators.get(indicator_id)
            if indicator is None:
                self._unknown_indicator(indicator_id)
            elif entry is not None:
                reader = _AnswerReader(self.instrument, known, country, year)
                answer = reader.read(indicator, entry)
                path: Path = ("answers", indicator_id)
                self.wrong += self.placed(path, indicator_id, reader.wrong)
                self.remarks += self.placed(path, indicator_id, reader.remarks)
                if answer is not None:
                    answers[indicator_id] = answer
        return answers

    def _unknown_indicator(self, indicator_id: str) -> None:
        numbers = {known.number: known.id for known in self.instrument.indicators.values()}
        by_number = f"; {indicator_id} is '{numbers[indicator_id]}'" if indicator_id in numbers else ""
        hint = by_number or nearest(indicator_id, self.instrument.indicators)
        message = f"there is no indicator '{indicator_id}'{hint}"
        self.problem(("answers", indicator_id), "unknown-indicator", indicator_id, message)

    def _unused(self, sources: dict[str, Source], answers: dict[str, Answer]) -> None:
        indicators = self.instrument.indicators
        used = {
            source for key, answer in answers.items() for source in named_sources(indicators[key].questions, answer)
        }
        for source in sources:
            if source not in used:
                place = self.places.of(("sources", source))
                self.remarks.append(Problem(place, "unused-source", f"source {source}", "no answer names this source"))
