"""The real instrument, broken at random places in every way we could think of: the linter finds each fault by its rule."""

import json
import random
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import pytest

from questionnaire.linter.prove import prove
from questionnaire.linter.walk import Content
from questionnaire.loader import instrument_folder, lint_instrument, read_yaml
from questionnaire.model import Instrument
from questionnaire.problems import Places
from questionnaire.validation import validate

PER_KIND = 8
DROPPED = object()
CLOSED = ("choice", "choices", "yes_no", "ratification")
Data = dict[str, Any]


class Change(NamedTuple):
    """One field or item of the data, and what it becomes."""

    container: Any
    key: str | int
    value: Any

    def make(self) -> None:
        if self.value is DROPPED:
            del self.container[self.key]
        else:
            self.container[self.key] = self.value

    def __str__(self) -> str:
        old = self.container.get(self.key) if isinstance(self.container, dict) else self.container[self.key]
        return f"{self.key}: {old!r} -> {'dropped' if self.value is DROPPED else repr(self.value)}"


Kind = Callable[[Data], Iterator[Change]]
"""All places of a domain where a change of this kind can be made."""
BREAKING: dict[str, tuple[Kind, frozenset[str]]] = {}
HARMLESS: dict[str, Kind] = {}


def breaking(*rules: str) -> Callable[[Kind], Kind]:
    """A kind of change that must be reported by one of these rules."""

    def register(kind: Kind) -> Kind:
        BREAKING[kind.__name__] = (kind, frozenset(rules))
        return kind

    return register


def harmless(kind: Kind) -> Kind:
    """A kind of change that nothing must be said about."""
    HARMLESS[kind.__name__] = kind
    return kind


def indicators(domain: Data) -> list[Data]:
    return [indicator for subdomain in domain["subdomains"] for indicator in subdomain["indicators"]]


def questions(domain: Data, *types: str) -> Iterator[tuple[Data, Data]]:
    for indicator in indicators(domain):
        yield from ((indicator, question) for question in indicator["questions"] if question["type"] in types)


def sentences(domain: Data) -> Iterator[tuple[Data, Data, str]]:
    """Each finding with its indicator and its sentence."""
    for indicator in indicators(domain):
        yield from ((indicator, rule, rule["text"]) for rule in indicator["findings"] if "text" in rule)


def decisions(domain: Data, *types: str) -> Iterator[tuple[Data, Data, str]]:
    """Each test of a rule on a question of its own indicator: the condition, the question, and an option it names."""
    for indicator, question in questions(domain, *types):
        for rule in indicator["findings"]:
            tested = rule.get("when", {}).get(question["id"])
            for option in (next(iter(tested.values())) if isinstance(tested, dict) else as_list(tested))[:1]:
                yield rule["when"], question, option


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def option_of(question: Data) -> Any:
    """A condition's value for any closed question."""
    first = question["options"][0]["id"] if "options" in question else {"yes_no": "yes"}.get(question["type"], "none")
    return {"any": [first]} if question["type"] == "choices" else first


@breaking("unknown-option")
def option_dropped_that_a_rule_names(domain: Data) -> Iterator[Change]:
    for _, question, option in decisions(domain, "choice", "choices"):
        if len(question["options"]) > 2:
            yield Change(question, "options", [known for known in question["options"] if known["id"] != option])


@breaking("double-id")
def option_doubled(domain: Data) -> Iterator[Change]:
    for _, question in questions(domain, "choice", "choices"):
        yield Change(question, "options", [*question["options"], question["options"][-1]])


@breaking("left-out")
def option_added_that_no_rule_takes(domain: Data) -> Iterator[Change]:
    for indicator, question in questions(domain, "choice"):
        told = any(question["id"] not in rule.get("when", {}) for rule in indicator["findings"])
        if not told and "asked_when" not in question:
            yield Change(
                question, "options", [*question["options"], {"id": "added", "label": "Added", "phrase": "added"}]
            )


@breaking("left-out")
def finding_dropped(domain: Data) -> Iterator[Change]:
    for indicator in indicators(domain):
        rules = indicator["findings"]
        yield from (Change(rules, number, DROPPED) for number in range(len(rules)) if len(rules) > 1)


@breaking("met-twice")
def finding_doubled(domain: Data) -> Iterator[Change]:
    for indicator, rule, _ in sentences(domain):
        yield Change(indicator, "findings", [*indicator["findings"], rule])


@breaking("met-twice")
def condition_of_a_finding_dropped(domain: Data) -> Iterator[Change]:
    for indicator, rule, _ in sentences(domain):
        if len(indicator["findings"]) > 1:
            yield Change(rule, "when", DROPPED)


