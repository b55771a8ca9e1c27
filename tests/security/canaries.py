"""Words that stand nowhere but in one text of country A, so that the text is known wherever it turns up."""

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import NamedTuple

import pypdf

LETTERS = "bcdfghjkmnprstvw"
_WORD = re.compile(rb"zq[bcdfghjkmnprstvw]{4}zq", re.IGNORECASE)


class Text(NamedTuple):
    """What kind of text a word stands in, and in which assessment (empty: the country's, outside of any)."""

    kind: str
    assessment: str


@dataclass
class Canaries:
    """All words in use."""

    texts: dict[str, Text] = field(default_factory=dict)

    def word(self, kind: str, assessment: str = "") -> str:
        """A new word for a text."""
        number = len(self.texts) * 2_654_435_761 % 65_536
        word = "zq" + "".join(LETTERS[number >> shift & 15] for shift in (12, 8, 4, 0)) + "zq"
        assert word not in self.texts
        self.texts[word] = Text(kind, assessment)
        return word

    def in_bytes(self, content: bytes) -> set[Text]:
        """The texts of which something is told in these bytes; packages are opened, PDF files read."""
        return {self.texts[word] for part in opened(content) for word in _words(part)}


def _words(content: bytes) -> set[str]:
    return {found.decode().lower() for found in _WORD.findall(content)}


def opened(content: bytes) -> list[bytes]:
    """The content itself, and what is packed in it; names of members too."""
    begin = content.find(b"PK\x03\x04")
    if begin >= 0:
        with zipfile.ZipFile(io.BytesIO(content[begin:])) as package:
            return [content, *(name.encode() for name in package.namelist()), *map(package.read, package.namelist())]
    begin = content.find(b"%PDF-")
    if begin >= 0:
        return [content, *_pdf_parts(content[begin:])]
    return [content]


def _pdf_parts(content: bytes) -> list[bytes]:
    reader = pypdf.PdfReader(io.BytesIO(content))
    # a word may be broken at the end of a line
    pages = [re.sub(r"-?\s+", "", page.extract_text()).encode() for page in reader.pages]
    attached = [data for many in reader.attachments.values() for data in many]
    return [*pages, str(reader.metadata).encode(), *attached]
