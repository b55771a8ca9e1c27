"""Whatever is answered, what is printed reads as sentences, and every value knows its question."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaire.compiled import CompiledInstrument
from questionnaire.linter.sentences import fill
from questionnaire.model import FindingRule, Indicator
from questionnaire.response import Answer, Response, Source
from questionnaire.sentences import Placeholder, parse_sentence, placeholders
from questionnaire.text import ends_as_sentence
from scoring.evaluate import Result, evaluate
from scoring.narrate import Narrative, Span, narrate, writer_for
from tests.made_responses import make_response

HOSTILE = [
    "{{7*7}}",
    "{x}",
    "[y]",
    "<script>alert(1)</script>",
    "#import 'x'",
    "$x$",
    "*b* _i_",
    "\\input{x}",
    "{% if %}",
]


def narrated(instrument: CompiledInstrument, response: Response) -> Narrative:
    return narrate(evaluate(instrument, response), response.country, "en")


@given(st.integers(0, 2**32))
@settings(max_examples=300, deadline=None)
def test_no_sentence_has_a_placeholder_a_doubled_space_or_no_full_stop(
    instrument: CompiledInstrument, seed: int
) -> None:
    for finding in narrated(instrument, make_response(instrument, seed, filled=seed % 10 / 10 + 0.1)).findings.values():
        for told in finding.told:
            assert not re.search(r"[{}\[\]]|\s\s|\s[,.;]|[,.;:]{2}", told.text), told.text
            assert ends_as_sentence(told.text), told.text
            assert told.text == told.text.strip()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_come_out_literally(instrument: CompiledInstrument, text: str) -> None:
    made = [make_response(instrument, seed, text=text, filled=1) for seed in range(10)]
    told = [told for one in made for finding in narrated(instrument, one).findings.values() for told in finding.told]
    spans = [span for sentence in told for span in sentence.spans if span.question and span.text == text]
    assert spans
    assert any(sentence.role == "detail" and sentence.text == f"{text}." for sentence in told)


def test_every_value_names_its_question(narrative: Narrative, instrument: CompiledInstrument) -> None:
    for finding in narrative.findings.values():
        questions = {question.id for question in instrument.indicators[finding.indicator].questions}
        for span in finding.told[0].spans:
            assert span.question is None or span.question in questions


def test_a_source_is_named_and_linked(narrative: Narrative) -> None:
    spans = narrative.findings["health-access"].told[0].spans
    law = next(span for span in spans if span.source)
    assert law.text == "the Law on the Legal Status of Foreign Nationals"
    assert law.source == "law-foreign-nationals"
    assert law.href is not None
    assert law.href.startswith("http://cbd.minjust.gov.kg/")


def test_detail_and_qualifier_follow_the_finding(instrument: CompiledInstrument, response: Response) -> None:
    answer = response.answers["health-access"].model_copy(update={"detail": "A detail.", "qualifier": "A limit."})
    told = narrated(instrument, changed(response, answer)).findings["health-access"].told
    assert [(one.role, one.text) for one in told[1:]] == [("detail", "A detail."), ("qualifier", "A limit.")]


def changed(response: Response, answer: Answer) -> Response:
    return response.model_copy(update={"answers": {**response.answers, "health-access": answer}})


@pytest.mark.parametrize(
    "source", [Source(title="A secret paper", kind="law", public=False), Source(title="Ms A. B.,", kind="expert")]
)
def test_a_source_that_is_not_public_is_never_named(
    instrument: CompiledInstrument, response: Response, source: Source
) -> None:
    hidden = response.model_copy(update={"sources": {**response.sources, "law-foreign-nationals": source}})
    text = narrated(instrument, hidden).findings["health-access"].told[0].text
    assert source.title not in text
    assert text.endswith("nationals.")


def test_the_published_snapshot_as_a_source_is_not_named(narrative: Narrative) -> None:
    assert not any("snapshot" in told.text for finding in narrative.findings.values() for told in finding.told)


def test_a_qualifying_finding_stands_beside_a_well_developed_host(narrative: Narrative) -> None:
    assert narrative.findings["family-member-work"].beside == "family-reunification"
    assert narrative.findings["family-member-work"].area == "potential"


def test_a_qualifying_finding_stands_alone_without_such_a_host(result: Result, response: Response) -> None:
    without = {key: answer for key, answer in response.answers.items() if key != "family-reunification"}
    told = narrated(result.instrument, response.model_copy(update={"answers": without}))
    assert told.findings["family-member-work"].beside is None


def test_the_same_sentence_is_told_of_any_country(instrument: CompiledInstrument, response: Response) -> None:
    indicator: Indicator = instrument.indicators["vote-abroad"]
    for code, words in {"GM": "Gambian nationals", "NO": "Norwegian nationals"}.items():
        finding = narrate(evaluate(instrument, response), code, "en").findings[indicator.id]
        assert finding.told[0].text.startswith(words)


@given(st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_what_is_printed_is_what_the_linter_printed(instrument: CompiledInstrument, seed: int) -> None:
    result = evaluate(instrument, make_response(instrument, seed))
    writer = writer_for(instrument, "KG", "en")
    named = writer.named(result.response.sources)
    for finding in narrate(result, "KG", "en").findings.values():
        indicator = instrument.indicators[finding.indicator]
        rule = indicator.findings[finding.leaf.rule or 0]
        assert isinstance(rule, FindingRule)
        told = dict(writer.country)
        for name, _ in placeholders(parse_sentence(rule.text)):
            slot = writer._piece(Placeholder(name), indicator)
            if not isinstance(slot, Span) and name in finding.leaf.asked & finding.answer.values.keys():
                spans = slot.ready.get(finding.answer.values[name]) or slot.tell(
                    writer, slot, finding.answer.values[name], named
                )
                told |= {name: "".join(span.text for span in spans)} if spans else {}
        assert finding.told[0].text == fill(parse_sentence(rule.text), told)
