"""What an indicator requires and qualifies can really come about, and fixed texts hold only what they are given."""

from collections.abc import Iterator, Mapping

from questionnaire.linter.sentences import words_pattern
from questionnaire.linter.tables import rows_of
from questionnaire.linter.walk import Content, Located
from questionnaire.model import FindingRule, Indicator, requiring_outcome
from questionnaire.problems import Problem
from questionnaire.sentences import COUNTRY_FORMS, parse_sentence, placeholders
from questionnaire.table import Table

FIXED_TEXT_VALUES: Mapping[str, frozenset[str]] = {
    "round": frozenset({"round"}),
    "date": frozenset({"date"}),
    "statuses": frozenset({"year"}),
    "conflict": frozenset({"year", "depositary_year"}),
    "page": frozenset({"page", "pages"}),
    "introduction": frozenset({"hereafter"}),
}
"""The values that a fixed text is given besides the country's forms."""

MAY_BE_MISSING: Mapping[str, frozenset[str]] = {
    "statuses": frozenset({"year"}),
    "introduction": frozenset({"hereafter"}),
}


def check_fields(content: Content, tables: Mapping[str, Table]) -> list[Problem]:
    """Requirements and qualifying indicators that could never take effect, and the fixed texts."""
    problems = list(_texts(content))
    areas = {located.indicator.id: _areas(located.indicator) for located in content.indicators()}
    for located in content.indicators():
        problems += _requires(content, located, tables[located.indicator.id])
        problems += _qualifies(content, located, areas)
    return problems


def _areas(indicator: Indicator) -> set[str]:
    return {rule.area for rule in indicator.findings if isinstance(rule, FindingRule)}


def _requires(content: Content, located: Located, table: Table) -> Iterator[Problem]:
    indicator, path, _ = located
    for area, names in indicator.requires.items():
        if area not in map(requiring_outcome, indicator.findings):
            message = f"something is required for {area}, an outcome that no finding here has"
            yield content.problem((*path, "requires"), "dead-requirement", indicator.id, message)
            continue
        rules = [n for n, rule in enumerate(indicator.findings) if requiring_outcome(rule) == area]
        rows = [row for rule in rules for row in rows_of(table, rule)]
        for name in names:
            question = indicator.question(name)
            if question is not None and not any(row.asks(question) for row in rows):
                message = f"'{name}' is required for {area}, but is never asked there"
                yield content.problem((*path, "requires"), "dead-requirement", indicator.id, message)


def _qualifies(content: Content, located: Located, areas: Mapping[str, set[str]]) -> Iterator[Problem]:
    indicator, path, _ = located
    if indicator.qualifies and (
        "potential" not in areas[indicator.id] or "well_developed" not in areas[indicator.qualifies]
    ):
        message = f"it can never be printed beside '{indicator.qualifies}': that takes potential here and well developed there"
        yield content.problem((*path, "qualifies"), "qualifies", indicator.id, message)


def _texts(content: Content) -> Iterator[Problem]:
    avoid = words_pattern(content.instrument)
    for name, value in content.instrument.texts.model_dump().items():
        known = {*COUNTRY_FORMS, "name", "formal", *FIXED_TEXT_VALUES.get(name, ())}
        for text in _strings(value):
            for placeholder, optional in placeholders(parse_sentence(text)):
                if placeholder in MAY_BE_MISSING.get(name, ()) and not optional:
                    message = f"{{{placeholder}}} may be missing; please put it in an optional part [ ]"
                    yield content.problem(("texts", name), "open-outside-part", f"texts.{name}", message)
                if placeholder not in known:
                    message = f"{{{placeholder}}} is not known here; known are {', '.join(sorted(known))}"
                    yield content.problem(("texts", name), "unknown-placeholder", f"texts.{name}", message)
            if avoid and name != "introduction" and avoid.search(text):
                yield content.problem(("texts", name), "tone", f"texts.{name}", f"it holds a word to avoid: {text}")


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, tuple | list):
        yield from value
    else:
        yield str(value)
