"""The snapshot as PDF (PDF/UA-1 and PDF/A-3a in one file), with the snapshot's JSON attached."""

import datetime
import json
import re
import string
import struct
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

import fontpkg_amiri
import fontpkg_noto_sans
import typst

from app.documents import json as json_format
from questionnaire.dates import PartialDate
from scoring.snapshot import Snapshot

_TEMPLATE = (Path(__file__).parent / "snapshot.typ").read_bytes()
_FACES = {
    fontpkg_noto_sans.ROOT / "files": ("NotoSans[wdth,wght].ttf",),
    fontpkg_amiri.ROOT / "files": ("Amiri-Regular.ttf", "Amiri-Bold.ttf"),
}
"""Folder of a font family → the faces of it that the template uses."""

_INVISIBLE = re.compile(r"[\ufe00-\ufe0f\ufeff]")
"""Variation selectors and the byte order mark: they show nothing, and PDF/A refuses the latter."""

_LONGEST_WORD = 30
_PLAIN_ADDRESS = r"https?://[A-Za-z0-9!#$%&*+,\-./:;=?@_~']*(?!\S)"
_LONG_WORD = re.compile(rf"(?<!\S)(?!{_PLAIN_ADDRESS})\S{{{_LONGEST_WORD + 1},}}")
"""What may be too long for a line. Typst knows where to break a plain web address."""


def render(snapshot: Snapshot) -> bytes:
    """The file. A character that our fonts lack stands as its code point, `[U+1780]`; the attached JSON has it as it is."""
    shown = _shown(snapshot.model_dump(mode="json"))
    first_day = datetime.datetime.combine(PartialDate(snapshot.date).first_day, datetime.time(), datetime.UTC)
    pdf = typst.compile(
        _TEMPLATE,
        font_paths=_fonts(),
        sys_inputs={
            "document": json.dumps(shown, ensure_ascii=False),
            "about": snapshot.about,
            "attachment": json_format.render(snapshot).decode(),
        },
        format="pdf",
        pdf_standards=["ua-1", "a-3a"],
        timestamp=first_day,
    )
    # Where a stream's last byte is a carriage return, the line feed that Typst puts after it would make a pair of line
    # ends of the two, and a strict PDF/A checker then counts a byte too few. A carriage return cannot pair.
    return pdf.replace(b"\r\nendstream\nendobj", b"\r\rendstream\nendobj")


@cache
def _fonts() -> typst.Fonts:
    """Our two families and no other: the file must not depend on the machine that makes it."""
    folders = [str(folder) for folder in _FACES]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _shown(value: Any) -> Any:
    """The document with every text as it can be shown. Beside a link's `href` stands the `address` to read."""
    if isinstance(value, str):
        return showable(value)
    if isinstance(value, list):
        return [_shown(item) for item in value]
    if not isinstance(value, dict):
        return value
    shown = {key: _shown(item) for key, item in value.items() if key != "provenance"}
    if href := value.get("href"):
        shown |= {"href": quote(href, safe=string.punctuation), "address": shown["href"]}
    return shown


def showable(text: str) -> str:
    """The text with the characters that cannot be shown replaced by their code points, and long words made breakable.

    A single character that no font has would make the file break PDF/A and PDF/UA; Typst then refuses to write it.

    >>> showable("Law ក")
    'Law [U+1780]'
    """
    glyphs = _glyphs()
    if not text.isascii():
        text = glyphs.missing.sub(lambda found: _code_points(found[0]), _INVISIBLE.sub("", text))
        text = glyphs.marked.sub(_with_marks, text)
    if len(max(text.split(), key=len, default="")) > _LONGEST_WORD:
        text = _LONG_WORD.sub(lambda found: glyphs.breakable.sub("\\g<0>\u200b", found[0]), text)
    return text


def _code_points(characters: str) -> str:
    return f"[{' '.join(f'U+{ord(character):04X}' for character in characters)}]"


def _with_marks(found: re.Match[str]) -> str:
    """A letter with its combining marks: all of them must come from one font."""
    letter, marks = found.groups()
    if letter and any(family.issuperset(found[0]) for family in _glyphs().families):
        return found[0]
    home: frozenset[str] = next((family for family in _glyphs().families if letter in family), frozenset())
    runs = groupby(marks, home.__contains__)
    return letter + "".join("".join(run) if known else _code_points("".join(run)) for known, run in runs)


class _Glyphs:
    """What the fonts can show, as patterns."""

    def __init__(self) -> None:
        self.families = [
            frozenset.intersection(*(_covered(folder / f) for f in faces)) for folder, faces in _FACES.items()
        ]
        known = frozenset.union(*self.families)
        marks = _ranges(character for character in known if unicodedata.category(character).startswith("M"))
        self.missing = re.compile(rf"[^{_ranges(known)}\t\n\r]+")
        self.marked = re.compile(rf"([^{marks}]?)([{marks}]+)")
        self.breakable = re.compile(rf"\S{{10}}[{marks}]*(?=\S)")


@cache
def _glyphs() -> _Glyphs:
    return _Glyphs()


def _ranges(characters: Iterable[str]) -> str:
    """The inside of a character class.

    >>> _ranges("abcx")
    'a-cx-x'
    """
    codes = sorted(map(ord, characters))
    runs = (list(run) for _, run in groupby(enumerate(codes), lambda pair: pair[1] - pair[0]))
    return "".join(f"{re.escape(chr(run[0][1]))}-{re.escape(chr(run[-1][1]))}" for run in runs)


def _covered(face: Path) -> frozenset[str]:
    """The characters that a TrueType file has a glyph for, but for control and private ones."""
    return frozenset(
        chr(code) for code in _mapped(face.read_bytes()) if unicodedata.category(chr(code)) not in ("Cc", "Co", "Cn")
    )


def _mapped(font: bytes) -> Iterator[int]:
    """The code points in a font's `cmap`, read from its Windows subtable for the basic plane (platform 3, encoding 1, format 4).

    https://learn.microsoft.com/en-us/typography/opentype/spec/cmap
    """
    tables = {font[at : at + 4]: at for at in range(12, 12 + 16 * _number(font, 4), 16)}
    cmap = struct.unpack_from(">L", font, tables[b"cmap"] + 8)[0]
    records = (struct.unpack_from(">HHL", font, cmap + 4 + 8 * i) for i in range(_number(font, cmap + 2)))
    table = next(cmap + offset for platform, encoding, offset in records if (platform, encoding) == (3, 1))
    count = _number(font, table + 6) // 2
    ends, _, starts, deltas, offsets = (
        table + 14 + at for at in (0, 2 * count, 2 + 2 * count, 2 + 4 * count, 2 + 6 * count)
    )
    for segment in range(0, 2 * count, 2):
        start, offset = _number(font, starts + segment), _number(font, offsets + segment)
        for code in range(start, _number(font, ends + segment) + 1):
            glyph = (
                _number(font, offsets + segment + offset + 2 * (code - start))
                if offset
                else code + _number(font, deltas + segment)
            )
            if glyph & 0xFFFF:
                yield code


def _number(font: bytes, at: int) -> int:
    """The unsigned 16-bit number at a place in a font file."""
    number: int = struct.unpack_from(">H", font, at)[0]
    return number
