"""Every sentence, printed in all the ways it can be, reads as a sentence; its voice is neutral."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain, combinations
from typing import NamedTuple

from questionnaire.linter.tables import middle_options, rows_of
from questionnaire.linter.walk import Content, Located
from questionnaire.model import (
    ChoiceQuestion,
    ChoicesQuestion,
    ClosedQuestion,
    FindingRule,
    Indicator,
    Instrument,
    Question,
    Rule,
)
from questionnaire.problems import Path, Problem
from questionnaire.sentences import (
    COUNTRY_FORMS,
    Placeholder,
    Sentence,
    filled,
    parse_sentence,
    placeholders,
)
from questionnaire.table import Row, Table, Variable
from questionnaire.wording import join_list

_NOT_TOLD = ("yes_no", "paragraph", "ratification")
_MECHANICS = {
    "doubled space": re.compile(r"\s\s"),
    "space before punctuation": re.compile(r"\s[,.;:!?)]"),
    "doubled punctuation": re.compile(r"[,.;:!?]\s*[,.;:!?]"),
    "space after a bracket": re.compile(r"\(\s|\(\)"),
    "missing space": re.compile(r"[,;:.)][A-Za-z]"),
}
_UNFINISHED = re.compile(r"\b(TODO|TBD|FIXME|XXX|lorem ipsum|to be written)\b|^[.…\s]+$", re.IGNORECASE)
_ARTICLE = re.compile(r"\b[Aa]n? \{")

SAMPLES: Mapping[str, tuple[str, ...]] = {
    "year": ("2015",),
    "number": ("12",),
    "text": ("Sample name",),
    "source": ("the Law on Migration",),
    "sources": ("the Law on Migration", "the Refugee Act", "the Labour Code"),
    "countries": ("Kazakhstan", "the Russian Federation", "Türkiye"),
    "languages": ("Russian", "Kyrgyz", "Arabic"),
}
COUNTRY_SAMPLE = {
    "country": "the Gambia",
    "in_country": "in the Gambia",
    "of_country": "of the Gambia",
    "nationals": "Gambian nationals",
}


class SentenceReport(NamedTuple):
    """The problems of all sentences, and how many were printed to find them."""

    problems: list[Problem]
    rendered: int


def check_sentences(content: Content, tables: Mapping[str, Table]) -> SentenceReport:
    """Check each finding's sentence: placeholders, mechanics, tone, and the reason for middle options."""
    problems: list[Problem] = []
    rendered = 0
    avoid = words_pattern(content.instrument)
    for located in content.indicators():
        problems += _words(content, located, avoid)
        for number, rule in enumerate(located.indicator.findings):
            path = (*located.path, "findings", number)
            rows = rows_of(tables[located.indicator.id], number)
            problems += _why(content, located, path, rule)
            if not isinstance(rule, FindingRule):
                continue
            found = _placeholders(content, located, path, rule, rows)
            if rows and not found:
                faults, count = _mechanics(located.indicator, rule, content.instrument, avoid)
                found = [content.problem((*path, "text"), *fault) for fault in faults]
                rendered += count
            problems += found
    return SentenceReport(problems, rendered)


def check_placeholders(content: Content, tables: Mapping[str, Table]) -> list[Problem]:
    """The part of `check_sentences` without which a finding could not be printed at all; it prints nothing itself."""
    return [
        problem
        for located in content.indicators()
        for number, rule in enumerate(located.indicator.findings)
        if isinstance(rule, FindingRule)
        for rows in [rows_of(tables[located.indicator.id], number)]
        for problem in _placeholders(content, located, (*located.path, "findings", number), rule, rows)
    ]


def words_pattern(instrument: Instrument) -> re.Pattern[str] | None:
    """One pattern for all words to avoid."""
    words = "|".join(re.escape(word).replace(r"\*", r"\w*") for word in instrument.words_to_avoid)
    return re.compile(rf"\b(?:{words})(?!\w)", re.IGNORECASE) if words else None


