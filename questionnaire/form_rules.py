"""What of a form is shown, as JSON Schemas over its data: made from the tables and conditions that scoring follows.

A term is a schema that the form's data meet where something holds, or a bool where it holds always or never.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from questionnaire.compiled import CompiledInstrument
from questionnaire.conditions import OFF_PATH, UNAVAILABLE, Condition, Test, Unanswered
from questionnaire.model import ChoicesQuestion, Indicator, Question, RatificationQuestion
from questionnaire.response_schema import Schema, holds
from questionnaire.table import NOT_ASKED, Leaf, Node

Term = Schema | bool

CONTEXT = "context"
"""Where a form of one indicator holds what earlier indicators say."""

ANY_VALUE = holds("values", {"type": "object", "not": {"additionalProperties": {"enum": [[], {}]}}})
"""An answer with a value; an emptied list or group of fields is what a drawn form leaves behind, and says nothing."""

_REASON_STATED: Schema = {"anyOf": [holds("not_known", {}), holds("not_applicable", {})]}


def every(terms: Iterable[Term]) -> Term:
    """That all of these hold."""
    return _joined("allOf", terms, nothing=True)


def any_of(terms: Iterable[Term]) -> Term:
    """That at least one of these holds."""
    return _joined("anyOf", terms, nothing=False)


def negated(term: Term) -> Term:
    """That this does not hold."""
    if isinstance(term, bool):
        return not term
    return term["not"] if term.keys() == {"not"} else {"not": term}


def _joined(keyword: str, terms: Iterable[Term], nothing: bool) -> Term:
    """Terms under a keyword, each once; `nothing` is what an empty list of them comes to, and adds nothing to a full one."""
    kept: list[Schema] = []
    for term in terms:
        if isinstance(term, bool):
            if term is not nothing:
                return term
        elif term not in kept:
            kept.append(term)
    if len(kept) < 2:
        return kept[0] if kept else nothing
    return {keyword: kept}


class Visibility(NamedTuple):
    """Tells what a form's data ask. `home` is the indicator of a form of only one, whose data hold earlier ones in `context`."""

    instrument: CompiledInstrument
    home: str | None = None

    def indicator(self, indicator: Indicator) -> Term:
        """That no earlier answer makes the indicator moot, whatever its own will be."""

        def reached(node: Node | Leaf) -> Term | None:
            return None if isinstance(node, Node) and node.earlier else node is not NOT_ASKED

        return self._leads(indicator, self.instrument.tables[indicator.id].root, reached)

    def question(self, indicator: Indicator, question: Question) -> Term:
        """That the question's own condition is met as far as the answers go; one on an unanswered question is not yet."""
        return self._met(indicator, question.asked_when)

    def values(self, indicator: Indicator) -> Term:
        """That the indicator's questions are to be answered: no reason is stated why they are not."""
        return negated(self._at(indicator.id, _REASON_STATED))

    def reason(self, indicator: Indicator, name: str, other: str) -> Term:
        """That a reason can be stated, since no value is given and no other reason; or that it stands there already."""
        free = [self._at(indicator.id, ANY_VALUE), self._at(indicator.id, holds(other, {}))]
        return any_of([self._at(indicator.id, holds(name, {})), every(map(negated, free))])

    def year(self, indicator: Indicator, question: RatificationQuestion) -> Term:
        """That a year can be given, since the status is not *none*; or that one stands there already."""
        unbound = self._value(indicator, question, holds("status", {"const": "none"}))
        return any_of([negated(unbound), self._value(indicator, question, holds("year", {}))])

    def earlier(self, indicator: Indicator) -> set[str]:
        """The ids of all indicators whose answers decide what is asked of this one, near and far."""
        tests = [*indicator.asked_when, *(test for question in indicator.questions for test in question.asked_when)]
        near = {test.indicator for test in tests if test.indicator}
        near |= {test.indicator for rule in indicator.findings for test in rule.when if test.indicator}
        return near.union(*(self.earlier(self.instrument.indicators[found]) for found in near))

    def _at(self, indicator_id: str, schema: Schema) -> Schema:
        found = holds(indicator_id, {"type": "object", **schema})
        return found if self.home in (None, indicator_id) else holds(CONTEXT, found)

    def _value(self, indicator: Indicator, question: Question, schema: Schema) -> Schema:
        return self._at(indicator.id, holds("values", holds(question.id, schema)))

    def _met(self, indicator: Indicator, condition: Condition) -> Term:
        return every(self._test(indicator, test) for test in condition)

    def _test(self, indicator: Indicator, test: Test) -> Term:
        if test.indicator is not None:
            earlier = self.instrument.indicators[test.indicator]
            answered = self._test(earlier, test.model_copy(update={"indicator": None}))
            return any_of([self._silent(earlier), every([self._concluded(earlier), answered])])
        question = _question(indicator, test.question)
        return every([self.question(indicator, question), self._value(indicator, question, _tested(question, test))])

    def _concluded(self, indicator: Indicator) -> Term:
        """That a rule gives the outcome."""
        by_rule = self._ends(indicator, lambda leaf: leaf.rule is not None)
        return every([self._at(indicator.id, {"not": _REASON_STATED}), by_rule])

    def _moot(self, indicator: Indicator) -> Term:
        """That the outcome is *not asked*: by earlier answers alone, or (as rules may say) together with its own values."""

        def by_own_values(node: Node | Leaf) -> Term | None:
            if isinstance(node, Leaf):
                return False
            return None if node.earlier else self._leads(indicator, node, _ending(lambda leaf: leaf is NOT_ASKED))

        own = self._leads(indicator, self.instrument.tables[indicator.id].root, by_own_values)
        return any_of([negated(self.indicator(indicator)), every([self.values(indicator), own])])

    def _silent(self, indicator: Indicator) -> Term:
        """That it is asked, but not answered, not known or not applicable."""
        return every([negated(self._moot(indicator)), negated(self._concluded(indicator))])

    def _ends(self, indicator: Indicator, wanted: Callable[[Leaf], bool]) -> Term:
        return self._leads(indicator, self.instrument.tables[indicator.id].root, _ending(wanted))

    def _leads(self, indicator: Indicator, node: Node | Leaf, settled: Callable[[Node | Leaf], Term | None]) -> Term:
        """That following the table from here comes to a node for which `settled` holds; it says None to be led on."""
        term = settled(node)
        if isinstance(node, Leaf) or term is not None:
            return False if term is None else term
        ways: dict[str, tuple[Term, list[Any]]] = {}
        for key, below in node.branches.items():
            term = self._leads(indicator, below, settled)
            ways.setdefault(json.dumps(term, sort_keys=True), (term, []))[1].append(key)
        return any_of(every([term, self._taken(indicator, node, keys)]) for term, keys in ways.values() if term)

    def _taken(self, indicator: Indicator, node: Node, keys: list[Any]) -> Term:
        """That one of these branches of a node is taken."""
        if node.earlier is None:
            question = _question(indicator, node.question)
            return self._value(indicator, question, _one_of(question, node, keys))
        if len(keys) == len(node.branches):
            return True
        earlier = self.instrument.indicators[node.earlier]
        question = _question(earlier, node.question)
        asked, concluded = self.question(earlier, question), self._concluded(earlier)
        given = [key for key in keys if not isinstance(key, Unanswered)]
        cases: list[Term] = []
        if given:
            value = self._value(earlier, question, _one_of(question, node, given))
            cases.append(every([concluded, asked, value]))
        if UNAVAILABLE in keys:
            cases.append(self._silent(earlier))
        if OFF_PATH in keys:
            cases.append(any_of([self._moot(earlier), every([concluded, negated(asked)])]))
        return any_of(cases)


