"""Why an indicator has the outcome it has, as lines of text."""

from collections.abc import Iterator
from typing import Any

from app.cli.reading import AREA_NAMES
from questionnaire.conditions import Unanswered
from questionnaire.model import FindingRule, NotApplicableRule, Option
from questionnaire.response import Ratification
from questionnaire.table import Variable
from scoring.evaluate import Conclusion, Result, conclude, steps
from scoring.narrate import narrate

OUTCOME_NAMES = {
    "finding": "a finding",
    "row": "a row of the conventions table",
    "not_applicable": "no finding: not applicable",
    "not_known": "no finding: not known",
    "not_asked": "no finding: not asked, because an earlier answer makes it moot",
    "not_answered": "no finding: not answered",
}


def explain_indicator(result: Result, indicator_id: str) -> str:
    """The outcome, the answers on the way to it, the rule, and the sentences."""
    conclusion = conclude(result, indicator_id)
    indicator = conclusion.indicator
    return "\n".join(
        [
            f"{indicator.number}  {indicator.title}  ({indicator.id})",
            f"Outcome: {OUTCOME_NAMES[conclusion.leaf.kind]}",
            *_reason(conclusion),
            *_steps(result, indicator_id),
            *_off_path(conclusion),
            *_told(result, indicator_id),
        ]
    )


def _reason(conclusion: Conclusion) -> Iterator[str]:
    rule, answer, leaf = conclusion.rule, conclusion.answer, conclusion.leaf
    if rule is not None and leaf.rule is not None:
        condition = " and ".join(map(str, rule.when)) or "any answer"
        yield f"By rule {leaf.rule + 1} of {len(conclusion.indicator.findings)}: when {condition}"
    if isinstance(rule, FindingRule):
        yield f"Area: {AREA_NAMES[rule.area]}" + (f", because: {rule.why}" if rule.why else "")
    elif isinstance(rule, NotApplicableRule):
        yield f"Reason: {rule.not_applicable}"
    elif answer and (answer.not_known or answer.not_applicable):
        yield f"Reason given: {answer.not_known or answer.not_applicable}"
    if leaf.missing:
        yield f"The question '{leaf.missing}' is not answered yet"


def _steps(result: Result, indicator_id: str) -> Iterator[str]:
    yield "Answers on the way:"
    for step in steps(result, indicator_id):
        yield f"  {step.variable} = {_value(result, indicator_id, step.variable, step.value)}"


def _value(result: Result, indicator_id: str, variable: Variable, value: Any) -> str:
    """The answer in the words of its options."""
    if value is None or isinstance(value, Unanswered):
        return str(value or "not answered")
    if isinstance(value, Ratification):
        return f"{value.status} ({value.year})" if value.year else value.status
    question = result.instrument.indicators[variable.indicator or indicator_id].question(variable.question)
    options: tuple[Option, ...] = getattr(question, "options", ())
    labels = {option.id: option.label for option in options}
    chosen = (value,) if isinstance(value, str) else value
    return ", ".join(f"{option} ({labels[option]})" if option in labels else str(option) for option in chosen)


def _off_path(conclusion: Conclusion) -> Iterator[str]:
    decided = conclusion.leaf.kind in ("finding", "row", "not_applicable", "not_asked")
    given = conclusion.answer.values if conclusion.answer and decided else {}
    unused = [name for name in given if name not in conclusion.leaf.asked]
    if unused:
        yield f"Kept, but counted nowhere (no longer asked): {', '.join(unused)}"


def _told(result: Result, indicator_id: str) -> Iterator[str]:
    finding = narrate(result, result.response.country, result.instrument.source.language).findings.get(indicator_id)
    if finding is None:
        return
    yield "Printed:"
    for told in finding.told:
        yield f"  {told.text}" + ("" if told.role == "finding" else f"  [{told.role}]")
    if finding.beside:
        yield f"Printed right after the finding of {finding.beside}, which it qualifies"
    for span in finding.told[0].spans:
        if span.question:
            link = f" <{span.href}>" if span.href else ""
            yield f"  from {span.question}: {span.text}{link}"
