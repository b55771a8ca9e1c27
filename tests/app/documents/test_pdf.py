"""The PDF file: conformant for archives and for screen readers, and every sentence of it resolves by the attached JSON."""

import io
import re
from collections.abc import Iterator
from typing import Any

import page
import pikepdf
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents import json as json_format
from app.documents.pdf import render, showable
from scoring.snapshot import DocumentSentence, Snapshot, TextSpan

PROFILES = ["ua1", "3a"]
ARABIC = "يحق لجميع المهاجرين الحصول على الرعاية الصحية، وفقا للقانون رقم 61 (IOM, 2018)."
WRITTEN = st.text(
    st.characters(exclude_categories=["Cc", "Cn", "Co", "Cs"], exclude_characters="\u202a\u202b\u202c\u202d\u202e")
)


@pytest.fixture(scope="module")
def pdf(snapshot: Snapshot) -> bytes:
    return render(snapshot)


@pytest.fixture(scope="module")
def document(pdf: bytes) -> pikepdf.Pdf:
    return opened(pdf)


@pytest.fixture(scope="module")
def short(snapshot: Snapshot) -> Snapshot:
    """The first domain without its table, and no sources."""
    domain = snapshot.domains[0]
    domain = domain.model_copy(update={"sections": domain.sections[1:]})
    return snapshot.model_copy(update={"domains": (domain,), "sources": ()})


def saying(short: Snapshot, *spans: TextSpan) -> Snapshot:
    """The short snapshot with one sentence, of these spans."""
    domain = short.domains[0]
    section = domain.sections[0]
    sentence = section.paragraphs[0].sentences[0].model_copy(update={"spans": spans})
    paragraph = section.paragraphs[0].model_copy(update={"sentences": (sentence,)})
    section = section.model_copy(update={"paragraphs": (paragraph,)})
    return short.model_copy(update={"domains": (domain.model_copy(update={"sections": (section,)}),)})


def in_arabic(value: Any) -> Any:
    """The same document with an Arabic sentence for every text of more than one word."""
    if isinstance(value, dict):
        return {key: in_arabic(item) for key, item in value.items()}
    if isinstance(value, list):
        return [in_arabic(item) for item in value]
    return ARABIC if isinstance(value, str) and " " in value and "{page}" not in value else value


def failures(pdf: bytes) -> list[str]:
    """What breaks PDF/UA-1 or PDF/A-3a."""
    reports = [page.validate_pdf_bytes(pdf, profile=profile) for profile in PROFILES]
    return [f"{failure.rule_id}: {failure.message}" for report in reports for failure in report.failures]


def squeezed(text: str) -> str:
    """The text without spaces, line breaks and the marks that say where a word may break."""
    return re.sub(r"[\s\u200b]", "", text)


