"""WordprocessingML by hand: elements, runs of text in their direction, and fields."""

import re
from collections.abc import Iterator

from docx.oxml.ns import nsmap
from docx.oxml.parser import oxml_parser
from docx.oxml.xmlchemy import BaseOxmlElement

Element = BaseOxmlElement

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_PREFIXES = {"w": nsmap["w"]}
_W, _R = f"{{{nsmap['w']}}}", f"{{{nsmap['r']}}}"

_RTL = "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
_LTR = rf"(?!{_RTL})[^\W\d_]"


def _stretch(own: str, other: str) -> re.Pattern[str]:
    """Finds the letters of one direction with what stands between them.

    A stretch begins with a letter and ends with a letter, a digit or a whole bracket, and the marks set upon it; it may
    also be all in brackets. This is what Unicode's rules for mixed directions come to.
    """
    inner = rf"(?:(?!{other})[^()])"
    begin = rf"(?:{own}|\((?={inner}*\)){inner}*?{own}{inner}*\))"
    bracket = rf"\({inner}*\)"
    more = rf"(?:(?>{bracket}|(?!{other}).)*(?:{own}|\d|{bracket}))?"
    marks = rf"(?:(?!{other})[^\s!-/:-@\[-`{{-~\u00a0-\u00bf\u2010-\u206f])*"
    return re.compile(begin + more + marks, re.DOTALL)


_STRETCH = {True: _stretch(_LTR, _RTL), False: _stretch(_RTL, _LTR)}
"""Whether a document runs right to left → what finds the stretches in it that run the other way."""


def make(name: str, attributes: dict[str, str], prefixes: dict[str | None, str]) -> Element:
    """An element by its full name, in braces and all, of the kind that python-docx works with."""
    made: Element = oxml_parser.makeelement(name, attrib=attributes, nsmap=prefixes)
    return made


def w(tag: str, *children: Element, **attributes: str | int) -> Element:
    """An element with its attributes: `w("pStyle", val="Title")` is `<w:pStyle w:val="Title"/>`."""
    made: Element = oxml_parser.makeelement(
        _W + tag, attrib={_W + name: str(value) for name, value in attributes.items()}, nsmap=_PREFIXES
    )
    made.extend(children)
    return made


def related(element: Element, relationship: str) -> Element:
    """The element, pointing to another part or address by the id of a relationship."""
    element.set(_R + "id", relationship)
    return element


def stretches(text: str, rtl: bool) -> Iterator[tuple[str, bool]]:
    """The text in stretches of one direction, and whether each runs right to left.

    Word's `w:rtl` must not stand on a run of left-to-right letters, and Arabic letters are set well only with it.
    """
    position = 0
    for match in _STRETCH[rtl].finditer(text):
        if match.start() > position:
            yield text[position : match.start()], rtl
        yield match.group(), not rtl
        position = match.end()
    if position < len(text):
        yield text[position:], rtl


_BREAKS = re.compile(r"([\t\n])")


def _marks(text: str) -> Iterator[Element]:
    for piece in _BREAKS.split(text):
        if piece in ("\t", "\n"):
            yield w("tab" if piece == "\t" else "br")
        elif piece:
            mark = w("t")
            mark.text = piece
            mark.set(_SPACE, "preserve")
            yield mark


def run(*content: Element, style: str | None = None, rtl: bool = False) -> Element:
    """A run of the content, in a character style."""
    properties = ([w("rStyle", val=style)] if style else []) + ([w("rtl")] if rtl else [])
    return w("r", *([w("rPr", *properties)] if properties else []), *content)


def runs(text: str, rtl: bool, style: str | None = None) -> list[Element]:
    """The text as runs, literally, whatever it holds."""
    return [run(*_marks(stretch), style=style, rtl=right) for stretch, right in stretches(text, rtl)]


def paragraph(style: str, *content: Element, rtl: bool) -> Element:
    """A paragraph in a paragraph style."""
    return w("p", w("pPr", w("pStyle", val=style), *([w("bidi")] if rtl else [])), *content)


def page_runs(page_text: str, rtl: bool) -> list[Element]:
    """`Page {page} of {pages}` as runs, with Word's fields in place of the two numbers."""
    made: list[Element] = []
    for piece in re.split(r"(\{pages?\})", page_text):
        if piece in ("{page}", "{pages}"):
            instruction = " PAGE " if piece == "{page}" else " NUMPAGES "
            made.append(w("fldSimple", *runs("1", rtl), instr=instruction))
        else:
            made += runs(piece, rtl)
    return made
