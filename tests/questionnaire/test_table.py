"""Decision tables: every combination is walked once, and following the table is the same as trying the rules."""

import random
import time
from textwrap import dedent
from typing import Any

import pytest

from questionnaire import compiled
from questionnaire.compiled import CompiledInstrument
from questionnaire.conditions import OFF_PATH, UNAVAILABLE
from questionnaire.linter import tables
from questionnaire.linter.walk import Content
from questionnaire.model import ChoicesQuestion, ClosedQuestion, Indicator, closed_options
from questionnaire.problems import Places
from questionnaire.response import Ratification
from questionnaire.strict_yaml import parse_yaml
from questionnaire.table import MAX_ROWS, NOT_ASKED, Leaf, Node, Table, Variable, build_table, is_moot

GROUPS = """
  - {id: groups, type: choice, text: T, help: H, options: [{id: all, label: A}, {id: some, label: B}, {id: none, label: C}]}
"""
WHICH = """
  - id: which
    type: choices
    asked_when: {groups: some}
    text: T
    help: H
    options: [{id: a, label: A}, {id: b, label: B}, {id: c, label: C}, {id: d, label: D}, {id: x, label: X, exclusive: true}]
"""
LAW = "\n  - {id: law, type: source, kinds: [law], asked_when: {groups: [all, some]}, text: T, help: H}\n"
EARLIER = "id: first\nnumber: '1.01'\ntitle: T\nquestions:" + GROUPS + "findings: [{area: potential, text: T.}]"


def an_indicator(questions: str, *rules: str, head: str = "") -> Indicator:
    findings = "".join(f"\n  - {{when: {rule}, area: potential, text: T.}}" for rule in rules)
    text = f"id: second\nnumber: '1.02'\ntitle: T\n{head}\nquestions:{questions}\nfindings:{findings}"
    return Indicator.model_validate(parse_yaml(dedent(text), "f").data)


def a_table(questions: str, *rules: str, head: str = "") -> Table:
    first = Indicator.model_validate(parse_yaml(EARLIER, "f").data)
    return build_table(an_indicator(questions, *rules, head=head), {"first": first})


def in_words(table: Table) -> list[tuple[str, int | None]]:
    """Each combination, and the rule that it meets."""
    return [(", ".join(f"{name}={word}" for name, word in row.values), row.leaf.rule) for row in table.rows]


def follow(table: Table, values: dict[str, Any], earlier: Any = UNAVAILABLE) -> Leaf:
    node = table.root
    while isinstance(node, Node):
        value = earlier if node.earlier else values.get(node.question)
        node = node.unanswered if value is None else node.branches[node.key(value) if node.key else value]
    return node


def test_each_combination_meets_its_rule() -> None:
    table = a_table(GROUPS, "{groups: all}", "{groups: [some, none]}")
    assert in_words(table) == [("groups=all", 0), ("groups=some", 1), ("groups=none", 1)]
    assert table.faults == []


def test_options_that_nothing_names_are_one_combination() -> None:
    assert in_words(a_table(GROUPS, "{}")) == [("groups=all|some|none", 0)]


def test_a_question_that_is_not_asked_is_in_no_combination_and_every_test_on_it_is_false() -> None:
    table = a_table(GROUPS + WHICH, "{groups: [all, none]}", "{which: {any: [a]}}", "{which: {none: [a]}}")
    assert [row for row in in_words(table) if "some" not in row[0]] == [("groups=all", 0), ("groups=none", 0)]
    assert table.faults == []


def test_named_options_of_several_are_walked_in_every_combination_and_an_exclusive_one_alone() -> None:
    rules = ("{groups: [all, none]}", "{which: {any: [a, b, x]}}", "{which: {none: [a, b, x]}}")
    words = [word.removeprefix("groups=some, which=") for word, _ in in_words(a_table(GROUPS + WHICH, *rules))]
    assert words[1:-1] == ["a + b", "a + b + c|d", "a", "a + c|d", "b", "b + c|d", "c|d", "x"]