def read(pdf: bytes, snapshot: Snapshot) -> str:
    """The text of all pages, squeezed, without running heads and page numbers."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    head = squeezed(snapshot.title + (snapshot.draft_notice or ""))
    feet = [snapshot.page_text.format(page=number, pages=len(pages)) for number in range(1, len(pages) + 1)]
    texts = [squeezed(one.extract_text()) for one in pages]
    return "".join(text.removeprefix(head).removesuffix(squeezed(foot)) for text, foot in zip(texts, feet, strict=True))


def sentences(snapshot: Snapshot) -> Iterator[DocumentSentence]:
    for domain in snapshot.domains:
        for section in domain.sections:
            for paragraph in section.paragraphs:
                yield from paragraph.sentences


def tagged(node: Any, name: str) -> list[pikepdf.Dictionary]:
    """The elements of a structure tree that have a tag."""
    if isinstance(node, pikepdf.Array):
        return [element for child in node for element in tagged(child, name)]
    if not isinstance(node, pikepdf.Dictionary):
        return []
    here = [node] if node.get("/S") == f"/{name}" else []
    return here + (tagged(node.K, name) if "/K" in node else [])


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def addresses(document: pikepdf.Pdf) -> set[str]:
    links = [link for one in document.pages for link in one.get("/Annots", [])]
    return {str(link.A.URI) for link in links if "/A" in link and "/URI" in link.A}


def test_the_file_conforms_to_pdf_ua_1_and_pdf_a_3a(pdf: bytes) -> None:
    assert failures(pdf) == []


def test_an_arabic_file_conforms_and_reads_from_right_to_left(snapshot: Snapshot) -> None:
    texts = in_arabic(snapshot.model_dump(mode="json"))
    pdf = render(Snapshot.model_validate(texts | {"language": "ar", "direction": "rtl"}))
    assert failures(pdf) == []
    with opened(pdf) as document:
        assert (document.Root.Lang, document.Root.ViewerPreferences.Direction) == ("ar", "/R2L")


def test_every_sentence_of_the_attached_json_is_in_the_text(document: pikepdf.Pdf, pdf: bytes) -> None:
    attached = Snapshot.model_validate_json(document.attachments["snapshot.json"].get_file().read_bytes())
    text = read(pdf, attached)
    told = list(sentences(attached))
    assert len(told) > 50
    assert [sentence.id for sentence in told if squeezed(sentence.text) not in text] == []


def test_front_matter_table_and_sources_are_in_the_text(pdf: bytes, snapshot: Snapshot) -> None:
    text = read(pdf, snapshot)
    front = ["programme", "title", "country_formal", "date_text", "round_text", "draft_notice", "contents_heading"]
    fixed = [getattr(snapshot, name) for name in (*front, "footnote", "disclaimer", "key_findings", "sources_heading")]
    rows = [part for row in snapshot.domains[0].sections[0].rows for part in (row.name, row.status, row.conflict)]
    sources = [part for entry in snapshot.sources for part in (entry.title, entry.kind, entry.href)]
    for part in (*fixed, *snapshot.introduction, *rows, *sources, snapshot.sources_introduction):
        assert part is None or squeezed(part) in text


def test_the_attached_json_is_the_source_of_the_file(document: pikepdf.Pdf, snapshot: Snapshot) -> None:
    attachment = document.attachments["snapshot.json"]
    assert list(document.attachments) == ["snapshot.json"]
    assert attachment.get_file().read_bytes() == json_format.render(snapshot)
    assert attachment.get_file().mime_type == "application/json"
    assert [file.AFRelationship for file in document.Root.AF] == ["/Source"]


def test_title_and_language_are_set(document: pikepdf.Pdf, snapshot: Snapshot) -> None:
    assert document.Root.Lang == snapshot.language
    assert document.Root.ViewerPreferences.DisplayDocTitle
    assert document.docinfo["/Title"] == snapshot.about
    assert document.open_metadata()["dc:title"] == snapshot.about


@pytest.mark.parametrize(("date", "day"), [("2018", "20180101"), ("2018-09", "20180901"), ("2018-09-30", "20180930")])
def test_the_file_is_dated_with_the_first_day_that_the_date_can_mean(short: Snapshot, date: str, day: str) -> None:
    with opened(render(short.model_copy(update={"date": date}))) as document:
        assert str(document.docinfo["/CreationDate"]).startswith(f"D:{day}000000")


def test_the_bookmarks_are_the_headings(document: pikepdf.Pdf, snapshot: Snapshot) -> None:
    with document.open_outline() as outline:
        findings, sources = outline.root
    assert (findings.title, sources.title) == (snapshot.key_findings, snapshot.sources_heading)
    assert [entry.title for entry in findings.children] == [f"{d.number}. {d.title}" for d in snapshot.domains]
    for entry, domain in zip(findings.children, snapshot.domains, strict=True):
        assert [child.title for child in entry.children] == [f"{s.number}. {s.heading}" for s in domain.sections]


def test_the_table_has_header_cells_and_a_row_for_each_convention(document: pikepdf.Pdf) -> None:
    (table,) = tagged(document.Root.StructTreeRoot, "Table")
    (head,) = tagged(table, "THead")
    assert [cell.A[0].Scope for cell in tagged(head, "TH")] == ["/Column", "/Column"]
    rows = tagged(tagged(table, "TBody")[0], "TR")
    assert [len(tagged(row, "TD")) for row in rows] == [2] * 7


def test_footnote_contents_and_sources_are_tagged_as_such(document: pikepdf.Pdf, snapshot: Snapshot) -> None:
    tree = document.Root.StructTreeRoot
    assert len(tagged(tree, "Note")) == 1
    assert len(tagged(tree, "TOCI")) == len(snapshot.domains) + 2
    assert len(tagged(tree, "LI")) == len(snapshot.sources)


def test_every_link_of_the_document_is_a_link_of_the_file(document: pikepdf.Pdf, snapshot: Snapshot) -> None:
    spans = [span for sentence in sentences(snapshot) for span in sentence.spans]
    hrefs = {part.href for part in (*spans, *snapshot.sources) if part.href}
    assert hrefs
    assert addresses(document) == hrefs


def test_an_address_with_other_letters_is_written_in_ascii(short: Snapshot) -> None:
    with opened(render(saying(short, TextSpan(text="The law.", href="https://example.org/қ?a=b%20c&d")))) as document:
        assert addresses(document) == {"https://example.org/%D2%9B?a=b%20c&d"}


def test_only_our_fonts_are_used_and_all_are_embedded(short: Snapshot) -> None:
    reader = pypdf.PdfReader(io.BytesIO(render(saying(short, TextSpan(text=f"Law, Закон: {ARABIC}")))))
    fonts = [font.get_object() for one in reader.pages for font in one["/Resources"]["/Font"].values()]
    inner = [font["/DescendantFonts"][0].get_object() for font in fonts]
    assert {name.split("+")[1].split("-")[0] for name in (font["/BaseFont"] for font in inner)} == {"NotoSans", "Amiri"}
    assert all(set(font["/FontDescriptor"]) & {"/FontFile2", "/FontFile3"} for font in inner)


def test_a_published_copy_has_no_draft_notice(short: Snapshot) -> None:
    pdf = render(short.model_copy(update={"draft_notice": None}))
    assert "Draft" in pypdf.PdfReader(io.BytesIO(render(short))).pages[0].extract_text()
    assert "Draft" not in "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_a_character_that_no_font_has_is_shown_by_its_code_point_and_kept_in_the_json(short: Snapshot) -> None:
    snapshot = saying(short, TextSpan(text="ច្បាប់ and 法 and 🌍."))
    pdf = render(snapshot)
    assert failures(pdf) == []
    assert "[U+1785U+17D2U+1794U+17B6U+1794U+17CB]and[U+6CD5]and[U+1F30D]." in read(pdf, snapshot)
    with opened(pdf) as document:
        attached = document.attachments["snapshot.json"].get_file().read_bytes()
    assert Snapshot.model_validate_json(attached) == snapshot


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("é e\u0301 қ Ω قانون", "é e\u0301 қ Ω قانون"),
        ("[U+0041] {x} \\u{41}", "[U+0041] {x} \\u{41}"),
        ("©\ufe0f \ufeff2018", "© 2018"),
        ("❤\ufe0f", "[U+2764]"),
        ("a\u0612\u0951\u0613b", "a[U+0612]\u0951[U+0613]b"),
        ("\u0301 alone", "[U+0301] alone"),
        ("W" * 31, "\u200b".join(["W" * 10] * 3 + ["W"])),
        ("W" * 30, "W" * 30),
        ("https://example.org/" + "a" * 40, "https://example.org/" + "a" * 40),
    ],
)
def test_what_can_be_shown(text: str, shown: str) -> None:
    assert showable(text) == shown


@settings(max_examples=40, deadline=None, derandomize=True)
@given(texts=st.lists(WRITTEN, min_size=1), direction=st.sampled_from(["ltr", "rtl"]))
def test_any_written_text_makes_a_conformant_file(short: Snapshot, texts: list[str], direction: str) -> None:
    spans = [TextSpan(text=text, question="name") for text in texts]
    assert failures(render(saying(short, *spans).model_copy(update={"direction": direction}))) == []


def test_data_that_end_as_a_line_does_are_told_from_the_line_end_after_them(short: Snapshot) -> None:
    # About one file in fifteen has such a stream: we try until we meet one.
    files = (render(short.model_copy(update={"title": f"Title {number}"})) for number in range(200))
    assert failures(next(pdf for pdf in files if b"\r\rendstream" in pdf)) == []
