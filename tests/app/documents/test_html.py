"""The HTML file: valid, self-contained, and every sentence of it resolves."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from lxml import html

from app.documents import render
from scoring.evaluate import Result
from scoring.snapshot import Snapshot

VOID = {"meta", "br", "link", "img", "hr", "input"}


class Balance(HTMLParser):
    """Fails on a tag that is not closed, or closed in the wrong order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def page(snapshot: Snapshot) -> html.HtmlElement:
    return html.document_fromstring(render(snapshot, "html"))


def test_the_markup_is_balanced_and_ids_are_unique(snapshot: Snapshot, page: html.HtmlElement) -> None:
    parser = Balance()
    parser.feed(render(snapshot, "html").decode())
    assert parser.open == []
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_the_sentences_are_those_of_the_snapshot_and_all_resolve(page: html.HtmlElement, snapshot: Snapshot) -> None:
    told = [
        s for domain in snapshot.domains for section in domain.sections for p in section.paragraphs for s in p.sentences
    ]
    found = page.xpath("//span[@class='sentence']")
    assert [(span.get("id"), span.text_content()) for span in found] == [(one.id, one.text) for one in told]
    for span, one in zip(found, told, strict=True):
        origin = one.provenance
        assert (span.get("data-indicator"), span.get("data-finding")) == (origin.indicator, origin.finding)
        assert (span.get("data-role"), span.get("data-answer-version")) == (one.role, str(origin.answer_version))
        assert (span.get("data-sources") or "").split() == list(origin.sources)


def test_a_finding_resolves_to_its_rule_and_answer(page: html.HtmlElement, result: Result) -> None:
    for span in page.xpath("//span[@class='sentence']"):
        indicator = span.get("data-indicator")
        assert int(span.get("data-finding").removeprefix(f"{indicator}#")) - 1 == result.leaves[indicator].rule
        assert int(span.get("data-answer-version")) == result.response.answers[indicator].version


def test_no_text_of_a_list_stands_outside_its_sentences(page: html.HtmlElement) -> None:
    for paragraph in page.xpath("//p[@data-subdomain]"):
        words = " ".join(" ".join(span.text_content() for span in paragraph.xpath("./span[@class='sentence']")).split())
        assert " ".join(paragraph.text_content().split()) == words


def test_the_table_has_a_header_row_and_seven_resolved_rows(page: html.HtmlElement) -> None:
    assert page.xpath("//table/thead/tr/th/text()") == ["Convention", "Ratified"]
    rows = page.xpath("//table/tbody/tr")
    assert [row.get("data-indicator") for row in rows][:2] == ["conv-ilo-c97", "conv-refugee-1951"]
    assert len(rows) == 7


def test_the_file_needs_nothing_else(page: html.HtmlElement) -> None:
    assert page.xpath("//script | //link | //img | //iframe") == []
    assert "url(" not in page.xpath("//style")[0].text


def test_language_direction_and_title_are_set(snapshot: Snapshot) -> None:
    arabic = snapshot.model_copy(update={"language": "ar", "direction": "rtl"})
    page = html.document_fromstring(render(arabic, "html"))
    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")
    assert page.xpath("//title/text()") == [snapshot.about]


def test_links_are_kept(page: html.HtmlElement) -> None:
    link = page.xpath("//span[@id='health-access.finding']//a")[0]
    assert link.get("href") == "http://cbd.minjust.gov.kg/act/view/ru-ru/772?cl=ru-ru"
    assert link.get("data-question") == "law"


def test_headings_step_down_one_by_one(page: html.HtmlElement) -> None:
    levels = [int(tag[1]) for tag in re.findall(r"<(h[1-6])", html.tostring(page).decode())]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
