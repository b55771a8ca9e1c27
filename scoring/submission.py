"""What is still missing before a response can be submitted. Missing is not wrong: a draft can be made at any moment."""

from collections.abc import Iterator
from typing import NamedTuple

from questionnaire.model import Indicator, requiring_outcome
from questionnaire.response import Ratification
from scoring.evaluate import Conclusion, Result, conclude

_ACTS = {"ratified": "ratification", "acceded": "accession", "succeeded": "succession", "signed": "signature"}


class Missing(NamedTuple):
    """A question that must be answered first: `question` None means the indicator as a whole.

    A question of an earlier indicator, which must be answered before this one, is named as `indicator-id.question_id`.
    """

    indicator: str
    question: str | None
    message: str


def missing_for_submission(result: Result) -> list[Missing]:
    """Indicators without an answer, closed questions left open, and what an outcome requires as its source."""
    return [missing for indicator in result.leaves for missing in _missing(result, conclude(result, indicator))]


def _missing(result: Result, conclusion: Conclusion) -> Iterator[Missing]:
    indicator, answer, rule = conclusion.indicator, conclusion.answer, conclusion.rule
    if conclusion.leaf.kind == "not_answered":
        yield _unanswered(result, conclusion)
    outcome = requiring_outcome(rule) if rule is not None else None
    if outcome is None or answer is None:
        return
    for name in indicator.requires.get(outcome, ()):
        if name in conclusion.leaf.asked and name not in answer.values:
            message = f"please also answer the question '{_text(indicator, name)}', which this answer rests on"
            yield Missing(indicator.id, name, message)
    for name, value in answer.values.items():
        if outcome == "row" and isinstance(value, Ratification) and value.year is None and value.status != "none":
            yield Missing(indicator.id, name, f"please give the year of the {_ACTS[value.status]}")


def _unanswered(result: Result, conclusion: Conclusion) -> Missing:
    """The indicator, or the question of it or of an earlier one, that is not answered yet."""
    indicator, answer, missing = conclusion.indicator, conclusion.answer, conclusion.leaf.missing
    if answer is None or not answer.values or missing is None:
        message = "not answered yet; that it is not known or does not apply, with the reason, is an answer too"
        return Missing(indicator.id, None, message)
    elsewhere, _, name = missing.rpartition(".")
    asked = result.instrument.indicators[elsewhere] if elsewhere else indicator
    place = f" of {asked.number} {asked.title}" if elsewhere else ""
    return Missing(indicator.id, missing, f"the question '{_text(asked, name)}'{place} is not answered yet")


def _text(indicator: Indicator, name: str) -> str:
    question = indicator.question(name)
    return question.text if question else name
