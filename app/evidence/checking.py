"""Whether a file is accepted as evidence, decided by its content alone, and under which name it is given out."""

import hashlib
import re
import socket
import unicodedata
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import IO
from urllib.parse import quote

import filetype

from app.errors import Unavailable
from app.evidence.contents import (
    CSV,
    HEAD,
    JPEG,
    MARKUP,
    MARKUP_BEGINS,
    PDF,
    PNG,
    TEST_VIRUS,
    TEXT,
    TIFF,
    Refused,
    check_jpeg,
    check_pdf,
    check_png,
    check_text,
    check_tiff,
    is_text,
    read_chunks,
    windows,
)
from app.evidence.packages import DOCX, ODS, ODT, PPTX, VIRUS, XLSX, check_package

__all__ = ["Accepted", "Refused", "ScannerUnavailable", "check_evidence", "content_disposition", "safe_name", "scan"]

EXTENSIONS: dict[str, tuple[str, ...]] = {
    PDF: (".pdf",), DOCX: (".docx",), XLSX: (".xlsx",), PPTX: (".pptx",), ODT: (".odt",), ODS: (".ods",),
    TEXT: (".txt", ".csv"), CSV: (".csv", ".txt"), PNG: (".png",), JPEG: (".jpg", ".jpeg"), TIFF: (".tif", ".tiff"),
}  # fmt: skip
"""The accepted kinds, and the extensions that fit each, the usual one first."""

CHECKS: dict[bytes, Callable[[IO[bytes], int], str]] = {
    b"%PDF-": check_pdf,
    b"PK\x03\x04": check_package,
    b"\x89PNG\r\n\x1a\n": check_png,
    b"\xff\xd8\xff": check_jpeg,
    b"II*\0": check_tiff,
    b"MM\0*": check_tiff,
}
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ACCEPTED = (
    "PDF, Word (DOCX), Excel (XLSX), PowerPoint (PPTX), OpenDocument (ODT, ODS), plain text, CSV, PNG, JPEG or TIFF"
)
NAME_LETTERS, NAME_BYTES = 120, 200
RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|$)", re.IGNORECASE)
JOINERS = "\u200c\u200d"  # Persian and the scripts of South Asia spell with them
SCANNER_SECONDS = 30


class ScannerUnavailable(Unavailable):
    """The virus scanner gave no verdict; the file was not accepted."""


@dataclass(frozen=True)
class Accepted:
    """A file that may be kept: its name made safe, what it really is, its size in bytes, its SHA-256 in hexadecimal."""

    name: str
    media_type: str
    size: int
    sha256: str


def check_evidence(name: str, content: IO[bytes], size: int, limit: int, *, scanner: str | None = None) -> Accepted:
    """Accept a file, or say why not. Neither its name nor what the sender calls it has a say in the kind.

    Text is told apart as table or prose by its content. Old Office files (DOC, XLS, PPT) are refused: they may hide
    macros. The content is read in pieces and left at its first byte.

    Args:
        size: bytes that were received. limit: bytes that are allowed. scanner: see `scan`; none if left out.

    Raises:
        Refused: with the reason and the mend, fit to be shown.
        ScannerUnavailable: the scanner could not be asked.
    """
    if size == 0:
        raise Refused("This file is empty. Check the original, and attach it again.")
    if size > limit:
        allowed = f"{limit / 1_048_576:.3g} MB"
        raise Refused(
            f"This file is larger than the {allowed} allowed. Make it smaller, for example by scanning at 150 dpi."
        )
    sha256 = _fingerprint(content, size)
    media_type = _media_type(content, size)
    if scanner:
        scan(content, scanner)
    content.seek(0)
    return Accepted(safe_name(name, media_type), media_type, size, sha256)


