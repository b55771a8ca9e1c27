"""What becomes of the answers to one instrument when a round is answered on another, and why."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from questionnaire.compiled import CompiledInstrument
from questionnaire.model import (
    ChoiceQuestion,
    ChoicesQuestion,
    Indicator,
    Question,
    RatificationQuestion,
    SourceQuestion,
    YesNoQuestion,
    closed_options,
)
from questionnaire.response import Answer, Ratification, Value
from questionnaire.values import Known, parse_value

SAME = "The question is the same."

_FAMILIES = (("choice", "choices", "yes_no"), ("source", "sources"), ("text", "paragraph", "year", "number"))
"""Types of questions between which a value may be carried; every other type is a family of its own."""
_LISTS = ("choices", "sources", "countries", "languages")
_TAKES = {
    "choice": "one option",
    "choices": "one or more options",
    "yes_no": "yes or no",
    "year": "a year",
    "number": "a whole number",
    "text": "a short phrase",
    "paragraph": "free text",
    "source": "one source",
    "sources": "one or more sources",
}


class Verdict(NamedTuple):
    """What becomes of one answer, why, and what of it is carried (None where it is dropped)."""

    kind: Literal["kept", "converted", "dropped"]
    reason: str
    answer: Answer | None


class _Carried(NamedTuple):
    """What becomes of one value, None where it cannot be carried; all the rest is told in sentences.

    `misfits`: what did not fit as it was. `rewordings`: what of the question reads otherwise. `further`: ids of sources
    for which the question has no place any more.
    """

    value: Value | None
    misfits: tuple[str, ...] = ()
    rewordings: tuple[str, ...] = ()
    further: tuple[str, ...] = ()


def move_answers(old: CompiledInstrument, new: CompiledInstrument, answers: Mapping[str, Answer]) -> dict[str, Verdict]:
    """The verdict on each answer, in the new instrument's order, and after those the answers whose indicator is gone."""
    order = [key for key in new.indicators if key in answers]
    order += [key for key in answers if key not in new.indicators]
    return {key: verdict(old, new, key, answers[key]) for key in order}


def verdict(old: CompiledInstrument, new: CompiledInstrument, indicator_id: str, answer: Answer) -> Verdict:
    """What becomes of an answer to `old` where `new` is asked. Qualifier, detail, sources and note go with what is carried.

    Whether a source is of a kind that the new question takes is not looked at: where the kinds differ, the reason says so.
    """
    if old.content_hash == new.content_hash:
        return Verdict("kept", SAME, answer)
    before, now = old.indicators.get(indicator_id), new.indicators.get(indicator_id)
    if before is None or now is None:
        title = before.title if before else indicator_id
        return Verdict("dropped", f"The indicator '{title}' is no longer asked.", None)
    carried = {key: _carry(before, now, key, value, new) for key, value in answer.values.items()}
    misfits = [sentence for one in carried.values() for sentence in one.misfits]
    rewordings = [*_news(before, now), *(sentence for one in carried.values() for sentence in one.rewordings)]
    values = {key: one.value for key, one in carried.items() if one.value is not None}
    if answer.values and not values:
        return Verdict("dropped", " ".join(misfits), None)
    further = (key for one in carried.values() for key in one.further)
    sources = tuple(dict.fromkeys((*answer.sources, *further)))
    moved = answer.model_copy(update={"values": values, "sources": sources})
    return Verdict("converted" if misfits else "kept", " ".join([*misfits, *rewordings]) or SAME, moved)


def _news(before: Indicator, now: Indicator) -> Iterator[str]:
    """What the indicator is called now, and what it asks that it did not ask."""
    if before.title != now.title:
        yield f"The indicator '{before.title}' is now called '{now.title}'."
    for question in now.questions:
        if before.question(question.id) is None:
            yield f"The question '{question.text}' is new."


def _carry(before: Indicator, now: Indicator, question_id: str, value: Value, new: CompiledInstrument) -> _Carried:
    """What becomes of the value of one question."""
    asked, question = before.question(question_id), now.question(question_id)
    if asked is None or question is None:
        return _Carried(None, (f"The question '{asked.text if asked else question_id}' is no longer asked.",))
    if _family(asked) != _family(question):
        return _Carried(None, (f"The question '{question.text}' now asks for something else.",))
    raw, misfits = _offered(asked, question, value)
    further: tuple[str, ...] = ()
    if isinstance(raw, list) and question.type not in _LISTS:
        if len(raw) > 1 and not isinstance(question, SourceQuestion):
            return _Carried(
                None, (*misfits, f"The question '{question.text}' now takes {_TAKES[question.type]} alone.")
            )
        raw, *rest = raw or [None]
        further = tuple(rest)
    if raw in (None, []):
        return _Carried(None, misfits)
    try:
        typed = parse_value(question, raw, _known(raw, new))
    except ValueError as error:
        return _Carried(None, (*misfits, f"The answer to the question '{question.text}' no longer fits: {error}."))
    if asked.type != question.type:
        misfits = (*misfits, f"The question '{question.text}' now takes {_TAKES[question.type]}.")
    return _Carried(typed, misfits, tuple(_rewordings(asked, question)), further)


def _family(question: Question) -> tuple[str, ...]:
    """The types that take values of one kind; a ratification is one of its own convention."""
    if isinstance(question, RatificationQuestion):
        return (question.type, question.convention)
    return next((family for family in _FAMILIES if question.type in family), (question.type,))


def _offered(asked: Question, question: Question, value: Value) -> tuple[Any, tuple[str, ...]]:
    """The value as plain data, without the options that are no longer offered, and what is to be said of those."""
    if isinstance(value, Ratification):
        return value.model_dump(exclude_none=True), ()
    given = list(value) if isinstance(value, tuple) else [value]
    if not isinstance(question, ChoiceQuestion | ChoicesQuestion | YesNoQuestion):
        return given if isinstance(value, tuple) else value, ()
    offered, labels = closed_options(question), _labels(asked)
    gone = tuple(
        f"The option '{labels.get(str(option), option)}' of the question '{question.text}' is no longer offered."
        for option in given
        if option not in offered
    )
    return [option for option in given if option in offered], gone


def _known(raw: Any, new: CompiledInstrument) -> Known:
    """What the value may refer to: any source that it names, and the countries of the new instrument."""
    named = dict.fromkeys(item for item in (raw if isinstance(raw, list) else [raw]) if isinstance(item, str))
    return Known(named, frozenset(), new.countries[new.source.language])


def _labels(question: Question) -> dict[str, str]:
    options = question.options if isinstance(question, ChoiceQuestion | ChoicesQuestion) else ()
    return {option.id: option.label for option in options}


def _rewordings(asked: Question, question: Question) -> Iterator[str]:
    """What of the question's wording has changed while its answer still fits."""
    if (asked.text, asked.help) != (question.text, question.help):
        yield f"The wording of the question '{question.text}' has changed."
    if asked.type == question.type and _labels(asked) != _labels(question):
        yield f"The options of the question '{question.text}' have changed."
    if not _kinds(asked) <= _kinds(question):
        yield f"The question '{question.text}' now takes other kinds of sources; please check the source."


def _kinds(question: Question) -> frozenset[str]:
    return frozenset(question.kinds if isinstance(question, SourceQuestion) else ())
