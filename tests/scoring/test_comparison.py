"""Two rounds or drafts of one country: what is told otherwise, and why; and nothing that counts or ranks."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaire.compiled import CompiledInstrument, build_tables, compile_instrument
from questionnaire.model import Instrument
from questionnaire.response import Answer, Ratification, Response, Source
from scoring.comparison import Difference, Reason, Side, compare
from scoring.evaluate import evaluate
from scoring.narrate import Narrative, narrate
from tests.made_responses import make_response


def told(instrument: CompiledInstrument, response: Response) -> Narrative:
    return narrate(evaluate(instrument, response), "KG", "en")


def with_answer(response: Response, indicator: str, **changes: Any) -> Response:
    answer = response.answers.get(indicator, Answer()).model_copy(update=changes)
    return response.model_copy(update={"answers": {**response.answers, indicator: answer}})


def without(response: Response, indicator: str) -> Response:
    answers = {key: answer for key, answer in response.answers.items() if key != indicator}
    return response.model_copy(update={"answers": answers})


def mixed(one: Response, other: Response, seed: int) -> Response:
    """The one, with some answers of the other."""
    answers = {key: answer for number, (key, answer) in enumerate(other.answers.items()) if number % 7 == seed % 7}
    return one.model_copy(update={"answers": {**one.answers, **answers}})


def only(differences: list[Difference]) -> Difference:
    assert len(differences) == 1, differences
    return differences[0]


@given(st.integers(0, 2**32), st.integers(0, 2**32), st.booleans())
@settings(max_examples=60, deadline=None)
def test_every_difference_has_a_reason_in_the_answers(
    instrument: CompiledInstrument, first: int, second: int, few: bool
) -> None:
    one, other = make_response(instrument, first), make_response(instrument, second, text="other words")
    later = mixed(one, other, second) if few else other
    before, after = told(instrument, one), told(instrument, later)
    found = compare(before, after)
    for difference in found:
        assert difference.before != difference.after
        assert difference.reasons
        for reason in difference.reasons:
            assert reason.kind != "instrument", difference
            assert reason.text[0].isupper() or reason.text[0] == "'"
    same = instrument.indicators.keys() - {difference.indicator for difference in found}
    for key in same & before.findings.keys():
        assert before.findings[key].told[0].text == after.findings[key].told[0].text
        assert before.findings[key].area == after.findings[key].area


@given(st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_equal_responses_have_no_difference(instrument: CompiledInstrument, seed: int) -> None:
    response = make_response(instrument, seed)
    assert compare(told(instrument, response), told(instrument, response.model_copy(deep=True))) == []


def test_another_answer_is_told_with_both_texts_and_labels(
    instrument: CompiledInstrument, response: Response, narrative: Narrative
) -> None:
    values = {**response.answers["health-access"].values, "groups": "none"}
    difference = only(compare(narrative, told(instrument, with_answer(response, "health-access", values=values))))
    assert (difference.number, difference.title) == ("1.01", instrument.indicators["health-access"].title)
    assert difference.before is not None
    assert difference.after is not None
    assert (difference.before.area, difference.after.area) == ("well_developed", "potential")
    assert difference.before.text.startswith("All migrants")
    question = instrument.indicators["health-access"].questions[0].text
    labels = "'All migrants, whatever their legal status' to 'None'"
    assert Reason("changed", f"The answer to '{question}' changed from {labels}.") in difference.reasons


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({"qualifier": "In some regions."}, "words", "The qualifier was added: 'In some regions.'"),
        ({"not_known": "No record.", "values": {}}, "state", "It is now stated as not known: No record."),
        ({"not_applicable": "Nobody asks.", "values": {}}, "state", "It is now stated as not applicable: Nobody asks."),
        ({"values": {}}, "removed", "The answer was removed."),
        ({"values": {"groups": "all"}}, "removed", "was removed; it was 'Law on the Legal Status"),
    ],
)
def test_each_kind_of_change_has_its_reason(
    instrument: CompiledInstrument, response: Response, narrative: Narrative, changes: Any, kind: str, words: str
) -> None:
    changed = told(instrument, with_answer(response, "health-access", **changes))
    reasons = only(compare(narrative, changed)).reasons
    assert [reason.kind for reason in reasons if words in reason.text] == [kind], reasons
    assert only(compare(changed, narrative)).reasons


def test_an_answer_that_is_not_there_on_one_side_was_given_or_removed(
    instrument: CompiledInstrument, response: Response, narrative: Narrative
) -> None:
    lacking = told(instrument, without(response, "health-access"))
    assert only(compare(lacking, narrative)).reasons == (Reason("given", "It was answered."),)
    removed = only(compare(narrative, lacking))
    assert removed.after == Side("not_answered", None, "")
    assert removed.reasons == (Reason("removed", "The answer was removed."),)


def test_a_source_that_is_named_otherwise_is_the_reason(
    instrument: CompiledInstrument, response: Response, narrative: Narrative
) -> None:
    law = str(response.answers["health-access"].values["law"])
    source: Source = response.sources[law]
    for changes, words in (({"in_text": "the Act"}, "is now named 'the Act'"), ({"public": False}, "no longer named")):
        sources = {**response.sources, law: source.model_copy(update=changes)}
        changed = told(instrument, response.model_copy(update={"sources": sources}))
        difference = next(one for one in compare(narrative, changed) if one.indicator == "health-access")
        assert [reason.kind for reason in difference.reasons] == ["source"]
        assert words in difference.reasons[0].text


def test_an_earlier_answer_that_makes_another_moot_is_named(
    instrument: CompiledInstrument, response: Response, narrative: Narrative
) -> None:
    test = instrument.indicators["strategy-implementation"].asked_when[0]
    values = {**response.answers["strategy-doc"].values, test.question: test.options[0]}
    opened = told(instrument, with_answer(response, "strategy-doc", values=values))
    asked = {one.indicator: one.reasons for one in compare(narrative, opened)}["strategy-implementation"][0]
    assert asked.kind == "earlier"
    assert asked.text.endswith(", so this is asked now.")
    assert instrument.indicators["strategy-doc"].title in asked.text
    moot = {one.indicator: one.reasons for one in compare(opened, narrative)}["strategy-implementation"]
    assert [reason.text.rpartition(", so ")[2] for reason in moot] == ["this is no longer asked."]


def test_a_row_of_the_conventions_table_is_compared_too(
    instrument: CompiledInstrument, response: Response, narrative: Narrative
) -> None:
    status = Ratification(status="ratified", year=2017, reservations="Article 3 is excepted.")
    values = {**response.answers["conv-ilo-c97"].values, "status": status}
    difference = only(compare(narrative, told(instrument, with_answer(response, "conv-ilo-c97", values=values))))
    assert difference.after is not None
    assert "2017" in difference.after.text
    assert "Article 3 is excepted." in difference.after.text
    assert [reason.kind for reason in difference.reasons] == ["changed"]


def changed(instrument: CompiledInstrument, indicator: str, **fields: Any) -> CompiledInstrument:
    """The instrument with other wording or rules of one indicator's first finding."""
    data = instrument.source.model_dump(mode="json")
    for domain in data["domains"]:
        for subdomain in domain["subdomains"]:
            for one in subdomain["indicators"]:
                if one["id"] == indicator:
                    one["findings"][0].update(fields)
    source = Instrument.model_validate(data)
    return compile_instrument(source, build_tables(source), {}, instrument.countries)


