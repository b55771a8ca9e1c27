"""Tests for the Word file: its structure, its provenance, literal text, both directions, and what other programs make of it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from lxml import etree
from openxml_audit import OpenXmlValidator

from app.documents.docx import render
from app.documents.docx_parts import PROVENANCE
from app.documents.docx_xml import stretches
from questionnaire.compiled import CompiledInstrument
from scoring.assemble import build_snapshot
from scoring.narrate import Narrative
from scoring.snapshot import ConventionRow, DocumentSentence, DomainPart, Section, Snapshot, TextSpan

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

HOSTILE = [
    "{{7*7}} {x} [y] {page}",
    "<script>alert(1)</script> <w:t>&amp;&lt;",
    '#import "x" $x$ *bold* _i_ @ref \\ \\\\',
    '{ HYPERLINK "http://example.org" } PAGE \\* MERGEFORMAT',
    "‘quotes’ “double” 'single' \"double\" ]]> <!-- -->",
    "e\u0301\u0323 combining, zero\u200dwidth, \u2066isolated\u2069, left\u200e and right\u200f marks",
    "قانون رقم 5 لسنة 2018 (Law No. 5) والمادة 12",
    "ច្បាប់ស្តីពីអន្តោប្រវេសន៍",
    "出入国管理及び難民認定法 「第二条」",
    "👩‍👩‍👧 flags 🇰🇬 and a\ttab and a\nline  with   spaces ",
]

ARABIC = "يتمتع جميع المهاجرين بالرعاية الصحية (UNHCR, 2018) وفقاً للقانون رقم 97."


@pytest.fixture(scope="module")
def word(snapshot: Snapshot) -> WordDocument:
    return Document(BytesIO(render(snapshot)))


@pytest.fixture(scope="module")
def published(narrative: Narrative) -> Snapshot:
    return build_snapshot(narrative, "published")


@pytest.fixture(scope="module")
def arabic(snapshot: Snapshot) -> Snapshot:
    return right_to_left(snapshot)


def right_to_left(snapshot: Snapshot) -> Snapshot:
    """The snapshot with Arabic words in every place where words stand."""

    def section(part: Section) -> Section:
        told = [sentence.model_copy(update={"spans": (TextSpan(text=ARABIC),)}) for sentence in sentences_of(part)]
        one = [part.paragraphs[0].model_copy(update={"sentences": tuple(told)})] if told else []
        rows = tuple(row.model_copy(update={"name": ARABIC, "status": "نعم", "notes": (ARABIC,)}) for row in part.rows)
        columns = ("الاتفاقية", "التصديق")[: len(part.columns)]
        changes = {"heading": ARABIC, "columns": columns, "rows": rows, "paragraphs": tuple(one)}
        return part.model_copy(update=changes)

    def domain(part: DomainPart) -> DomainPart:
        return part.model_copy(update={"title": ARABIC, "sections": tuple(map(section, part.sections))})

    texts = ("programme", "title", "country_formal", "draft_notice", "footnote", "disclaimer", "key_findings")
    changes = dict.fromkeys(texts, ARABIC)
    changes |= {"language": "ar", "direction": "rtl", "page_text": "الصفحة {page} من {pages}"}
    return snapshot.model_copy(update={**changes, "domains": tuple(map(domain, snapshot.domains))})


def sentences_of(section: Section) -> Iterator[DocumentSentence]:
    for paragraph in section.paragraphs:
        yield from paragraph.sentences


def all_sentences(snapshot: Snapshot) -> list[DocumentSentence]:
    return [s for domain in snapshot.domains for section in domain.sections for s in sentences_of(section)]


def all_rows(snapshot: Snapshot) -> list[ConventionRow]:
    return [row for domain in snapshot.domains for section in domain.sections for row in section.rows]


def part(data: bytes, name: str) -> etree._Element:
    with ZipFile(BytesIO(data)) as package:
        return etree.fromstring(package.read(name))


def text_of(element: etree._Element) -> str:
    signs = {W + "tab": "\t", W + "br": "\n"}
    return "".join(signs.get(node.tag, node.text or "") for node in element.iter(W + "t", *signs))


def controls(data: bytes) -> dict[str, tuple[str, str]]:
    """Name → tag and text of each content control that is named."""
    found = {}
    for control in part(data, "word/document.xml").iter(W + "sdt"):
        alias, tag = control.find(f"{W}sdtPr/{W}alias"), control.find(f"{W}sdtPr/{W}tag")
        if alias is not None and tag is not None:
            found[alias.get(W + "val")] = (tag.get(W + "val"), text_of(control.find(W + "sdtContent")))
    return found


def records(data: bytes) -> dict[str, dict[str, str]]:
    root = part(data, "customXml/item1.xml")
    return {node.get("id"): dict(node.attrib) for node in root if node.tag != f"{{{PROVENANCE}}}source"}


def with_first_sentence(snapshot: Snapshot, text: str, href: str | None = None) -> Snapshot:
    domain = snapshot.domains[1]
    section = domain.sections[0]
    paragraph = section.paragraphs[0]
    sentence = paragraph.sentences[0].model_copy(update={"spans": (TextSpan(text=text, href=href),)})
    paragraph = paragraph.model_copy(update={"sentences": (sentence, *paragraph.sentences[1:])})
    section = section.model_copy(update={"paragraphs": (paragraph, *section.paragraphs[1:])})
    domain = domain.model_copy(update={"sections": (section, *domain.sections[1:])})
    return snapshot.model_copy(update={"domains": (snapshot.domains[0], domain, *snapshot.domains[2:])})


def first_sentence(snapshot: Snapshot) -> DocumentSentence:
    return snapshot.domains[1].sections[0].paragraphs[0].sentences[0]


def problems(data: bytes, folder: Path) -> list[str]:
    file = folder / "snapshot.docx"
    file.write_bytes(data)
    return [str(error) for error in OpenXmlValidator(max_errors=0).validate(file).errors]


def test_headings_are_real_headings_in_the_order_of_the_model(snapshot: Snapshot, word: WordDocument) -> None:
    expected = [("Heading 1", snapshot.key_findings)]
    for domain in snapshot.domains:
        expected.append(("Heading 2", f"{domain.number}.\t{domain.title}"))
        expected += [("Heading 3", f"{section.number}.\t{section.heading}") for section in domain.sections]
    expected.append(("Heading 1", snapshot.sources_heading))
    found = [(p.style.name, p.text) for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert found == expected


def test_headings_keep_with_what_follows_and_have_an_outline_level(word: WordDocument) -> None:
    for level in (1, 2, 3):
        style = word.styles[f"Heading {level}"]
        assert style.paragraph_format.keep_with_next
        assert style.element.find(f".//{W}outlineLvl").get(W + "val") == str(level - 1)


def test_the_front_matter_stands_in_its_styles(snapshot: Snapshot, word: WordDocument) -> None:
    expected = {
        "Programme": snapshot.programme,
        "Title": snapshot.title,
        "Subtitle": snapshot.country_formal,
        "Draft Notice": snapshot.draft_notice,
        "Disclaimer": snapshot.disclaimer,
    }
    assert {p.style.name: p.text for p in word.paragraphs if p.style.name in expected} == expected


def test_every_sentence_resolves_to_indicator_finding_and_answer(snapshot: Snapshot) -> None:
    found = controls(render(snapshot))
    told = all_sentences(snapshot)
    assert len(told) > 50
    for sentence in told:
        tag, text = found[sentence.id]
        indicator, rule, role, version = tag.split("|")
        origin = sentence.provenance
        assert (indicator, indicator + rule) == (origin.indicator, origin.finding)
        assert (role, version) == (sentence.role, f"v{origin.answer_version}")
        assert text == sentence.text


def test_every_row_resolves_too_and_nothing_else_is_tagged(snapshot: Snapshot) -> None:
    found = controls(render(snapshot))
    for row in all_rows(snapshot):
        tag, text = found.pop(row.id)
        assert tag.startswith(f"{row.provenance.indicator}|")
        assert tag.endswith(f"|row|v{row.provenance.answer_version}")
        assert text == row.status
    assert set(found) == {sentence.id for sentence in all_sentences(snapshot)}


def test_a_published_copy_names_no_answer_version(published: Snapshot) -> None:
    data = render(published)
    assert {tag.count("|") for tag, _ in controls(data).values()} == {2}
    assert not any({"answer-version", "edited"} & set(record) for record in records(data).values())


def test_the_custom_xml_part_tells_the_whole_provenance(snapshot: Snapshot) -> None:
    found = records(render(snapshot))
    for item in (*all_sentences(snapshot), *all_rows(snapshot)):
        record, origin = found[item.id], item.provenance
        assert record["number"] == origin.number
        assert record["finding"] == origin.finding
        assert tuple(record["sources"].split()) == origin.sources
        assert record["edited"] == "false"


def test_records_and_content_controls_share_their_ids(snapshot: Snapshot) -> None:
    data = render(snapshot)
    document = part(data, "word/document.xml")
    numbers = {node.get(W + "val") for node in document.iterfind(f".//{W}sdtPr/{W}id")}
    assert numbers == {record["control"] for record in records(data).values()}


def test_tags_and_names_have_room_for_every_indicator(instrument: CompiledInstrument) -> None:
    for indicator in instrument.indicators.values():
        assert len(f"{indicator.id}|#{len(indicator.findings)}|qualifier|v9999") <= 64
        assert len(f"{indicator.id}.qualifier") <= 64


def test_the_conventions_table_repeats_its_header_and_splits_no_row(snapshot: Snapshot, word: WordDocument) -> None:
    table = word.tables[0]._tbl
    rows = table.findall(W + "tr")
    assert len(rows) == 1 + len(all_rows(snapshot))
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True] + [False] * (len(rows) - 1)
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
    assert [cell.text for cell in word.tables[0].rows[0].cells] == list(snapshot.domains[0].sections[0].columns)


def test_a_conflict_with_the_depositary_is_a_remark_in_drafts_only(snapshot: Snapshot, published: Snapshot) -> None:
    def remarks(made: Snapshot) -> list[str]:
        cells = Document(BytesIO(render(made))).tables[0]._cells
        return [p.text for cell in cells for p in cell.paragraphs if p.style.name == "Remark"]

    assert remarks(snapshot) == [row.conflict for row in all_rows(snapshot) if row.conflict]
    assert remarks(published) == []


def test_the_footnote_is_real_and_hangs_on_the_last_introduction_paragraph(
    snapshot: Snapshot, word: WordDocument
) -> None:
    notes = part(render(snapshot), "word/footnotes.xml")
    assert [note.get(W + "type") for note in notes] == ["separator", "continuationSeparator", None]
    assert text_of(notes[2]).strip() == snapshot.footnote
    (holder,) = [p for p in word.paragraphs if p._p.find(f".//{W}footnoteReference") is not None]
    assert holder.text == snapshot.introduction[-1]
    assert holder._p[-1].find(W + "footnoteReference").get(W + "id") == "1"


def test_spans_and_sources_with_an_address_are_links(snapshot: Snapshot, word: WordDocument) -> None:
    expected = [(s.text, s.href) for told in all_sentences(snapshot) for s in told.spans if s.href]
    expected += [(source.title, source.href) for source in snapshot.sources if source.href]
    rels = word.part.rels
    found = [
        (text_of(link), rels[link.get(qn("r:id"))].target_ref)
        for link in word.element.body.iter(W + "hyperlink")
        if link.get(qn("r:id"))
    ]
    assert len(expected) > 20
    assert found == expected


def test_an_address_is_written_so_that_every_program_can_read_it(snapshot: Snapshot) -> None:
    data = render(with_first_sentence(snapshot, "x", "https://example.org/закон?q=a%20b&c=[1]#п"))
    address = "https://example.org/%D0%B7%D0%B0%D0%BA%D0%BE%D0%BD?q=a%20b&c=[1]#%D0%BF"
    assert address in {rel.target_ref for rel in Document(BytesIO(data)).part.rels.values() if rel.is_external}


def test_contents_jump_to_headings_that_are_there(snapshot: Snapshot, word: WordDocument) -> None:
    marks = {mark.get(W + "name") for mark in word.element.body.iter(W + "bookmarkStart")}
    jumps = [link for link in word.element.body.iter(W + "hyperlink") if link.get(W + "anchor")]
    assert len(jumps) == len(snapshot.domains) + 2
    assert {link.get(W + "anchor") for link in jumps} <= marks


def test_pages_are_a4_with_running_head_and_numbers(snapshot: Snapshot, word: WordDocument) -> None:
    section = word.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert section.header.paragraphs[0].text == f"{snapshot.programme}\t{snapshot.title}"
    foot = section.footer.paragraphs[0]._p
    assert text_of(foot) == f"{snapshot.draft_notice}\tPage 1 of 1"
    fields = [field.get(W + "instr").strip() for field in foot.iter(W + "fldSimple")]
    assert fields == ["PAGE", "NUMPAGES"]


def test_language_and_properties_are_set(snapshot: Snapshot, word: WordDocument) -> None:
    language = word.styles.element.find(f"{W}docDefaults//{W}lang")
    assert language.get(W + "val") == "en-GB"
    properties = word.core_properties
    assert (properties.title, properties.author) == (snapshot.about, snapshot.programme)
    assert properties.language == "en"
    assert properties.created == properties.modified
    assert properties.created.strftime("%Y-%m-%d") == "2018-09-01"


@pytest.mark.parametrize(("date", "expected"), [("2024", "2024-01-01"), ("2024-02-29", "2024-02-29")])
def test_the_file_is_dated_as_precisely_as_the_snapshot(snapshot: Snapshot, date: str, expected: str) -> None:
    data = render(snapshot.model_copy(update={"date": date}))
    assert f"{Document(BytesIO(data)).core_properties.created:%Y-%m-%d}" == expected


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_out_literally(snapshot: Snapshot, text: str, tmp_path: Path) -> None:
    told = with_first_sentence(snapshot, text).model_copy(update={"title": text, "footnote": text, "disclaimer": text})
    data = render(told)
    assert controls(data)[first_sentence(told).id][1] == text
    paragraphs = {p.style.name: text_of(p._p) for p in Document(BytesIO(data)).paragraphs}
    assert paragraphs["Title"] == paragraphs["Disclaimer"] == text
    assert text_of(part(data, "word/footnotes.xml")[2]) == f" {text}"
    assert problems(data, tmp_path) == []


def test_the_audit_finds_nothing_to_say(
    snapshot: Snapshot, published: Snapshot, arabic: Snapshot, tmp_path: Path
) -> None:
    bare = published.model_copy(update={"introduction": (), "sources": (), "domains": snapshot.domains[1:2]})
    for made in (snapshot, published, arabic, bare):
        assert problems(render(made), tmp_path) == []


def test_the_same_snapshot_gives_the_same_bytes_in_another_process(snapshot: Snapshot, tmp_path: Path) -> None:
    script = (
        "import sys; from scoring.snapshot import Snapshot; from app.documents.docx import render;"
        "sys.stdout.buffer.write(render(Snapshot.model_validate_json(sys.stdin.buffer.read())))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Bishkek"}
    given = snapshot.model_dump_json().encode()
    other = subprocess.run(
        [sys.executable, "-c", script], input=given, capture_output=True, check=True, env=environment
    )
    assert other.stdout == render(snapshot)


def test_the_package_holds_nothing_of_the_template_that_is_not_ours(snapshot: Snapshot) -> None:
    with ZipFile(BytesIO(render(snapshot))) as package:
        names = package.namelist()
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert not [name for name in names if "stylesWithEffects" in name or "thumbnail" in name or name.endswith(".bin")]


def test_a_document_from_right_to_left_is_so_throughout(arabic: Snapshot) -> None:
    data = render(arabic)
    document = part(data, "word/document.xml")
    for name in ("word/document.xml", "word/footnotes.xml", "word/header.xml", "word/footer.xml"):
        assert all(p.find(f"{W}pPr/{W}bidi") is not None for p in part(data, name).iter(W + "p")), name
    assert document.find(f".//{W}tblPr/{W}bidiVisual") is not None
    assert document.find(f"{W}body/{W}sectPr/{W}bidi") is not None
    styles = part(data, "word/styles.xml")
    assert styles.find(f"{W}docDefaults//{W}lang").get(W + "bidi") == "ar-SA"
    assert styles.find(f"{W}docDefaults//{W}rFonts").get(W + "cs") == "Arial"


def test_arabic_runs_are_marked_and_latin_ones_are_not(arabic: Snapshot) -> None:
    found = {}
    for mark in part(render(arabic), "word/document.xml").iter(W + "r"):
        found[text_of(mark)] = mark.find(f"{W}rPr/{W}rtl") is not None
    assert found["(UNHCR, 2018)"] is False
    assert found[ARABIC.split("(", maxsplit=1)[0]] is True
    assert found["نعم"] is True


@pytest.mark.parametrize(
    ("text", "rtl", "expected"),
    [
        ("plain (text) 5", False, ["plain (text) 5"]),
        ("The قانون (5) law.", False, ["The ", "قانون (5)", " law."]),
        ("قانون No. 97 (b) 5.", True, ["قانون ", "No. 97 (b) 5", "."]),
        ("«UNHCR»، 45%", True, ["«", "UNHCR", "»، 45%"]),
        ("نص ភាសាខ្មែរ", True, ["نص ", "ភាសាខ្មែរ"]),
        ("", True, []),
    ],
)
def test_text_is_parted_where_its_direction_turns(text: str, rtl: bool, expected: list[str]) -> None:
    assert [stretch for stretch, _ in stretches(text, rtl)] == expected


def convert(data: bytes, ending: str, folder: Path) -> Path:
    office = shutil.which("soffice")
    if office is None:
        message = "LibreOffice (soffice) is not on PATH, so what it makes of the Word file is not known"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    (folder / "snapshot.docx").write_bytes(data)
    home = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [
        office,
        "--headless",
        home,
        "--convert-to",
        ending,
        "--outdir",
        str(folder),
        str(folder / "snapshot.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / f"snapshot.{ending}"


def test_libreoffice_keeps_headings_table_footnote_and_text(snapshot: Snapshot, tmp_path: Path) -> None:
    with ZipFile(convert(render(snapshot), "odt", tmp_path)) as package:
        content = etree.fromstring(package.read("content.xml"))
    odf = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
    levels = [heading.get(odf % "text" + "outline-level") for heading in content.iter(odf % "text" + "h")]
    sections = [["2"] + ["3"] * len(domain.sections) for domain in snapshot.domains]
    assert levels == ["1", *(level for some in sections for level in some), "1"]
    (header,) = content.iter(odf % "table" + "table-header-rows")
    assert len(list(header.getparent().iter(odf % "table" + "table-row"))) == 1 + len(all_rows(snapshot))
    assert len(list(content.iter(odf % "text" + "note"))) == 1
    text = "".join(content.itertext())
    assert all(sentence.text in text for sentence in all_sentences(snapshot))