def _question(indicator: Indicator, question_id: str) -> Question:
    return next(question for question in indicator.questions if question.id == question_id)


def _ending(wanted: Callable[[Leaf], bool]) -> Callable[[Node | Leaf], Term | None]:
    return lambda node: wanted(node) if isinstance(node, Leaf) else None


def _tested(question: Question, test: Test) -> Schema:
    """A value of which a test holds; options on which it does not stand alone."""
    options = list(test.options)
    if test.mode == "is":
        return _single(question, options)
    if test.mode == "all":
        return {"type": "array", "allOf": [{"contains": {"const": option}} for option in options]}
    named: Schema = {"contains": {"enum": options}}
    return {"type": "array", **named} if test.mode == "any" else {"type": "array", "minItems": 1, "not": named}


def _single(question: Question, options: list[str]) -> Schema:
    schema = {"enum": options}
    return holds("status", schema) if isinstance(question, RatificationQuestion) else schema


def _one_of(question: Question, node: Node, keys: list[Any]) -> Schema:
    """A value that leads to one of these branches."""
    if not isinstance(question, ChoicesQuestion):
        return _single(question, keys)
    answered: Schema = {"type": "array", "minItems": 1}
    given = [key for key in node.branches if not isinstance(key, Unanswered)]
    if len(keys) == len(given):
        return answered
    named = frozenset(option for picked, _ in given for option in picked)
    return {
        **answered,
        "anyOf": [_combination(sorted(picked), sorted(named - picked), others) for picked, others in keys],
    }


def _combination(picked: list[str], left_out: list[str], others: bool) -> Schema:
    """A list of all that is picked, nothing that is left out, and others or none."""
    unnamed = {"contains": {"not": {"enum": [*picked, *left_out]}}}
    tests: list[Schema] = [{"contains": {"const": option}} for option in picked]
    tests += [{"not": {"contains": {"enum": left_out}}}] if left_out else []
    return {"allOf": [*tests, unnamed if others else {"not": unnamed}]}
