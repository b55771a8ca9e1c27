"""What is stored comes back as it was, and damage to a stored instrument is found."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaire.compiled import CompiledInstrument, build_tables, compile_instrument
from questionnaire.response import Answer, Ratification, Response, Source
from questionnaire.stored import (
    answer_body,
    answer_from,
    dump_instrument,
    response_body,
    response_from,
    restore_instrument,
    source_body,
    source_from,
)
from questionnaire.translation import messages, translated
from scoring.assemble import build_snapshot
from scoring.evaluate import evaluate
from scoring.narrate import narrate
from scoring.snapshot import Snapshot
from tests.made_responses import make_response


@given(st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_answers_and_responses_come_back_as_they_were(instrument: CompiledInstrument, seed: int) -> None:
    response = make_response(instrument, seed, text="Ein “Wort”, слово, كلمة \u2028 \U0001f600")
    assert response_from(response_body(response)) == response
    for answer in response.answers.values():
        assert answer_from(answer_body(answer), 7) == answer.model_copy(update={"version": 7})


def test_the_example_comes_back_as_it_was(response: Response) -> None:
    restored = response_from(response_body(response))
    assert restored == response
    assert response_body(restored) == response_body(response)
    assert type(restored.date) is type(response.date)
    for source in response.sources.values():
        assert source_from(source_body(source)) == source
        assert type(source_from(source_body(source)).date) is type(source.date)


def test_the_text_of_an_answer_is_the_same_however_it_was_filled_in() -> None:
    one = Answer(values={"b": ("x", "y"), "a": 0}, note="Größe", version=3)
    other = Answer(note="Größe", values={"a": 0, "b": ("x", "y")}, not_known=None, version=4)
    assert answer_body(one) == answer_body(other) == '{"note":"Größe","values":{"a":0,"b":["x","y"]}}'
    assert answer_body(Answer()) == "{}"


def test_a_ratification_and_a_private_source_keep_what_is_false_or_empty() -> None:
    bound = Answer(values={"status": Ratification(status="none")})
    assert answer_from(answer_body(bound), 1) == bound
    source = Source(title="A list", kind="expert", public=False)
    assert source_from(source_body(source)) == source


def snapshot_of(instrument: CompiledInstrument, response: Response, language: str = "en") -> Snapshot:
    return build_snapshot(narrate(evaluate(instrument, response), "KG", language))


def test_an_instrument_from_the_database_gives_the_same_snapshot(
    instrument: CompiledInstrument, response: Response, snapshot: Snapshot
) -> None:
    restored = restore_instrument(dump_instrument(instrument))
    assert restored.content_hash == instrument.content_hash
    assert (restored.source, restored.countries) == (instrument.source, instrument.countries)
    assert snapshot_of(restored, response) == snapshot
    assert dump_instrument(restored) == dump_instrument(instrument)


def test_translations_and_the_names_of_countries_are_stored_too(
    instrument: CompiledInstrument, response: Response
) -> None:
    source = instrument.source.model_copy(update={"locales": {"en": "en_GB", "fr": "fr_FR"}})
    heading = next(message for message in messages(source) if message.context == "texts.key_findings")
    french = translated(source, {(heading.context, heading.text): "Principales conclusions"})
    country = instrument.countries["en"]["KG"].model_copy(update={"name": "Kirghizistan"})
    countries = {**instrument.countries, "fr": {**instrument.countries["en"], "KG": country}}
    bilingual = compile_instrument(source, build_tables(source), {"fr": french}, countries)
    restored = snapshot_of(restore_instrument(dump_instrument(bilingual)), response, "fr")
    assert restored == snapshot_of(bilingual, response, "fr")
    assert (restored.country_name, restored.key_findings) == ("Kirghizistan", "Principales conclusions")


@pytest.mark.parametrize(
    ("written", "changed"),
    [
        ('"area":"potential"', '"area":"well_developed"'),
        ("Access to health care", "Access to heath care"),
        ('"nationals":"Kyrgyz nationals"', '"nationals":"Kazakh nationals"'),
        ('{"checksum":"', '{"checksum":"0'),
        ('"content":', '"contents":'),
        ("mgi-instrument/1", "mgi-instrument/9"),
    ],
)
def test_a_damaged_instrument_is_not_restored(instrument: CompiledInstrument, written: str, changed: str) -> None:
    text = dump_instrument(instrument)
    assert written in text
    with pytest.raises(ValueError, match="damaged"):
        restore_instrument(text.replace(written, changed, 1))


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"content": [], "checksum": 1}', "\ud800", "[" * 100_000])
def test_what_is_no_stored_instrument_is_not_restored(text: str) -> None:
    with pytest.raises(ValueError, match="damaged"):
        restore_instrument(text)


def test_a_text_cut_short_is_not_restored(instrument: CompiledInstrument) -> None:
    with pytest.raises(ValueError, match="damaged"):
        restore_instrument(dump_instrument(instrument)[:-1000])


def test_an_instrument_is_stored_as_json_that_any_tool_reads(instrument: CompiledInstrument) -> None:
    content = json.loads(dump_instrument(instrument))["content"]
    assert content["content_hash"] == instrument.content_hash
    assert content["instrument"]["id"] == "mgi-2018"
