"""What a sentence of the draft rests on: the answer in words, the way through the rules, the sources, the version."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from app.assessments.answers import answer_history
from app.assessments.instruments import instrument_of
from app.web.answer_words import Told, Words, is_public, told_answer
from app.work import Work
from questionnaire.dates import PartialDate
from questionnaire.model import Indicator
from questionnaire.response import Answer, Response, named_sources
from questionnaire.stored import answer_body
from questionnaire.table import OutcomeKind
from questionnaire.wording import date_text
from scoring.evaluate import Conclusion, Result, conclude, evaluate, steps
from scoring.narrate import narrate


class Named(NamedTuple):
    """Another indicator, by its number and title."""

    id: str
    number: str
    title: str


class Decision(NamedTuple):
    """One step of the rules: a question and what was answered; `earlier` where it is a question of another indicator.

    `told` is None where the question has no answer.
    """

    earlier: Named | None
    question: str
    told: Told | None


class CitedSource(NamedTuple):
    """A source that the answer rests on."""

    title: str
    kind: str
    date: str | None
    href: str | None
    public: bool


class Grounds(NamedTuple):
    """Why an indicator is told as it is. `qualified`: the indicator right after which its sentence is printed."""

    indicator: Indicator
    domain: str
    answered: list[Told]
    decisions: list[Decision]
    outcome: OutcomeKind
    area: str | None
    why: str | None
    qualified: Named | None
    sources: list[CitedSource]
    version: int
    saved_by: str | None
    saved_at: datetime | None


def grounds_of(work: Work, response: Response, indicator_id: str, language: str) -> Grounds:
    """What the sentences of an indicator rest on in a response. `KeyError` for an indicator that there is not."""
    instrument = instrument_of(work)
    words = Words(instrument, language, response.sources)
    result = evaluate(instrument, response)
    conclusion = conclude(result, indicator_id)
    finding = narrate(result, response.country, language).findings.get(indicator_id)
    answer = conclusion.answer
    saved = answer_history(work, indicator_id) if answer else []
    version = next((one for one in saved if answer and one.version == answer.version), None)
    domains = {domain.number: domain.title for domain in words.texts.domains}
    return Grounds(
        indicator=words.indicator(indicator_id),
        domain=domains[instrument.domains[indicator_id].number],
        answered=_told(words, indicator_id, answer),
        decisions=list(_decisions(words, result, indicator_id)),
        outcome=conclusion.leaf.kind,
        area=finding.area if finding else None,
        why=getattr(_rule_in(words, conclusion), "why", None),
        qualified=_named(words, finding.beside) if finding and finding.beside else None,
        sources=list(_sources(words, conclusion, response)),
        version=answer.version if answer else 0,
        saved_by=version.saved_by if version else None,
        saved_at=version.saved_at if version else None,
    )


def _told(words: Words, indicator_id: str, answer: Answer | None) -> list[Told]:
    return told_answer(words, indicator_id, json.loads(answer_body(answer))) if answer else []


def _rule_in(words: Words, conclusion: Conclusion) -> object:
    """The rule that was met, with its texts in the document's language."""
    number = conclusion.leaf.rule
    return None if number is None else words.indicator(conclusion.indicator.id).findings[number]


def _named(words: Words, indicator_id: str) -> Named:
    indicator = words.indicator(indicator_id)
    return Named(indicator.id, indicator.number, indicator.title)


def _decisions(words: Words, result: Result, indicator_id: str) -> Iterator[Decision]:
    """The way through the decision table, in words."""
    for step in steps(result, indicator_id):
        asked = step.variable.indicator or indicator_id
        question = words.indicator(asked).question(step.variable.question)
        told = _told(words, asked, result.response.answers.get(asked))
        given = next((one for one in told if one.field == f"values.{step.variable.question}" and one.lines), None)
        earlier = _named(words, asked) if step.variable.indicator else None
        yield Decision(earlier, question.text if question else "", given)


def _sources(words: Words, conclusion: Conclusion, response: Response) -> Iterator[CitedSource]:
    if conclusion.answer is None:
        return
    asked = [question for question in conclusion.indicator.questions if question.id in conclusion.leaf.asked]
    kinds = {kind.id: kind.label for kind in words.texts.source_kinds}
    for name in dict.fromkeys(named_sources(asked, conclusion.answer)):
        source = response.sources[name]
        date = date_text(PartialDate(source.date), words.locale) if source.date else None
        yield CitedSource(source.title, kinds[source.kind], date, source.url, is_public(words.instrument, source))
