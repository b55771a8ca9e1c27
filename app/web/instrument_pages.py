"""The questionnaire to look through: domains, indicators, questions, and how answers become outcomes."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Response

from app.api.calls import Call, IndicatorName, may
from app.api.instruments import InstrumentName
from app.assessments.packaged import find_instrument
from app.errors import NotFound
from app.web.instrument_tables import FIXED_ANSWERS, Tested, outcomes_of, tests_of
from app.web.languages import chosen
from app.web.rendering import draw
from questionnaire.compiled import CompiledInstrument
from questionnaire.model import RATIFICATION_STATUSES, Convention, Indicator, Instrument, RatificationQuestion

router = APIRouter(prefix="/instruments", include_in_schema=False)


class Read(NamedTuple):
    """An instrument in the language that is nearest to the reader's; `language` is the one of its texts."""

    compiled: CompiledInstrument
    texts: Instrument
    language: str


def _read(call: Call, name: str) -> Read:
    with call.begin() as work:
        found = find_instrument(work, name)
    wanted = chosen(call.request, trial=call.service.settings.trial_languages).code
    language = wanted if wanted in found.translations else found.source.language
    return Read(found, found.in_language(language), language)


def _conventions(texts: Instrument) -> Mapping[str, Convention]:
    """The convention of each indicator that asks for the status of one."""
    known = {convention.id: convention for convention in texts.conventions}
    return {
        indicator.id: known[question.convention]
        for indicator in texts.indicators
        for question in indicator.questions
        if isinstance(question, RatificationQuestion)
    }


@router.get("/{name}")
def show_instrument(call: Annotated[Call, may("see_own")], name: InstrumentName) -> Response:
    """An instrument: its domains with their indicators and questions, and the conventions."""
    read = _read(call, name)
    return draw(
        call,
        "instruments/instrument.html",
        name=name,
        texts=read.texts,
        content_hash=read.compiled.content_hash,
        text_language=read.language,
        conventions=_conventions(read.texts),
    )


@router.get("/{name}/{indicator}")
def show_instrument_indicator(
    call: Annotated[Call, may("see_own")], name: InstrumentName, indicator: IndicatorName
) -> Response:
    """An indicator: its questions, its outcomes, and which answers lead to which."""
    read = _read(call, name)
    shown = next((one for one in read.texts.indicators if one.id == indicator), None)
    if shown is None:
        raise NotFound
    return draw(
        call,
        "instruments/indicator.html",
        name=name,
        texts=read.texts,
        text_language=read.language,
        domain=next(domain for domain in read.texts.domains if shown in domain.indicators),
        indicator=shown,
        titles={one.id: f"{one.number} {one.title}" for one in read.texts.indicators},
        convention=_conventions(read.texts).get(indicator),
        outcomes=outcomes_of(read.compiled, read.texts, shown),
        asked=tests_of(read.texts, shown, shown.asked_when),
        asked_by_question=_asked_by_question(read.texts, shown),
        kinds={kind.id: kind.label for kind in read.texts.source_kinds},
        fixed=FIXED_ANSWERS,
        statuses=RATIFICATION_STATUSES,
        beside=_neighbours(read.texts, shown),
    )


def _asked_by_question(texts: Instrument, indicator: Indicator) -> dict[str, list[Tested]]:
    return {question.id: tests_of(texts, indicator, question.asked_when) for question in indicator.questions}


def _neighbours(texts: Instrument, indicator: Indicator) -> tuple[Indicator | None, Indicator | None]:
    """The indicator before and the one after."""
    ordered = texts.indicators
    at = ordered.index(indicator)
    return (ordered[at - 1] if at else None), (ordered[at + 1] if at + 1 < len(ordered) else None)
