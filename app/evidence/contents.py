"""What a file is, told from its bytes alone: PDF, pictures and text, and why some of them are refused."""

import codecs
import csv
import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO

from app.errors import Invalid

STEP = 256 * 1024
HEAD = 4096
PDF, PNG, JPEG, TIFF = "application/pdf", "image/png", "image/jpeg", "image/tiff"
TEXT, CSV = "text/plain", "text/csv"
TEST_VIRUS = re.compile(b"".join((rb"\$EICAR-STANDARD-", rb"ANTIVIRUS-TEST-FILE!")))
ZIP_END = b"PK\x05\x06"
ZIP_END_WITHIN = 65_535 + 22
OBJECT_STREAMS = 50_000
OBJECT_STREAM_SIZE = 4 * 1024 * 1024
OBJECT_STREAMS_SIZE = 256 * 1024 * 1024
PICTURE_PARTS = 100_000

MARKUP_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?[\s\0]*<[!?/a-z]", re.IGNORECASE)
MARKUP_INSIDE = re.compile(rb"<(?:!doctype\s|html|script|svg|iframe|\?php)[\s>/\w]", re.IGNORECASE)
PROGRAM_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:#!|\{\\rtf|%!PS)")
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")

MARKUP = (
    "This is a web page, drawing or other marked-up text, which can carry programs. Print it to PDF and attach that."
)
DISGUISE = (
    "This file is made to be read as two kinds of file at once. Open the document, save or print it to a new PDF, and "
    "attach that."
)
PROGRAM = (
    "This file carries a program (a script or an action that starts something). Print it to a new PDF and attach that."
)
DAMAGED = "This {kind} is damaged or was cut short. Open it, save it again, and attach the new file."


class Refused(Invalid):
    """A file cannot be evidence; the text names its problem and the mend."""


