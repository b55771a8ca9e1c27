"""The rules of an indicator part its combinations: none left out, none met twice, nothing dead."""

from collections.abc import Iterator, Mapping

from questionnaire.conditions import UNAVAILABLE
from questionnaire.linter.walk import Content, Located
from questionnaire.model import (
    ChoiceQuestion,
    ClosedQuestion,
    FindingRule,
    RatificationQuestion,
    YesNoQuestion,
    closed_options,
)
from questionnaire.problems import Problem
from questionnaire.sentences import parse_sentence, placeholders
from questionnaire.table import MAX_ALL_ROWS, MAX_ROWS, Row, Table, conditions_of


def check_tables(content: Content, tables: Mapping[str, Table]) -> list[Problem]:
    """All faults of the decision tables, each with a counterexample where a combination is at fault."""
    problems: list[Problem] = []
    if sum(len(table.rows) for table in tables.values()) > MAX_ALL_ROWS:
        message = f"the indicators make more than {MAX_ALL_ROWS:,} combinations between them; please test fewer options"
        problems.append(content.problem(("domains",), "too-many-combinations", "", message))
    for located in content.indicators():
        table = tables[located.indicator.id]
        if table.too_large:
            problems += _too_large(content, located, table)
            continue
        problems += _faults(content, located, table)
        problems += _dead(content, located, table)
        problems += _idle(content, located)
    return problems


def _too_large(content: Content, located: Located, table: Table) -> Iterator[Problem]:
    if len(table.rows) > MAX_ROWS:  # and not given up because the others have used up what all may have
        message = f"its closed answers make more than {MAX_ROWS} combinations; please test fewer options"
        yield content.problem(located.path, "too-many-combinations", located.indicator.id, message)


def _faults(content: Content, located: Located, table: Table) -> Iterator[Problem]:
    indicator, path, _ = located
    for fault in table.faults[:3]:
        if fault.rules:
            rules = " and ".join(str(rule + 1) for rule in fault.rules)
            message = f"findings {rules} are both met, for example by: {fault.example()}"
            yield content.problem((*path, "findings", fault.rules[1]), "met-twice", indicator.id, message)
        else:
            message = f"no finding is met, for example by: {fault.example()}"
            yield content.problem((*path, "findings"), "left-out", indicator.id, message)


def _dead(content: Content, located: Located, table: Table) -> Iterator[Problem]:
    indicator, path, _ = located
    if not table.faults:
        used = {row.leaf.rule for row in table.rows}
        for number in set(range(len(indicator.findings))) - used:
            message = f"finding {number + 1} is met by no combination of answers"
            yield content.problem((*path, "findings", number), "dead-finding", indicator.id, message)
    asked = [row for row in table.rows if UNAVAILABLE not in row.samples.values() and row.asks(indicator)]
    if not asked:
        yield content.problem((*path, "asked_when"), "dead-question", indicator.id, "no answer makes it be asked")
        return
    for number, question in enumerate(indicator.questions):
        if not any(row.asks(question) for row in asked):
            message = f"no combination of answers makes question '{question.id}' be asked"
            yield content.problem((*path, "questions", number), "dead-question", indicator.id, message)


def _idle(content: Content, located: Located) -> Iterator[Problem]:
    """Closed questions and options that make no difference: no condition names them and no sentence tells them."""
    indicator, path, domain = located
    told = {
        name
        for rule in indicator.findings
        if isinstance(rule, FindingRule)
        for name, _ in placeholders(parse_sentence(rule.text))
    }
    named: dict[str, set[str]] = {}
    for other in domain.indicators:
        for test in (test for condition in conditions_of(other) for test in condition):
            if (test.indicator or other.id) == indicator.id:
                named.setdefault(test.question, set()).update(test.options)
    for number, question in enumerate(indicator.questions):
        if (
            not isinstance(question, ClosedQuestion)
            or isinstance(question, RatificationQuestion)
            or question.id in told
        ):
            continue
        here = (*path, "questions", number)
        idle = [option for option in closed_options(question) if option not in named.get(question.id, ())]
        if question.id not in named:
            message = f"'{question.id}' decides nothing, and no sentence tells its answer"
            yield content.problem(here, "idle-question", indicator.id, message)
        elif idle and not isinstance(question, YesNoQuestion):
            message = f"no condition names option {', '.join(idle)} of '{question.id}', and no sentence tells it"
            yield content.problem((*here, "options"), "dead-option", indicator.id, message)


def middle_options(question: ClosedQuestion) -> tuple[str, ...]:
    """The options of a scale of three or more that are neither its first nor its last."""
    return closed_options(question)[1:-1] if isinstance(question, ChoiceQuestion) else ()


def rows_of(table: Table, rule: int) -> list[Row]:
    """The combinations that meet a rule."""
    return [row for row in table.rows if row.leaf.rule == rule]
