"""Changes between two tellings: generated otherwise, reworded otherwise, or both."""

from typing import Any

from app.assessments.comparing import Change, Told, list_changes
from questionnaire.compiled import CompiledInstrument
from questionnaire.response import Response
from scoring.evaluate import evaluate
from scoring.narrate import Narrative, narrate

SENTENCE = "health-access.finding"


def told(instrument: CompiledInstrument, response: Response, **edits: str) -> Told:
    return Told(narrate(evaluate(instrument, response), "KG", "en"), {SENTENCE: edits["edit"]} if edits else {})


def with_health(response: Response, **changes: Any) -> Response:
    answer = response.answers["health-access"].model_copy(update=changes)
    return response.model_copy(update={"answers": {**response.answers, "health-access": answer}})


def kinds(changes: list[Change]) -> list[str]:
    return [reason.kind for change in changes if change.indicator == "health-access" for reason in change.reasons]


def test_the_same_telling_has_no_changes(narrative: Narrative) -> None:
    edits = {SENTENCE: "All may see a doctor."}
    assert list_changes(Told(narrative, {}), Told(narrative, {})) == []
    assert list_changes(Told(narrative, edits), Told(narrative, dict(edits))) == []


def test_each_kind_of_rewording_is_told(narrative: Narrative) -> None:
    one, other = {SENTENCE: "All may see a doctor."}, {SENTENCE: "Everyone may see a doctor."}
    for before, after, text in (
        ({}, one, "A reviewer reworded the sentence."),
        (one, other, "A reviewer reworded the sentence again."),
        (one, {}, "The sentence that a reviewer had reworded is told as it is generated."),
    ):
        (change,) = list_changes(Told(narrative, before), Told(narrative, after))
        assert [(reason.kind, reason.text) for reason in change.reasons] == [("edit", text)]
        assert change.before is not None
        assert change.after is not None
        assert change.before.text != change.after.text


def test_a_rewording_that_hides_another_answer_says_so(instrument: CompiledInstrument, response: Response) -> None:
    later = with_health(response, values={"groups": "none"})
    before, after = told(instrument, response, edit="Reworded."), told(instrument, later, edit="Reworded.")
    change = next(one for one in list_changes(before, after) if one.indicator == "health-access")
    assert change.before is not None
    assert change.after is not None
    assert change.before.text.startswith("Reworded.")
    assert change.after.text.startswith("Reworded.")
    assert kinds([change])[-1] == "edit"
    assert "changed" in kinds([change])
    assert "now generated otherwise" in change.reasons[-1].text


def test_a_reworded_sentence_that_is_gone_is_told_with_the_answer(
    instrument: CompiledInstrument, response: Response
) -> None:
    later = with_health(response, values={}, not_known="It is being looked up.", qualifier=None, detail=None)
    changes = list_changes(told(instrument, response, edit="Reworded."), told(instrument, later))
    assert kinds(changes) == ["state", "edit"]


def test_a_rewording_of_what_is_no_longer_told_is_not_told(instrument: CompiledInstrument, response: Response) -> None:
    later = with_health(response, values={}, not_known="It is being looked up.", qualifier=None, detail=None)
    changes = list_changes(told(instrument, later, edit="Reworded."), told(instrument, later, edit="Reworded."))
    assert changes == []


def test_changes_stand_in_the_instruments_order(instrument: CompiledInstrument, response: Response) -> None:
    answers = {
        name: answer for name, answer in response.answers.items() if name not in ("education-access", "resettlement")
    }
    fewer = response.model_copy(update={"answers": answers})
    reworded = told(instrument, response, edit="Reworded.")
    found = [change.indicator for change in list_changes(told(instrument, fewer), reworded)]
    assert found == [name for name in instrument.indicators if name in found]
    assert {"health-access", "education-access"} <= set(found)
