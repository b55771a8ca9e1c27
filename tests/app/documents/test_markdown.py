"""The Markdown file, read by a Markdown parser, shows what the snapshot says."""

import pytest
from lxml import html
from markdown_it import MarkdownIt

from app.documents import render
from app.documents.markdown import escape
from scoring.snapshot import Snapshot


def shown(markdown: str) -> html.HtmlElement:
    return html.document_fromstring(MarkdownIt("commonmark").enable("table").render(markdown))


@pytest.fixture(scope="module")
def page(snapshot: Snapshot) -> html.HtmlElement:
    return shown(render(snapshot, "md").decode())


def test_every_sentence_is_shown_and_carries_its_provenance(snapshot: Snapshot, page: html.HtmlElement) -> None:
    text = " ".join(page.text_content().split())
    source = render(snapshot, "md").decode()
    for section in (section for domain in snapshot.domains for section in domain.sections):
        for sentence in (sentence for paragraph in section.paragraphs for sentence in paragraph.sentences):
            assert sentence.text in text
            assert f"<!-- {sentence.id} {sentence.provenance.finding} v1 -->" in source


def test_headings_table_and_links_are_kept(snapshot: Snapshot, page: html.HtmlElement) -> None:
    assert len(page.xpath("//h3")) == 6
    assert len(page.xpath("//tbody/tr")) == 7
    assert "http://ssm.gov.kg/en/" in page.xpath("//a/@href")


@pytest.mark.parametrize(
    "text",
    [
        "*a* _b_ `c`",
        "[x](y) ![z](q)",
        "<b>&amp;</b>",
        "# head",
        "- item",
        "1. item",
        "1) item",
        "a | b",
        "\\*",
        "~~s~~",
        "+ x",
        "==",
    ],
)
def test_marks_are_shown_literally(text: str) -> None:
    page = shown(escape(text))
    assert page.text_content().strip() == text
    assert page.xpath("//p") != []
