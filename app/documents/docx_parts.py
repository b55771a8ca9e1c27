"""The parts of a Word file beside its body: footnote, running head and foot, provenance, properties; and its packing."""

from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part, XmlPart

from app.documents.docx_xml import Element, make, page_runs, paragraph, related, run, runs, w
from scoring.snapshot import Provenance, Snapshot

PROVENANCE = "urn:mgi:provenance:1"
"""The namespace of the custom XML part that tells what each content control rests on."""

FOOTNOTE = 1
_STORE = "{6D676900-0001-4D47-8001-736E61707368}"
_STORE_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"


def add_footnote(document: WordDocument, text: str, rtl: bool) -> None:
    """The footnotes part: Word's two separators, and the one note."""
    mark = run(w("footnoteRef"), style="FootnoteReference", rtl=rtl)
    note = paragraph("FootnoteText", mark, *runs(f" {text}", rtl), rtl=rtl)
    separators = ((-1, "separator", "separator"), (0, "continuationSeparator", "continuationSeparator"))
    notes = [
        w("footnote", paragraph("FootnoteText", run(w(tag)), rtl=rtl), id=number, type=kind)
        for number, kind, tag in separators
    ]
    _add(
        document, "footnotes", RT.FOOTNOTES, CT.WML_FOOTNOTES, w("footnotes", *notes, w("footnote", note, id=FOOTNOTE))
    )


def footnote_reference(rtl: bool) -> Element:
    """The raised number in the text."""
    return run(w("footnoteReference", id=FOOTNOTE), style="FootnoteReference", rtl=rtl)


def add_head_and_foot(document: WordDocument, snapshot: Snapshot, rtl: bool) -> None:
    """On every page but the first: programme and title above; the draft notice, if any, and the page's number below."""
    tab = run(w("tab"), rtl=rtl)
    head = paragraph("Header", *runs(snapshot.programme, rtl), tab, *runs(snapshot.title, rtl), rtl=rtl)
    notice = runs(snapshot.draft_notice or "", rtl)
    foot = paragraph("Footer", *notice, run(w("tab"), rtl=rtl), *page_runs(snapshot.page_text, rtl), rtl=rtl)
    page = document.element.body.sectPr
    for tag, part, relationship, content_type in (
        ("footerReference", w("ftr", foot), RT.FOOTER, CT.WML_FOOTER),
        ("headerReference", w("hdr", head), RT.HEADER, CT.WML_HEADER),
    ):
        key = _add(document, tag.removesuffix("Reference"), relationship, content_type, part)
        page.insert(0, related(w(tag, type="default"), key))


def _add(document: WordDocument, name: str, relationship: str, content_type: str, element: Element) -> str:
    package = document.part.package
    part = XmlPart(PackURI(f"/word/{name}.xml"), content_type, element, package)
    return document.part.relate_to(part, relationship)


def provenance_record(tag: str, control: int, name: str, role: str, origin: Provenance) -> Element:
    """All that is known of where a sentence or row comes from, under the id of its content control."""
    known = {
        "control": str(control),
        "id": name,
        "role": role,
        "indicator": origin.indicator,
        "number": origin.number,
        "finding": origin.finding,
        "sources": " ".join(origin.sources),
    }
    if origin.answer_version is not None:
        known["answer-version"] = str(origin.answer_version)
    if origin.edited is not None:
        known["edited"] = str(origin.edited).lower()
    return _own(tag, known)


def _own(tag: str, attributes: dict[str, str]) -> Element:
    return make(f"{{{PROVENANCE}}}{tag}", attributes, {None: PROVENANCE})


def add_provenance(document: WordDocument, snapshot: Snapshot, records: list[Element]) -> None:
    """The records and the document's own particulars as a custom XML part, as Word keeps such data."""
    about = ("instrument", "content_hash", "country", "round", "date", "language", "copy_kind")
    root = _own("provenance", {name.replace("_", "-"): str(getattr(snapshot, name)) for name in about})
    root.extend(records)
    root.extend(_own("source", {"id": source.id, "title": source.title}) for source in snapshot.sources)
    package = document.part.package
    item = XmlPart(PackURI("/customXml/item1.xml"), CT.XML, root, package)
    properties = (
        f'<ds:datastoreItem xmlns:ds="{_STORE_NAMESPACE}" ds:itemID="{_STORE}">'
        f'<ds:schemaRefs><ds:schemaRef ds:uri="{PROVENANCE}"/></ds:schemaRefs></ds:datastoreItem>'
    )
    about_item = Part(PackURI("/customXml/itemProps1.xml"), CT.OFC_CUSTOM_XML_PROPERTIES, properties.encode(), package)
    item.relate_to(about_item, RT.CUSTOM_XML_PROPS)
    document.part.relate_to(item, RT.CUSTOM_XML)


def set_properties(document: WordDocument, snapshot: Snapshot) -> None:
    """What Word and file managers show of the file. Its dates are the snapshot's, the first day where it names none."""
    year, month, day = (*map(int, snapshot.date.split("-")), 1, 1)[:3]
    properties = document.core_properties
    properties.title = snapshot.about[:255]
    properties.subject = snapshot.title[:255]
    properties.author = properties.last_modified_by = snapshot.programme[:255]
    properties.language = snapshot.language
    properties.comments = (snapshot.draft_notice or "")[:255]
    properties.created = properties.modified = datetime(year, month, day)
    properties.revision = 1


def pack(document: WordDocument) -> bytes:
    """The file's bytes: the same for the same parts, since each is dated as the zip format's first day."""
    saved, packed = BytesIO(), BytesIO()
    document.save(saved)
    with ZipFile(saved) as source, ZipFile(packed, "w") as target:
        for name in source.namelist():
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return packed.getvalue()
