"""What the page of one indicator shows, gathered in one piece of work."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from app.assessments.answers import SavedAnswer, check_answer, find_answer
from app.assessments.instruments import instrument_of
from app.assessments.responses import visible_indicators
from app.assessments.reviewing import Returned, list_returns
from app.errors import Invalid, Stale
from app.web.answer_changes import Change, told_changes
from app.web.answer_fields import (
    Asked,
    Choice,
    answer_data,
    asked_questions,
    new_source_kinds,
    source_choices,
    typed_answer,
)
from app.web.answer_preview import Preview, deciding_response, preview_of, with_answer
from app.web.answer_sources import typed_sources
from app.web.answer_words import Line, Told, Words, as_sentence, told_answer, with_removed_sources, words_of
from app.web.fields import Fields, base_after
from app.work import Work
from questionnaire.conditions import Unanswered
from questionnaire.model import Domain, Indicator
from questionnaire.table import NOT_ASKED
from scoring.evaluate import evaluate, steps


class Neighbour(NamedTuple):
    """An indicator beside this one."""

    id: str
    number: str
    title: str


class Where(NamedTuple):
    """The place of an indicator: `position` of `total` in its domain, and its neighbours among those the person sees."""

    domain: int
    domain_title: str
    subdomain: str
    position: int
    total: int
    previous: Neighbour | None
    next: Neighbour | None


class Decided(NamedTuple):
    """An earlier answer that decides that an indicator is not asked; no lines where it is not the person's to see."""

    indicator: str
    number: str
    title: str
    question: str
    lines: tuple[Line, ...]


class ConflictPart(NamedTuple):
    """That someone else saved first: their version, who and when, and both texts part by part."""

    version: int
    saved_by: str
    saved_at: Any
    changes: list[Change]


class Drawn(NamedTuple):
    """The form of an answer: its questions, all sources to choose further ones from, the kinds of new ones."""

    questions: list[Asked]
    sources: list[Choice]
    kinds: list[tuple[str, str]]
    typed: Fields
    language: str


class IndicatorPage(NamedTuple):
    """One indicator. `form` is None for those who may not save, `preview` for those who may not see the draft.

    `base` is the version that the form is made on: after a refusal still the one before, so that a save in between is
    noticed; after a conflict was shown, the other's.
    """

    id: str
    number: str
    title: str
    where: Where
    saved: SavedAnswer
    base: int
    told: list[Told]
    moot: list[Decided] | None
    returned: Returned | None
    form: Drawn | None
    preview: Preview | None
    remarks: tuple[str, ...]
    conflict: ConflictPart | None
    language: str


def indicator_page(
    work: Work, indicator: str, language: str, *, stale: Stale | None = None, typed: Fields | None = None
) -> IndicatorPage:
    """The page of an indicator as this person may see it; `typed` is what a form held that was refused."""
    saved = find_answer(work, indicator)
    words = with_removed_sources(work, words_of(work, language), [saved.answer])
    found = words.indicator(indicator)
    moot = _moot(work, words, indicator)
    may_save = work.allows("save_answer")
    return IndicatorPage(
        id=indicator,
        number=found.number,
        title=found.title,
        where=where_is(work, words, indicator),
        saved=saved,
        base=base_after(stale, typed, saved.version),
        told=told_answer(words, indicator, saved.answer),
        moot=moot,
        returned=_returned(work, indicator),
        form=drawn_form(words, indicator, typed or typed_answer(words, indicator, saved.answer)) if may_save else None,
        preview=preview_of(work, indicator, saved.answer, language) if work.allows("see_draft") else None,
        remarks=remarks_on(work, indicator, saved.answer) if may_save else (),
        conflict=conflict_part(work, words, indicator, stale, typed) if stale else None,
        language=words.language,
    )


