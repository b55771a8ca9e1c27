"""What is still missing before a response can be submitted. Missing is not wrong: a draft can be made at any moment."""

from collections.abc import Iterator
from typing import NamedTuple

from questionnaire.model import requiring_outcome
from questionnaire.response import Ratification
from scoring.evaluate import Conclusion, Result, conclude


class Missing(NamedTuple):
    """A question that must be answered first: `question` None means the indicator as a whole."""

    indicator: str
    question: str | None
    message: str


def missing_for_submission(result: Result) -> list[Missing]:
    """Indicators without an answer, closed questions left open, and what an outcome requires as its source."""
    return [missing for indicator in result.leaves for missing in _missing(conclude(result, indicator))]


def _missing(conclusion: Conclusion) -> Iterator[Missing]:
    indicator, answer, rule = conclusion.indicator, conclusion.answer, conclusion.rule
    if conclusion.leaf.kind == "not_answered":
        if answer is None or not answer.values:
            yield Missing(indicator.id, None, "not answered yet; 'not_known' with a reason is an answer too")
        else:
            yield Missing(
                indicator.id, conclusion.leaf.missing, f"the question '{conclusion.leaf.missing}' is not answered yet"
            )
    outcome = requiring_outcome(rule) if rule is not None else None
    if outcome is None or answer is None:
        return
    for name in indicator.requires.get(outcome, ()):
        if name in conclusion.leaf.asked and name not in answer.values:
            yield Missing(indicator.id, name, f"'{name}' must be given for this answer to be submitted")
    for name, value in answer.values.items():
        if outcome == "row" and isinstance(value, Ratification) and value.year is None and value.status != "none":
            yield Missing(indicator.id, name, f"the year must be given for '{value.status}'")
