"""Forms show what the tables ask, and their schemas hold what the checker accepts."""

import copy
import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import jsonschema
import pytest

from questionnaire.compiled import CompiledInstrument
from questionnaire.conditions import OFF_PATH, UNAVAILABLE
from questionnaire.forms import (
    ENGLISH,
    Form,
    FormWords,
    answer_body,
    domain_form,
    indicator_form,
    without_blanks,
)
from questionnaire.loader import load_instrument
from questionnaire.model import Indicator, Question
from questionnaire.reading import read_answer
from questionnaire.response import Answer, Ratification, Response, Source
from questionnaire.table import NOT_ASKED, is_moot
from scoring.evaluate import Result, evaluate, steps
from tests.made_responses import SOURCES, make_response

BASE = Path(__file__).parent / "base"
STATES = ((20, 1, 1, 1), (4, 1, 1, 2), (1, 0, 0, 0))
RULES = """
          - {when: {same: "yes", health-access.groups: [all, some]}, area: well_developed, text: The fees are the same.}
          - {when: {same: "yes", health-access.groups: none}, area: potential, text: The fees are the same for few.}
          - {when: {same: "no"}, area: potential, text: The fees differ.}
"""
CHAIN = """
      - id: health-waiting
        number: "1.04"
        title: Waiting for health care
        questions:
          - {id: wait, type: yes_no, text: Do migrants wait longer?, help: Look at hospitals.}
        findings:
          - {when: {wait: "yes"}, area: potential, text: "Migrants wait longer {in_country}."}
          - {when: {wait: "no", health-fees.same: "yes"}, area: well_developed, text: "Migrants wait no longer {in_country}."}
          - {when: {wait: "no", health-fees.same: "no"}, area: potential, text: "Migrants pay more {in_country}."}
      - id: health-queues
        number: "1.05"
        title: Queues
        asked_when: {health-waiting.wait: "no", convention-ilo-c97.status: [ratified, acceded]}
        questions:
          - {id: short, type: yes_no, text: Are queues short?, help: Look at hospitals.}
        findings:
          - {when: {short: "yes"}, area: well_developed, text: "Queues {in_country} are short."}
          - {when: {short: "no"}, area: potential, text: "Queues {in_country} are long."}
"""
ASKED = "asked_when: {health-access.groups: [all, some]}"
FOLLOW_UP = 'asked_when: {same: "yes"}'
CONDITIONS = {
    "as it is": (ASKED, ASKED),
    "a list that has none": (ASKED, "asked_when: {health-access.which: {none: [students]}}"),
    "a list that has any": (ASKED, "asked_when: {health-access.which: {any: [students, workers]}}"),
    "a list that has all": (ASKED, "asked_when: {health-access.which: {all: [students, workers]}}"),
    "a question's own": (FOLLOW_UP, 'asked_when: {same: "yes", health-access.groups: [all, none]}'),
    "a question's on a list": (FOLLOW_UP, 'asked_when: {same: "yes", health-access.which: {none: [workers]}}'),
    "rules": (ASKED, ""),
    "rules on what may be moot": (ASKED, ASKED + CHAIN),
}


@cache
def validator(schema: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(schema))


def is_shown(element: Mapping[str, Any], data: Any) -> bool:
    if "rule" not in element:
        return True
    rule = element["rule"]
    assert (rule["effect"], rule["condition"]["scope"]) == ("SHOW", "#")
    return validator(json.dumps(rule["condition"]["schema"])).is_valid(data)


def shown(element: Mapping[str, Any], data: Any) -> Iterator[str]:
    """The scopes of the controls that a client shows."""
    if is_shown(element, data):
        if "scope" in element:
            yield element["scope"]
        for below in element.get("elements", ()):
            yield from shown(below, data)


def questions(scopes: Iterator[str]) -> dict[str, set[str]]:
    """The questions among shown controls, by indicator."""
    found: dict[str, set[str]] = {}
    for scope in scopes:
        path = scope.removeprefix("#/properties/").split("/properties/")
        if path[1:2] == ["values"]:
            found.setdefault(path[0], set()).add(path[2])
    return found