@breaking("dead-finding")
def finding_added_that_nothing_meets(domain: Data) -> Iterator[Change]:
    for indicator, question in questions(domain, "choices"):
        option = [question["options"][0]["id"]]
        dead = {
            "when": {question["id"]: {"any": option, "none": option}},
            "area": "potential",
            "text": "There is none.",
        }
        yield Change(indicator, "findings", [*indicator["findings"], dead])


@breaking("unknown-placeholder")
def placeholder_misspelt(domain: Data) -> Iterator[Change]:
    for _, rule, text in sentences(domain):
        if "{" in text:
            yield Change(rule, "text", re.sub(r"\{\w+\}", "{nowhere}", text, count=1))


@breaking("unknown-placeholder", "unknown-question")
def question_dropped_that_a_sentence_tells(domain: Data) -> Iterator[Change]:
    for indicator, question in questions(domain, "source", "sources", "text", "year", "countries"):
        told = any(f"{{{question['id']}}}" in rule.get("text", "") for rule in indicator["findings"])
        if told:
            yield Change(indicator, "questions", [known for known in indicator["questions"] if known is not question])


@breaking("format")
def bracket_not_closed(domain: Data) -> Iterator[Change]:
    yield from (Change(rule, "text", text.replace("]", "", 1)) for _, rule, text in sentences(domain) if "]" in text)


@breaking("format")
def bracket_within_a_bracket(domain: Data) -> Iterator[Change]:
    for _, rule, text in sentences(domain):
        if "]" in text:
            yield Change(rule, "text", text.replace("]", "[ {in_country}] ]", 1))


@breaking("format")
def brace_alone(domain: Data) -> Iterator[Change]:
    yield from (Change(rule, "text", text.replace("}", "", 1)) for _, rule, text in sentences(domain) if "}" in text)


@breaking("format")
def option_named_twice_in_a_condition(domain: Data) -> Iterator[Change]:
    for when, question, option in decisions(domain, "choice", "yes_no"):
        yield Change(when, question["id"], [option, option])


@breaking("test-on-later")
def question_that_depends_on_a_later_one(domain: Data) -> Iterator[Change]:
    for indicator, question in questions(domain, *CLOSED):
        first = indicator["questions"][0]
        if first is not question:
            yield Change(first, "asked_when", {question["id"]: option_of(question)})


@breaking("test-on-later")
def indicator_that_depends_on_a_later_one(domain: Data) -> Iterator[Change]:
    for indicator, question in questions(domain, *CLOSED):
        first = indicators(domain)[0]
        if first is not indicator:
            yield Change(first, "asked_when", {f"{indicator['id']}.{question['id']}": option_of(question)})


@breaking("unknown-option")
def option_misspelt_in_a_condition(domain: Data) -> Iterator[Change]:
    for when, question, option in decisions(domain, "choice", "yes_no", "ratification"):
        yield Change(when, question["id"], f"{option}x")


@breaking("unknown-question")
def question_misspelt_in_asked_when(domain: Data) -> Iterator[Change]:
    for indicator in indicators(domain):
        for question in indicator["questions"]:
            if "asked_when" in question:
                yield Change(question, "asked_when", {"nowhere": "yes"})


@breaking("unknown-question")
def question_misspelt_in_requires(domain: Data) -> Iterator[Change]:
    for indicator in indicators(domain):
        yield from (Change(indicator["requires"], area, ["nowhere"]) for area in indicator.get("requires", {}))


@breaking("open-question-tested")
def condition_on_an_open_question(domain: Data) -> Iterator[Change]:
    for indicator, question in questions(domain, "source", "sources", "text", "year", "countries"):
        rule = indicator["findings"][-1]
        yield Change(rule, "when", {**rule.get("when", {}), question["id"]: "x"})


@breaking("test-mode")
def single_choice_tested_as_several(domain: Data) -> Iterator[Change]:
    for when, question, option in decisions(domain, "choice", "yes_no"):
        yield Change(when, question["id"], {"any": [option]})


@breaking("test-mode")
def several_choices_tested_as_one(domain: Data) -> Iterator[Change]:
    yield from (Change(when, question["id"], option) for when, question, option in decisions(domain, "choices"))


@breaking("open-outside-part")
def open_placeholder_moved_out_of_its_part(domain: Data) -> Iterator[Change]:
    for indicator, rule, text in sentences(domain):
        types = {question["id"]: question["type"] for question in indicator["questions"]}
        for part in re.findall(r"\[[^\[\]]*\]", text):
            told = {types.get(name, "choice") for name in re.findall(r"\{(\w+)\}", part)}
            if told - set(CLOSED):
                yield Change(rule, "text", text.replace(part, part[1:-1]))