def _placeholders(content: Content, located: Located, path: Path, rule: FindingRule, rows: list[Row]) -> list[Problem]:
    indicator = located.indicator
    found: list[tuple[str, str]] = []
    if _ARTICLE.search(rule.text):
        found.append(("article", "'a' or 'an' stands before a placeholder, whose first letter is not known"))
    for name, optional in placeholders(parse_sentence(rule.text)):
        if name not in COUNTRY_FORMS:
            fault = _placeholder(indicator, name, optional, rows)
            found += [fault] if fault else []
    return [content.problem((*path, "text"), name, indicator.id, message) for name, message in found]


def _placeholder(indicator: Indicator, name: str, optional: bool, rows: list[Row]) -> tuple[str, str] | None:
    question = indicator.question(name)
    if question is None:
        known = ", ".join([*(known.id for known in indicator.questions), *COUNTRY_FORMS])
        return "unknown-placeholder", f"{{{name}}} is not a question of this indicator; known are {known}"
    if question.type in _NOT_TOLD:
        return "untold-type", f"{{{name}}} is a {question.type} question, which has no words for a sentence"
    asked = [row.asks(question) for row in rows]
    if rows and not any(asked):
        return "dead-part", f"{{{name}}} is never asked where this sentence is told"
    if isinstance(question, ClosedQuestion):
        return _closed_placeholder(question, name, rows, always=optional or all(asked))
    if not optional:
        return "open-outside-part", f"{{{name}}} may be left empty; please put it in an optional part [ ]"
    return None


def _closed_placeholder(
    question: ClosedQuestion, name: str, rows: list[Row], *, always: bool
) -> tuple[str, str] | None:
    if not always:
        return "open-outside-part", f"{{{name}}} is not always asked here; please put it in an optional part [ ]"
    silent = [option for option in getattr(question, "options", ()) if option.phrase is None]
    several = isinstance(question, ChoicesQuestion)
    tellable = [o.id for o in silent if (several and not o.exclusive) or _reaches(rows, name, o.id)]
    if tellable:
        return "missing-phrase", f"{{{name}}} is told, but option {', '.join(tellable)} has no phrase"
    return None


def _reaches(rows: list[Row], name: str, option: str) -> bool:
    """Whether a choice, or the exclusive one of several choices, can be `option` in these rows."""
    return any(
        variable == Variable(None, name) and option in word.split("|") for row in rows for variable, word in row.values
    )


def _mechanics(
    indicator: Indicator, rule: FindingRule, instrument: Instrument, avoid: re.Pattern[str] | None
) -> tuple[list[tuple[str, str, str]], int]:
    """Faults as (rule, about, message), and the number of printings."""
    faults: dict[str, str] = {}
    count = 0
    for text in printings(parse_sentence(rule.text), indicator, instrument.locales[instrument.language]):
        count += 1
        for name in _text_faults(text):
            faults.setdefault(name, text)
        match = avoid.search(text) if avoid else None
        if match:
            faults.setdefault(f"'{match.group()}' is a word to avoid", text)
    return [
        ("tone" if "avoid" in name else "mechanics", indicator.id, f"{name}, as printed: {text}")
        for name, text in faults.items()
    ], count


def _text_faults(text: str) -> Iterator[str]:
    if not text or text != text.strip():
        yield "empty, or a space at an end"
    elif text[0].upper() != text[0]:
        yield "no capital at the start"
    if not text.endswith("."):
        yield "no full stop at the end"
    yield from (name for name, pattern in _MECHANICS.items() if pattern.search(text))


