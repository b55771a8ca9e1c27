"""Whatever names something names a thing that is there: questions, options, indicators, conventions, kinds of source."""

from collections.abc import Iterator

from questionnaire.conditions import Condition, Test
from questionnaire.linter.walk import Content, Located
from questionnaire.model import (
    ChoiceQuestion,
    ChoicesQuestion,
    ClosedQuestion,
    Indicator,
    NumberQuestion,
    RatificationQuestion,
    RowRule,
    SourceQuestion,
    YearQuestion,
    closed_options,
)
from questionnaire.problems import Path, Problem, nearest
from questionnaire.sentences import COUNTRY_FORMS
from questionnaire.wording import is_locale


def check_references(content: Content) -> list[Problem]:
    """All faults that would keep the decision tables from being built."""
    problems = [*_locales(content), *_named_twice(content), *_doubles(content), *_conventions(content)]
    earlier: dict[str, Indicator] = {}
    for located in content.indicators():
        if located.path[3] == 0 and located.path[5] == 0:
            earlier = {}
        problems += _questions(content, located)
        problems += _conditions(content, located, earlier)
        problems += _fields(content, located)
        earlier[located.indicator.id] = located.indicator
    return problems


def _locales(content: Content) -> Iterator[Problem]:
    instrument = content.instrument
    if instrument.language not in instrument.locales:
        message = f"there is no locale for '{instrument.language}', the language of the texts"
        yield content.problem(("locales",), "unknown-locale", "locales", message)
    for language, locale in instrument.locales.items():
        if not is_locale(locale):
            message = f"'{locale}' is not a locale that CLDR knows; a locale is written as en_GB"
            yield content.problem(("locales", language), "unknown-locale", "locales", message)


def _named_twice(content: Content) -> Iterator[Problem]:
    """Conventions, kinds of source and domains that stand twice."""
    instrument = content.instrument
    listed = {
        "conventions": [convention.id for convention in instrument.conventions],
        "source_kinds": [kind.id for kind in instrument.source_kinds],
        "domains": [str(domain.number) for domain in instrument.domains],
    }
    for part, names in listed.items():
        for number, name in enumerate(names):
            if name in names[:number]:
                message = f"'{name}' stands twice among the {part.replace('_', ' ')}"
                yield content.problem((part, number), "double-id", name, message)


def _doubles(content: Content) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    last = ""
    for indicator, path, domain in content.indicators():
        if indicator.id in seen:
            yield content.problem((*path, "id"), "double-id", indicator.id, "another indicator has this id")
        seen[indicator.id] = indicator.number
        if indicator.number <= last:
            message = f"number {indicator.number} follows {last}; numbers must rise"
            yield content.problem((*path, "number"), "numbering", indicator.id, message)
        last = indicator.number
        if not indicator.number.startswith(f"{domain.number}."):
            message = f"number {indicator.number} does not begin with the number of its domain, {domain.number}"
            yield content.problem((*path, "number"), "numbering", indicator.id, message)


def _conventions(content: Content) -> Iterator[Problem]:
    named = [
        rule.row for located in content.indicators() for rule in located.indicator.findings if isinstance(rule, RowRule)
    ]
    for number, convention in enumerate(content.instrument.conventions):
        if named.count(convention.id) != 1:
            message = f"{named.count(convention.id)} indicators give a row for this convention; there must be one"
            yield content.problem(("conventions", number), "convention-row", convention.id, message)
    for indicator, path, _ in content.indicators():
        asked = sum(isinstance(question, RatificationQuestion) for question in indicator.questions)
        for number, rule in enumerate(indicator.findings):
            if isinstance(rule, RowRule) and (asked != 1 or len(indicator.findings) > 1):
                yield content.problem(
                    (*path, "findings", number), "convention-row", indicator.id, _row_fault(rule, asked)
                )


def _row_fault(rule: RowRule, asked: int) -> str:
    if asked == 1:
        return (
            f"it fills the row of {rule.row}, and so can have no other rule; please ask the rest in another indicator"
        )
    questions = "no question here is" if not asked else f"{asked} questions here are"
    return f"it fills the row of {rule.row}, but {questions} about a ratification"


def _questions(content: Content, located: Located) -> Iterator[Problem]:
    indicator, path, _ = located
    seen: set[str] = set()
    for number, question in enumerate(indicator.questions):
        here = (*path, "questions", number)
        if question.id in seen or question.id in COUNTRY_FORMS:
            message = f"question id '{question.id}' is used twice or stands for the country"
            yield content.problem((*here, "id"), "double-id", indicator.id, message)
        seen.add(question.id)
        if isinstance(question, ChoiceQuestion | ChoicesQuestion):
            yield from _options(content, located, here, question)
        if isinstance(question, SourceQuestion):
            known = [kind.id for kind in content.instrument.source_kinds]
            for kind in set(question.kinds) - set(known):
                message = f"'{kind}' is not a kind of source{nearest(kind, known)}"
                yield content.problem((*here, "kinds"), "unknown-kind", indicator.id, message)
        if isinstance(question, RatificationQuestion):
            yield from _ratification(content, located, here, question)
        if isinstance(question, YearQuestion | NumberQuestion) and question.min > question.max:
            message = f"no answer to '{question.id}' is at least {question.min} and at most {question.max}"
            yield content.problem(here, "empty-range", indicator.id, message)


