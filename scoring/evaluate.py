"""From a response to one outcome per indicator, each with its reason."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from questionnaire.compiled import CompiledInstrument
from questionnaire.conditions import OFF_PATH, UNAVAILABLE
from questionnaire.model import Indicator, Rule
from questionnaire.response import Answer, Response
from questionnaire.table import NOT_ASKED, Leaf, Node, Variable

Outcome = Literal["finding", "row", "not_applicable", "not_known", "not_asked", "not_answered"]


class Conclusion(NamedTuple):
    """What scoring concludes for one indicator.

    `leaf` is the row of the decision table that was reached, if one was. `missing` is the closed question that keeps an
    answer from being complete, or None.
    """

    indicator: Indicator
    outcome: Outcome
    leaf: Leaf | None
    answer: Answer | None
    missing: str | None

    @property
    def rule(self) -> Rule | None:
        """The rule that gave the outcome."""
        return None if self.leaf is None or self.leaf.rule is None else self.indicator.findings[self.leaf.rule]

    @property
    def finding_id(self) -> str:
        """The outcome's name for provenance: the indicator and the rule's number from 1, as `health-access#2`."""
        return f"{self.indicator.id}#{self.leaf.rule + 1}" if self.leaf and self.leaf.rule is not None else ""


class Result(NamedTuple):
    """The conclusions of all indicators by id, in the instrument's order."""

    instrument: CompiledInstrument
    response: Response
    conclusions: Mapping[str, Conclusion]


class Step(NamedTuple):
    """One step on the way to an outcome: what the table asked, and the answer (or `Unanswered`)."""

    variable: Variable
    value: Any


def evaluate(instrument: CompiledInstrument, response: Response) -> Result:
    """Follow each indicator's decision table. Answers off the path are never looked at."""
    conclusions: dict[str, Conclusion] = {}
    indicators, answers = instrument.indicators, response.answers
    for indicator_id, table in instrument.tables.items():
        conclusions[indicator_id] = _conclude(
            indicators[indicator_id], table.root, answers.get(indicator_id), conclusions
        )
    return Result(instrument, response, conclusions)


def _conclude(
    indicator: Indicator, node: Node | Leaf, answer: Answer | None, earlier: Mapping[str, Conclusion]
) -> Conclusion:
    while isinstance(node, Node) and node.earlier is not None:
        node = _branch(node, earlier_value(earlier[node.earlier], node.question))
    if node is NOT_ASKED:
        return Conclusion(indicator, "not_asked", NOT_ASKED, answer, None)
    if answer is None:
        return Conclusion(indicator, "not_answered", None, None, indicator.questions[0].id)
    if answer.not_known is not None:
        return Conclusion(indicator, "not_known", None, answer, None)
    if answer.not_applicable is not None:
        return Conclusion(indicator, "not_applicable", None, answer, None)
    values = answer.values
    while isinstance(node, Node):
        value = values.get(node.question)
        if value is None:
            return Conclusion(indicator, "not_answered", None, answer, node.question)
        node = node.branches[value] if node.key is None else node.branches[node.key(value)]
    return Conclusion(indicator, node.kind, node, answer, None)


def _branch(node: Node, value: Any) -> Node | Leaf:
    return node.branches[value if node.key is None else node.key(value)]


def earlier_value(conclusion: Conclusion, question: str) -> Any:
    """What a test on an earlier indicator sees: its answer, or `OFF_PATH`, or `UNAVAILABLE`."""
    if conclusion.outcome == "not_asked":
        return OFF_PATH
    if conclusion.leaf is None or conclusion.answer is None:
        return UNAVAILABLE
    return conclusion.answer.values[question] if question in conclusion.leaf.asked else OFF_PATH


def steps(result: Result, indicator_id: str) -> Iterator[Step]:
    """The way through an indicator's table, as far as the answers lead."""
    node: Node | Leaf | None = result.instrument.tables[indicator_id].root
    answer = result.conclusions[indicator_id].answer
    while isinstance(node, Node):
        if node.earlier is not None:
            value = earlier_value(result.conclusions[node.earlier], node.question)
        else:
            value = answer.values.get(node.question) if answer else None
        yield Step(Variable(node.earlier, node.question), value)
        node = _branch(node, value) if value is not None else None