@pytest.mark.parametrize(
    ("fields", "words"), [({"text": "All is well {in_country}."}, "wording"), ({"area": "potential"}, "rules")]
)
def test_an_instrument_that_tells_otherwise_is_the_reason(
    instrument: CompiledInstrument, response: Response, narrative: Narrative, fields: Any, words: str
) -> None:
    other = changed(instrument, "health-access", **fields)
    reasons = only(compare(narrative, told(other, response))).reasons
    assert [reason.kind for reason in reasons] == ["instrument"]
    assert words in reasons[0].text


def test_other_fixed_texts_or_names_of_countries_are_a_reason_too(
    instrument: CompiledInstrument, response: Response, narrative: Narrative
) -> None:
    here = instrument.countries["en"]["KG"].model_copy(update={"in_country": "in the Kyrgyz Republic"})
    countries = {"en": {**instrument.countries["en"], "KG": here}}
    renamed = compile_instrument(instrument.source, instrument.tables, {}, countries)
    found = compare(narrative, told(renamed, response))
    assert found
    assert {reason.kind for difference in found for reason in difference.reasons} == {"instrument"}


def test_an_indicator_of_one_instrument_alone_stands_on_one_side(
    instrument: CompiledInstrument, response: Response, narrative: Narrative
) -> None:
    data = instrument.source.model_dump(mode="json")
    last = data["domains"][-1]["subdomains"][-1]["indicators"].pop()
    source = Instrument.model_validate(data)
    shorter = compile_instrument(source, build_tables(source), {}, instrument.countries)
    gone = only(compare(narrative, told(shorter, without(response, last["id"]))))
    assert (gone.indicator, gone.after) == (last["id"], None)
    assert gone.reasons == (Reason("instrument", "This indicator is asked in the earlier questionnaire alone."),)
    new = only(compare(told(shorter, without(response, last["id"])), narrative))
    assert new.before is None


def test_two_countries_or_languages_are_not_compared(instrument: CompiledInstrument, response: Response) -> None:
    here = told(instrument, response)
    there = narrate(evaluate(instrument, response.model_copy(update={"country": "KZ"})), "KZ", "en")
    with pytest.raises(ValueError, match="only rounds and drafts of one country"):
        compare(here, there)
    with pytest.raises(ValueError, match="tell both in one"):
        compare(here, here._replace(language="fr"))


def test_a_difference_holds_no_number_of_findings() -> None:
    fields = {*Difference.__annotations__, *Side.__annotations__, *Reason.__annotations__}
    assert fields == {"indicator", "number", "title", "before", "after", "reasons", "outcome", "area", "text", "kind"}
