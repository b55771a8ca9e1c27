"""Tests for what is accepted as evidence and what is refused, by content alone, with a reason and within bounded memory."""

import hashlib
import io
import random
import tempfile
import tracemalloc
from contextlib import nullcontext, suppress
from zipfile import ZipFile

import pikepdf
import pytest

from app.evidence.checking import Accepted, Refused, check_evidence
from tests.app.evidence import made_files as made

LIMIT = 200 * 1024 * 1024
MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
SCRIPT = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
LAUNCH = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))
REMOTE = (
    b'<Relationships><Relationship Type="http://x/attachedTemplate" Target="%b" TargetMode="External"/></Relationships>'
)
JPEG, PNG, TIFF = made.picture("JPEG"), made.picture("PNG"), made.picture("TIFF")


def check(content: bytes, name: str = "law") -> Accepted:
    return check_evidence(name, io.BytesIO(content), len(content), LIMIT)


GOOD = {
    "law.pdf": made.pdf(),
    "modern.pdf": made.modern_pdf(),
    "goes-to-page.pdf": made.pdf(extra=b"/OpenAction [3 0 R /Fit]"),
    "law.docx": made.word(),
    "own-template.docx": made.package({"word/_rels/settings.xml.rels": REMOTE % b"file:///C:/Users/a/Normal.dotm"}),
    "table.xlsx": made.office("spreadsheetml.sheet", "xl/workbook.xml"),
    "talk.pptx": made.office("presentationml.presentation", "ppt/presentation.xml"),
    "law.odt": made.open_document(),
    "table.ods": made.open_document("spreadsheet"),
    "law.txt": "Закон № 61 — ច្បាប់ — قانون\r\n".encode(),
    "marked.txt": b"\xef\xbb\xbfLaw no. 61, if a < b then x > y\n",
    "table.csv": b'year;permits\n2017;1,204\n2018;"1;310"\n',
    "scan.png": PNG,
    "scan.jpg": JPEG,
    "scan.tif": TIFF,
}


@pytest.mark.parametrize("name", GOOD)
def test_evidence_of_each_kind_is_accepted_with_its_name_size_and_hash(name: str) -> None:
    accepted = check(GOOD[name], name)
    assert accepted.name == name
    assert accepted.size == len(GOOD[name])
    assert accepted.sha256 == hashlib.sha256(GOOD[name]).hexdigest()


@pytest.mark.parametrize(("name", "kind"), [("law.exe", "application/pdf"), ("a.csv", "application/pdf")])
def test_the_content_decides_and_the_name_follows(name: str, kind: str) -> None:
    accepted = check(made.pdf(), name)
    assert (accepted.media_type, accepted.name) == (kind, f"{name}.pdf")


