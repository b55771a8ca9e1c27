"""What is told otherwise in two narratives of one country, indicator by indicator, each with its reasons."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from questionnaire.conditions import Unanswered
from questionnaire.model import Area, Indicator, Question, SourceQuestion
from questionnaire.response import Answer, Ratification
from questionnaire.table import NOT_ASKED, OutcomeKind, Variable
from questionnaire.wording import language_name, number_text
from scoring.assemble import is_convention, tell_row
from scoring.evaluate import Conclusion, conclude, steps
from scoring.narrate import Narrative, writer_for

ReasonKind = Literal["given", "removed", "changed", "state", "words", "source", "earlier", "instrument"]


class Side(NamedTuple):
    """What one narrative tells of an indicator. `text` is what is printed; it is empty where nothing is."""

    outcome: OutcomeKind
    area: Area | None
    text: str


class Reason(NamedTuple):
    """Why something is told otherwise, as a sentence.

    `given`, `removed`, `changed`: an answer, or the value of one question. `state`: not known, not applicable. `words`:
    detail or qualifier. `source`: what a source is called. `earlier`: another indicator's answer. `instrument`: its wording
    or rules.
    """

    kind: ReasonKind
    text: str


class Difference(NamedTuple):
    """An indicator that is told otherwise; a side is None where the indicator is not part of that instrument."""

    indicator: str
    number: str
    title: str
    before: Side | None
    after: Side | None
    reasons: tuple[Reason, ...]


def compare(before: Narrative, after: Narrative) -> list[Difference]:
    """Every indicator whose printed text, area or kind of outcome differs, in the later instrument's order.

    The two are rounds or drafts of one country, told in one language; `ValueError` otherwise: countries are not compared.
    """
    if before.country != after.country:
        raise ValueError("these are of two countries; only rounds and drafts of one country are compared")
    if before.language != after.language:
        raise ValueError("these are told in two languages; please tell both in one")
    earlier, later = _View(before), _View(after)
    order = [*later.indicators, *(key for key in earlier.indicators if key not in later.indicators)]
    return [difference for key in order if (difference := _difference(earlier, later, key))]


class _View:
    """A narrative, looked at indicator by indicator and told in words of its language."""

    def __init__(self, narrative: Narrative) -> None:
        self.narrative = narrative
        self.result = narrative.result
        self.instrument = self.result.instrument
        self.sources = self.result.response.sources
        self.writer = writer_for(self.instrument, narrative.country, narrative.language)
        self.indicators = {indicator.id: indicator for indicator in self.writer.instrument.indicators}
        self.named = self.writer.named(self.sources)

    def conclusion(self, indicator_id: str) -> Conclusion:
        return conclude(self.result, indicator_id)

    def side(self, indicator_id: str) -> Side | None:
        """What is told of the indicator, if it is part of the instrument."""
        if indicator_id not in self.indicators:
            return None
        conclusion = self.conclusion(indicator_id)
        finding = self.narrative.findings.get(indicator_id)
        if finding:
            return Side(conclusion.leaf.kind, finding.area, " ".join(told.text for told in finding.told))
        if not is_convention(conclusion):
            return Side(conclusion.leaf.kind, None, "")
        row = tell_row(self.writer, conclusion)
        return Side(conclusion.leaf.kind, None, "; ".join((row.status, *row.notes)))

    def earlier(self, indicator_id: str) -> dict[Variable, Any]:
        """What the indicator's table saw of earlier indicators."""
        return {step.variable: step.value for step in steps(self.result, indicator_id) if step.variable.indicator}

    def on_the_way(self, indicator_id: str) -> set[str]:
        """The ids of the indicator's questions that its outcome, or the lack of one, rests on."""
        own = (step.variable for step in steps(self.result, indicator_id) if not step.variable.indicator)
        return {variable.question for variable in own} | self.conclusion(indicator_id).leaf.asked

    def label(self, question: Question, value: Any) -> str:
        """A value as a reader knows it, in the words of options, sources, countries and languages."""
        if value is None or isinstance(value, Unanswered):
            return "no answer" if value is None else value.word
        if isinstance(value, Ratification):
            year = str(value.year) if value.year else None
            status = self.writer.fixed(self.writer.instrument.texts.statuses[value.status], year=year)
            return f"{status}; {value.reservations}" if value.reservations else status
        if isinstance(value, int):
            return number_text(value, self.writer.locale) if question.type == "number" else str(value)
        items = [value] if isinstance(value, str) else list(value)
        return "; ".join(self._word(question, item) for item in items)

    def _word(self, question: Question, item: str) -> str:
        match question.type:
            case "source" | "sources":
                return self.sources[item].title if item in self.sources else item
            case "countries":
                return self.writer.countries[item].name if item in self.writer.countries else item
            case "languages":
                return language_name(item, self.writer.locale) or item
        labels: dict[str, str] = {option.id: option.label for option in getattr(question, "options", ())}
        return labels.get(item, item)