@breaking("mechanics")
def full_stop_removed(domain: Data) -> Iterator[Change]:
    for _, rule, text in sentences(domain):
        yield Change(rule, "text", re.sub(r"\.(\]?)$", r"\1", text))


@breaking("mechanics")
def full_stop_doubled(domain: Data) -> Iterator[Change]:
    yield from (Change(rule, "text", f"{text}.") for _, rule, text in sentences(domain))


@breaking("mechanics")
def space_doubled(domain: Data) -> Iterator[Change]:
    for _, rule, text in sentences(domain):
        yield from (Change(rule, "text", f"{text[: m.start()]} {text[m.start() :]}") for m in re.finditer(" ", text))


@breaking("mechanics")
def capital_removed(domain: Data) -> Iterator[Change]:
    for _, rule, text in sentences(domain):
        if text[0].isupper():
            yield Change(rule, "text", text[0].lower() + text[1:])


@breaking("tone")
def word_to_avoid_inserted(domain: Data) -> Iterator[Change]:
    for _, rule, text in sentences(domain):
        yield from (Change(rule, "text", text.replace(" ", f" {word} ", 1)) for word in ("poor", "lagging", "best"))


@breaking("article")
def article_put_before_a_placeholder(domain: Data) -> Iterator[Change]:
    for _, rule, text in sentences(domain):
        if " {" in text:
            yield Change(rule, "text", text.replace(" {", " a {", 1))


@breaking("missing-phrase")
def phrase_removed_from_a_told_option(domain: Data) -> Iterator[Change]:
    for indicator, question in questions(domain, "choices"):
        told = any(f"{{{question['id']}}}" in rule.get("text", "") for rule in indicator["findings"])
        for option in question["options"] if told else ():
            if not option.get("exclusive"):
                yield Change(option, "phrase", DROPPED)


@breaking("double-id")
def id_of_an_indicator_doubled(domain: Data) -> Iterator[Change]:
    first = indicators(domain)[0]
    yield from (Change(indicator, "id", first["id"]) for indicator in indicators(domain)[1:])


@breaking("double-id")
def id_of_a_question_doubled(domain: Data) -> Iterator[Change]:
    for indicator in indicators(domain):
        yield from (Change(q, "id", indicator["questions"][0]["id"]) for q in indicator["questions"][1:])


@breaking("numbering")
def number_out_of_order(domain: Data) -> Iterator[Change]:
    for before, after in zip(indicators(domain), indicators(domain)[1:], strict=False):
        yield Change(after, "number", before["number"])


@breaking("format")
def help_missing(domain: Data) -> Iterator[Change]:
    for indicator in indicators(domain):
        yield from (Change(question, "help", DROPPED) for question in indicator["questions"])


@breaking("unfinished")
def help_unfinished(domain: Data) -> Iterator[Change]:
    for indicator in indicators(domain):
        yield from (Change(question, "help", "To be written.") for question in indicator["questions"])


@breaking("no-why")
def why_removed_from_a_middle_option(domain: Data) -> Iterator[Change]:
    for indicator, question in questions(domain, "choice"):
        middle = {option["id"] for option in question["options"][1:-1]}
        for rule in indicator["findings"]:
            if "area" in rule and middle & set(as_list(rule.get("when", {}).get(question["id"]))):
                yield Change(rule, "why", DROPPED)


@breaking("qualifies")
def qualifies_what_is_not_there(domain: Data) -> Iterator[Change]:
    yield from (Change(indicator, "qualifies", "nowhere") for indicator in indicators(domain))


@breaking("qualifies")
def qualifies_itself(domain: Data) -> Iterator[Change]:
    yield from (Change(indicator, "qualifies", indicator["id"]) for indicator in indicators(domain))


@breaking("unknown-kind")
def kind_of_source_misspelt(domain: Data) -> Iterator[Change]:
    for _, question in questions(domain, "source", "sources"):
        yield Change(question, "kinds", [*question["kinds"], "laws"])


@breaking("unknown-convention")
def convention_misspelt(domain: Data) -> Iterator[Change]:
    for _, question in questions(domain, "ratification"):
        yield Change(question, "convention", "nowhere")


@breaking("format")
def target_of_the_sdgs_that_is_none(domain: Data) -> Iterator[Change]:
    yield from (Change(indicator, "related", {"sdg": ["18.1"]}) for indicator in indicators(domain))


@harmless
def label_reworded(domain: Data) -> Iterator[Change]:
    for _, question in questions(domain, "choice", "choices"):
        yield from (Change(option, "label", f"{option['label']} indeed") for option in question["options"])


@harmless
def phrase_reworded(domain: Data) -> Iterator[Change]:
    for _, question in questions(domain, "choice", "choices"):
        told = [option for option in question["options"] if "phrase" in option]
        yield from (Change(option, "phrase", f"{option['phrase']} as well") for option in told)


