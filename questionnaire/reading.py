"""From a response file to a typed response: every problem at once, each with its line."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import Field

from questionnaire.compiled import CompiledInstrument
from questionnaire.model import Indicator, RatificationQuestion
from questionnaire.problems import Path, Places, Problem, nearest
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
from questionnaire.validation import validate
from questionnaire.values import Known, parse_value


class Reading(NamedTuple):
    """A response, or None where something is wrong; what of it could be read; and remarks that do not stand in the way."""

    response: Response | None
    readable: Response | None
    wrong: list[Problem]
    remarks: list[Problem]


class _RawAnswer(Answer):
    values: dict[str, Any] = Field({}, validate_default=False)


def read_response(document: Document, instrument: CompiledInstrument) -> Reading:
    """Check a response against the instrument it names, and type its values."""
    return _Reader(document, instrument).read()


def _given(entry: Any) -> Any:
    """A mapping without the known fields that are left empty; a misspelt one stays, to be named."""
    if not isinstance(entry, dict):
        return entry
    return {key: value for key, value in entry.items() if value is not None or key not in Answer.model_fields}


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
        kinds = self.instrument.source_kinds
        for source_id, entry in self._mapping("sources").items():
            path: Path = ("sources", source_id)
            about = f"source {source_id}"
            if len(source_id) > SOURCE_ID_LENGTH or not re.match(SOURCE_ID, source_id):
                message = "a source's id is written in small letters, digits and hyphens, as law-on-migration"
                self.problem(path, "source-id", about, message)
            source, problems = validate(Source, entry, self.places.below(path), about)
            self.wrong += problems
            kind = entry.get("kind") if isinstance(entry, dict) else None
            if isinstance(kind, str) and kind not in kinds:
                message = f"'{kind}' is not a kind of source; allowed: {', '.join(kinds)}{nearest(kind, kinds)}"
                self.problem((*path, "kind"), "unknown-kind", about, message)
                source = None
            sources[source_id] = source
        return sources

    def _answers(self, sources: dict[str, Source | None]) -> dict[str, Answer]:
        kinds = self.instrument.source_kinds.values()
        known = Known(sources, frozenset(kind.id for kind in kinds if kind.stands_for_any), self.countries)
        answers = {}
        for indicator_id, entry in self._mapping("answers").items():
            indicator = self.instrument.indicators.get(indicator_id)
            if indicator is None:
                numbers = {known.number: known.id for known in self.instrument.indicators.values()}
                by_number = f"; {indicator_id} is '{numbers[indicator_id]}'" if indicator_id in numbers else ""
                hint = by_number or nearest(indicator_id, self.instrument.indicators)
                message = f"there is no indicator '{indicator_id}'{hint}"
                self.problem(("answers", indicator_id), "unknown-indicator", indicator_id, message)
            elif entry is not None:
                answer = self._answer(indicator, entry, known)
                if answer is not None:
                    answers[indicator_id] = answer
        return answers

    def _answer(self, indicator: Indicator, entry: Any, known: Known) -> Answer | None:
        path: Path = ("answers", indicator.id)
        given = _given(entry)
        raw, problems = validate(_RawAnswer, given, self.places.below(path), indicator.id)
        self.wrong += problems
        written = raw.values if raw else given.get("values") if isinstance(given, dict) else None
        values = dict(self._values(indicator, written, known)) if isinstance(written, dict) else {}
        if raw is None:
            return Answer.model_construct(values=values) if values else None
        self._reasons(path, indicator, raw, values)
        self._remark_small_letters(path, indicator, raw)
        for source in raw.sources:
            if source not in known.sources:
                message = f"there is no source '{source}' in this response{nearest(source, known.sources)}"
                self.problem((*path, "sources"), "unknown-source", indicator.id, message)
        return Answer.model_construct(**{**raw.__dict__, "values": values})

    def _remark_small_letters(self, path: Path, indicator: Indicator, answer: Answer) -> None:
        for name in ("detail", "qualifier"):
            text = getattr(answer, name)
            if text and text[0].islower():
                message = f"{name} is printed as a sentence of its own, but begins with a small letter"
                self.remarks.append(Problem(self.places.of((*path, name)), "small-letter", indicator.id, message))

    def _values(self, indicator: Indicator, raw: dict[str, Any], known: Known) -> Iterator[tuple[str, Value]]:
        for question_id, value in raw.items():
            path: Path = ("answers", indicator.id, "values", question_id)
            question = indicator.question(question_id)
            if question is None:
                ids = [question.id for question in indicator.questions]
                message = (
                    f"there is no question '{question_id}' here; there are {', '.join(ids)}{nearest(question_id, ids)}"
                )
                self.problem(path, "unknown-question", indicator.id, message)
                continue
            if value is None:
                continue
            try:
                parsed = parse_value(question, value, known)
            except ValueError as error:
                self.problem(path, "value", indicator.id, f"{question_id}: {error}")
                continue
            if isinstance(question, RatificationQuestion) and isinstance(parsed, Ratification):
                self._convention(path, indicator, question, parsed)
            yield question_id, parsed

    def _reasons(self, path: Path, indicator: Indicator, answer: Answer, values: Mapping[str, Value]) -> None:
        stated = [name for name in ("not_known", "not_applicable") if getattr(answer, name)]
        if len(stated) == 2 or (stated and values):
            message = f"it says {stated[0]}, and something else beside it; please keep one of the two"
            self.problem((*path, stated[0]), "two-answers", indicator.id, message)
        for name in ("detail", "qualifier"):
            if stated and getattr(answer, name):
                message = f"{name} is not printed beside {stated[0]}; please put it into the reason, or into note"
                self.remarks.append(Problem(self.places.of((*path, name)), "not-printed", indicator.id, message))

    def _convention(
        self, path: Path, indicator: Indicator, question: RatificationQuestion, value: Ratification
    ) -> None:
        convention = next(c for c in self.instrument.source.conventions if c.id == question.convention)
        if value.year is not None and value.status == "none":
            self.problem(path, "value", indicator.id, "a convention that is not ratified has no year; please remove it")
        elif value.year is not None and value.year < convention.adopted:
            message = f"{value.year} is before the convention was adopted ({convention.adopted}); please check the year"
            self.problem(path, "before-adoption", indicator.id, message)
        date = str(self.data.get("date"))[:4]
        if value.year is not None and date.isdigit() and value.year > int(date):
            self.problem(
                path,
                "after-the-document",
                indicator.id,
                f"{value.year} is after the date of the document; please check",
            )
        depositary = convention.depositary_dates.get(str(self.data.get("country")))
        if depositary is not None and value.year is not None and value.year != depositary:
            message = f"the answer gives {value.year}, the depositary {depositary}; please check which is right"
            self.remarks.append(Problem(self.places.of(path), "depositary-date", indicator.id, message))

    def _unused(self, sources: dict[str, Source], answers: dict[str, Answer]) -> None:
        indicators = self.instrument.indicators
        used = {
            source for key, answer in answers.items() for source in named_sources(indicators[key].questions, answer)
        }
        for source in sources:
            if source not in used:
                place = self.places.of(("sources", source))
                self.remarks.append(Problem(place, "unused-source", f"source {source}", "no answer names this source"))
