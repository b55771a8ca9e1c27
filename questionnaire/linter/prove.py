"""The whole proof of an instrument, and the figures of what was walked."""

from collections.abc import Mapping
from typing import NamedTuple

from questionnaire.compiled import build_tables
from questionnaire.linter.fields import check_fields
from questionnaire.linter.references import check_references
from questionnaire.linter.sentences import check_placeholders, check_sentences
from questionnaire.linter.tables import check_tables
from questionnaire.linter.walk import Content
from questionnaire.problems import Problem
from questionnaire.table import Table


class Proof(NamedTuple):
    """What was walked, and every problem that was found; `problems` is empty where the instrument holds."""

    indicators: int
    questions: int
    options: int
    combinations: int
    outcomes: int
    sentences: int
    problems: tuple[Problem, ...]


def check_use(content: Content, tables: Mapping[str, Table]) -> list[Problem]:
    """The quick part of the proof, for an instrument whose references hold: no answer can make scoring or printing fail."""
    problems = check_tables(content, tables)
    if any(table.too_large for table in tables.values()):
        return problems
    return [*problems, *check_fields(content, tables), *check_placeholders(content, tables)]


def prove(content: Content) -> Proof:
    """Check all rules of an instrument. Later kinds of rule are checked only where names hold and tables are whole."""
    problems = check_references(content)
    indicators = content.instrument.indicators
    combinations = sentences = 0
    if not problems:
        tables = build_tables(content.instrument)
        combinations = sum(len(table.rows) for table in tables.values())
        problems = check_tables(content, tables)
        if not any(table.too_large for table in tables.values()):
            report = check_sentences(content, tables)
            sentences = report.rendered
            problems += [*check_fields(content, tables), *report.problems]
    return Proof(
        indicators=len(indicators),
        questions=sum(len(indicator.questions) for indicator in indicators),
        options=sum(len(getattr(q, "options", ())) for indicator in indicators for q in indicator.questions),
        combinations=combinations,
        outcomes=sum(len(indicator.findings) for indicator in indicators),
        sentences=sentences,
        problems=tuple(sorted(problems)),
    )