def form(instrument: CompiledInstrument, domain: str | int, answers: Mapping[str, Answer] | None = None) -> Form:
    return domain_form(instrument, domain, sources=SOURCES, answers=answers or {})


def earlier_value(result: Result, indicator: str, question: str) -> Any:
    leaf = result.leaves[indicator]
    if leaf.rule is None:
        return OFF_PATH if leaf is NOT_ASKED else UNAVAILABLE
    return result.response.answers[indicator].values[question] if question in leaf.asked else OFF_PATH


def asked(result: Result, indicator: Indicator) -> set[str]:
    """What is asked of an indicator that is not answered to its end: what no answer makes moot, or leaves open."""
    answer = result.response.answers.get(indicator.id, Answer())
    open_questions: set[str] = set()

    def value(variable: Any) -> Any:
        if variable.indicator:
            return earlier_value(result, variable.indicator, variable.question)
        given = answer.values.get(variable.question, OFF_PATH)
        return getattr(given, "status", given) if variable.question in open_questions else OFF_PATH

    for question in indicator.questions:
        if not is_moot(question.asked_when, value):
            open_questions.add(question.id)
    return open_questions


def check_shown(result: Result, seen: Mapping[str, set[str]], indicator: Indicator) -> None:
    leaf, of_it = result.leaves[indicator.id], seen.get(indicator.id, set())
    path = {step.variable.question for step in steps(result, indicator.id) if not step.variable.indicator}
    if leaf.kind == "not_answered" or (leaf is NOT_ASKED and path):
        # what is moot by its own values too stays shown, so that they can be changed
        assert path <= of_it == asked(result, indicator), indicator.id
    else:
        assert of_it == leaf.asked, (indicator.id, leaf)


@pytest.mark.parametrize("domain", range(1, 7))
def test_a_form_shows_the_questions_that_the_tables_ask(instrument: CompiledInstrument, domain: int) -> None:
    kinds = set()
    for seed in range(24):
        response = make_response(instrument, seed, filled=(0.6, 0.9, 1.0)[seed % 3], states=STATES[seed % 2])
        result = evaluate(instrument, response)
        drawn = form(instrument, domain, response.answers)
        seen = questions(shown(drawn.uischema, drawn.data))
        for indicator in instrument.source.domains[domain - 1].indicators:
            check_shown(result, seen, indicator)
            kinds.add(result.leaves[indicator.id].kind)
    assert kinds >= {"finding", "not_known", "not_applicable", "not_answered"}


def rewritten(folder: Path, before: str, after: str) -> CompiledInstrument:
    """The base instrument with another condition; without any, with rules that test the earlier indicator."""
    shutil.copytree(BASE, folder)
    path = folder / "domains" / "1-rights.yaml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    if not after:
        start, end = text.index("          - when: {same:"), text.index("        qualifies: health-access")
        text = text[:start] + RULES.removeprefix("\n") + text[end:]
    after, _, more = after.partition("\n")
    path.write_text(text.replace(before, after) + more, encoding="utf-8")
    return load_instrument(str(folder))


@pytest.mark.parametrize("name", CONDITIONS)
def test_conditions_on_earlier_indicators_show_what_the_tables_ask(name: str, tmp_path: Path) -> None:
    instrument = rewritten(tmp_path / "base", *CONDITIONS[name])
    moot = 0
    for seed in range(150):
        response = make_response(instrument, seed, filled=(0.7, 1.0)[seed % 2], states=STATES[seed % 3])
        result = evaluate(instrument, response)
        for domain in instrument.source.domains:
            drawn = form(instrument, domain.number, response.answers)
            seen = questions(shown(drawn.uischema, drawn.data))
            for indicator in domain.indicators:
                check_shown(result, seen, indicator)
                moot += result.leaves[indicator.id] is NOT_ASKED
    assert bool(moot) is (name != "rules"), "the answers make nothing moot"