def windows(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield each chunk with the last 256 bytes before it, so that nothing is missed across a border."""
    kept = b""
    for chunk in chunks:
        window = kept + chunk
        yield window
        kept = window[-256:]


def occurs(pattern: re.Pattern[bytes], chunks: Iterable[bytes]) -> bool:
    """Tell whether the pattern, of at most 256 bytes, occurs in the chunks."""
    return any(pattern.search(window) for window in windows(chunks))


def read_chunks(content: IO[bytes]) -> Iterator[bytes]:
    """Yield the content from its first byte, in bounded pieces."""
    content.seek(0)
    while chunk := content.read(STEP):
        yield chunk


def check_pdf(content: IO[bytes], size: int) -> str:
    """Refuse a PDF that is cut short, is another kind of file too, or carries a script or launch action.

    Names are found in the file as it stands and in its deflated object streams. In an encrypted file, or behind filters
    other than deflate, they cannot be seen.
    """
    head, tail = _read(content, 0, 1024), _read(content, max(0, size - 2048), 2048)
    if not re.match(rb"%PDF-[12]\.\d", head) or not tail.rstrip(b"\0\t\n\f\r \x1a").endswith(b"%%EOF"):
        raise Refused(DAMAGED.format(kind="PDF"))
    _refuse_disguise(content, size)
    if occurs(ACTIVE, read_chunks(content)) or occurs(ACTIVE, _object_streams(content)):
        raise Refused(PROGRAM)
    return PDF


def check_png(content: IO[bytes], size: int) -> str:
    """Walk the parts of a PNG: it begins with IHDR, and IEND is the end of the file."""
    position = 8
    for number in range(PICTURE_PARTS):
        part = _read(content, position, 8)
        if len(part) < 8 or (number == 0) != (part[4:] == b"IHDR"):
            break
        position += 12 + int.from_bytes(part[:4], "big")
        if part[4:] == b"IEND" and position == size:
            return _picture(content, size, PNG)
    raise Refused(DAMAGED.format(kind="PNG picture"))


def check_jpeg(content: IO[bytes], size: int) -> str:
    """Walk the segments of a JPEG up to its picture data, which a frame header must precede."""
    position, framed = 2, False
    for _ in range(PICTURE_PARTS):
        part = _read(content, position, 4)
        if len(part) < 4 or part[0] != 0xFF:
            break
        marker, length = part[1], int.from_bytes(part[2:], "big")
        if marker == 0xDA and framed:
            return _picture(content, size, JPEG)
        framed |= 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC)
        position += 1 if marker == 0xFF else 2 + length
    raise Refused(DAMAGED.format(kind="JPEG picture"))


def check_tiff(content: IO[bytes], size: int) -> str:
    """Look at the first directory of a TIFF: it lies within the file, and its entries are in order."""
    head = _read(content, 0, 8)
    order = "<" if head.startswith(b"II") else ">"
    offset = struct.unpack(f"{order}4xI", head)[0] if len(head) == 8 else 0
    count = _read(content, offset, 2)
    entries = struct.unpack(f"{order}H", count)[0] if len(count) == 2 else 0
    directory = _read(content, offset + 2, 12 * entries)
    tags = [tag for (tag,) in struct.iter_unpack(f"{order}H10x", directory)] if len(directory) == 12 * entries else []
    if offset < 8 or not tags or tags != sorted(tags) or not {256, 257} <= set(tags):
        raise Refused(DAMAGED.format(kind="TIFF picture"))
    return _picture(content, size, TIFF)


def check_text(content: IO[bytes], size: int) -> str:
    """Refuse text that browsers or systems would take for a page or program; tell a table of values from prose."""
    head = _read(content, 0, HEAD)
    if PROGRAM_BEGINS.match(head):
        raise Refused("This text is read as a program or as another kind of document. Save it as PDF and attach that.")
    _refuse_disguise(content, size)
    return CSV if _is_table(_read(content, 0, STEP), whole=size <= STEP) else TEXT


def is_text(content: IO[bytes]) -> bool:
    """Tell whether all of the content is UTF-8 without control characters other than tab and line ends."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        if any(CONTROL.search(decoder.decode(chunk)) for chunk in read_chunks(content)):
            return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _name(word: str) -> bytes:
    """Match a PDF name, any letter of which may be written as `#` and its code."""
    return b"/" + b"".join(f"(?:{letter}|#(?i:{ord(letter):02x}))".encode() for letter in word)


ACTIVE = re.compile(
    b"(?:" + _name("JavaScript") + b"|" + _name("Launch") + rb")(?![A-Za-z0-9])|" + _name("JS")
    # two more bytes of a value, because three alone turn up in compressed pictures by chance
    + rb"\s*(?:\([\t-~\xfe\xff]{2}|<[0-9A-Fa-f\s]{2}|\d{1,10}\s+\d{1,5}\s+R)"
)  # fmt: skip
OBJECT_STREAM = re.compile(_name("ObjStm"))


def _read(content: IO[bytes], position: int, size: int) -> bytes:
    content.seek(position)
    return content.read(size)


def _picture(content: IO[bytes], size: int, media_type: str) -> str:
    _refuse_disguise(content, size)
    return media_type


def _refuse_disguise(content: IO[bytes], size: int) -> None:
    head = _read(content, 0, HEAD)
    tail = _read(content, max(0, size - ZIP_END_WITHIN), ZIP_END_WITHIN)
    if MARKUP_INSIDE.search(head) or b"%PDF-" in head[1:] or ZIP_END in tail:
        raise Refused(DISGUISE)


def _object_streams(content: IO[bytes]) -> Iterator[bytes]:
    """Yield what the PDF's deflated object streams hold; other streams hold no names that readers act upon."""
    total = 0
    for number, position in enumerate(_object_stream_positions(content)):
        beginning = re.search(rb"stream\r?\n", after := _read(content, position, 8192))
        if beginning is None:
            continue
        inflated = _inflate(after[beginning.end() :], content)
        total += len(inflated)
        if number > OBJECT_STREAMS or total > OBJECT_STREAMS_SIZE or len(inflated) == OBJECT_STREAM_SIZE:
            raise Refused("This PDF is too intricate to be looked through. Print it to a new PDF and attach that.")
        yield b"\n" + inflated + b"\n"


def _object_stream_positions(content: IO[bytes]) -> list[int]:
    found: list[int] = []
    kept, position = b"", 0
    for chunk in read_chunks(content):
        window = kept + chunk
        found.extend(position - len(kept) + match.end() for match in OBJECT_STREAM.finditer(window))
        position += len(chunk)
        kept = window[-32:]
    return sorted(set(islice(found, OBJECT_STREAMS + 2)))


def _inflate(begun: bytes, content: IO[bytes]) -> bytes:
    inflater, inflated, piece = zlib.decompressobj(), b"", begun
    try:
        while piece and not inflater.eof and len(inflated) < OBJECT_STREAM_SIZE:
            inflated += inflater.decompress(piece, OBJECT_STREAM_SIZE - len(inflated))
            piece = inflater.unconsumed_tail or content.read(STEP)
    except zlib.error:
        return inflated
    return inflated


def _is_table(begun: bytes, *, whole: bool) -> bool:
    """A table has two rows or more of the same two cells or more, parted by commas, semicolons or tabs."""
    lines = begun.decode("utf-8-sig", "ignore").splitlines()
    lines = [line for line in (lines if whole else lines[:-1])[:50] if line.strip()]
    for delimiter in ",;\t":
        try:
            widths = {len(row) for row in csv.reader(lines, delimiter=delimiter)}
        except csv.Error:
            continue
        if len(lines) > 1 and len(widths) == 1 and max(widths) > 1:
            return True
    return False
