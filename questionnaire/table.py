"""One decision table per indicator: combination of closed answers → outcome.

The answer space of an indicator is finite, so its rules are compiled by walking all of it. The table is kept as a tree that asks
one variable at a time, in the order in which the questions are asked; each leaf is one row. It is the one evaluator: the
linter's proof is that it could be built, and scoring only follows it.

Variables are the indicator's closed questions, and before them the questions of earlier indicators that its conditions test.
Options that no condition of the indicator names are walked as one class.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Literal, NamedTuple

from questionnaire.conditions import OFF_PATH, UNAVAILABLE, Condition, Test, Unanswered
from questionnaire.model import (
    BaseQuestion,
    ChoicesQuestion,
    ClosedQuestion,
    FindingRule,
    Indicator,
    NotApplicableRule,
    RowRule,
    closed_options,
)

MAX_ROWS = 4096
MAX_ALL_ROWS = 50_000
"""What all tables of an instrument may have between them."""
MAX_NAMED = 13
"""More named options of one `choices` question than this make more than `MAX_ROWS` combinations by themselves."""

OutcomeKind = Literal["finding", "row", "not_applicable", "not_known", "not_asked", "not_answered"]


class Leaf(NamedTuple):
    """What following a table ends at.

    `rule` is the rule (number from 0) that gives a finding, a row or a fixed reason. `asked` are the ids of all questions
    asked on the way. `missing` is the closed question that keeps an answer from being complete; one of an earlier indicator
    is named as `indicator-id.question_id`.
    """

    kind: OutcomeKind
    rule: int | None = None
    asked: frozenset[str] = frozenset()
    missing: str | None = None


NOT_ASKED = Leaf("not_asked")
NOT_KNOWN = Leaf("not_known")
NOT_APPLICABLE = Leaf("not_applicable")
"""As the government states with its own reason; a rule that says so ends at a leaf with that rule."""


class Variable(NamedTuple):
    """What the table branches on: a closed question of this indicator (`indicator` None) or of an earlier one."""

    indicator: str | None
    question: str

    def __str__(self) -> str:
        return f"{self.indicator}.{self.question}" if self.indicator else self.question


@dataclass(frozen=True, slots=True)
class Node:
    """Asks one question, of this indicator or of the `earlier` one named.

    `key` turns an answer into what `branches` is keyed by; where it is None, the answer itself is the key.
    """

    earlier: str | None
    question: str
    branches: Mapping[Any, "Node | Leaf"]
    key: Callable[[Any], Any] | None
    unanswered: Leaf


class Row(NamedTuple):
    """One combination: what each variable is (a word to print, and a sample value), and the outcome."""

    values: tuple[tuple[Variable, str], ...]
    samples: Mapping[Variable, Any]
    leaf: Leaf

    def asks(self, part: Indicator | BaseQuestion) -> bool:
        """Whether the indicator, or a question of it, is asked in this combination."""
        return not is_moot(part.asked_when, lambda variable: self.samples.get(variable, OFF_PATH))


@dataclass(frozen=True, slots=True)
class Fault:
    """A combination that meets no rule (`rules` empty) or more than one, as a counterexample."""

    values: tuple[tuple[Variable, str], ...]
    rules: tuple[int, ...]

    def example(self) -> str:
        """The counterexample in words."""
        return ", ".join(f"{variable} = {value}" for variable, value in self.values) or "any answer"


@dataclass(slots=True)
class Table:
    """The compiled rules of one indicator."""

    root: Node | Leaf
    unanswered: Leaf
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    too_large: bool = False


class _Case(NamedTuple):
    """One class of answers to a variable: the keys that lead to it, a value to test conditions on, and a word for it."""

    keys: tuple[Any, ...]
    sample: Any
    word: str


class _Domain(NamedTuple):
    """All classes of answers to a variable."""

    variable: Variable
    cases: tuple[_Case, ...]
    key: Callable[[Any], Any] | None


def key_of_choices(named: frozenset[str]) -> Callable[[Any], Any]:
    """The function from chosen options to a branch: which of the named ones, and whether any other."""

    def key(chosen: Any) -> Any:
        if chosen is None or isinstance(chosen, Unanswered):
            return chosen
        picked = frozenset(chosen)
        return (picked & named, bool(picked - named))

    return key


def _status(value: Any) -> Any:
    return getattr(value, "status", value)


def _choices_cases(question: ChoicesQuestion, named: frozenset[str]) -> list[_Case]:
    free = [option for option in question.options if not option.exclusive]
    named_free = [option.id for option in free if option.id in named][:MAX_NAMED]
    other_free = [option.id for option in free if option.id not in named]
    rests = [[], other_free] if other_free else [[]]
    cases = []
    for flags in product((True, False), repeat=len(named_free)):
        picked = frozenset(option for option, flag in zip(named_free, flags, strict=True) if flag)
        cases += [_choices_case(picked, rest) for rest in rests if picked or rest]
    for option in question.options:
        if option.exclusive:
            alone = frozenset({option.id})
            cases.append(_Case(((alone & named, not alone & named),), alone, option.id))
    return _merged(cases)


def _choices_case(picked: frozenset[str], others: list[str]) -> _Case:
    word = " + ".join([*sorted(picked), *(["|".join(others)] if others else [])])
    return _Case(((picked, bool(others)),), picked | frozenset(others[:1]), word)


def _merged(cases: list[_Case]) -> list[_Case]:
    """Cases of one key are one case."""
    by_key: dict[Any, _Case] = {}
    for case in cases:
        known = by_key.get(case.keys)
        by_key[case.keys] = _Case(case.keys, case.sample, f"{known.word}|{case.word}") if known else case
    return list(by_key.values())


def _single_cases(options: tuple[str, ...], named: frozenset[str]) -> list[_Case]:
    cases = [_Case((option,), option, option) for option in options if option in named]
    others = tuple(option for option in options if option not in named)
    return [*cases, _Case(others, others[0], "|".join(others))] if others else cases


def _domain(variable: Variable, question: ClosedQuestion, tests: list[Test]) -> _Domain:
    named = frozenset(option for test in tests for option in test.options)
    key: Callable[[Any], Any] | None = None
    if isinstance(question, ChoicesQuestion):
        cases, key = _choices_cases(question, named), key_of_choices(named)
    else:
        cases = _single_cases(closed_options(question), named)
        key = _status if question.type == "ratification" else None
    if variable.indicator:
        cases += [_Case((value,), value, value.word) for value in (UNAVAILABLE, OFF_PATH)]
    return _Domain(variable, tuple(cases), key)


def conditions_of(indicator: Indicator) -> Iterator[Condition]:
    """Every condition in an indicator: its own, its questions' and its rules'."""
    yield indicator.asked_when
    yield from (question.asked_when for question in indicator.questions)
    yield from (rule.when for rule in indicator.findings)


def is_moot(condition: Condition, value_of: Callable[[Variable], Any]) -> bool:
    """Whether an `asked_when` is made false by an answer; a missing answer of an earlier indicator does not."""
    for test in condition:
        value = value_of(Variable(test.indicator, test.question))
        if value is not UNAVAILABLE and not test.holds(value):
            return True
    return False


class _Walk:
    """Builds the tree, and collects rows and faults on the way."""

    def __init__(self, indicator: Indicator, foreign: list[_Domain], own: list[_Domain], max_rows: int) -> None:
        self.indicator = indicator
        self.max_rows = max_rows
        self.foreign = foreign
        self.own = own
        self.table = Table(NOT_ASKED, Leaf("not_answered", missing=indicator.questions[0].id))
        self.samples: dict[Variable, Any] = {}
        self.words: dict[Variable, str] = {}

    def run(self) -> Table:
        self.table.root = self._foreign(0)
        self.table.too_large = len(self.table.rows) > self.max_rows
        return self.table

    def _value(self, variable: Variable) -> Any:
        return self.samples.get(variable, OFF_PATH)

    def _foreign(self, index: int) -> Node | Leaf:
        if index < len(self.foreign):
            return self._branch(self.foreign[index], lambda: self._foreign(index + 1))
        if is_moot(self.indicator.asked_when, self._value):
            return self._row(NOT_ASKED)
        below = self._own(0)
        return NOT_ASKED if _is_never_asked(below) else below

    def _own(self, index: int) -> Node | Leaf:
        if index == len(self.own):
            return self._outcome()
        domain = self.own[index]
        question = self.indicator.question(domain.variable.question)
        if question is not None and is_moot(question.asked_when, self._value):
            return self._own(index + 1)
        return self._branch(domain, lambda: self._own(index + 1))

    def _branch(self, domain: _Domain, below: Callable[[], Node | Leaf]) -> Node | Leaf:
        branches: dict[Any, Node | Leaf] = {}
        for case in domain.cases:
            if len(self.table.rows) > self.max_rows:
                break
            self.samples[domain.variable], self.words[domain.variable] = case.sample, case.word
            branch = below()
            branches |= dict.fromkeys(case.keys, branch)
            del self.samples[domain.variable], self.words[domain.variable]
        earlier, question = domain.variable
        return Node(earlier, question, branches, domain.key, Leaf("not_answered", missing=question))

    def _row(self, leaf: Leaf) -> Leaf:
        self.table.rows.append(Row(tuple(self.words.items()), dict(self.samples), leaf))
        return leaf

    def _outcome(self) -> Leaf:
        met = tuple(
            number
            for number, rule in enumerate(self.indicator.findings)
            if all(test.holds(self._value(Variable(test.indicator, test.question))) for test in rule.when)
        )
        silent = None if met else self._without_earlier()
        if silent:
            return self._row(silent)
        if len(met) != 1:
            self.table.faults.append(Fault(tuple(self.words.items()), met))
            return self._row(NOT_ASKED)
        rule = self.indicator.findings[met[0]]
        asked = (question.id for question in self.indicator.questions if not is_moot(question.asked_when, self._value))
        return self._row(Leaf(_KINDS[type(rule)], met[0], frozenset(asked)))

    def _without_earlier(self) -> Leaf | None:
        """Where a rule needs an earlier indicator that says nothing: that one is to be answered first, or makes this one moot."""
        tested = {Variable(test.indicator, test.question) for rule in self.indicator.findings for test in rule.when}
        earlier = [domain.variable for domain in self.foreign if domain.variable in tested]
        missing = [variable for variable in earlier if self._value(variable) is UNAVAILABLE]
        if missing:
            return Leaf("not_answered", missing=str(missing[0]))
        return NOT_ASKED if any(self._value(variable) is OFF_PATH for variable in earlier) else None


def _is_never_asked(node: Node | Leaf) -> bool:
    """Whether no answer to the indicator's own questions leads anywhere else than to *not asked*."""
    return all(map(_is_never_asked, node.branches.values())) if isinstance(node, Node) else node is NOT_ASKED


_KINDS: dict[type, OutcomeKind] = {FindingRule: "finding", NotApplicableRule: "not_applicable", RowRule: "row"}


def build_table(indicator: Indicator, earlier: Mapping[str, Indicator], max_rows: int = MAX_ROWS) -> Table:
    """Walk all combinations of an indicator whose conditions name existing questions and options.

    `earlier`: indicators of the same domain that stand before it, by id. Faults are in the table, never raised; a table that
    would have more than `max_rows` is given up there.
    """
    tests = [test for condition in conditions_of(indicator) for test in condition]
    by_variable: dict[Variable, list[Test]] = {}
    for test in tests:
        by_variable.setdefault(Variable(test.indicator, test.question), []).append(test)
    foreign = []
    for variable, asked in by_variable.items():
        question = earlier[variable.indicator].question(variable.question) if variable.indicator else None
        if isinstance(question, ClosedQuestion):
            foreign.append(_domain(variable, question, asked))
    own = [
        _domain(variable, question, by_variable.get(variable, []))
        for question in indicator.questions
        if isinstance(question, ClosedQuestion)
        for variable in [Variable(None, question.id)]
    ]
    return _Walk(indicator, foreign, own, max_rows).run()