def test_a_form_of_one_indicator_shows_the_same_by_its_context(instrument: CompiledInstrument) -> None:
    dependent = [indicator for indicator in instrument.source.indicators if indicator.asked_when]
    assert len(dependent) > 5
    for seed in range(12):
        answers = make_response(instrument, seed, filled=0.8, states=STATES[1]).answers
        for indicator in dependent:
            whole = form(instrument, instrument.domains[indicator.id].number, answers)
            alone = indicator_form(instrument, indicator.id, sources=SOURCES, answers=answers)
            of_it = [
                scope for scope in shown(whole.uischema, whole.data) if f"#/properties/{indicator.id}/" in scope + "/"
            ]
            assert list(shown(alone.uischema, alone.data)) == of_it


def test_the_context_holds_what_conditions_test_and_no_words(instrument: CompiledInstrument) -> None:
    law = {"groups": "all", "law": "law-one"}
    answers = {"family-reunification": Answer(values=law, note="Secret."), "health-access": Answer(values=law)}
    drawn = indicator_form(instrument, "family-member-work", sources=SOURCES, answers=answers)
    assert drawn.data == {"context": {"family-reunification": {"values": {"groups": "all"}}}}
    assert drawn.schema["properties"]["context"]["readOnly"] is True
    unknown = {"family-reunification": Answer(not_known="Secret.")}
    drawn = indicator_form(instrument, "family-member-work", sources=SOURCES, answers=unknown)
    assert "Secret" not in json.dumps(drawn.data)
    assert "context" not in instrument.indicators


def test_the_context_reaches_as_far_as_conditions_do(tmp_path: Path) -> None:
    instrument = rewritten(tmp_path / "base", *CONDITIONS["rules on what may be moot"])
    status = Ratification(status="ratified", year=1993, reservations="Secret.")
    answers = {
        "convention-ilo-c97": Answer(values={"status": status}),
        "health-access": Answer(values={"groups": "all"}),
    }
    drawn = indicator_form(instrument, "health-queues", sources=SOURCES, answers=answers)
    assert drawn.data["context"] == {
        "health-access": {"values": {"groups": "all"}},
        "convention-ilo-c97": {"values": {"status": {"status": "ratified"}}},
    }


def reasons_shown(instrument: CompiledInstrument, body: dict[str, Any]) -> set[str]:
    scopes = shown(form(instrument, 1).uischema, {"health-access": body})
    names = {scope.removeprefix("#/properties/health-access/properties/") for scope in scopes if "health-a" in scope}
    return {name for name in names if name in ("not_known", "not_applicable", "values/properties/groups")}


def test_a_reason_and_values_are_never_asked_together_and_what_is_there_can_be_removed(
    instrument: CompiledInstrument,
) -> None:
    groups = "values/properties/groups"
    assert reasons_shown(instrument, {}) == {groups, "not_known", "not_applicable"}
    assert reasons_shown(instrument, {"values": {"limits": []}}) == {groups, "not_known", "not_applicable"}
    assert reasons_shown(instrument, {"values": {"groups": "all"}}) == {groups}
    assert reasons_shown(instrument, {"not_known": "Silence."}) == {"not_known"}
    assert reasons_shown(instrument, {"not_known": "Silence.", "values": {"groups": "all"}}) == {"not_known"}
    assert reasons_shown(instrument, {"not_known": "A.", "not_applicable": "B."}) == {"not_known", "not_applicable"}


def test_an_emptied_list_shows_no_follow_up(instrument: CompiledInstrument) -> None:
    for chosen, more in (([], set()), (["means"], {"years", "law"})):
        data = {"naturalisation": {"values": {"terms": chosen}}}
        assert questions(shown(form(instrument, 1).uischema, data))["naturalisation"] == {"terms", *more}


