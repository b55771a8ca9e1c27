"""From a response to one outcome per indicator, each with its reason."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from questionnaire.compiled import CompiledInstrument
from questionnaire.conditions import OFF_PATH, UNAVAILABLE
from questionnaire.model import Indicator, Rule
from questionnaire.response import Answer, Response
from questionnaire.table import NOT_APPLICABLE, NOT_ASKED, NOT_KNOWN, Leaf, Node, Table, Variable


class Result(NamedTuple):
    """Where each indicator's table led, by id, in the instrument's order."""

    instrument: CompiledInstrument
    response: Response
    leaves: Mapping[str, Leaf]


class Conclusion(NamedTuple):
    """What scoring concludes for one indicator: where its table led, and the answer that led there."""

    indicator: Indicator
    leaf: Leaf
    answer: Answer | None

    @property
    def rule(self) -> Rule | None:
        """The rule that gave the outcome."""
        return None if self.leaf.rule is None else self.indicator.findings[self.leaf.rule]

    @property
    def finding_id(self) -> str:
        """The outcome's name for provenance: the indicator and the rule's number from 1, as `health-access#2`."""
        return "" if self.leaf.rule is None else f"{self.indicator.id}#{self.leaf.rule + 1}"


class Step(NamedTuple):
    """One step on the way to an outcome: what the table asked, and the answer (or `Unanswered`, or None)."""

    variable: Variable
    value: Any


def evaluate(instrument: CompiledInstrument, response: Response) -> Result:
    """Follow each indicator's decision table. Answers off the path are never looked at.

    The response's values must be typed, as `questionnaire.reading` types them: a value that is no option is a `KeyError`.
    """
    leaves: dict[str, Leaf] = {}
    answers = response.answers
    for indicator_id, table in instrument.tables.items():
        node = table.root
        answer = answers.get(indicator_id)
        if answer is None or answer.not_known is not None or answer.not_applicable is not None:
            node = _without_values(table, answer, leaves, answers)
        else:
            values = answer.values
            while isinstance(node, Node):
                value = values.get(node.question) if node.earlier is None else _earlier(node, leaves, answers)
                if value is None:
                    node = node.unanswered
                    break
                node = node.branches[value if node.key is None else node.key(value)]
        leaves[indicator_id] = node
    return Result(instrument, response, leaves)


def _without_values(
    table: Table, answer: Answer | None, leaves: Mapping[str, Leaf], answers: Mapping[str, Answer]
) -> Leaf:
    """The outcome where the government gives no values: an earlier answer may make the indicator moot all the same."""
    node = table.root
    while isinstance(node, Node) and node.earlier is not None:
        value = _earlier(node, leaves, answers)
        node = node.branches[value if node.key is None else node.key(value)]
    if node is NOT_ASKED:
        return NOT_ASKED
    if answer is None:
        return table.unanswered
    return NOT_APPLICABLE if answer.not_known is None else NOT_KNOWN


def _earlier(node: Node, leaves: Mapping[str, Leaf], answers: Mapping[str, Answer]) -> Any:
    """What a test on an earlier indicator sees: its answer, or `OFF_PATH`, or `UNAVAILABLE`."""
    indicator_id = node.earlier or ""
    leaf = leaves[indicator_id]
    if leaf is NOT_ASKED:
        return OFF_PATH
    if leaf.rule is None:
        return UNAVAILABLE
    return answers[indicator_id].values[node.question] if node.question in leaf.asked else OFF_PATH


def conclude(result: Result, indicator_id: str) -> Conclusion:
    """The conclusion for one indicator."""
    indicator = result.instrument.indicators[indicator_id]
    return Conclusion(indicator, result.leaves[indicator_id], result.response.answers.get(indicator_id))


def steps(result: Result, indicator_id: str) -> Iterator[Step]:
    """The way through an indicator's table, as far as the answers lead."""
    node: Node | Leaf | None = result.instrument.tables[indicator_id].root
    answers = result.response.answers
    answer = answers.get(indicator_id)
    while isinstance(node, Node):
        if node.earlier is not None:
            value = _earlier(node, result.leaves, answers)
        else:
            value = answer.values.get(node.question) if answer else None
        yield Step(Variable(node.earlier, node.question), value)
        node = None if value is None else node.branches[value if node.key is None else node.key(value)]
