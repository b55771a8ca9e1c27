"""The Kyrgyz snapshot tells all 87 published facts, each in the published domain and list, out of answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from questionnaire.compiled import CompiledInstrument
from scoring.snapshot import DocumentSentence, Section, Snapshot

FACTS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).parents[1].joinpath("facts.yaml").read_text())["facts"]
ROLES = {"sentence": "finding", "detail": "detail", "qualifier": "qualifier"}
TOPIC_ELSEWHERE = {
    ("nationals-abroad-protection", 2): 4,
    ("recruitment-agency-regulation", 3): 4,
    ("regional-free-movement", 4): 3,
    ("bilateral-rights-agreements", 4): 1,
}
ADDRESSES: list[str] = yaml.safe_load(Path(__file__).parents[1].joinpath("facts.yaml").read_text())["addresses"]
CONVENTIONS = {
    "ilo-c97": "Yes (2008)",
    "refugee-1951": "Yes (2006)",
    "stateless-1954": "No",
    "stateless-1961": "No",
    "ilo-c143": "No",
    "crc-1989": "Yes (1994)",
    "icrmw-1990": "Yes (2003)",
}


def sentences(snapshot: Snapshot) -> Iterator[tuple[int, Section, DocumentSentence]]:
    for domain in snapshot.domains:
        for section in domain.sections:
            for paragraph in section.paragraphs:
                yield from ((domain.number, section, sentence) for sentence in paragraph.sentences)


def told(snapshot: Snapshot, fact: dict[str, Any]) -> tuple[int, Section, DocumentSentence]:
    wanted = f"{fact['indicator']}.{ROLES[fact['told']]}"
    return next(found for found in sentences(snapshot) if found[2].id == wanted)


def test_there_are_87_facts() -> None:
    assert len(FACTS) == 87
    assert len({(fact["fact"], fact["domain"]) for fact in FACTS}) == 87


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact['topic']}-{fact['fact'][:40]}")
def test_a_fact_is_told_in_its_published_domain_and_list(snapshot: Snapshot, fact: dict[str, Any]) -> None:
    domain, section, sentence = told(snapshot, fact)
    assert domain in (fact["domain"], TOPIC_ELSEWHERE.get((fact["topic"], fact["domain"])))
    assert section.kind == fact["list"]
    for words in fact["words"]:
        assert words in sentence.text
    links = {span.href for span in sentence.spans if span.href}
    assert set(fact["links"]) <= links


def test_every_address_of_the_published_text_is_kept(snapshot: Snapshot) -> None:
    assert {source.href for source in snapshot.sources} >= set(ADDRESSES)


def test_only_the_four_named_facts_stand_outside_their_published_domain(snapshot: Snapshot) -> None:
    moved = {(fact["topic"], fact["domain"]) for fact in FACTS if told(snapshot, fact)[0] != fact["domain"]}
    assert moved <= set(TOPIC_ELSEWHERE)


def is_free_text(snapshot: Snapshot, instrument: CompiledInstrument, fact: dict[str, Any]) -> bool:
    """Whether a fact's words stand in a detail, a qualifier, or the value of a text question."""
    indicator = instrument.indicators[fact["indicator"]]
    free = {question.id for question in indicator.questions if question.type == "text"}
    spans = told(snapshot, fact)[2].spans
    out_of_answers = "".join("\0" if span.question in free else span.text for span in spans)
    return fact["told"] != "sentence" or any(words not in out_of_answers for words in fact["words"])


def test_at_most_25_facts_are_told_by_free_text(snapshot: Snapshot, instrument: CompiledInstrument) -> None:
    free = [fact["fact"] for fact in FACTS if is_free_text(snapshot, instrument, fact)]
    assert 0 < len(free) <= 25


def test_the_conventions_table_is_the_published_one_row_by_row(snapshot: Snapshot) -> None:
    table = snapshot.domains[0].sections[0]
    assert [(row.convention, row.status) for row in table.rows] == list(CONVENTIONS.items())


def test_the_disputed_year_is_flagged_in_the_draft_alone(snapshot: Snapshot) -> None:
    conflicts = [row.conflict for row in snapshot.domains[0].sections[0].rows if row.conflict]
    assert conflicts == ["The answer gives 2006; the depositary gives 1996."]


def test_sentences_without_a_fact_behind_them_are_the_known_ones(snapshot: Snapshot) -> None:
    told_ids = {f"{fact['indicator']}.{ROLES[fact['told']]}" for fact in FACTS}
    without = sorted(sentence.id for _, _, sentence in sentences(snapshot) if sentence.id not in told_ids)
    listed = yaml.safe_load(Path(__file__).parents[1].joinpath("facts.yaml").read_text())["sentences_without_a_fact"]
    assert without == listed
