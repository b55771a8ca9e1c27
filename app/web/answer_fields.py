"""The form of an answer: what its fields are drawn from, and the plain data of an answer out of what was typed.

Fields are named as the paths of an answer: `values.groups`, `values.status.year`, `qualifier`, `not_known`, `sources`. The
radio `cannot` (`not_known` or `not_applicable`) leaves the values out.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

from app.web.answer_words import STATUSES, YES_NO, Line, Words
from app.web.done import translatable
from app.web.fields import Fields
from questionnaire.conditions import Mode, Test
from questionnaire.model import Indicator, Question, RatificationQuestion, SourceQuestion
from questionnaire.response import Source
from questionnaire.wording import date_text, join_list, language_codes, language_name

REASONS = ("not_known", "not_applicable")
TEXTS = ("qualifier", "detail", "note")
LISTS = frozenset({"choices", "sources", "countries"})
FIELDS_TOLD = " (status, year, reservations)"
"""How programs are told the fields of a ratification; on the page they stand in sight."""
UNKNOWN_LANGUAGE = translatable("one of these is not the name of a language; please check how they are spelled")

Error = Mapping[str, Any]
"""What is wrong, with `path` and `message`, as `Invalid` tells it."""
Choice = tuple[str, Line, str]
"""What can be chosen: its value, its words, and a remark about it (as the kind of a source)."""


class OnlyIf(NamedTuple):
    """When a question is asked, in words: the number of the question that decides, how, and the answers, quoted and joined."""

    question: int
    mode: Mode
    answers: str


class Asked(NamedTuple):
    """A question as it is drawn. `asked_when` is the condition for the script: a list of tests that must all hold.

    Each test is `{"field": "values.groups", "mode": "is", "options": ["some"]}`; modes as in `questionnaire.conditions`.
    """

    id: str
    number: int
    type: str
    text: str
    help: str
    choices: tuple[Choice, ...]
    asked_when: str
    only_if: tuple[OnlyIf, ...]
    least: int | None = None
    most: int | None = None
    kinds: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """The name of its field."""
        return f"values.{self.id}"


def asked_questions(words: Words, indicator: str) -> list[Asked]:
    """The questions of an indicator, to be drawn by the macros of `answer/fields.html`."""
    found = words.indicator(indicator)
    return [_asked(words, found, number, question) for number, question in enumerate(found.questions, 1)]


def _asked(words: Words, indicator: Indicator, number: int, question: Question) -> Asked:
    tests = _tests(indicator, question)
    told = [_field_test(indicator, test) for test in tests]
    return Asked(
        id=question.id,
        number=number,
        type=question.type,
        text=question.text,
        help=question.help,
        choices=tuple(_CHOICES[question.type](words, question)) if question.type in _CHOICES else (),
        asked_when=json.dumps(told, separators=(",", ":")) if told else "",
        only_if=tuple(_only_if(words, indicator, test) for test in question.asked_when if test.indicator is None),
        least=getattr(question, "min", None),
        most=getattr(question, "max", None),
        kinds=tuple(new_source_kinds(words, question.kinds)) if isinstance(question, SourceQuestion) else (),
    )


def _tests(indicator: Indicator, question: Question) -> list[Test]:
    """All tests on which it hangs that a question is asked: its own, and those of the questions that these test."""
    tests: list[Test] = []
    for test in question.asked_when:
        tested = indicator.question(test.question) if test.indicator is None else None
        if tested is not None:
            tests += [*_tests(indicator, tested), test]
    return list(dict.fromkeys(tests))


def _field_test(indicator: Indicator, test: Test) -> dict[str, Any]:
    status = ".status" if isinstance(indicator.question(test.question), RatificationQuestion) else ""
    return {"field": f"values.{test.question}{status}", "mode": test.mode, "options": list(test.options)}


def _only_if(words: Words, indicator: Indicator, test: Test) -> OnlyIf:
    number, question = next((n, one) for n, one in enumerate(indicator.questions, 1) if one.id == test.question)
    labels = {value: line.text for value, line, _ in _CHOICES[question.type](words, question)}
    quoted = [f"“{labels.get(option, option)}”" for option in test.options]
    return OnlyIf(number, test.mode, join_list(quoted, words.locale, "and" if test.mode == "all" else "or"))


def _options(words: Words, question: Any) -> list[Choice]:
    return [(option.id, Line(option.label, "instrument"), "") for option in question.options]


def _service_words(texts: Mapping[str, str]) -> Callable[[Words, Any], list[Choice]]:
    return lambda words, question: [(value, Line(text, "service"), "") for value, text in texts.items()]


def _countries(words: Words, question: Any) -> list[Choice]:
    known = words.instrument.countries[words.language].values()
    return [(one.code, Line(one.name, "instrument"), "") for one in sorted(known, key=lambda one: one.name.casefold())]


def _fitting_sources(words: Words, question: SourceQuestion) -> list[Choice]:
    kinds = {kind.id for kind in words.instrument.source_kinds.values() if kind.stands_for_any}.union(question.kinds)
    return source_choices(words, {name: one for name, one in words.sources.items() if one.kind in kinds})


def source_choices(words: Words, sources: Mapping[str, Source] | None = None) -> list[Choice]:
    """Sources by title, with their kind and date; all that the person may see if none are given."""
    kinds = {kind.id: kind.label for kind in words.texts.source_kinds}
    shown = words.sources if sources is None else sources
    found = [(name, Line(one.title), _about(words, kinds, one)) for name, one in shown.items()]
    return sorted(found, key=lambda choice: (choice[1].text.casefold(), choice[0]))


def _about(words: Words, kinds: Mapping[str, str], source: Source) -> str:
    """What is said of a source beside its title: kind and date."""
    date = date_text(source.date, words.locale) if source.date else ""
    return ", ".join(part for part in (kinds[source.kind], date) if part)


def new_source_kinds(words: Words, kinds: tuple[str, ...] | None = None) -> list[tuple[str, str]]:
    """The kinds that a new source can be of, with their names; `kinds` are those that a question takes."""
    fitting = [kind for kind in words.texts.source_kinds if kinds is None or kind.id in kinds]
    return [(kind.id, kind.label) for kind in fitting if not kind.stands_for_any]


_CHOICES: Mapping[str, Callable[[Words, Any], list[Choice]]] = {
    "choice": _options,
    "choices": _options,
    "yes_no": _service_words(YES_NO),
    "ratification": _service_words(STATUSES),
    "source": _fitting_sources,
    "sources": _fitting_sources,
    "countries": _countries,
}


def typed_answer(words: Words, indicator: str, answer: Mapping[str, Any]) -> Fields:
    """A saved answer as the fields that its form shows."""
    values = answer.get("values", {})
    given: dict[str, str | list[str]] = {}
    for question in words.indicator(indicator).questions:
        value = values.get(question.id)
        if isinstance(value, Mapping):
            given |= {f"values.{question.id}.{part}": str(text) for part, text in value.items()}
        elif question.type == "languages" and value:
            given[f"values.{question.id}"] = ", ".join(language_name(one, words.locale) or one for one in value)
        elif value is not None:
            given[f"values.{question.id}"] = list(value) if isinstance(value, list | tuple) else str(value)
    given |= {name: answer[name] for name in (*TEXTS, *REASONS) if name in answer}
    given["sources"] = list(answer.get("sources", ()))
    given["cannot"] = next((name for name in REASONS if name in answer), "")
    return Fields(given=given)


def answer_data(words: Words, indicator: str, fields: Fields) -> dict[str, Any]:
    """The plain data of an answer that a form gives; what was left empty is left out. It is not checked here."""
    cannot = fields.one("cannot") if fields.one("cannot") in REASONS else ""
    data: dict[str, Any] = {name: fields.one(name) for name in (*TEXTS, *REASONS) if fields.one(name)}
    if cannot:
        data.setdefault(cannot, "")
    sources = list(dict.fromkeys(text for text in fields.many("sources") if text))
    if sources:
        data["sources"] = sources
    values = {} if cannot else _values(words, indicator, fields)
    return data | ({"values": values} if values else {})


def _values(words: Words, indicator: str, fields: Fields) -> dict[str, Any]:
    read = {
        question.id: _READ.get(question.type, _read_one)(words, fields, f"values.{question.id}")
        for question in words.indicator(indicator).questions
    }
    return {name: value for name, value in read.items() if value not in ("", [], {})}


def _read_one(words: Words, fields: Fields, name: str) -> Any:
    return fields.one(name)


def _read_many(words: Words, fields: Fields, name: str) -> Any:
    return list(dict.fromkeys(text for text in fields.many(name) if text))


def _read_number(words: Words, fields: Fields, name: str) -> Any:
    """A whole number, with or without spaces in it; what is none stays as it was typed, to be named."""
    text = "".join(fields.one(name).split())
    return int(text) if text.removeprefix("-").isdecimal() and len(text) < 30 else fields.one(name)


def _read_ratification(words: Words, fields: Fields, name: str) -> Any:
    parts = {part: fields.one(f"{name}.{part}") for part in ("status", "reservations")}
    given: dict[str, Any] = {part: text for part, text in parts.items() if text}
    year = _read_number(words, fields, f"{name}.year")
    return given | ({"year": year} if year != "" else {})


def _read_languages(words: Words, fields: Fields, name: str) -> Any:
    """The codes of languages whose names were typed with commas between; an unknown name stays, to be named."""
    codes = {code.casefold(): code for code in language_codes()}
    for locale in ("en", words.locale):
        codes |= {(language_name(code, locale) or code).casefold(): code for code in language_codes()}
    typed = [text.strip() for text in fields.one(name).replace("،", ",").replace("\n", ",").split(",")]
    return list(dict.fromkeys(codes.get(text.casefold(), text) for text in typed if text))


def with_kinder_errors(words: Words, indicator: str, fields: Fields, errors: Iterable[Error]) -> list[Error]:
    """The errors of an answer, without codes of languages and names of fields that the form does not show."""
    languages = {f"values.{one.id}" for one in words.indicator(indicator).questions if one.type == "languages"}
    kinder = ({**error, "message": str(error["message"]).removesuffix(FIELDS_TOLD)} for error in errors)
    return [{**error, "message": UNKNOWN_LANGUAGE} if _is_at(error, languages) else error for error in kinder]


def _is_at(error: Error, names: Collection[str]) -> bool:
    return ".".join(map(str, error["path"])) in names


_READ: Mapping[str, Callable[[Words, Fields, str], Any]] = {
    **dict.fromkeys(LISTS, _read_many),
    "year": _read_number,
    "number": _read_number,
    "languages": _read_languages,
    "ratification": _read_ratification,
}
