"""An indicator's decision table as people read it: for each outcome its sentence, and the answers that lead to it."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from app.web.answer_words import STATUSES, YES_NO
from app.web.done import translatable
from questionnaire.compiled import CompiledInstrument
from questionnaire.conditions import OFF_PATH, UNAVAILABLE, Condition
from questionnaire.model import FindingRule, Indicator, Instrument, NotApplicableRule, Question, requiring_outcome
from questionnaire.sentences import COUNTRY_FORMS, OptionalPart, Placeholder, parse_sentence
from questionnaire.table import Row, Variable

NAMED_AT_MOST = 3
"""Options that no rule names are told one by one up to this many; more of them are "the others"."""
FIXED_ANSWERS: Mapping[str, str] = {
    **YES_NO,
    **STATUSES,
    OFF_PATH.word: translatable("Not asked"),
    UNAVAILABLE.word: translatable("Not answered, not known or not applicable"),
}
"""Answers to closed questions that have no options of their own, and what stands in the place of an answer."""


class Place(NamedTuple):
    """A question as tables name it: its number in its indicator; `indicator` and `title` if that is an earlier one."""

    question: int
    indicator: str | None = None
    title: str | None = None


class Answered(NamedTuple):
    """What a cell says. `fixed`: one of `FIXED_ANSWERS`. Else labels of options: all of `chosen`, one or more of `any_of`.

    `others`: any of the options that are not named elsewhere, too many to list.
    """

    fixed: str | None = None
    chosen: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    others: bool = False


class Piece(NamedTuple):
    """A part of a sentence: fixed text, the answer to a question, or a form of the country's name."""

    text: str = ""
    question: int | None = None
    form: str | None = None


class Run(NamedTuple):
    """Pieces that stand together; an `optional` run is left out where an answer in it is missing."""

    pieces: list[Piece]
    optional: bool


class Outcome(NamedTuple):
    """An outcome, and the combinations of answers that lead to it: in each row a cell per column, None where not asked."""

    kind: str
    area: str | None
    sentence: list[Run]
    reason: str | None
    why: str | None
    needs: list[int]
    missing: Place | None
    columns: list[Place]
    rows: list[list[Answered | None]]


class Tested(NamedTuple):
    """One test of a condition: a question, how it is tested (`is`, `any`, `all`, `none`), and the answers."""

    place: Place
    mode: str
    answers: list[Answered]


Key = tuple[str, int | None, str | None]


def outcomes_of(compiled: CompiledInstrument, texts: Instrument, indicator: Indicator) -> list[Outcome]:
    """All outcomes of an indicator in the order of its rules, drawn from the compiled table; those without a rule come last."""
    known = {one.id: one for one in texts.indicators}
    grouped: dict[Key, list[Row]] = {}
    for row in compiled.tables[indicator.id].rows:
        grouped.setdefault((row.leaf.kind, row.leaf.rule, row.leaf.missing), []).append(row)
    ordered = sorted(grouped, key=lambda key: (key[1] is None, key[1] or 0))
    return [_outcome(known, indicator, key, grouped[key]) for key in ordered]


def _outcome(known: Mapping[str, Indicator], indicator: Indicator, key: Key, rows: list[Row]) -> Outcome:
    kind, number, missing = key
    rule = indicator.findings[number] if number is not None else None
    requiring = requiring_outcome(rule) if rule else None
    variables = list(dict.fromkeys(variable for row in rows for variable, _ in row.values))
    return Outcome(
        kind=kind,
        area=rule.area if isinstance(rule, FindingRule) else None,
        sentence=list(_runs(indicator, rule.text)) if isinstance(rule, FindingRule) else [],
        reason=rule.not_applicable if isinstance(rule, NotApplicableRule) else None,
        why=getattr(rule, "why", None),
        needs=[_number(indicator, name) for name in indicator.requires.get(requiring, ())] if requiring else [],
        missing=_missing(known, indicator, missing) if missing else None,
        columns=[_place(known, indicator, variable) for variable in variables],
        rows=[_cells(known, indicator, row, variables) for row in rows],
    )


def _number(indicator: Indicator, question: str) -> int:
    """The number of a question in its indicator, from 1."""
    return [one.id for one in indicator.questions].index(question) + 1


def _missing(known: Mapping[str, Indicator], indicator: Indicator, named: str) -> Place:
    earlier, _, question = named.rpartition(".")
    return _place(known, indicator, Variable(earlier or None, question))


def _place(known: Mapping[str, Indicator], indicator: Indicator, variable: Variable) -> Place:
    if variable.indicator is None:
        return Place(_number(indicator, variable.question))
    earlier = known[variable.indicator]
    return Place(_number(earlier, variable.question), earlier.id, f"{earlier.number} {earlier.title}")


def _cells(
    known: Mapping[str, Indicator], indicator: Indicator, row: Row, variables: list[Variable]
) -> list[Answered | None]:
    words = dict(row.values)
    return [
        _answered(_question(known, indicator, variable), words[variable]) if variable in words else None
        for variable in variables
    ]


def _question(known: Mapping[str, Indicator], indicator: Indicator, variable: Variable) -> Question:
    owner = known[variable.indicator] if variable.indicator else indicator
    return owner.questions[_number(owner, variable.question) - 1]


def _answered(question: Question, word: str) -> Answered:
    """A table's word for an answer (`a + b + c|d`: a and b, and one or more of c and d) with the labels of options."""
    labels = {option.id: option.label for option in getattr(question, "options", ())}
    groups = [group.split("|") for group in word.split(" + ")]
    if not all(option in labels for group in groups for option in group):
        return Answered(fixed=word)
    chosen = tuple(labels[group[0]] for group in groups if len(group) == 1)
    rest = tuple(labels[option] for group in groups if len(group) > 1 for option in group)
    many = len(rest) > NAMED_AT_MOST
    return Answered(chosen=chosen, any_of=() if many else rest, others=many)


def _runs(indicator: Indicator, text: str) -> Iterator[Run]:
    for part in parse_sentence(text):
        optional = isinstance(part, OptionalPart)
        yield Run(
            [_piece(indicator, one) for one in (part.parts if isinstance(part, OptionalPart) else (part,))], optional
        )


def _piece(indicator: Indicator, part: str | Placeholder) -> Piece:
    if isinstance(part, str):
        return Piece(part)
    return Piece(form=part.name) if part.name in COUNTRY_FORMS else Piece(question=_number(indicator, part.name))


def tests_of(texts: Instrument, indicator: Indicator, condition: Condition) -> list[Tested]:
    """The tests of a condition, all of which must hold."""
    known = {one.id: one for one in texts.indicators}
    found = []
    for test in condition:
        variable = Variable(test.indicator, test.question)
        question = _question(known, indicator, variable)
        answers = [_answered(question, option) for option in test.options]
        found.append(Tested(_place(known, indicator, variable), test.mode, answers))
    return found
