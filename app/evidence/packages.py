"""What a zipped office document is (Office Open XML, OpenDocument), looked through member by member within fixed bounds."""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from app.evidence.contents import DAMAGED, DISGUISE, STEP, TEST_VIRUS, ZIP_END, ZIP_END_WITHIN, Refused, windows

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT, ODS = "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet"
OFFICE = {f"{kind}.main+xml": kind for kind in (DOCX, XLSX, PPTX)}
OPEN_DOCUMENT = frozenset({ODT, ODS})
CONTENT_TYPES, MANIFEST = "[Content_Types].xml", "META-INF/manifest.xml"

MEMBERS = 5_000
DIRECTORY_SIZE = 1024 * 1024
LISTING_SIZE = 1024 * 1024
UNPACKED_SIZE = 300 * 1024 * 1024
RATIO = 100
RATIO_COUNTS_FROM = 10 * 1024 * 1024

DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
MACRO_NAME = re.compile(r"vbaproject|vbadata|(^|/)(macrosheets|activex|basic|scripts)/", re.IGNORECASE)
MACRO_INSIDE = re.compile(rb"vbaProject\.bin|_VBA_PROJECT", re.IGNORECASE)
EXECUTABLE = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\b[^<>]*>")
LOADED = re.compile(rb"""/(?:attachedTemplate|oleObject|frame|subDocument)["']""")
ELSEWHERE = re.compile(rb"""Target\s*=\s*["']\s*(?:https?:|ftp:|mhtml:|\\\\|file:/*\\\\|file://[^/])""", re.IGNORECASE)

BOMB = (
    "This document unpacks to far more than a document holds. Open it, save it again or print it to PDF, attach that."
)
MACROS = (
    "This document carries macros or active controls. Save it without them (as DOCX, XLSX, PPTX) or print it to PDF."
)
LOCKED = "This document is locked with a password. Save it without one, so that reviewers can read it."
ARCHIVE = (
    "This is a zip archive, a template or an office document of another kind. Unpack an archive and attach its files one "
    "by one; save a document as DOCX, XLSX, PPTX, ODT, ODS or PDF."
)
VIRUS = "A virus signature was found in this file. Check the computer it comes from, and attach a clean copy."
BROKEN = DAMAGED.format(kind="document")


@dataclass(frozen=True)
class Member:
    """A member of the package: its directory entry, and where its bytes begin and end in the file."""

    info: ZipInfo
    start: int
    end: int


def check_package(content: IO[bytes], size: int) -> str:
    """Say which office document the zip file is, after all its members were unpacked, counted and searched.

    No member is nested further than one level: of an archive within the document only the bytes are searched.

    Raises:
        Refused: it is another archive, is damaged, locked or oversized, or carries macros or a virus signature.
    """
    infos = _directory(content, size)
    _refuse_oversize(infos, size)
    members = {member.info.filename: member for member in _members(content, infos)}
    if len(members) != len(infos) or any(MACRO_NAME.search(name) for name in members):
        raise Refused(MACROS if len(members) == len(infos) else DISGUISE)
    kind = _open_document(content, members) if CONTENT_TYPES not in members else _office(content, members)
    for member in members.values():
        _search(content, member)
    return kind


def _directory(content: IO[bytes], size: int) -> list[ZipInfo]:
    """Read the list of members, which must end the file and begin where it says: nothing stands before or behind."""
    content.seek(max(0, size - ZIP_END_WITHIN))
    tail = content.read(ZIP_END_WITHIN)
    end = tail[-22:]
    if len(end) < 22 or not end.startswith(ZIP_END):
        raise Refused(DISGUISE if ZIP_END in tail else BROKEN)
    count, length, offset = struct.unpack("<10xHII2x", end)
    if count > MEMBERS or length > DIRECTORY_SIZE:
        raise Refused(BOMB)
    if offset + length + 22 != size:
        raise Refused(DISGUISE)
    try:
        with ZipFile(content) as package:
            infos = package.infolist()
    except (BadZipFile, NotImplementedError, ValueError, EOFError, struct.error) as error:
        raise Refused(BROKEN) from error
    if len(infos) != count or not infos:
        raise Refused(BROKEN)
    return sorted(infos, key=lambda info: info.header_offset)


def _refuse_oversize(infos: list[ZipInfo], size: int) -> None:
    unpacked = sum(info.file_size for info in infos)
    if unpacked > UNPACKED_SIZE or (unpacked > RATIO_COUNTS_FROM and unpacked > RATIO * size):
        raise Refused(BOMB)


def _members(content: IO[bytes], infos: list[ZipInfo]) -> Iterator[Member]:
    """Place each member; they must follow one another from the first byte on, named alike in both places."""
    expected = {0}
    for info in infos:
        if info.flag_bits & 0x41:
            raise Refused(LOCKED)
        content.seek(info.header_offset)
        header = content.read(30)
        if info.header_offset not in expected or len(header) < 30 or not header.startswith(b"PK\x03\x04"):
            raise Refused(DISGUISE)
        name_length, extra_length = struct.unpack("<26xHH", header)
        name = content.read(name_length).decode("utf-8" if info.flag_bits & 0x800 else "cp437", "replace")
        if name != info.orig_filename or info.compress_type not in (0, 8) or not _is_plain(name):
            raise Refused(DISGUISE)
        start = info.header_offset + 30 + name_length + extra_length
        end = start + info.compress_size
        expected = {end, *((end + 12, end + 16, end + 20, end + 24) if info.flag_bits & 8 else ())}
        yield Member(info, start, end)