@harmless
def texts_for_the_asked_reworded(domain: Data) -> Iterator[Change]:
    for indicator in indicators(domain):
        yield Change(indicator, "title", f"On {indicator['title']}")
        for question in indicator["questions"]:
            yield Change(question, "text", f"And {question['text']}")
            yield Change(question, "help", f"{question['help']} Take your time.")


@harmless
def target_of_the_sdgs_added(domain: Data) -> Iterator[Change]:
    for indicator in indicators(domain):
        yield Change(indicator, "related", {"sdg": ["1.4", "17.18"], "gcm": [1, 23]})


@harmless
def findings_in_another_order(domain: Data) -> Iterator[Change]:
    yield from (Change(indicator, "findings", indicator["findings"][::-1]) for indicator in indicators(domain))


@harmless
def reason_given_for_a_finding(domain: Data) -> Iterator[Change]:
    yield from (Change(rule, "why", "We agreed on it.") for _, rule, _ in sentences(domain))


@harmless
def requirement_dropped(domain: Data) -> Iterator[Change]:
    yield from (Change(indicator, "requires", DROPPED) for indicator in indicators(domain) if "requires" in indicator)


@harmless
def open_question_added(domain: Data) -> Iterator[Change]:
    added = {"id": "added", "type": "text", "text": "What else?", "help": "One sentence."}
    for indicator in indicators(domain):
        if len(indicator["questions"]) < 4:
            yield Change(indicator, "questions", [*indicator["questions"], added])


@cache
def written_parts() -> tuple[str, tuple[str, ...]]:
    """The instrument without its domains, and each domain, to be copied from."""
    folder = instrument_folder()
    whole = read_yaml(folder / "instrument.yaml").data | read_yaml(folder / "conventions.yaml").data
    domains = [read_yaml(path).data for path in sorted((folder / "domains").glob("*.yaml"))]
    return json.dumps(whole), tuple(json.dumps(domain) for domain in domains)


def domain_copy(number: int) -> Data:
    copy: Data = json.loads(written_parts()[1][number])
    return copy


def problems_of(domain: Data) -> list[str]:
    """All problems of an instrument that holds only this domain, with the conventions that it has rows for."""
    whole: Data = json.loads(written_parts()[0])
    rows = {rule.get("row") for indicator in indicators(domain) for rule in indicator["findings"]}
    conventions = [convention for convention in whole["conventions"] if convention["id"] in rows]
    parts = {**whole, "conventions": conventions, "domains": [domain]}
    instrument, problems = validate(Instrument, parts, Places("mutated"))
    found = problems if instrument is None else prove(Content(instrument, Places("mutated"))).problems
    return [str(problem) for problem in found]


def sampled(name: str, kind: Kind) -> list[tuple[int, int]]:
    """Some of the places where a change can be made, the same in each run: domain, and number of the place in it."""
    places = [(domain, number) for domain in range(6) for number, _ in enumerate(kind(domain_copy(domain)))]
    return random.Random(name).sample(places, min(PER_KIND, len(places)))


def mutated(name: str, kind: Kind) -> Iterator[tuple[str, list[str]]]:
    """Each change in words, and the problems of the changed domain."""
    for domain, number in sampled(name, kind):
        data = domain_copy(domain)
        change = list(kind(data))[number]
        words = str(change)
        change.make()
        yield words, problems_of(data)


def is_reported(problems: list[str], rules: frozenset[str]) -> bool:
    return any(problem.endswith(f"[{rule}]") for problem in problems for rule in rules)


def test_the_instrument_as_it_is_has_no_problem() -> None:
    assert lint_instrument().problems == ()


@pytest.mark.parametrize("number", range(6))
def test_a_domain_by_itself_has_no_problem(number: int) -> None:
    assert problems_of(domain_copy(number)) == []


def test_at_least_two_hundred_faults_are_made_and_some_of_each_kind() -> None:
    made = {name: len(sampled(name, kind)) for name, (kind, _) in BREAKING.items()}
    assert all(made.values()), made
    assert sum(made.values()) >= 200


@pytest.mark.parametrize("name", BREAKING)
def test_every_fault_is_found_by_its_rule(name: str) -> None:
    kind, rules = BREAKING[name]
    missed = {words: problems for words, problems in mutated(name, kind) if not is_reported(problems, rules)}
    assert missed == {}


@pytest.mark.parametrize("name", HARMLESS)
def test_a_change_that_breaks_nothing_is_not_reported(name: str) -> None:
    reported = {words: problems for words, problems in mutated(name, HARMLESS[name]) if problems}
    assert reported == {}