def _difference(before: _View, after: _View, indicator_id: str) -> Difference | None:
    told, tells = before.side(indicator_id), after.side(indicator_id)
    if told == tells:
        return None
    indicator = after.indicators.get(indicator_id) or before.indicators[indicator_id]
    reasons = tuple(_reasons(before, after, indicator_id))
    return Difference(indicator_id, indicator.number, indicator.title, told, tells, reasons)


def _reasons(before: _View, after: _View, indicator_id: str) -> Iterator[Reason]:
    """All that is known to differ on the way to what is told, and at least one reason."""
    if indicator_id not in after.indicators or indicator_id not in before.indicators:
        which = "later" if indicator_id in after.indicators else "earlier"
        yield Reason("instrument", f"This indicator is asked in the {which} questionnaire alone.")
        return
    found = [*_earlier(before, after, indicator_id)]
    moot = NOT_ASKED in (before.conclusion(indicator_id).leaf, after.conclusion(indicator_id).leaf)
    if not (found and moot):  # where an earlier answer decides whether this is asked, its own answer does not
        found += _own(before, after, indicator_id)
    found += _instrument(before.indicators[indicator_id], after.indicators[indicator_id])
    if not found:
        found = [Reason("instrument", "The questionnaire's fixed texts, or the names that it uses, have changed.")]
    yield from found


def _earlier(before: _View, after: _View, indicator_id: str) -> Iterator[Reason]:
    """The answers of earlier indicators that the outcome depends on."""
    seen, sees = before.earlier(indicator_id), after.earlier(indicator_id)
    moot = before.conclusion(indicator_id).leaf is NOT_ASKED, after.conclusion(indicator_id).leaf is NOT_ASKED
    effect = {(False, True): ", so this is no longer asked", (True, False): ", so this is asked now"}.get(moot, "")
    for variable in (variable for variable in seen if variable in sees):
        indicator = after.indicators.get(variable.indicator or "")
        question = indicator.question(variable.question) if indicator else None
        asked = before.indicators[variable.indicator or ""].question(variable.question)
        if seen[variable] != sees[variable] and indicator and question and asked:
            change = f"'{before.label(asked, seen[variable])}' to '{after.label(question, sees[variable])}'"
            place = f"'{question.text}' ({indicator.number} {indicator.title})"
            yield Reason("earlier", f"The answer to {place} changed from {change}{effect}.")


def _own(before: _View, after: _View, indicator_id: str) -> Iterator[Reason]:
    """What has changed in the indicator's own answer."""
    was, now = before.conclusion(indicator_id), after.conclusion(indicator_id)
    old, new, kinds = was.answer or Answer(), now.answer or Answer(), (was.leaf.kind, now.leaf.kind)
    if _state(old) != _state(new):
        yield _of_state(old, new)
        return
    asked = before.on_the_way(indicator_id) | after.on_the_way(indicator_id)
    questions = {question.id: question for question in before.indicators[indicator_id].questions}
    for question in after.indicators[indicator_id].questions:
        if question.id in asked:
            asked_before = questions.get(question.id, question)
            yield from _of_value((before, asked_before, old), (after, question, new))
    if "finding" in kinds or "row" in kinds:
        yield from _of_words(old, new)