def test_an_exclusive_option_that_nothing_names_is_one_of_the_others() -> None:
    table = a_table(GROUPS + WHICH, "{groups: [all, none]}", "{which: {any: [a]}}", "{which: {none: [a]}}")
    assert ("groups=some, which=b|c|d|x", 2) in in_words(table)


def test_a_combination_that_no_rule_takes_is_a_fault_with_an_example() -> None:
    fault = a_table(GROUPS, "{groups: all}", "{groups: none}").faults[0]
    assert (fault.example(), fault.rules) == ("groups = some", ())


def test_a_combination_that_two_rules_take_is_a_fault_with_both() -> None:
    fault = a_table(GROUPS, "{groups: [all, some]}", "{groups: [some, none]}").faults[0]
    assert (fault.example(), fault.rules) == ("groups = some", (0, 1))


def test_where_nothing_is_decided_the_example_is_any_answer() -> None:
    assert (
        a_table(LAW.replace("asked_when: {groups: [all, some]}, ", ""), "{}", "{}").faults[0].example() == "any answer"
    )


def test_the_outcome_knows_which_questions_were_asked_on_the_way() -> None:
    table = a_table(GROUPS + WHICH + LAW, "{}")
    assert follow(table, {"groups": "all"}).asked == {"groups", "law"}
    assert follow(table, {"groups": "some", "which": ("a",)}).asked == {"groups", "which", "law"}
    assert follow(table, {"groups": "none"}).asked == {"groups"}


def test_a_closed_question_that_is_left_empty_is_named() -> None:
    table = a_table(GROUPS + WHICH, "{}")
    assert table.unanswered == Leaf("not_answered", missing="groups")
    assert follow(table, {"groups": "some"}) == Leaf("not_answered", missing="which")


@pytest.mark.parametrize(
    ("earlier", "kind"), [("all", "finding"), ("none", "not_asked"), (OFF_PATH, "not_asked"), (UNAVAILABLE, "finding")]
)
def test_an_indicator_becomes_moot_only_by_an_answer(earlier: Any, kind: str) -> None:
    table = a_table(GROUPS, "{}", head="asked_when: {first.groups: all}")
    assert follow(table, {"groups": "all"}, earlier).kind == kind


@pytest.mark.parametrize(
    ("earlier", "leaf"),
    [
        (UNAVAILABLE, Leaf("not_answered", missing="first.groups")),
        (OFF_PATH, NOT_ASKED),
        ("none", Leaf("finding", 1, frozenset({"groups"}))),
    ],
)
def test_where_rules_need_an_earlier_answer_that_is_not_there_it_decides(earlier: Any, leaf: Leaf) -> None:
    table = a_table(GROUPS, "{first.groups: [all, some]}", "{first.groups: none}")
    assert table.faults == []
    assert follow(table, {"groups": "all"}, earlier) == leaf


def test_an_indicator_whose_rules_all_need_a_question_off_the_path_is_not_asked_whatever_is_answered() -> None:
    table = a_table(GROUPS, "{first.groups: all, groups: all}", "{first.groups: all, groups: [some, none]}")
    assert isinstance(table.root, Node)
    assert table.root.branches[OFF_PATH] is NOT_ASKED
    assert table.faults[0].example() == "first.groups = some|none, groups = all"


def test_a_rule_that_does_without_the_earlier_answer_is_met_without_it() -> None:
    table = a_table(GROUPS, "{groups: all}", "{groups: [some, none], first.groups: [all, some, none]}")
    assert table.faults == []
    assert follow(table, {"groups": "all"}).rule == 0
    assert follow(table, {"groups": "some"}).missing == "first.groups"


def test_an_earlier_answer_that_only_asked_when_tests_excuses_no_combination() -> None:
    table = a_table(GROUPS, "{groups: [all, some]}", head="asked_when: {first.groups: all}")
    assert "first.groups = no answer, groups = none" in [fault.example() for fault in table.faults]


