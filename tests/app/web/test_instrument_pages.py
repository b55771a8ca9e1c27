"""The questionnaire to look through: every indicator, its questions, and its decision table in words."""

import pytest

from app.web.instrument_tables import outcomes_of
from questionnaire.compiled import CompiledInstrument
from tests.visiting import Visitor, visitor
from tests.world import World


@pytest.fixture
def reader(sqlite_world: World) -> Visitor:
    return visitor(sqlite_world, "labour_a")


def test_all_indicators_stand_under_their_domains(reader: Visitor, instrument: CompiledInstrument) -> None:
    page = reader.get("/instruments/mgi-2018")
    for indicator in instrument.source.indicators:
        assert f"{indicator.number} {indicator.title}" in page.links(), indicator.id
    assert "In the Migration Governance Framework: principle 1" in page.text
    assert page.links()["Migrants’ rights"] == "#domain-1"
    assert "Refugee Convention" in page.links()


def test_indicators_of_every_kind_have_a_page(reader: Visitor, instrument: CompiledInstrument) -> None:
    kinds = {tuple(question.type for question in one.questions): one for one in instrument.source.indicators}
    for indicator in kinds.values():
        page = reader.get(f"/instruments/mgi-2018/{indicator.id}")
        assert page.heading == f"{indicator.number} {indicator.title}"
        for question in indicator.questions:
            assert question.text in page.text


def test_every_row_of_every_table_is_told_once(instrument: CompiledInstrument) -> None:
    for indicator in instrument.source.indicators:
        told = outcomes_of(instrument, instrument.source, indicator)
        assert sum(len(outcome.rows) for outcome in told) == len(instrument.tables[indicator.id].rows)
        told_twice = [outcome for outcome in told if len({str(row) for row in outcome.rows}) < len(outcome.rows)]
        assert told_twice == [], indicator.id


def test_an_outcome_is_told_with_its_sentence_and_answers(reader: Visitor) -> None:
    page = reader.get("/instruments/mgi-2018/health-access")
    panel = page.find("//section[@aria-labelledby='outcome-9']")[0]
    text = " ".join("".join(panel.itertext()).split())
    assert "Outcome 9: Area with potential for further development" in text
    assert "Migrants [in the country] have access to government-funded health care in emergencies only" in text
    assert "(if given:) , as stipulated by [answer to question 4]" in text
    assert "Emergency care only" in text
    assert "question 4" in text.partition("where it is asked, to:")[2]


def test_long_tables_are_folded(reader: Visitor) -> None:
    page = reader.get("/instruments/mgi-2018/health-access")
    assert page.find("//section[@aria-labelledby='outcome-5']//details//table")
    assert "Any of the other options" in page.text
    assert page.find("//section[@aria-labelledby='outcome-9']//details") == []


def test_a_condition_on_an_earlier_indicator_is_told(reader: Visitor, instrument: CompiledInstrument) -> None:
    later = next(
        one for one in instrument.source.indicators if one.asked_when and one.asked_when[0].indicator is not None
    )
    page = reader.get(f"/instruments/mgi-2018/{later.id}")
    earlier = instrument.indicators[str(later.asked_when[0].indicator)]
    assert "Asked only if:" in page.text
    assert f"{earlier.number} {earlier.title}" in page.links()


def test_a_convention_is_told_with_its_depositary_and_dates(reader: Visitor) -> None:
    page = reader.get("/instruments/mgi-2018/conv-refugee-1951")
    assert "Adopted in 1951; in force since 1954." in page.text
    assert "Depositary, who keeps the list of ratifications: United Nations" in page.text
    assert "Outcome 1: A row of the conventions table" in page.text
    assert "Signed only" in page.text


def test_the_pinned_instrument_is_found_by_its_hash(reader: Visitor, instrument: CompiledInstrument) -> None:
    page = reader.get(f"/instruments/{instrument.content_hash}")
    assert page.status == 200
    assert page.links()["1.01 Access to health care"] == f"/instruments/{instrument.content_hash}/health-access"


def test_what_there_is_not_is_told(sqlite_world: World, reader: Visitor) -> None:
    assert reader.get("/instruments/mgi-1999").status == 404
    assert reader.get("/instruments/mgi-2018/no-such").status == 404
    assert visitor(sqlite_world).get("/instruments/mgi-2018").heading == "Sign in"