def printings(sentence: Sentence, indicator: Indicator, locale: str) -> Iterator[str]:
    """The sentence with every subset of its optional values, and lists of one, two and three; each phrase once alone."""
    always = {name for name, inside in placeholders(sentence) if not inside}
    optional = sorted({name for name, inside in placeholders(sentence) if inside} - always)
    subsets = chain.from_iterable(combinations(optional, size) for size in range(len(optional) + 1))
    for present in subsets:
        told = [name for name in (*always, *present) if name not in COUNTRY_FORMS]
        for values in _value_sets(told, indicator, locale):
            yield fill(sentence, {**COUNTRY_SAMPLE, **values})


def _value_sets(names: list[str], indicator: Indicator, locale: str) -> Iterator[dict[str, str]]:
    items = {name: _items(indicator.question(name)) for name in names}
    longest = max((len(found) for found in items.values()), default=1)
    for start in range(longest):
        yield {name: found[start % len(found)] for name, found in items.items()}
    for size in (2, 3) if longest > 1 else ():
        yield {name: _listed(indicator.question(name), size, locale) or found[0] for name, found in items.items()}


def _items(question: Question | None) -> tuple[str, ...]:
    if isinstance(question, ChoiceQuestion | ChoicesQuestion):
        return tuple(option.phrase for option in question.options if option.phrase)
    return SAMPLES[question.type] if question else ()


def _listed(question: Question | None, size: int, locale: str) -> str:
    """A list of that many items that can stand together; empty where only one can be told."""
    together: tuple[str, ...] = ()
    if isinstance(question, ChoicesQuestion):
        together = tuple(option.phrase for option in question.options if option.phrase and not option.exclusive)
    elif question is not None and question.type in ("sources", "countries", "languages"):
        together = SAMPLES[question.type]
    return join_list(list(together[:size]), locale, getattr(question, "joined", "and")) if together else ""


def fill(sentence: Sentence, values: Mapping[str, str]) -> str:
    """The sentence filled in; one that begins with a placeholder gets a capital."""
    text = filled(sentence, values)
    return text[:1].upper() + text[1:] if isinstance(sentence[0], Placeholder) else text


def _why(content: Content, located: Located, path: Path, rule: Rule) -> Iterator[Problem]:
    if not isinstance(rule, FindingRule) or rule.why:
        return
    for test in rule.when:
        question = located.indicator.question(test.question) if test.indicator is None else None
        middle = middle_options(question) if isinstance(question, ClosedQuestion) else ()
        taken = sorted(set(test.options) & set(middle))
        if taken:
            message = f"it takes '{taken[0]}' from the middle of a scale; please say in 'why' what puts it in this list"
            yield content.problem(path, "no-why", located.indicator.id, message)
            return


def _words(content: Content, located: Located, avoid: re.Pattern[str] | None) -> Iterator[Problem]:
    """Unfinished texts anywhere; words to avoid in phrases and fixed reasons."""
    for place, text, printed_as in _texts(located):
        if _UNFINISHED.search(text):
            yield content.problem(place, "unfinished", located.indicator.id, f"this text is not finished: {text}")
        match = avoid.search(text) if avoid and printed_as else None
        if match:
            message = f"'{match.group()}' is a word to avoid, in {printed_as}"
            yield content.problem(place, "tone", located.indicator.id, message)


def _texts(located: Located) -> Iterator[tuple[Path, str, str]]:
    """The texts of an indicator with their places; the last item says what a text is that a snapshot prints by itself."""
    indicator, path, _ = located
    yield (*path, "title"), indicator.title, ""
    for number, question in enumerate(indicator.questions):
        here: Path = (*path, "questions", number)
        yield (*here, "text"), question.text, ""
        yield (*here, "help"), question.help, ""
        for index, option in enumerate(getattr(question, "options", ())):
            yield (*here, "options", index), option.label, ""
            if option.phrase:
                yield (*here, "options", index), option.phrase, f"the phrase of option '{option.id}'"
    for number, rule in enumerate(indicator.findings):
        for name, printed_as in (("text", ""), ("why", ""), ("not_applicable", "the fixed reason")):
            text = getattr(rule, name, None)
            if text:
                yield (*path, "findings", number, name), text, printed_as