def _options(
    content: Content, located: Located, here: Path, question: ChoiceQuestion | ChoicesQuestion
) -> Iterator[Problem]:
    ids = [option.id for option in question.options]
    labels = [option.label for option in question.options]
    for number, option in enumerate(question.options):
        if option.id in ids[:number] or option.label in labels[:number]:
            message = f"option '{option.id}' of '{question.id}' stands twice"
            yield content.problem((*here, "options", number), "double-id", located.indicator.id, message)
        if option.exclusive and isinstance(question, ChoiceQuestion):
            message = f"'exclusive' says nothing in '{question.id}': a choice takes one option anyway"
            yield content.problem((*here, "options", number), "exclusive", located.indicator.id, message)


def _ratification(content: Content, located: Located, here: Path, question: RatificationQuestion) -> Iterator[Problem]:
    rows = {rule.row for rule in located.indicator.findings if isinstance(rule, RowRule)}
    known = [convention.id for convention in content.instrument.conventions]
    if question.convention not in known:
        message = f"'{question.convention}' is not a convention{nearest(question.convention, known)}"
        yield content.problem((*here, "convention"), "unknown-convention", located.indicator.id, message)
    elif rows != {question.convention}:
        message = f"the question is about {question.convention}, but its row is of {', '.join(sorted(rows)) or 'none'}"
        yield content.problem(here, "convention-row", located.indicator.id, message)


def _conditions(content: Content, located: Located, earlier: dict[str, Indicator]) -> Iterator[Problem]:
    indicator, path, _ = located
    for test in indicator.asked_when:
        if test.indicator is None:
            message = f"an indicator's asked_when can test earlier indicators only, as indicator-id.{test.question}"
            yield content.problem((*path, "asked_when"), "test-on-later", indicator.id, message)
    yield from _tests(content, located, (*path, "asked_when"), indicator.asked_when, earlier)
    for number, question in enumerate(indicator.questions):
        here = (*path, "questions", number, "asked_when")
        before = {known.id for known in indicator.questions[:number]}
        for test in question.asked_when:
            if test.indicator is None and indicator.question(test.question) and test.question not in before:
                message = f"'{question.id}' is asked when '{test.question}' is answered, which stands at or after it"
                yield content.problem(here, "test-on-later", indicator.id, message)
        yield from _tests(content, located, here, question.asked_when, earlier)
    for number, rule in enumerate(indicator.findings):
        yield from _tests(content, located, (*path, "findings", number, "when"), rule.when, earlier)


def _tests(
    content: Content, located: Located, here: Path, condition: Condition, earlier: dict[str, Indicator]
) -> Iterator[Problem]:
    for test in condition:
        found = _test(located, test, earlier)
        if found:
            yield content.problem(here, found[0], located.indicator.id, found[1])


def _test(located: Located, test: Test, earlier: dict[str, Indicator]) -> tuple[str, str] | None:
    """What is wrong with one test: a rule's name and the message."""
    host = earlier.get(test.indicator) if test.indicator else located.indicator
    if host is None:
        later = test.indicator in [indicator.id for indicator in located.domain.indicators]
        if later:
            return "test-on-later", f"it tests '{test.indicator}', which does not stand before it"
        hint = nearest(test.indicator or "", earlier)
        return "unknown-indicator", f"'{test.indicator}' is not an earlier indicator of this domain{hint}"
    question = host.question(test.question)
    if question is None:
        hint = nearest(test.question, [known.id for known in host.questions])
        return "unknown-question", f"'{host.id}' has no question '{test.question}'{hint}"
    if not isinstance(question, ClosedQuestion):
        return "open-question-tested", f"'{test.question}' is an open question; only closed ones can decide"
    return _tested_options(question, test)


def _tested_options(question: ClosedQuestion, test: Test) -> tuple[str, str] | None:
    known = closed_options(question)
    for option in test.options:
        if option not in known:
            return "unknown-option", f"'{test.question}' has no option '{option}'{nearest(option, known)}"
    if isinstance(question, ChoicesQuestion) == (test.mode == "is"):
        several = (
            "is tested by any, all or none" if test.mode == "is" else "takes one option: test it by its id or a list"
        )
        return "test-mode", f"'{test.question}' {several}"
    return None


def _fields(content: Content, located: Located) -> Iterator[Problem]:
    indicator, path, domain = located
    for area, names in indicator.requires.items():
        for name in names:
            if indicator.question(name) is None:
                hint = nearest(name, [question.id for question in indicator.questions])
                message = f"'{name}' is required for {area}, but is no question here{hint}"
                yield content.problem((*path, "requires"), "unknown-question", indicator.id, message)
    if indicator.qualifies is None:
        return
    hosts = {other.id: other for other in domain.indicators if other.id != indicator.id}
    host = hosts.get(indicator.qualifies)
    if host is None:
        message = f"it qualifies '{indicator.qualifies}', which is not another indicator of this domain"
        yield content.problem(
            (*path, "qualifies"), "qualifies", indicator.id, message + nearest(indicator.qualifies, hosts)
        )
    elif host.qualifies is not None:
        message = f"it qualifies '{host.id}', which itself qualifies another indicator"
        yield content.problem((*path, "qualifies"), "qualifies", indicator.id, message)
