"""The snapshot as a Word file: real styles and headings, a footnote, and a content control around each sentence."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import count
from urllib.parse import quote

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.part import Part

from app.documents.docx_base import TEXT_WIDTH, base
from app.documents.docx_parts import (
    add_footnote,
    add_head_and_foot,
    add_provenance,
    footnote_reference,
    pack,
    provenance_record,
    set_properties,
)
from app.documents.docx_xml import Element, paragraph, related, run, runs, w
from scoring.snapshot import (
    ConventionRow,
    DocumentSentence,
    DomainPart,
    Provenance,
    Section,
    Snapshot,
    SourceEntry,
    TextSpan,
)

_COLUMNS = (round(TEXT_WIDTH * 0.64), TEXT_WIDTH - round(TEXT_WIDTH * 0.64))
_LONGEST_TAG = 64
"""Word takes no more characters in the tag or the name of a content control."""


def render(snapshot: Snapshot) -> bytes:
    """The package. Each content control's tag is `indicator|rule|role|version`, as `health-access|#1|finding|v1`."""
    rtl = snapshot.direction == "rtl"
    document = Document(BytesIO(base(snapshot.language, rtl)))
    body = _Body(document.part, rtl)
    page = document.element.body.sectPr
    for block in body.blocks(snapshot):
        page.addprevious(block)
    add_footnote(document, snapshot.footnote, rtl)
    add_head_and_foot(document, snapshot, rtl)
    add_provenance(document, snapshot, body.records)
    set_properties(document, snapshot)
    return pack(document)


