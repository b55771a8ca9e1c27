"""An indicator as a person reads it on a terminal."""

from collections.abc import Iterator

from questionnaire.compiled import CompiledInstrument
from questionnaire.model import FindingRule, Indicator, NotApplicableRule, Question, Rule
from questionnaire.table import Row

AREA_NAMES = {
    "well_developed": "well-developed area",
    "potential": "area with potential for further development",
    "row": "row of the conventions table",
}


def describe_indicator(instrument: CompiledInstrument, indicator: Indicator) -> str:
    """Title, questions, rules and decision table, as lines of text."""
    domain = instrument.domains[indicator.id]
    return "\n".join(
        [
            f"{indicator.number}  {indicator.title}  ({indicator.id})",
            f"      Domain {domain.number}: {domain.title}",
            *_conditions(indicator),
            "",
            *(line for question in indicator.questions for line in _question(question)),
            "Outcomes",
            *(line for number, rule in enumerate(indicator.findings, 1) for line in _rule(number, rule)),
            "",
            *_requirements(indicator),
            "Decision table",
            *(_row(row) for row in instrument.tables[indicator.id].rows),
        ]
    )


def _conditions(indicator: Indicator) -> Iterator[str]:
    if indicator.asked_when:
        yield f"      Asked when {' and '.join(map(str, indicator.asked_when))}"
    if indicator.qualifies:
        yield f"      Printed beside {indicator.qualifies} where that is well developed and this has potential"


def _question(question: Question) -> Iterator[str]:
    yield f"? {question.text}  [{question.id}: {question.type}]"
    if question.asked_when:
        yield f"    asked when {' and '.join(map(str, question.asked_when))}"
    yield f"    {question.help}"
    for option in getattr(question, "options", ()):
        yield f"    - {option.id}: {option.label}" + (f"  (told as: {option.phrase})" if option.phrase else "")
    yield ""


def _rule(number: int, rule: Rule) -> Iterator[str]:
    condition = " and ".join(map(str, rule.when)) or "always"
    yield f"{number:>3}. {condition}"
    if isinstance(rule, FindingRule):
        yield f"     {AREA_NAMES[rule.area]}"
        yield f"     {rule.text}"
        if rule.why:
            yield f"     why: {rule.why}"
    elif isinstance(rule, NotApplicableRule):
        yield f"     not applicable: {rule.not_applicable}"
    else:
        yield f"     row of the conventions table: {rule.row}"


def _requirements(indicator: Indicator) -> Iterator[str]:
    for area, names in indicator.requires.items():
        yield f"To submit a {AREA_NAMES[area]}, give: {', '.join(names)}"
    goals = [f"SDG {target}" for target in indicator.related.sdg] + [f"GCM {goal}" for goal in indicator.related.gcm]
    yield f"Related: {', '.join(goals) or 'none'}"
    yield ""


def _row(row: Row) -> str:
    combination = ", ".join(f"{variable} = {word}" for variable, word in row.values) or "any answer"
    outcome = f"outcome {row.leaf.rule + 1}" if row.leaf.rule is not None else row.leaf.kind.replace("_", " ")
    return f"  {combination:<70} -> {outcome}"