def test_while_a_reason_is_stated_values_beside_it_make_nothing_moot(instrument: CompiledInstrument) -> None:
    body: dict[str, Any] = {"values": {"groups": "none"}}
    for reason, asked_then in ({}, False), ({"not_known": "Silence."}, True):
        data = {"family-reunification": body | reason}
        assert ("family-member-work" in questions(shown(form(instrument, 1).uischema, data))) is asked_then


WRONG: tuple[Any, ...] = (
    "no-such", 7, True, ["no-such"], -1, 10**13, "x" * 301, "It ends with a stop.", "?!", "a\u202eb", 3.5,
    {"status": "ratified", "year": 1900}, {"status": "none", "year": 1999}, {"year": 1999}, {"status": "signed"},
    {"status": "ratified", "reservations": "No stop"}, {"status": "ratified", "since": 1}, ["KZ", "KZ"], ["ru", "xx"],
)  # fmt: skip
FIELDS: tuple[dict[str, Any], ...] = (
    {"qualifier": "No full stop"}, {"qualifier": "A stop."}, {"detail": "?!"}, {"note": "x" * 5001}, {"note": "A\tnote"},
    {"not_known": "Yes"}, {"not_known": "Silence."}, {"not_known": "A.", "not_applicable": "B."}, {"since": 1},
    {"sources": ["nowhere"]}, {"sources": ["expert-three", "law-one"]}, {"sources": "law-one"}, {"values": ["all"]},
)  # fmt: skip


def is_typed(question: Question, value: Any) -> bool:
    """Whether a form could hold it: the checker takes a number where text is asked, which no form sends."""
    return question.type not in ("text", "paragraph") or not isinstance(value, int) or isinstance(value, bool)


def damaged(indicator: Indicator, body: dict[str, Any], random: Random) -> dict[str, Any]:
    body = copy.deepcopy(body)
    values = body["values"]
    match random.randrange(4):
        case 0:
            body.update(random.choice(FIELDS))
        case 1:
            values["no_such"] = "all"
        case 2:
            chosen = {q.id: [option.id for option in getattr(q, "options", ())] for q in indicator.questions}
            values.update({key: options for key, options in chosen.items() if options})
        case _:
            question = random.choice(indicator.questions)
            values[question.id] = random.choice([value for value in WRONG if is_typed(question, value)])
    return body


def accepts(instrument: CompiledInstrument, indicator: str, body: Any) -> bool:
    read = read_answer(instrument, indicator, without_blanks(body), sources=SOURCES, country="KG", year=2018)
    return not read.wrong


@pytest.mark.parametrize("domain", range(1, 7))
def test_the_schema_and_the_checker_agree_on_sound_and_on_damaged_answers(
    instrument: CompiledInstrument, domain: int
) -> None:
    schema = jsonschema.Draft202012Validator(form(instrument, domain).schema)
    schema.check_schema(schema.schema)
    verdicts = {True: 0, False: 0}
    for seed in range(25):
        random, answers = Random(seed), make_response(instrument, seed).answers
        for indicator in instrument.source.domains[domain - 1].indicators:
            body = answer_body(answers.get(indicator.id, Answer()))
            for tried in (body, damaged(indicator, body, random), damaged(indicator, body, random)):
                sound = accepts(instrument, indicator.id, tried)
                assert schema.is_valid({indicator.id: tried}) is sound, (indicator.id, tried)
                verdicts[sound] += 1
    assert min(verdicts.values()) > 50


@pytest.mark.parametrize(("year", "sound"), [(1948, False), (1949, True)])
def test_no_year_stands_before_the_convention(instrument: CompiledInstrument, year: int, sound: bool) -> None:
    body = {"values": {"status": {"status": "ratified", "year": year}}}
    assert accepts(instrument, "conv-ilo-c97", body) is sound
    assert jsonschema.Draft202012Validator(form(instrument, 1).schema).is_valid({"conv-ilo-c97": body}) is sound