def scan(content: IO[bytes], address: str, *, timeout: float = SCANNER_SECONDS) -> None:
    """Ask a ClamAV daemon (its INSTREAM command) at `host:port`, or at a socket's path that begins with `/`.

    Raises:
        Refused: it found something.
        ScannerUnavailable: it could not be reached or gave no clear verdict.
    """
    try:
        with closing(_connect(address, timeout)) as line:
            line.sendall(b"zINSTREAM\0")
            for chunk in read_chunks(content):
                line.sendall(len(chunk).to_bytes(4, "big") + chunk)
            line.sendall(bytes(4))
            answer = b""
            while not answer.endswith(b"\0") and len(answer) < HEAD and (more := line.recv(HEAD)):
                answer += more
    except (OSError, ValueError) as error:
        raise ScannerUnavailable(
            "The virus scanner cannot be reached, so the file was not taken. Try again later."
        ) from error
    verdict = answer.rstrip(b"\0\n")
    if verdict.endswith(b" FOUND"):
        raise Refused(VIRUS)
    if verdict != b"stream: OK":
        raise ScannerUnavailable("The virus scanner gave no verdict, so the file was not taken. Try again later.")


def safe_name(name: str, media_type: str = "") -> str:
    """Make a name that every system can store and no reader can be misled by.

    Path, control characters and direction overrides go; letters of every script stay; reserved names of Windows get an
    underscore before them; at most 120 letters and 200 bytes. The extension of `media_type` is put behind if another
    or none stands there: `law.exe` that is a PDF becomes `law.exe.pdf`.
    """
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode()))[-1]
    name = re.sub(r"\s+", " ", "".join(map(_safe_letter, name))).strip(". ")
    fitting = EXTENSIONS.get(media_type, ("",))
    ending = next((name[-len(end) :] for end in fitting if end and name.lower().endswith(end)), "")
    stem = name.removesuffix(ending).rstrip(". ") or "evidence"
    ending = ending or fitting[0]
    if RESERVED.match(stem):
        stem = f"_{stem}"
    room = NAME_BYTES - len(ending)
    stem = stem[: NAME_LETTERS - len(ending)].encode()[:room].decode("utf-8", "ignore").rstrip(". ")
    return stem + ending


def content_disposition(name: str) -> str:
    """Write the header that makes browsers save and never show a file (RFC 6266, RFC 8187).

    `attachment; filename="evidence.pdf"; filename*=UTF-8''%D0%97%D0%B0%D0%BA%D0%BE%D0%BD.pdf`
    """
    name = safe_name(name)
    stem, dot, ending = name.rpartition(".")
    plain = re.sub(r"[^A-Za-z0-9 ._()-]+", "_", stem if dot else name).strip("_ ") or "evidence"
    plain_ending = dot + re.sub(r"[^A-Za-z0-9]+", "", ending) if dot else ""
    return f"attachment; filename=\"{plain}{plain_ending}\"; filename*=UTF-8''{quote(name, safe='')}"


def _fingerprint(content: IO[bytes], size: int) -> str:
    digest, read = hashlib.sha256(), 0
    for chunk in read_chunks(content):
        digest.update(chunk)
        read += len(chunk)
    if read != size:
        raise Refused(f"Only {read} of {size} bytes of this file arrived. Please attach it again.")
    if any(TEST_VIRUS.search(window) for window in windows(read_chunks(content))):
        raise Refused(VIRUS)
    return digest.hexdigest()


def _media_type(content: IO[bytes], size: int) -> str:
    content.seek(0)
    head = content.read(HEAD)
    for beginning, check in CHECKS.items():
        if head.startswith(beginning):
            return check(content, size)
    if MARKUP_BEGINS.match(head):
        raise Refused(MARKUP)
    if head.startswith(OLD_OFFICE):
        message = "This is an older Office file (DOC, XLS, PPT) or one locked with a password."
        raise Refused(f"{message} Save it without a password as DOCX, XLSX, PPTX or PDF, and attach that.")
    if is_text(content):
        return check_text(content, size)
    kind = filetype.guess(head)
    named = (
        f"This is a file of the kind {kind.extension.upper()}" if kind else "This file is of no kind that is known here"
    )
    raise Refused(f"{named}, which cannot be evidence. Attach {ACCEPTED}; text must be saved as UTF-8.")


def _connect(address: str, timeout: float) -> socket.socket:
    if not address.startswith("/"):
        host, _, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout)
    line = socket.socket(socket.AF_UNIX)
    try:
        line.settimeout(timeout)
        line.connect(address)
    except OSError:
        line.close()
        raise
    return line


def _safe_letter(letter: str) -> str:
    if letter in '<>:"|?*':
        return "_"
    if letter in JOINERS:
        return letter
    return "" if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} else letter
