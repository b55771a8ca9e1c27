"""What a reviewer reads of one indicator: the submitted answer, what it says, the round before, what was asked and changed."""

import json
from typing import Any, NamedTuple

from app.assessments.instruments import instrument_of
from app.assessments.previous_round import PreviousRound, previous_round
from app.assessments.responses import submitted_response
from app.assessments.reviewing import Returned, ReviewMark, list_returns, list_reviews
from app.errors import NotFound, WrongState
from app.web.answer_changes import Change, only_different, told_changes
from app.web.answer_preview import Preview, preview_of
from app.web.answer_words import Told, Words, told_answer, words_of
from app.web.beside import Beside, beside
from app.web.review_queue import Item, Queue, find_queue
from app.work import Work
from questionnaire.model import Domain, Indicator
from questionnaire.response import Response
from questionnaire.stored import answer_body


class Earlier(NamedTuple):
    """The answer of the round before, beside the one of now; `answered` is false where it had none."""

    round: int
    answered: bool
    parts: list[Change]


class Sides(NamedTuple):
    """All of one indicator. `version` is that of the submitted answer, 0 where there is none.

    `changed` are the parts that differ from the submission before. `next` is the next indicator to read.
    """

    indicator: Indicator
    domain: Domain
    language: str
    version: int
    told: list[Told]
    earlier: Earlier | None
    changed: list[Change]
    preview: Preview
    mark: ReviewMark | None
    returned: Returned | None
    queue: Queue
    beside: Beside

    @property
    def next(self) -> Item | None:
        """The next indicator to read."""
        return self.queue.after(self.indicator.id)

    @property
    def neighbours(self) -> tuple[Item | None, Item | None]:
        """The indicators before and after this one."""
        return self.queue.beside(self.indicator.id)


def find_sides(work: Work, indicator: str, language: str) -> Sides:
    """What was submitted of an indicator, and what stands around it. `NotFound` without it; `WrongState` before a submission."""
    if indicator not in instrument_of(work).indicators:
        raise NotFound
    response, words, queue = submitted_response(work).response, words_of(work, language), find_queue(work)
    if queue is None:
        raise NotFound
    words = words._replace(sources={**words.sources, **response.sources})
    answer, told = _plain(response, indicator), _told(words, response, indicator)
    number = words.instrument.domains[indicator].number
    return Sides(
        indicator=words.indicator(indicator),
        domain=next(domain for domain in words.texts.domains if domain.number == number),
        language=words.language,
        version=response.answers[indicator].version if indicator in response.answers else 0,
        told=told,
        earlier=_earlier(work, words, indicator, told),
        changed=_changed(work, words, queue, (indicator, told)),
        preview=preview_of(work, indicator, answer, language),
        mark=next((mark for mark in list_reviews(work) if mark.indicator == indicator), None),
        returned=next((one for one in list_returns(work) if one.indicator == indicator), None),
        queue=queue,
        beside=beside(work, indicator),
    )


def _plain(response: Response, indicator: str) -> dict[str, Any]:
    """An answer as it was saved; an empty one where there is none."""
    answer = response.answers.get(indicator)
    plain: dict[str, Any] = json.loads(answer_body(answer)) if answer else {}
    return plain


def _told(words: Words, response: Response, indicator: str) -> list[Told]:
    answer = _plain(response, indicator)
    return told_answer(words, indicator, answer) if answer else []


def _earlier(work: Work, words: Words, indicator: str, told: list[Told]) -> Earlier | None:
    """The round before, as far as there is one that the reader may see and that asked this indicator."""
    found = _previous(work)
    if found is None or indicator not in found.instrument.indicators:
        return None
    language = words.language if words.language in found.instrument.translations else found.instrument.source.language
    then = _told(Words(found.instrument, language, found.response.sources), found.response, indicator)
    return Earlier(found.opened.round, bool(then), told_changes(then, told))


def _previous(work: Work) -> PreviousRound | None:
    try:
        return previous_round(work)
    except (NotFound, WrongState):
        return None


def _changed(work: Work, words: Words, queue: Queue, now: tuple[str, list[Told]]) -> list[Change]:
    """What differs from the submission before."""
    indicator, told = now
    if not any(item.id == indicator for item in queue.changed):
        return []
    before = submitted_response(work, queue.submitted.number - 1).response
    words = words._replace(sources={**before.sources, **words.sources})
    return only_different(told_changes(_told(words, before, indicator), told))