def _is_plain(name: str) -> bool:
    return bool(name) and "\0" not in name and "\\" not in name and not {"", ".."} & set(name.rstrip("/").split("/"))


def _office(content: IO[bytes], members: dict[str, Member]) -> str:
    types = _content_types(_listing(content, members[CONTENT_TYPES]))
    if any("macroenabled" in kind.lower() or "vbaproject" in kind.lower() for kind in types.values()):
        raise Refused(MACROS)
    kinds = [OFFICE[kind] for part, kind in types.items() if kind in OFFICE and part.lstrip("/") in members]
    if len(kinds) != 1:
        raise Refused(ARCHIVE)
    return kinds[0]


def _content_types(listing: bytes) -> dict[str, str]:
    """Read `[Content_Types].xml`: content type by part. A document type, and with it any entity, is refused unread."""
    types: dict[str, str] = {}

    def element(name: str, attributes: dict[str, str]) -> None:
        if name.rsplit(":", 1)[-1] == "Override":
            types[attributes.get("PartName", "")] = attributes.get("ContentType", "")

    def document_type(*_: object) -> None:
        raise Refused(DISGUISE)

    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = document_type
    try:
        parser.Parse(listing, True)
    except expat.ExpatError as error:
        raise Refused(BROKEN) from error
    return types


def _open_document(content: IO[bytes], members: dict[str, Member]) -> str:
    names = list(members)
    if names[0] != "mimetype" or not {"content.xml", MANIFEST} <= set(names):
        raise Refused(ARCHIVE)
    kind = _listing(content, members["mimetype"]).decode("ascii", "replace").strip()
    if kind not in OPEN_DOCUMENT:
        raise Refused(ARCHIVE)
    if b"encryption-data" in _listing(content, members[MANIFEST]):
        raise Refused(LOCKED)
    return kind


def _listing(content: IO[bytes], member: Member) -> bytes:
    if member.info.file_size > LISTING_SIZE:
        raise Refused(BOMB)
    return b"".join(_unpack(content, member))


def _search(content: IO[bytes], member: Member) -> None:
    """Unpack a member whole, and refuse it for what it contains."""
    name = member.info.filename.lower()
    is_xml = name.endswith((".xml", ".rels", ".rdf"))
    if name.endswith(".rels"):
        _refuse_loading(_listing(content, member))
    checks = ((TEST_VIRUS, VIRUS), (DTD, DISGUISE) if is_xml else (MACRO_INSIDE, MACROS))
    for number, window in enumerate(windows(_unpack(content, member))):
        if number == 0 and window.startswith(EXECUTABLE):
            raise Refused("This document carries a program file. Take it out of the document, save, and attach that.")
        # letters of two bytes (UTF-16) would hide a document type
        plain = window.replace(b"\0", b"") if is_xml else window
        for pattern, reason in checks:
            if pattern.search(plain):
                raise Refused(reason)


def _refuse_loading(relationships: bytes) -> None:
    for found in RELATIONSHIP.findall(relationships.replace(b"\0", b"")):
        if LOADED.search(found) and ELSEWHERE.search(found):
            raise Refused("This document loads parts of itself from another computer. Print it to PDF and attach that.")


def _unpack(content: IO[bytes], member: Member) -> Iterator[bytes]:
    """Yield a member's bytes, never more than it declares; size and checksum must be as declared."""
    size, checksum = 0, 0
    pieces = _inflate(content, member) if member.info.compress_type else _stored(content, member)
    try:
        for piece in pieces:
            size, checksum = size + len(piece), zlib.crc32(piece, checksum)
            if size > member.info.file_size:
                raise Refused(BOMB)
            yield piece
    except zlib.error as error:
        raise Refused(BROKEN) from error
    if (size, checksum) != (member.info.file_size, member.info.CRC):
        raise Refused(BROKEN)


def _stored(content: IO[bytes], member: Member) -> Iterator[bytes]:
    position = member.start
    while position < member.end:
        content.seek(position)
        piece = content.read(min(STEP, member.end - position))
        if not piece:
            raise Refused(BROKEN)
        position += len(piece)
        yield piece


def _inflate(content: IO[bytes], member: Member) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in _stored(content, member):
        yield inflater.decompress(piece, STEP)
        while inflater.unconsumed_tail:
            yield inflater.decompress(inflater.unconsumed_tail, STEP)
        if inflater.unused_data:
            raise Refused(DISGUISE)
    while not inflater.eof and (rest := inflater.decompress(b"", STEP)):
        yield rest
    if not inflater.eof:
        raise Refused(BROKEN)
