"""The document: each finding in exactly one place, in order, with its provenance."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaire.compiled import CompiledInstrument
from questionnaire.response import Response
from scoring.assemble import build_snapshot
from scoring.evaluate import Result, evaluate
from scoring.narrate import Narrative, narrate
from scoring.snapshot import DocumentSentence, Section, Snapshot
from tests.made_responses import make_response


def sections(snapshot: Snapshot) -> list[Section]:
    return [section for domain in snapshot.domains for section in domain.sections]


def sentences(snapshot: Snapshot) -> list[DocumentSentence]:
    return [s for section in sections(snapshot) for paragraph in section.paragraphs for s in paragraph.sentences]


def build(instrument: CompiledInstrument, response: Response) -> Snapshot:
    return build_snapshot(narrate(evaluate(instrument, response), "KG", "en"))


@given(st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_each_finding_stands_in_exactly_one_place(instrument: CompiledInstrument, seed: int) -> None:
    result = evaluate(instrument, make_response(instrument, seed))
    found = narrate(result, "KG", "en").findings
    document = build_snapshot(narrate(result, "KG", "en"))
    printed = Counter(s.provenance.indicator for s in sentences(document) if s.role == "finding")
    assert printed == Counter(list(found))
    assert len({s.id for s in sentences(document)}) == len(sentences(document))
    for section in sections(document):
        assert (section.empty is None) == bool(section.paragraphs or section.rows)


def test_six_domains_with_their_numbered_sections(snapshot: Snapshot) -> None:
    numbers = [section.number for section in sections(snapshot)]
    assert numbers == ["1.1", "1.2", "1.3", *(f"{n}.{m}" for n in range(2, 7) for m in (1, 2))]


def test_every_sentence_resolves_to_indicator_finding_and_answer(snapshot: Snapshot, result: Result) -> None:
    for sentence in sentences(snapshot):
        origin = sentence.provenance
        indicator = result.instrument.indicators[origin.indicator]
        assert origin.number == indicator.number
        name, _, rule = origin.finding.partition("#")
        assert name == indicator.id
        assert result.leaves[name].rule == int(rule) - 1
        assert origin.answer_version == result.response.answers[name].version
        assert set(origin.sources) <= set(result.response.sources)


def test_a_qualifying_sentence_is_printed_right_after_its_host(snapshot: Snapshot) -> None:
    order = [sentence.provenance.indicator for sentence in sentences(snapshot)]
    assert order[order.index("family-reunification") + 1] == "family-member-work"


def test_a_published_copy_carries_no_more_than_what_is_public(narrative: Narrative, snapshot: Snapshot) -> None:
    published = build_snapshot(narrative, "published")
    assert [s.text for s in sentences(published)] == [s.text for s in sentences(snapshot)]
    assert published.draft_notice is None
    assert all(row.conflict is None for row in published.domains[0].sections[0].rows)
    for sentence in sentences(published):
        assert (sentence.provenance.answer_version, sentence.provenance.edited) == (None, None)
    assert "experts-crisis-communication" not in {source.id for source in published.sources}
    assert "experts-crisis-communication" not in published.model_dump_json()


def test_an_empty_response_makes_a_document_that_says_so(instrument: CompiledInstrument, response: Response) -> None:
    document = build(instrument, response.model_copy(update={"answers": {}, "sources": {}}))
    assert all(section.empty or section.rows for section in sections(document))
    assert {row.status for row in document.domains[0].sections[0].rows} == {"No information"}
    assert document.sources_introduction == "No public source was recorded."


def test_sources_stand_last_each_once_by_title(snapshot: Snapshot) -> None:
    titles = [source.title.casefold() for source in snapshot.sources]
    assert titles == sorted(titles)
    law = next(source for source in snapshot.sources if source.id == "law-refugees")
    assert law.indicators == ("5.02", "5.10")


def test_the_same_answers_give_the_same_document(instrument: CompiledInstrument, response: Response) -> None:
    assert build(instrument, response) == build(instrument, response)


def test_a_country_of_one_name_is_not_named_twice(instrument: CompiledInstrument, response: Response) -> None:
    def introduction(code: str) -> str:
        there = response.model_copy(update={"country": code})
        return build_snapshot(narrate(evaluate(instrument, there), code, "en")).introduction[-1]

    assert "for the Kyrgyz Republic (hereafter “Kyrgyzstan”)." in introduction("KG")
    assert "for Canada. For" in introduction("CA")


def test_an_edited_sentence_is_printed_as_edited_and_marked_in_drafts(narrative: Narrative, snapshot: Snapshot) -> None:
    edits = {"health-access.finding": "All migrants are treated alike.", "nowhere.finding": "Not used."}
    draft, published = (build_snapshot(narrative, copy, edits) for copy in ("draft", "published"))
    for document, marked in ((draft, True), (published, None)):
        texts = {sentence.id: sentence for sentence in sentences(document)}
        assert texts["health-access.finding"].text == edits["health-access.finding"]
        assert [span.question for span in texts["health-access.finding"].spans] == [None]
        assert texts["health-access.finding"].provenance.edited is marked
        assert "nowhere.finding" not in texts
    others = [sentence for sentence in sentences(snapshot) if sentence.id != "health-access.finding"]
    assert [sentence for sentence in sentences(draft) if sentence.id != "health-access.finding"] == others
    assert draft.sources == snapshot.sources


def test_detail_and_qualifier_are_edited_apart_from_the_finding(narrative: Narrative, snapshot: Snapshot) -> None:
    ids = {role: next(s.id for s in sentences(snapshot) if s.role == role) for role in ("detail", "qualifier")}
    edits = {sentence_id: f"The {role}, in other words." for role, sentence_id in ids.items()}
    edited = {s.id: s.text for s in sentences(build_snapshot(narrative, edits=edits)) if s.provenance.edited}
    assert edited == edits


def test_no_edits_leave_the_document_as_it_is(narrative: Narrative, snapshot: Snapshot) -> None:
    assert build_snapshot(narrative, "draft", {}) == snapshot