def test_the_tables_of_an_instrument_share_a_number_of_combinations(
    instrument: CompiledInstrument, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (compiled, tables):
        monkeypatch.setattr(module, "MAX_ALL_ROWS", 100)
    built = compiled.build_tables(instrument.source)
    assert sum(len(table.rows) for table in built.values()) < 100 + len(built)
    problems = tables.check_tables(Content(instrument.source, Places("f")), built)
    assert ["make more than 100 combinations between them" in problem.message for problem in problems] == [True]


@pytest.mark.parametrize(("value", "moot"), [("all", False), ("some", True), (OFF_PATH, True), (UNAVAILABLE, False)])
def test_a_missing_answer_of_an_earlier_indicator_makes_nothing_moot(value: Any, moot: bool) -> None:
    condition = an_indicator(GROUPS, "{}", head="asked_when: {first.groups: all}").asked_when
    assert is_moot(condition, lambda _: value) is moot


@pytest.mark.parametrize(("exclusive", "too_large"), [(1, False), (2, True)])
def test_four_thousand_and_ninety_six_combinations_are_walked_and_no_more(exclusive: int, too_large: bool) -> None:
    named = ", ".join("abcdefghijkl")
    options = "".join(f"{{id: {name}, label: {name}}}, " for name in "abcdefghijkl")
    alone = ", ".join(f"{{id: x{number}, label: X{number}, exclusive: true}}" for number in range(exclusive))
    question = f"\n  - {{id: q, type: choices, text: T, help: H, options: [{options}{alone}]}}\n"
    tested = named + "".join(f", x{number}" for number in range(exclusive))
    table = a_table(question, f"{{q: {{any: [{tested}]}}}}")
    assert table.too_large is too_large
    assert len(table.rows) == MAX_ROWS + too_large


def test_an_answer_space_without_bounds_is_given_up_in_no_time() -> None:
    options = ", ".join(f"{{id: o{number}, label: O{number}}}" for number in range(40))
    questions = "".join(f"\n  - {{id: q{n}, type: choices, text: T, help: H, options: [{options}]}}" for n in range(4))
    named = ", ".join(f"o{number}" for number in range(40))
    start = time.perf_counter()
    assert a_table(questions, "{" + ", ".join(f"q{n}: {{any: [{named}]}}" for n in range(4)) + "}").too_large
    assert time.perf_counter() - start < 5


def random_value(question: ClosedQuestion, chance: random.Random) -> Any:
    if question.type == "ratification":
        return Ratification(status=chance.choice(("ratified", "acceded", "succeeded", "signed", "none")))
    if not isinstance(question, ChoicesQuestion):
        return chance.choice(closed_options(question))
    alone = [(option.id,) for option in question.options if option.exclusive]
    free = [option.id for option in question.options if not option.exclusive]
    return chance.choice([*alone, *(tuple(chance.sample(free, size)) for size in range(1, len(free) + 1))])


def rules_met(indicator: Indicator, values: dict[str, Any]) -> list[int]:
    """The rules whose tests hold, tried one after another; a question is asked if its condition holds."""
    seen: dict[Variable, Any] = {}
    for question in indicator.questions:
        if isinstance(question, ClosedQuestion):
            asked = not is_moot(question.asked_when, lambda variable: seen.get(variable, OFF_PATH))
            value = values[question.id]
            seen[Variable(None, question.id)] = getattr(value, "status", value) if asked else OFF_PATH
    return [
        number
        for number, rule in enumerate(indicator.findings)
        if all(test.holds(seen.get(Variable(test.indicator, test.question), UNAVAILABLE)) for test in rule.when)
    ]


def test_following_a_table_is_the_same_as_trying_the_rules(instrument: CompiledInstrument) -> None:
    chance = random.Random(2018)
    for indicator in instrument.source.indicators:
        closed = [question for question in indicator.questions if isinstance(question, ClosedQuestion)]
        for _ in range(20):
            values = {question.id: random_value(question, chance) for question in closed}
            assert rules_met(indicator, values) == [follow(instrument.tables[indicator.id], values).rule], indicator.id