BOMB = made.package({"word/media/x.bin": bytes(11_000_000)})
HOSTILE = {
    "empty": (b"", "empty"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "web page"),
    "svg with declaration": (b'<?xml version="1.0"?><svg/>', "web page"),
    "html": (b"<!DOCTYPE html><p>law", "web page"),
    "html after a mark and blanks": (b"\xef\xbb\xbf \r\n\t<HtMl>", "web page"),
    "html fragment": (b"<b onclick=alert(1)>law</b>", "web page"),
    "html comment": (b"<!-- law --><script>x</script>", "web page"),
    "html in UTF-16": ("\ufeff<html>".encode("utf-16-le"), "UTF-8"),
    "script tag within text": (b"Law no. 61 <script src=x>", "two kinds"),
    "php": (b"<?php system('x');", "web page"),
    "shell script": (b"#!/bin/sh\nrm -rf /\n", "program"),
    "rich text": (rb"{\rtf1\ansi law}", "another kind of document"),
    "postscript": (b"%!PS-Adobe-3.0\n", "another kind of document"),
    "windows program": (b"MZ\x90\0\x03\0\0\0" + bytes(200), "EXE"),
    "linux program": (b"\x7fELF\x02\x01\x01" + bytes(200), "ELF"),
    "gif": (b"GIF89a" + bytes(20), "GIF"),
    "gif that is a zip": (b"GIF89a" + bytes(20) + made.archive({"x.class": b"x"}), "GIF"),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "older Office file"),
    "text in windows-1251": ("Закон".encode("cp1251"), "saved as UTF-8"),
    "text with NUL": (b"law\0law", "UTF-8"),
    "text with escape codes": (b"law \x1b[2J", "UTF-8"),
    "text cut within a letter": ("Закон".encode()[:-1], "UTF-8"),
    "virus": (made.VIRUS, "virus"),
    "virus within a text": (b"a law\n" * 100_000 + made.VIRUS, "virus"),
    "virus across the border of two reads": (b" " * (256 * 1024 - 40) + made.VIRUS, "virus"),
    "virus within a document": (made.package({"word/media/a.bin": bytes(300_000) + made.VIRUS}), "virus"),
    "virus in a stored member": (made.open_document(members={"a.xml": made.VIRUS}), "virus"),
    "html before pdf": (b"<html><!--" + made.pdf(), "web page"),
    "text before pdf": (b"law\n" + made.pdf(), "two kinds"),
    "html behind a pdf header": (b"%PDF-1.4\n<script>x</script>\n" + made.pdf(), "two kinds"),
    "pdf cut short": (made.pdf()[:-8], "damaged"),
    "pdf that is a zip": (made.pdf() + made.archive({"a": b"a"}), "damaged"),
    "pdf around a zip": (made.pdf()[:-7] + made.archive({"a": b"a"}) + b"\n%%EOF\n", "two kinds"),
    "pdf with a script": (made.pdf(extra=b"/OpenAction <</S /JavaScript /JS (app.alert(1))>>"), "program"),
    "pdf with an escaped script": (made.pdf(extra=b"/OpenAction <</S /J#61vaScr#69pt>>"), "program"),
    "pdf with a rendition script": (made.pdf(extra=b"/AA <</S /Rendition /JS 5 0 R>>"), "program"),
    "pdf that launches": (made.pdf(extra=b"/OpenAction <</S /Launch /F (cmd.exe)>>"), "program"),
    "pdf with more compressed objects than can be searched": (made.crowded_pdf(), "too intricate"),
    "pdf with a compressed script": (made.modern_pdf(SCRIPT), "program"),
    "pdf with a compressed launch": (made.modern_pdf(LAUNCH), "program"),
    "zip": (made.archive({"law.pdf": made.pdf()}), "zip archive"),
    "zip with nothing": (made.archive({}), "zip|kind"),
    "jar": (made.archive({"META-INF/MANIFEST.MF": b"x", "A.class": b"x"}), "zip archive"),
    "word with macros": (made.package({"word/vbaProject.bin": b"x"}), "macros"),
    "word with macros renamed": (made.package({"word/a.bin": bytes(9) + b"_VBA_PROJECT"}), "macros"),
    "macro type": (made.package(types=made.content_types(MACRO)), "macros"),
    "excel 4 macros": (made.package({"xl/macrosheets/sheet1.xml": b"<x/>"}), "macros"),
    "active controls": (made.package({"word/activeX/activeX1.bin": b"x"}), "macros"),
    "basic in odt": (made.open_document(members={"Basic/Standard/Module1.xml": b"<x/>"}), "macros"),
    "program within word": (made.package({"word/embeddings/a.bin": b"MZ\x90\0"}), "program"),
    "remote template": (made.package({"word/_rels/s.xml.rels": REMOTE % b"https://x.test/a.dotm"}), "another computer"),
    "remote share": (made.package({"word/_rels/s.xml.rels": REMOTE % rb"\\10.0.0.1\a.dotm"}), "another computer"),
    "template": (
        made.package(types=made.content_types(made.DOCX_MAIN.replace("document.main", "template.main"))),
        "template",
    ),
    "main part missing": (made.package(types=made.content_types(part="/word/absent.xml")), "another kind"),
    "entities in the types": (
        made.package(types=made.content_types(before='<!DOCTYPE x [<!ENTITY a "b">]>')),
        "two kinds",
    ),
    "entities that grow": (made.package(types=made.growing_types()), "two kinds"),
    "entities in a part": (made.package({"word/a.xml": b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'}), "two kinds"),
    "entities in UTF-16": (
        made.package({"word/a.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x/>'.encode("utf-16")}),
        "two kinds",
    ),
    "types that are no XML": (made.package(types=b"<Types"), "damaged"),
    "zip bomb": (BOMB, "unpacks to far more"),
    "zip bomb that understates": (made.understated(BOMB, 11_000_000), "unpacks to far more"),
    "too many members": (made.package({f"word/{n}.xml": b"" for n in range(5_001)}), "unpacks to far more"),
    "data before": (b"GIF89a" + made.package(), "GIF"),
    "data before that begins as zip": (b"PK\x03\x04" + bytes(30) + made.package(), "two kinds"),
    "data behind": (made.package() + b"<html>", "two kinds"),
    "cut short": (made.package()[:-30], "damaged"),
    "altered": (made.package().replace(b"word/document.xml", b"word/documint.xml", 1), "two kinds"),
    "data between members": (made.with_gap(), "two kinds"),
    "path out of the package": (made.package({"../../etc/cron.d/x": b"x"}), "two kinds"),
    "locked word": (made.locked(made.package()), "password"),
    "locked odt": (made.open_document(manifest=b"<m><encryption-data/></m>"), "password"),
    "odt of unknown kind": (made.open_document("chart"), "another kind"),
    "png cut short": (PNG[:-20], "damaged"),
    "png with data behind": (PNG + b"<script>", "damaged"),
    "png with a zip within": (PNG[:-12] + made.png_part(b"zzZz", made.archive({"a": b"a"})) + PNG[-12:], "two kinds"),
    "jpeg header alone": (JPEG[:20], "damaged"),
    "jpeg with html": (made.with_comment(JPEG, b"<html><script>x</script>"), "two kinds"),
    "jpeg with pdf": (made.with_comment(JPEG, made.pdf()), "two kinds"),
    "jpeg that is a zip": (JPEG + made.archive({"a": b"a"}), "two kinds"),
    "tiff header alone": (b"II*\0\x08\0\0\0", "damaged"),
    "tiff that points outside": (b"MM\0*\xff\xff\xff\xff" + bytes(100), "damaged"),
    "tiff that is a zip": (TIFF + made.archive({"a": b"a"}), "two kinds"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_reason_whatever_it_is_called(name: str) -> None:
    content, reason = HOSTILE[name]
    for called in ("law.pdf", "law.docx", "law.txt"):
        with pytest.raises(Refused, match=reason) as refused:
            check(content, called)
        assert str(refused.value).endswith(".")


def test_a_file_over_the_limit_is_refused_unread() -> None:
    closed = io.BytesIO()
    closed.close()
    with pytest.raises(Refused, match="larger than the 20 MB allowed"):
        check_evidence("law.pdf", closed, 20 * 1024 * 1024 + 1, 20 * 1024 * 1024)


def test_a_file_that_did_not_arrive_whole_is_refused() -> None:
    with pytest.raises(Refused, match="of 9999 bytes"):
        check_evidence("law.pdf", io.BytesIO(made.pdf()), 9999, LIMIT)


def test_every_cut_and_many_flips_of_a_document_give_a_clear_answer() -> None:
    whole = made.package({"word/media/a.png": PNG})
    for position in range(0, len(whole), 3):
        with pytest.raises(Refused):
            check(whole[:position])
        flipped = whole[:position] + bytes([whole[position] ^ 0xFF]) + whole[position + 1 :]
        with suppress(Refused):
            assert check(flipped).size == len(whole)


def test_a_member_that_unpacks_to_much_is_never_unpacked_at_once() -> None:
    content = made.package({"word/a.bin": bytes(90_000_000), "word/b.bin": random.Random(1).randbytes(1_000_000)})
    tracemalloc.start()
    try:
        assert check(content).size == len(content)
        assert tracemalloc.get_traced_memory()[1] < 32 * 1024 * 1024
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", ["pdf", "text", "document", "noise"])
def test_100_mb_are_checked_within_32_mb_of_memory(kind: str) -> None:
    with tempfile.SpooledTemporaryFile(max_size=1024 * 1024) as content:
        size = _write_large(content, kind)
        tracemalloc.start()
        try:
            with pytest.raises(Refused, match="of no kind") if kind == "noise" else nullcontext():
                assert check_evidence("law", content, size, LIMIT).size == size
            assert tracemalloc.get_traced_memory()[1] < 32 * 1024 * 1024
        finally:
            tracemalloc.stop()


def _write_large(content: "tempfile.SpooledTemporaryFile[bytes]", kind: str) -> int:
    size = 100 * 1024 * 1024
    line = b"Article 1. Foreign citizens have the same rights.\n" * 1000
    if kind == "document":
        with ZipFile(content, "w") as package:
            package.writestr("[Content_Types].xml", made.content_types())
            package.writestr("word/document.xml", line * (size // len(line)))
        return content.tell()
    begun, ended = {"pdf": (b"%PDF-1.7\n", b"\n%%EOF\n"), "text": (b"", b""), "noise": (b"\0\1", b"")}[kind]
    content.write(begun)
    for _ in range(size // len(line)):
        content.write(line)
    content.write(ended)
    return content.tell()
