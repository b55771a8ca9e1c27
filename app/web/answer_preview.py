"""What an answer will say in the snapshot: its sentences, their area and place, or why it says nothing."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.assessments.edits import live_edits
from app.assessments.instruments import instrument_of
from app.assessments.responses import live_response, submitted_response
from app.web.answer_words import as_sentence
from app.work import Work
from questionnaire.model import Area, Instrument, NotApplicableRule
from questionnaire.response import Answer, Ratification, Response
from questionnaire.stored import answer_from, canonical
from questionnaire.table import OutcomeKind
from scoring.evaluate import Conclusion, Result, conclude, evaluate
from scoring.narrate import Role, Span, narrate, writer_for
from scoring.submission import missing_for_submission


class PreviewSentence(NamedTuple):
    """A sentence as it will be printed. `spans` link the sources it names; `reworded` is what a reviewer put in its place."""

    role: Role
    spans: tuple[Span, ...]
    reworded: str | None


class Place(NamedTuple):
    """Where it will stand: the domain, the list in it (None for the table of conventions) and the paragraph."""

    number: int
    domain: str
    heading: str
    paragraph: str


class Preview(NamedTuple):
    """What an answer says. `kind` tells why there is no sentence, `reason` the fixed reason that the instrument gives.

    `row` is the line of the conventions table: convention and status. `beside` is the title of the indicator whose finding it
    qualifies, right after which it is printed. `missing` is what is wanted before submission. `language` is the document's.
    """

    kind: OutcomeKind
    language: str
    area: Area | None = None
    sentences: tuple[PreviewSentence, ...] = ()
    row: tuple[str, str] | None = None
    place: Place | None = None
    beside: str | None = None
    reason: str | None = None
    missing: tuple[str, ...] = ()


def deciding_response(work: Work) -> Response:
    """All answers on which it hangs what an indicator asks and says; nothing of them is shown but through that indicator."""
    return (live_response(work) if work.sees_live else submitted_response(work)).response


def with_answer(response: Response, indicator: str, answer: Mapping[str, Any]) -> Response:
    """The response with one answer put in, given as plain data as it was saved; without one where it is empty."""
    answers: dict[str, Answer] = {name: one for name, one in response.answers.items() if name != indicator}
    if answer:
        answers[indicator] = answer_from(canonical(answer), 1)
    return response.model_copy(update={"answers": answers})


def preview_of(work: Work, indicator: str, answer: Mapping[str, Any], language: str | None = None) -> Preview:
    """What this answer makes, in the language of the document (the instrument's own, if it is not told in `language`)."""
    instrument = instrument_of(work)
    told = language if language is not None and language in instrument.translations else instrument.source.language
    result = evaluate(instrument, with_answer(deciding_response(work), indicator, answer))
    found = conclude(result, indicator)
    missing = tuple(as_sentence(one.message) for one in missing_for_submission(result) if one.indicator == indicator)
    preview = Preview(found.leaf.kind, told, missing=missing)
    if found.leaf.kind == "finding":
        return _finding(work, result, indicator, preview)
    if found.leaf.kind == "row":
        return _row(result, found, preview)
    if isinstance(found.rule, NotApplicableRule):
        rules = _indicator(instrument.in_language(told), indicator).findings
        rule = rules[found.leaf.rule or 0]
        return preview._replace(reason=rule.not_applicable if isinstance(rule, NotApplicableRule) else None)
    return preview


def _finding(work: Work, result: Result, indicator: str, preview: Preview) -> Preview:
    finding = narrate(result, result.response.country, preview.language).findings[indicator]
    edits = live_edits(work, preview.language) if work.allows("see_draft") else {}
    sentences = tuple(
        PreviewSentence(told.role, told.spans, edits.get(f"{indicator}.{told.role}")) for told in finding.told
    )
    texts = result.instrument.in_language(preview.language)
    host = finding.beside
    well = host is not None or finding.area == "well_developed"
    heading = texts.texts.well_developed_heading if well else texts.texts.potential_heading
    writer = writer_for(result.instrument, result.response.country, preview.language)
    return preview._replace(
        area=finding.area,
        sentences=sentences,
        place=_place(result, preview.language, host or indicator, writer.fixed(heading)),
        beside=_indicator(texts, host).title if host else None,
    )


def _row(result: Result, found: Conclusion, preview: Preview) -> Preview:
    """The line of the conventions table that the answer fills."""
    writer = writer_for(result.instrument, result.response.country, preview.language)
    texts = writer.instrument.texts
    rule, values = found.rule, found.answer.values if found.answer else {}
    convention = next(one for one in writer.instrument.conventions if one.id == getattr(rule, "row", None))
    value = next(one for one in values.values() if isinstance(one, Ratification))
    status = writer.fixed(texts.statuses[value.status], year=str(value.year) if value.year else None)
    place = _place(result, preview.language, found.indicator.id, writer.fixed(texts.conventions_heading))
    return preview._replace(row=(convention.name, status), place=place)


def _place(result: Result, language: str, indicator: str, heading: str) -> Place:
    texts = result.instrument.in_language(language)
    for domain in texts.domains:
        for subdomain in domain.subdomains:
            if any(one.id == indicator for one in subdomain.indicators):
                return Place(domain.number, domain.title, heading, subdomain.title)
    raise KeyError(indicator)


def _indicator(texts: Instrument, name: str) -> Any:
    return next(one for one in texts.indicators if one.id == name)