def where_is(work: Work, words: Words, indicator: str) -> Where:
    """The place of an indicator in the instrument."""
    domain, subdomain, position = _found(words, indicator)
    visible = visible_indicators(work)
    shown = [one for one in words.texts.indicators if visible is None or one.id in visible]
    place = next(number for number, one in enumerate(shown) if one.id == indicator)
    before = _neighbour(shown[place - 1]) if place else None
    after = _neighbour(shown[place + 1]) if place + 1 < len(shown) else None
    return Where(domain.number, domain.title, subdomain, position, len(domain.indicators), before, after)


def _found(words: Words, indicator: str) -> tuple[Domain, str, int]:
    domain = next(one for one in words.texts.domains if any(each.id == indicator for each in one.indicators))
    subdomain = next(one for one in domain.subdomains if any(each.id == indicator for each in one.indicators))
    return domain, subdomain.title, [one.id for one in domain.indicators].index(indicator) + 1


def _neighbour(indicator: Indicator) -> Neighbour:
    return Neighbour(indicator.id, indicator.number, indicator.title)


def next_asked(work: Work, indicator: str) -> str | None:
    """The indicator after this one that is asked, as the answers are now; None after the last."""
    result = evaluate(instrument_of(work), deciding_response(work))
    names = list(result.leaves)
    following = names[names.index(indicator) + 1 :]
    return next((name for name in following if result.leaves[name] is not NOT_ASKED), None)


def _moot(work: Work, words: Words, indicator: str) -> list[Decided] | None:
    """What earlier answers decide that it is not asked; None if it is asked."""
    response = with_answer(deciding_response(work), indicator, {})
    result = evaluate(instrument_of(work), response)
    if result.leaves[indicator] is not NOT_ASKED:
        return None
    visible = visible_indicators(work)
    decided = []
    for (earlier, question), value in steps(result, indicator):
        if earlier is not None:
            found = words.indicator(earlier)
            seen = (visible is None or earlier in visible) and not isinstance(value, Unanswered)
            told = told_answer(words, earlier, {"values": {question: _plain(value)}}) if seen else []
            part = next((one for one in told if one.field == f"values.{question}"), None)
            text = part.label if part else ""
            decided.append(Decided(earlier, found.number, found.title, text, part.lines if part else ()))
    return decided


def _plain(value: Any) -> Any:
    return value.model_dump(exclude_none=True) if hasattr(value, "model_dump") else value


def _returned(work: Work, indicator: str) -> Returned | None:
    """That IOM asks for changes in it, while they are under way."""
    if work.state not in ("collecting", "in_review") or not work.allows("see_returns"):
        return None
    return next((one for one in list_returns(work) if one.indicator == indicator), None)


def drawn_form(words: Words, indicator: str, typed: Fields) -> Drawn:
    """The form of an answer, for the macros of `answer/fields.html`."""
    questions = asked_questions(words, indicator)
    return Drawn(questions, source_choices(words), new_source_kinds(words), typed, words.language)


def remarks_on(work: Work, indicator: str, answer: Mapping[str, Any]) -> tuple[str, ...]:
    """What to look at in an answer that was saved; nothing of one that could not be saved again as it is."""
    with suppress(Invalid):
        checked = check_answer(work, instrument_of(work), indicator, answer) if answer else None
        return tuple(map(as_sentence, checked[1])) if checked else ()
    return ()


def conflict_part(work: Work, words: Words, indicator: str, stale: Stale, typed: Fields | None) -> ConflictPart:
    """Both texts of a conflict: what someone else saved, and what this person wants to save."""
    told = stale.more
    yours = told.get("yours") or (answer_data(words, indicator, typed) if typed else {})
    theirs = told.get("theirs") or {}
    words = with_removed_sources(work, words, [yours, theirs])
    if typed:
        new = typed_sources(work, instrument_of(work).indicators[indicator], typed)
        words = words._replace(sources={**new, **words.sources})
    changes = told_changes(told_answer(words, indicator, theirs), told_answer(words, indicator, yours))
    return ConflictPart(told["version"], told.get("saved_by") or "", told.get("saved_at"), changes)