def _state(answer: Answer) -> Literal["none", "values", "not_known", "not_applicable"]:
    if answer.not_known is not None:
        return "not_known"
    if answer.not_applicable is not None:
        return "not_applicable"
    return "values" if answer.values else "none"


def _of_state(old: Answer, new: Answer) -> Reason:
    """Why an indicator that had values, a reason or nothing now has another of the three."""
    if new.not_known is not None:
        return Reason("state", f"It is now stated as not known: {new.not_known}")
    if new.not_applicable is not None:
        return Reason("state", f"It is now stated as not applicable: {new.not_applicable}")
    stated = {"not_known": "not known", "not_applicable": "not applicable"}.get(_state(old))
    if stated:
        return Reason("state", f"It is no longer stated as {stated}" + (", but answered." if new.values else "."))
    return Reason("given", "It was answered.") if new.values else Reason("removed", "The answer was removed.")


_Given = tuple[_View, Question, Answer]


def _of_value(before: _Given, after: _Given) -> Iterator[Reason]:
    """What has changed in the value of one question, or in what the sources are called that it names."""
    (earlier, asked, old), (later, question, new) = before, after
    was, now = old.values.get(asked.id), new.values.get(question.id)
    if was is None and now is None:
        return
    if was is None:
        yield Reason("given", f"'{question.text}' was answered: '{later.label(question, now)}'.")
    elif now is None:
        yield Reason("removed", f"The answer to '{asked.text}' was removed; it was '{earlier.label(asked, was)}'.")
    elif isinstance(question, SourceQuestion) and earlier.label(asked, was) == later.label(question, now):
        yield from _of_names(earlier, later, _ids(was), _ids(now))
    elif was != now:
        change = f"'{earlier.label(asked, was)}' to '{later.label(question, now)}'"
        yield Reason("changed", f"The answer to '{question.text}' changed from {change}.")
    elif isinstance(question, SourceQuestion):
        yield from _of_names(earlier, later, _ids(was), _ids(now))


def _ids(value: Any) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (str(value),)


def _of_names(before: _View, after: _View, were: tuple[str, ...], are: tuple[str, ...]) -> Iterator[Reason]:
    """What is said otherwise of sources: their title, their name in a sentence, or whether they are named at all."""
    for old, new in zip(were, are, strict=False):
        name, renamed = before.named.get(old, ("", None))[0], after.named.get(new, ("", None))[0]
        title = after.sources[new].title if new in after.sources else new
        if name and renamed and name != renamed:
            yield Reason("source", f"The source '{name}' is now named '{renamed}'.")
        elif name != renamed:
            yield Reason(
                "source", f"The source '{title}' is {'now named' if renamed else 'no longer named'} in the text."
            )


def _of_words(old: Answer, new: Answer) -> Iterator[Reason]:
    """What has changed in the government's own words."""
    for name in ("detail", "qualifier"):
        was, now = getattr(old, name), getattr(new, name)
        if was == now:
            continue
        if was is None:
            yield Reason("words", f"The {name} was added: '{now}'")
        elif now is None:
            yield Reason("words", f"The {name} was removed: '{was}'")
        else:
            yield Reason("words", f"The {name} changed from '{was}' to '{now}'")


def _instrument(before: Indicator, after: Indicator) -> Iterator[Reason]:
    """What has changed in the indicator itself that bears on what is told."""
    if _rules(before) != _rules(after):
        yield Reason("instrument", "The questionnaire's rules for this indicator have changed.")
    if _texts(before) != _texts(after):
        yield Reason("instrument", "The questionnaire's wording of this indicator has changed.")


def _rules(indicator: Indicator) -> list[Any]:
    """What leads from answers to outcomes."""
    rules = [(rule.when, getattr(rule, "area", None)) for rule in indicator.findings]
    return [
        indicator.asked_when,
        rules,
        [(question.id, question.type, question.asked_when) for question in indicator.questions],
    ]


def _texts(indicator: Indicator) -> list[Any]:
    """What a sentence is made of."""
    options: list[Mapping[str, str]] = [
        {option.id: option.phrase or option.label for option in getattr(question, "options", ())}
        for question in indicator.questions
    ]
    return [[getattr(rule, "text", None) for rule in indicator.findings], options]
