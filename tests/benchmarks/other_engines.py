"""The same rules for other engines: as JsonLogic, and as expressions of zen-engine. Each gives a rule's number from 1, or 0."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import zen
from json_logic import jsonLogic

from questionnaire.compiled import CompiledInstrument
from questionnaire.conditions import Condition, Test
from questionnaire.model import ClosedQuestion, Indicator
from questionnaire.response import Ratification, Response

Data = dict[str, dict[str, Any]]
Engine = Callable[[Data], dict[str, int]]


def name(text: str) -> str:
    return text.replace("-", "_")


def data_of(instrument: CompiledInstrument, response: Response) -> Data:
    """The closed answers as plain data."""
    data: Data = {}
    for indicator in instrument.source.indicators:
        values = response.answers[indicator.id].values
        closed = [question.id for question in indicator.questions if isinstance(question, ClosedQuestion)]
        data[name(indicator.id)] = {key: _plain(values[key]) for key in closed}
    return data


def _plain(value: Any) -> Any:
    return value.status if isinstance(value, Ratification) else list(value) if isinstance(value, tuple) else value


def all_tests(
    instrument: CompiledInstrument, indicator: Indicator, condition: Condition
) -> Iterator[tuple[Indicator, Test]]:
    """The tests of a condition, and before each those that decide whether its question is asked."""
    for test in condition:
        host = instrument.indicators[test.indicator] if test.indicator else indicator
        question = host.question(test.question)
        if test.indicator:
            yield from all_tests(instrument, host, host.asked_when)
        if question is not None:
            yield from all_tests(instrument, host, question.asked_when)
        yield host, test


def json_logic_engine(instrument: CompiledInstrument) -> Engine:
    """All indicators in a pure Python JsonLogic library."""
    compiled = {i.id: _json_logic(instrument, i) for i in instrument.source.indicators}
    return lambda data: {key: int(jsonLogic(logic, data) or 0) for key, logic in compiled.items()}


def _json_logic(instrument: CompiledInstrument, indicator: Indicator) -> dict[str, Any]:
    branches: list[Any] = []
    for number, rule in enumerate(indicator.findings, 1):
        tests = all_tests(instrument, indicator, (*indicator.asked_when, *rule.when))
        branches += [{"and": [True, *(_logic_test(host, test) for host, test in tests)]}, number]
    return {"if": [*branches, 0]}


def _logic_test(host: Indicator, test: Test) -> dict[str, Any]:
    var = {"var": f"{name(host.id)}.{test.question}"}
    if test.mode == "is":
        return {"in": [var, list(test.options)]}
    found = [{"in": [option, var]} for option in test.options]
    return {"and": found} if test.mode == "all" else {"or": found} if test.mode == "any" else {"!": {"or": found}}


def zen_engine(instrument: CompiledInstrument) -> Engine:
    """All indicators in one expression node of zen-engine."""
    keys = {name(indicator.id): indicator.id for indicator in instrument.source.indicators}
    listed = [
        {"id": name(i.id), "key": f"r_{name(i.id)}", "value": _expression(instrument, i)}
        for i in instrument.source.indicators
    ]
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "rules", "type": "expressionNode", "name": "rules", "content": {"expressions": listed}},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": f"{a}-{b}", "sourceId": a, "targetId": b, "type": "edge"} for a, b in (("in", "rules"), ("rules", "out"))
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))

    def run(data: Data) -> dict[str, int]:
        found = decision.evaluate(data)["result"]
        return {original: int(found[f"r_{key}"]) for key, original in keys.items()}

    return run


def _expression(instrument: CompiledInstrument, indicator: Indicator) -> str:
    text = "0"
    for number, rule in reversed(list(enumerate(indicator.findings, 1))):
        tests = all_tests(instrument, indicator, (*indicator.asked_when, *rule.when))
        condition = " and ".join(_zen_test(host, test) for host, test in tests) or "true"
        text = f"({condition}) ? {number} : ({text})"
    return text


def _zen_test(host: Indicator, test: Test) -> str:
    var = f"{name(host.id)}.{test.question}"
    if test.mode == "is":
        return f"({var} in [{', '.join(repr(option) for option in test.options)}])"
    found = [f"({option!r} in {var})" for option in test.options]
    joined = (" and " if test.mode == "all" else " or ").join(found)
    return f"not({joined})" if test.mode == "none" else f"({joined})"
