"""A stock JSON Forms client, run by Node, draws every form, fills it in, and what it sends back is a sound answer."""

from pathlib import Path
from typing import Any

import pytest

from questionnaire.compiled import CompiledInstrument
from questionnaire.forms import domain_form, indicator_form, without_blanks
from questionnaire.reading import read_answer
from questionnaire.response import Answer, Response
from scoring.evaluate import evaluate
from tests.made_responses import SOURCES
from tests.stock_client import Client, installed_client

VALUES = "#/properties/health-access/properties/values/properties/"


@pytest.fixture(scope="session")
def client(shared_folder: Path) -> Client:
    """Hands a form to the client and gives what it printed."""
    run = installed_client(shared_folder)
    return lambda form, *which, **more: run(form._asdict(), *which, **more)


def read(instrument: CompiledInstrument, data: dict[str, Any]) -> dict[str, Answer]:
    """The answers sent back, each of which the checker accepts."""
    answers = {}
    for indicator_id, body in data.items():
        sent = without_blanks(body)
        found = read_answer(instrument, indicator_id, sent, sources=SOURCES, country="KG", year=2100)
        assert found.answer is not None, (indicator_id, found.wrong)
        answers[indicator_id] = found.answer
    return answers


@pytest.mark.parametrize(("domain", "which"), [(number, ("first", "last")[number % 2]) for number in range(1, 7)])
def test_a_client_that_knows_nothing_of_the_instrument_answers_a_domain(
    instrument: CompiledInstrument, response: Response, client: Client, domain: int, which: str
) -> None:
    printed = client(domain_form(instrument, domain, sources=SOURCES, answers={}), which)
    assert (printed["problems"], printed["errors"]) == ([], [])
    answered = response.model_copy(update={"sources": SOURCES, "answers": read(instrument, printed["data"])})
    leaves = evaluate(instrument, answered).leaves
    kinds = {indicator.id: leaves[indicator.id].kind for indicator in instrument.source.domains[domain - 1].indicators}
    assert set(kinds.values()) <= {"finding", "row", "not_applicable", "not_asked"}, kinds
    assert list(kinds.values()).count("finding") > 5


def test_a_client_draws_the_example_as_it_is(
    instrument: CompiledInstrument, response: Response, client: Client
) -> None:
    form = domain_form(instrument, 5, sources=response.sources, answers=response.answers)
    printed = client(form)
    assert (printed["problems"], printed["errors"]) == ([], [])
    for indicator_id, body in form.data.items():
        assert printed["data"][indicator_id]["values"].items() >= body["values"].items()


def test_rules_show_and_hide_follow_ups_and_errors_come_and_go(instrument: CompiledInstrument, client: Client) -> None:
    updates = [
        ["health-access.values.groups", "some"],
        ["health-access.values.groups", "nobody"],
        ["health-access.values.groups", "none"],
        ["health-access.values.groups", None],
        ["health-access.not_known", "x"],
    ]
    printed = client(domain_form(instrument, 1, sources=SOURCES, answers={}), updates=updates)
    shown = [{scope.removeprefix(VALUES) for scope in step["visible"] if VALUES in scope} for step in printed["steps"]]
    assert shown == [{"groups", "which", "limits", "law"}, {"groups"}, {"groups"}, {"groups"}, set()]
    wrong = ["/health-access/values/groups" in step["errors"] for step in printed["steps"]]
    assert wrong == [False, True, False, False, False]


@pytest.mark.parametrize(("groups", "asked"), [("all", True), ("none", False)])
def test_a_form_of_one_indicator_follows_its_context(
    instrument: CompiledInstrument, client: Client, groups: str, asked: bool
) -> None:
    earlier = {"family-reunification": Answer(values={"groups": groups, "which": (), "conditions": ()})}
    printed = client(indicator_form(instrument, "family-member-work", sources=SOURCES, answers=earlier))
    assert printed["problems"] == []
    assert ("family-member-work" in printed["data"]) is asked


def test_without_sources_an_id_is_typed_as_text(instrument: CompiledInstrument, client: Client) -> None:
    printed = client(indicator_form(instrument, "anti-discrimination", sources={}, answers={}))
    assert printed["problems"] == []
    assert printed["data"]["anti-discrimination"]["values"]["law"] == "words-of-the-government"