def test_the_example_is_sound_as_data_and_comes_back_as_it_was(
    instrument: CompiledInstrument, response: Response
) -> None:
    for domain in range(1, 7):
        drawn = domain_form(instrument, domain, sources=response.sources, answers=response.answers)
        jsonschema.Draft202012Validator(drawn.schema).validate(drawn.data)
        for indicator_id, body in drawn.data.items():
            read = read_answer(
                instrument, indicator_id, body, sources=response.sources, country=response.country, year=2018
            )
            assert read.answer == response.answers[indicator_id]


def test_what_a_cleared_field_leaves_behind_is_no_error_and_no_answer(instrument: CompiledInstrument) -> None:
    data = {
        "health-access": {"values": {"groups": "all", "limits": []}, "sources": []},
        "conv-ilo-c97": {"values": {"status": {}}, "not_known": "Silence."},
    }
    jsonschema.Draft202012Validator(form(instrument, 1).schema).validate(data)
    assert without_blanks(data["health-access"]) == {"values": {"groups": "all"}}
    assert accepts(instrument, "conv-ilo-c97", data["conv-ilo-c97"])


def field(drawn: Form, indicator: str, question: str) -> Any:
    return drawn.schema["properties"][indicator]["properties"]["values"]["properties"][question]


def test_a_question_offers_the_sources_of_its_kinds_by_their_titles(instrument: CompiledInstrument) -> None:
    offered = field(form(instrument, 1), "health-access", "law")
    assert offered["title"] == "Which law or policy gives this entitlement?"
    assert {"const": "law-one", "title": "Law on Migration"} in offered["oneOf"]
    assert "body-two" not in {source["const"] for source in offered["oneOf"]}


def test_without_sources_an_id_is_typed(instrument: CompiledInstrument) -> None:
    sources: dict[str, Source] = {}
    drawn = domain_form(instrument, 1, sources=sources, answers={})
    assert field(drawn, "health-access", "law")["type"] == "string"
    assert "oneOf" not in field(drawn, "health-access", "law")
    assert drawn.schema["$defs"]["sources"]["type"] == "string"
    assert "law-one" in json.dumps(form(instrument, 1).schema)
    assert "law-one" not in json.dumps(domain_form(instrument, 1, sources=sources, answers={}).schema)


def test_what_is_not_the_instruments_own_is_said_in_the_words_given(instrument: CompiledInstrument) -> None:
    words = FormWords(yes="Oui", status="Statut", qualifier="Réserve")
    text = json.dumps(domain_form(instrument, 1, sources={}, answers={}, words=words).schema, ensure_ascii=False)
    for word in ("Oui", "Statut", "Réserve"):
        assert f'"title": "{word}"' in text
    assert ENGLISH.qualifier not in text


@pytest.mark.parametrize(
    "call",
    [
        lambda instrument: form(instrument, 7),
        lambda instrument: form(instrument, "rights"),
        lambda instrument: domain_form(instrument, 1, language="tlh", sources={}, answers={}),
        lambda instrument: indicator_form(instrument, "nothing", sources={}, answers={}),
    ],
)
def test_what_the_instrument_does_not_have_is_a_key_error(
    instrument: CompiledInstrument, call: Callable[[CompiledInstrument], Form]
) -> None:
    with pytest.raises(KeyError):
        call(instrument)


def test_an_answer_is_written_as_it_is_saved() -> None:
    value = Ratification(status="ratified", year=1993)
    answer = Answer(values={"status": value, "law": ("a", "b")}, note="N", sources=("a", "a"), version=3)
    assert answer_body(answer) == {
        "values": {"status": {"status": "ratified", "year": 1993}, "law": ["a", "b"]},
        "note": "N",
        "sources": ["a"],
        "version": 3,
    }


def test_a_form_is_made_within_a_millisecond(instrument: CompiledInstrument, response: Response) -> None:
    times = []
    for _ in range(50):
        start = time.perf_counter()
        domain_form(instrument, 1, sources=response.sources, answers=response.answers)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.001