class _Body:
    """Writes the body. `records` gathers the provenance of what has been written."""

    def __init__(self, part: Part, rtl: bool) -> None:
        self.part = part
        self.rtl = rtl
        self.records: list[Element] = []
        self.bookmarks = count(1)

    def blocks(self, snapshot: Snapshot) -> Iterator[Element]:
        """All paragraphs and tables in order."""
        yield from self._title_page(snapshot)
        yield from self._introduction(snapshot)
        yield self._heading("Heading1", "key_findings", snapshot.key_findings)
        for domain in snapshot.domains:
            yield from self._domain(domain)
        yield self._heading("Heading1", "sources", snapshot.sources_heading)
        yield self._paragraph("BodyText", snapshot.sources_introduction)
        yield from map(self._source, snapshot.sources)

    def _runs(self, text: str, style: str | None = None) -> list[Element]:
        return runs(text, self.rtl, style)

    def _paragraph(self, style: str, text: str, *more: Element) -> Element:
        return paragraph(style, *self._runs(text), *more, rtl=self.rtl)

    def _heading(self, style: str, bookmark: str, text: str) -> Element:
        number = next(self.bookmarks)
        start = w("bookmarkStart", id=number, name=bookmark)
        return paragraph(style, start, *self._runs(text), w("bookmarkEnd", id=number), rtl=self.rtl)

    def _title_page(self, snapshot: Snapshot) -> Iterator[Element]:
        yield self._paragraph("Programme", snapshot.programme)
        yield self._paragraph("Title", snapshot.title)
        yield self._paragraph("Subtitle", snapshot.country_formal)
        yield self._paragraph("Imprint", snapshot.date_text)
        yield self._paragraph("Imprint", snapshot.round_text)
        if snapshot.draft_notice:
            yield self._paragraph("DraftNotice", snapshot.draft_notice)
        yield self._contents(snapshot)

    def _contents(self, snapshot: Snapshot) -> Element:
        """A table of contents that Word can bring up to date; without page numbers, which only Word could know."""
        entries = [("Toc1", "key_findings", snapshot.key_findings)]
        entries += [("Toc2", f"domain_{d.number}", f"{d.number}.\t{d.title}") for d in snapshot.domains]
        entries.append(("Toc1", "sources", snapshot.sources_heading))
        lines = [paragraph(style, self._jump(mark, text), rtl=self.rtl) for style, mark, text in entries]
        instruction = w("instrText")
        instruction.text = r'TOC \o "1-2" \n \h \z'
        field = [w("fldChar", fldCharType="begin"), instruction, w("fldChar", fldCharType="separate")]
        lines[0][1:1] = [run(mark) for mark in field]
        lines[-1].append(run(w("fldChar", fldCharType="end")))
        gallery = w("docPartObj", w("docPartGallery", val="Table of Contents"), w("docPartUnique"))
        heading = self._paragraph("TOCHeading", snapshot.contents_heading)
        return w("sdt", w("sdtPr", gallery), w("sdtContent", heading, *lines))

    def _jump(self, bookmark: str, text: str) -> Element:
        return w("hyperlink", *self._runs(text), anchor=bookmark, history=1)

    def _introduction(self, snapshot: Snapshot) -> Iterator[Element]:
        """On a page of its own: the first paragraph's style begins it."""
        texts = snapshot.introduction or ("",)
        for position, text in enumerate(texts, 1):
            reference = [footnote_reference(self.rtl)] if position == len(texts) else []
            yield self._paragraph("Opening" if position == 1 else "BodyText", text, *reference)
        yield self._paragraph("Disclaimer", snapshot.disclaimer)

    def _domain(self, domain: DomainPart) -> Iterator[Element]:
        yield self._heading("Heading2", f"domain_{domain.number}", f"{domain.number}.\t{domain.title}")
        for section in domain.sections:
            yield from self._section(section)

    def _section(self, section: Section) -> Iterator[Element]:
        yield self._paragraph("Heading3", f"{section.number}.\t{section.heading}")
        if section.introduction:
            yield self._paragraph("BodyText", section.introduction)
        if section.rows:
            yield self._table(section)
        for told in section.paragraphs:
            yield paragraph("BodyText", *self._sentences(told.sentences), rtl=self.rtl)
        if section.empty:
            yield self._paragraph("BodyText", section.empty)

    def _sentences(self, sentences: Iterable[DocumentSentence]) -> Iterator[Element]:
        for position, told in enumerate(sentences):
            if position:
                yield from self._runs(" ")
            content = [mark for span in told.spans for mark in self._span(span)]
            yield self._control("sentence", told.id, told.role, told.provenance, content)

    def _span(self, span: TextSpan) -> list[Element]:
        return [self._link(span.text, span.href)] if span.href else self._runs(span.text)

    def _link(self, text: str, href: str) -> Element:
        address = quote(href, safe="!#$%&'()*+,/:;=?@[]~")
        key = self.part.relate_to(address, RT.HYPERLINK, is_external=True)
        return related(w("hyperlink", *self._runs(text, "Hyperlink"), history=1), key)

    def _control(self, kind: str, name: str, role: str, origin: Provenance, content: list[Element]) -> Element:
        """A content control named with the sentence's id. What its tag has no room for, its record tells."""
        number = len(self.records) + 1
        self.records.append(provenance_record(kind, number, name, role, origin))
        fields = [origin.indicator, origin.finding.removeprefix(origin.indicator), role]
        if origin.answer_version is not None:
            fields.append(f"v{origin.answer_version}")
        alias, tag = name[:_LONGEST_TAG], "|".join(fields)[:_LONGEST_TAG]
        properties = w("sdtPr", w("alias", val=alias), w("tag", val=tag), w("id", val=number))
        return w("sdt", properties, w("sdtContent", *content))

    def _table(self, section: Section) -> Element:
        properties = [w("tblStyle", val="SnapshotTable")]
        if self.rtl:
            properties.append(w("bidiVisual"))
        properties += [
            w("tblW", w=TEXT_WIDTH, type="dxa"),
            w("tblLayout", type="fixed"),
            w("tblLook", val="06A0"),
            w("tblCaption", val=section.heading),
        ]
        grid = w("tblGrid", *(w("gridCol", w=width) for width in _COLUMNS))
        rows = [self._row(row) for row in section.rows]
        if section.columns:
            head = [[self._paragraph("TableHeading", column)] for column in section.columns]
            rows.insert(0, _table_row(head, w("cantSplit"), w("tblHeader")))
        return w("tbl", w("tblPr", *properties), grid, *rows)

    def _row(self, row: ConventionRow) -> Element:
        status = self._control("row", row.id, "row", row.provenance, self._runs(row.status))
        cell = [paragraph("TableText", status, rtl=self.rtl)]
        cell += [self._paragraph("TableNote", note) for note in row.notes]
        if row.conflict:
            cell.append(self._paragraph("Remark", row.conflict))
        return _table_row([[self._paragraph("TableText", row.name)], cell], w("cantSplit"))

    def _source(self, source: SourceEntry) -> Element:
        title = [self._link(source.title, source.href)] if source.href else self._runs(source.title)
        about = [source.kind, *([source.date] if source.date else []), ", ".join(source.indicators)]
        detail = self._runs(" · ".join(about), "SourceDetail")
        address = [run(w("br")), *self._runs(source.href, "SourceDetail")] if source.href else []
        return paragraph("Source", *title, run(w("br")), *detail, *address, rtl=self.rtl)


def _table_row(cells: list[list[Element]], *properties: Element) -> Element:
    made = [
        w("tc", w("tcPr", w("tcW", w=width, type="dxa")), *content)
        for width, content in zip(_COLUMNS, cells, strict=True)
    ]
    return w("tr", w("trPr", *properties), *made)
