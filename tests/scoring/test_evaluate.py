"""Each indicator ends in exactly one outcome, whatever the answers and their order."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaire.compiled import CompiledInstrument
from questionnaire.model import FindingRule
from questionnaire.response import Answer, Response
from scoring.evaluate import Result, conclude, evaluate, steps
from scoring.narrate import narrate
from tests.made_responses import make_response, make_value

OUTCOMES = {"finding", "row", "not_answered", "not_known", "not_applicable", "not_asked"}
seeds = st.integers(0, 2**32)


def with_answer(response: Response, indicator: str, answer: Answer | None) -> Response:
    answers = {key: value for key, value in response.answers.items() if key != indicator}
    return response.model_copy(update={"answers": answers | ({indicator: answer} if answer else {})})


def printed(result: Result) -> list[tuple[object, ...]]:
    findings = narrate(result, "KG", "en").findings.values()
    return [(finding.indicator, finding.area, finding.told, finding.beside) for finding in findings]


@given(seeds)
@settings(max_examples=300, deadline=None)
def test_every_indicator_ends_in_exactly_one_outcome(instrument: CompiledInstrument, seed: int) -> None:
    result = evaluate(instrument, make_response(instrument, seed))
    assert list(result.leaves) == [indicator.id for indicator in instrument.source.indicators]
    for leaf in result.leaves.values():
        assert leaf.kind in OUTCOMES
        assert (leaf.rule is not None) == (leaf.kind in ("finding", "row") or bool(leaf.asked))
        assert (leaf.missing is not None) == (leaf.kind == "not_answered")


@given(seeds)
@settings(max_examples=100, deadline=None)
def test_the_order_of_answering_does_not_matter(instrument: CompiledInstrument, seed: int) -> None:
    response = make_response(instrument, seed)
    shuffled = list(response.answers.items())
    Random(seed).shuffle(shuffled)
    backwards = {
        key: answer.model_copy(update={"values": dict(reversed(answer.values.items()))}) for key, answer in shuffled
    }
    other = evaluate(instrument, response.model_copy(update={"answers": backwards}))
    assert other.leaves == evaluate(instrument, response).leaves
    assert printed(other) == printed(evaluate(instrument, response))


@given(seeds)
@settings(max_examples=100, deadline=None)
def test_answers_off_the_path_change_nothing(instrument: CompiledInstrument, seed: int) -> None:
    response, random = make_response(instrument, seed), Random(seed)
    result = evaluate(instrument, response)
    changed = {}
    for key, answer in response.answers.items():
        leaf, indicator = result.leaves[key], instrument.indicators[key]
        off = [q for q in indicator.questions if q.id not in leaf.asked] if leaf.rule is not None else []
        values = {**answer.values, **{question.id: make_value(question, random, "off the path") for question in off}}
        changed[key] = answer.model_copy(update={"values": values})
    other = evaluate(instrument, response.model_copy(update={"answers": changed}))
    assert other.leaves == result.leaves
    assert printed(other) == printed(result)


def test_a_deciding_question_left_empty_is_not_answered(instrument: CompiledInstrument, response: Response) -> None:
    emptied = with_answer(response, "health-access", Answer(values={"law": "law-foreign-nationals"}))
    leaf = evaluate(instrument, emptied).leaves["health-access"]
    assert (leaf.kind, leaf.missing) == ("not_answered", "groups")


def test_an_earlier_answer_makes_a_later_indicator_moot(instrument: CompiledInstrument, response: Response) -> None:
    result = evaluate(instrument, response)
    assert result.leaves["strategy-doc"].kind == "finding"
    assert result.leaves["strategy-implementation"].kind == "not_asked"


def test_what_depends_on_an_unanswered_indicator_stays_asked(
    instrument: CompiledInstrument, response: Response
) -> None:
    without = with_answer(with_answer(response, "strategy-doc", None), "strategy-implementation", None)
    assert evaluate(instrument, without).leaves["strategy-implementation"].kind == "not_answered"


def test_not_known_and_not_applicable_are_kept_apart(instrument: CompiledInstrument, response: Response) -> None:
    for state in ("not_known", "not_applicable"):
        changed = with_answer(response, "health-access", Answer(**{state: "The reason."}))
        assert evaluate(instrument, changed).leaves["health-access"].kind == state


def test_the_steps_lead_to_the_outcome(instrument: CompiledInstrument, response: Response) -> None:
    result = evaluate(instrument, response)
    for indicator in instrument.source.indicators:
        conclusion = conclude(result, indicator.id)
        if isinstance(conclusion.rule, FindingRule):
            told = {step.variable.question: step.value for step in steps(result, indicator.id)}
            for test in conclusion.rule.when:
                value = told[test.question]
                assert test.holds(frozenset(value) if isinstance(value, tuple) else value)
