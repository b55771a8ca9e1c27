"""Small files made on the spot for the tests of evidence: good ones of each kind, and hostile ones."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

import pikepdf
from docx import Document
from PIL import Image

DOCX_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
VIRUS = b"".join((b"X5O!P%@AP[4\\PZX54(P^)7CC)7}", b"$EICAR-STANDARD-", b"ANTIVIRUS-TEST-FILE!$H+H*"))
DOCUMENT = b"<w:document/>"


def pdf(*, extra: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<</Type /Catalog /Pages 2 0 R " + extra + b">>\nendobj\nstartxref\n0\n%%EOF\n"


def modern_pdf(action: pikepdf.Dictionary | None = None) -> bytes:
    """A PDF whose objects stand compressed in object streams, where no name can be read from outside."""
    file = pikepdf.new()
    file.add_blank_page()
    if action is not None:
        file.Root.OpenAction = file.make_indirect(action)
    written = io.BytesIO()
    file.save(written, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()


def crowded_pdf() -> bytes:
    packed = zlib.compress(b" " * 5_000_000 + b"<</S /JavaScript>>")
    return pdf()[:-20] + b"9 0 obj <</Type /ObjStm>> stream\n" + packed + b"\nendstream\n%%EOF\n"


def picture(kind: str) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(written, kind)
    return written.getvalue()


def word() -> bytes:
    document = Document()
    document.add_paragraph("Law on the legal status of foreign citizens")
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def content_types(main: str = DOCX_MAIN, part: str = "/word/document.xml", *, before: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{before}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="{part}" ContentType="{main}"/></Types>'
    ).encode()


def package(members: Mapping[str, bytes] | None = None, *, types: bytes | None = None) -> bytes:
    """A zipped document with these members beside its main part."""
    whole = {"[Content_Types].xml": types or content_types(), "word/document.xml": DOCUMENT, **(members or {})}
    return archive(whole)


def office(kind: str, part: str) -> bytes:
    main = f"application/vnd.openxmlformats-officedocument.{kind}.main+xml"
    return archive({"[Content_Types].xml": content_types(main, f"/{part}"), part: b"<x/>"})


def open_document(
    kind: str = "text", members: Mapping[str, bytes] | None = None, *, manifest: bytes = b"<m/>"
) -> bytes:
    first = {"mimetype": f"application/vnd.oasis.opendocument.{kind}".encode()}
    return archive({**first, "content.xml": b"<c/>", "META-INF/manifest.xml": manifest, **(members or {})})


def archive(members: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in members.items():
            made.writestr(name, body, zipfile.ZIP_STORED if name == "mimetype" else None)
    return written.getvalue()


def understated(package: bytes, real: int) -> bytes:
    """A document whose largest member says that it unpacks to 100 bytes instead of `real`."""
    return package.replace(struct.pack("<I", real), struct.pack("<I", 100))


def with_gap() -> bytes:
    """A document with bytes between two members that belong to neither."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        made.writestr("[Content_Types].xml", content_types())
        written.write(b"<script>hidden</script>")
        made.start_dir = written.tell()
        made.writestr("word/document.xml", DOCUMENT)
    return written.getvalue()


def growing_types() -> bytes:
    """Content types whose few entities stand for a thousand million letters."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return content_types("&e9;", before=f'<!DOCTYPE Types [<!ENTITY e0 "x">{entities}]>')


def locked(package: bytes) -> bytes:
    """A document whose members are marked as encrypted."""
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        pieces = package.split(mark)
        marked = [piece[: place - 4] + bytes([piece[place - 4] | 1]) + piece[place - 3 :] for piece in pieces[1:]]
        package = mark.join([pieces[0], *marked])
    return package


def png_part(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def with_comment(jpeg: bytes, comment: bytes) -> bytes:
    return jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + jpeg[2:]
