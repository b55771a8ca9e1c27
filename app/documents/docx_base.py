"""The Word base that every snapshot starts from: an A4 page, our styles, the language; made once and kept in memory."""

from functools import lru_cache
from io import BytesIO
from typing import NamedTuple

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE as RT

from app.documents.docx_xml import Element, w

BLUE, GREY, UNDERLINE, RULE, TINT = "0B3D66", "57626D", "9FB0C0", "C5CCD3", "F2F4F6"
FONT = "Calibri"
COMPLEX_FONT = "Arial"
"""For Arabic and its like: Calibri has no such letters, and every computer with Word has this one."""
MARGIN = 1559
TEXT_WIDTH = 11906 - 2 * MARGIN
"""The width of the text on the page, in twentieths of a point."""

_KEPT = {RT.STYLES, RT.FONT_TABLE, RT.SETTINGS, RT.THEME, RT.CORE_PROPERTIES, RT.OFFICE_DOCUMENT}
_PROOFING = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES", "ru": "ru-RU", "ar": "ar-SA"}
_BUILT_IN = {
    *(
        "Normal",
        "Body Text",
        "Title",
        "Subtitle",
        "TOC Heading",
        "toc 1",
        "toc 2",
        "heading 1",
        "heading 2",
        "heading 3",
    ),
    *("header", "footer", "footnote text", "footnote reference", "Hyperlink", "Default Paragraph Font", "Normal Table"),
}
"""Styles that Word knows by name, and names in the reader's language."""


class _Border(NamedTuple):
    """A rule above (`top`) or below (`bottom`) a paragraph or all around it (`box`).

    `thickness` in eighths of a point, `distance` from the text in points.
    """

    where: str
    thickness: int
    colour: str
    distance: int


class _Style(NamedTuple):
    """A paragraph style: sizes and spaces in points, `line` in lines, `hanging` and `inset` in twentieths of a point."""

    name: str
    size: float | None = None
    colour: str | None = None
    bold: bool = False
    before: float = 0
    after: float = 0
    line: float = 1.15
    hanging: int = 0
    inset: int = 0
    level: int | None = None
    keep: bool = False
    new_page: bool = False
    border: _Border | None = None
    tab: bool = False


_UNDER, _OVER = _Border("bottom", 4, RULE, 5), _Border("top", 4, RULE, 8)

_STYLES = (
    _Style("Body Text", after=8, line=1.2),
    _Style("Opening", after=8, line=1.2, new_page=True),
    _Style("Title", 30, BLUE, before=14, after=4, line=1.0, keep=True),
    _Style("Subtitle", 16, GREY, after=22, line=1.0),
    _Style("Programme", 12, BLUE, before=84, line=1.0, border=_Border("bottom", 8, BLUE, 8)),
    _Style("Imprint", 11, GREY, after=2),
    _Style("Draft Notice", 11, BLUE, bold=True, before=24, inset=160, border=_Border("box", 6, BLUE, 6)),
    _Style("TOC Heading", 11, BLUE, bold=True, before=72, after=6, border=_UNDER, keep=True),
    _Style("toc 1", 11, after=4),
    _Style("toc 2", 11, after=4, hanging=425),
    _Style("heading 1", 22, BLUE, after=6, line=1.0, level=0, keep=True, new_page=True),
    _Style("heading 2", 15, BLUE, True, 24, 6, 1.05, hanging=510, level=1, keep=True, border=_UNDER),
    _Style("heading 3", 11.5, BLUE, True, 14, 5, 1.05, hanging=680, level=2, keep=True),
    _Style("Disclaimer", 9, GREY, before=18, border=_OVER),
    _Style("Table Heading", 10, BLUE, bold=True, keep=True, line=1.05),
    _Style("Table Text", 10, line=1.1),
    _Style("Table Note", 9, GREY, before=2, line=1.1),
    _Style("Remark", 9, BLUE, before=5, after=3, line=1.1, inset=80, border=_Border("box", 4, BLUE, 3)),
    _Style("Source", 10.5, after=6, line=1.1, hanging=284),
    _Style("footnote text", 9, GREY, line=1.1),
    _Style("header", 9, GREY, line=1.0, border=_UNDER, tab=True),
    _Style("footer", 9, GREY, line=1.0, tab=True),
)


@lru_cache(maxsize=16)
def base(language: str, rtl: bool) -> bytes:
    """python-docx's own template with our page, styles and settings in place of its own."""
    document = Document()
    for source in (document.part.package, document.part):
        for key in [key for key, relation in source.rels.items() if relation.reltype not in _KEPT]:
            del source.rels[key]
    _set_styles(document, language, rtl)
    _set_settings(document, language, rtl)
    _set_page(document, rtl)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def style_id(name: str) -> str:
    """The id under which a style of that name is known: `heading 1` is `Heading1`."""
    return "".join(word[:1].upper() + word[1:] for word in name.split())


def _rule(side: str, thickness: int, colour: str, distance: int = 0) -> Element:
    return w(side, val="single", sz=thickness, space=distance, color=colour)


def _language(language: str, rtl: bool) -> dict[str, str]:
    proofing = _PROOFING.get(language, language)
    return {"val": "en-GB", "bidi": proofing} if rtl else {"val": proofing, "bidi": "ar-SA"}


def _set_styles(document: WordDocument, language: str, rtl: bool) -> None:
    styles = document.styles.element
    for child in list(styles):
        styles.remove(child)
    fonts = w("rFonts", ascii=FONT, hAnsi=FONT, eastAsia=FONT, cs=COMPLEX_FONT)
    text = w("rPr", fonts, *_sizes(11), w("lang", **_language(language, rtl)))
    latent = {"defUIPriority": 99, "defSemiHidden": 1, "defUnhideWhenUsed": 1, "defQFormat": 0}
    styles.append(w("docDefaults", w("rPrDefault", text), w("pPrDefault", w("pPr"))))
    styles.append(w("latentStyles", defLockedState=0, **latent))
    styles.append(_normal(rtl))
    styles.extend(_paragraph_style(style) for style in _STYLES)
    styles.extend((*_character_styles(), *_table_styles()))


def _normal(rtl: bool) -> Element:
    direction = [w("bidi")] if rtl else []
    properties = w("pPr", w("widowControl"), *direction, w("spacing", before=0, after=0, line=276, lineRule="auto"))
    return _style("paragraph", "Normal", w("qFormat"), properties, default=1)


def _style(kind: str, name: str, *content: Element, **attributes: int) -> Element:
    own = {} if name in _BUILT_IN else {"customStyle": 1}
    return w("style", w("name", val=name), *content, type=kind, styleId=style_id(name), **own, **attributes)


def _sizes(points: float) -> tuple[Element, Element]:
    """A size in half points; Arabic letters are drawn small for their size, so they are set a little larger."""
    return w("sz", val=round(points * 2)), w("szCs", val=round(points * 2.25))


def _paragraph_style(style: _Style) -> Element:
    return _style(
        "paragraph",
        style.name,
        w("basedOn", val="Normal"),
        w("next", val="BodyText" if style.level is not None else style_id(style.name)),
        w("uiPriority", val=9 if style.level is not None else 10),
        w("qFormat"),
        w("pPr", *_paragraph_properties(style)),
        w("rPr", *_run_properties(style)),
    )


def _paragraph_properties(style: _Style) -> list[Element]:
    """In the order that the schema wants."""
    made = [w("keepNext"), w("keepLines")] if style.keep else []
    if style.new_page:
        made.append(w("pageBreakBefore"))
    if style.border:
        made += _border(style.border)
    if style.tab:
        made.append(w("tabs", w("tab", val="right", pos=TEXT_WIDTH)))
    before, after = round(style.before * 20), round(style.after * 20)
    made.append(w("spacing", before=before, after=after, line=round(style.line * 240), lineRule="auto"))
    if style.hanging:
        made.append(w("ind", left=style.hanging, hanging=style.hanging))
    if style.inset:
        made.append(w("ind", left=style.inset, right=style.inset))
    if style.level is not None:
        made.append(w("outlineLvl", val=style.level))
    return made


def _border(border: _Border) -> list[Element]:
    """The same on both sides, since programs differ on which side of an Arabic paragraph is its left. A box is tinted."""
    sides = ("top", "left", "bottom", "right") if border.where == "box" else (border.where,)
    made = [w("pBdr", *(_rule(side, border.thickness, border.colour, border.distance) for side in sides))]
    return [*made, w("shd", val="clear", color="auto", fill=TINT)] if border.where == "box" else made


def _run_properties(style: _Style) -> list[Element]:
    made = [w("b"), w("bCs")] if style.bold else []
    if style.colour:
        made.append(w("color", val=style.colour))
    return made + list(_sizes(style.size)) if style.size else made


def _character_styles() -> list[Element]:
    looks = {
        "Hyperlink": [w("color", val=BLUE), w("u", val="single", color=UNDERLINE)],
        "footnote reference": [w("vertAlign", val="superscript")],
        "Source Detail": [w("color", val=GREY), *_sizes(9.5)],
    }
    styles = [_style("character", "Default Paragraph Font", default=1)]
    for name, look in looks.items():
        based = w("basedOn", val="DefaultParagraphFont")
        styles.append(_style("character", name, based, w("uiPriority", val=99), w("rPr", *look)))
    return styles


def _table_styles() -> list[Element]:
    borders = w("tblBorders", _rule("top", 8, BLUE), _rule("bottom", 8, BLUE), _rule("insideH", 4, RULE))
    under = w("tcPr", w("tcBorders", _rule("bottom", 8, BLUE)))
    first = w("tblStylePr", w("rPr", w("b"), w("bCs")), under, type="firstRow")
    based = w("basedOn", val="NormalTable")
    return [
        _style("table", "Normal Table", w("tblPr", _cell_margins(0, 108)), default=1),
        _style("table", "Snapshot Table", based, w("tblPr", borders, _cell_margins(70, 85)), first),
    ]


def _cell_margins(above: int, beside: int) -> Element:
    widths = {"top": above, "left": beside, "bottom": above, "right": beside}
    return w("tblCellMar", *(w(side, w=width, type="dxa") for side, width in widths.items()))


def _set_settings(document: WordDocument, language: str, rtl: bool) -> None:
    """As Word 2013 and later lay out a page; the two separators of footnotes are named here."""
    settings = document.settings.element
    for child in list(settings):
        settings.remove(child)
    office = "http://schemas.microsoft.com/office/word"
    settings.extend(
        (
            w("zoom", percent=100),
            w("defaultTabStop", val=567),
            w("characterSpacingControl", val="doNotCompress"),
            w("footnotePr", w("footnote", id=-1), w("footnote", id=0)),
            w("compat", w("compatSetting", name="compatibilityMode", uri=office, val=15)),
            w("themeFontLang", **_language(language, rtl)),
            w("decimalSymbol", val="."),
            w("listSeparator", val=","),
        )
    )


def _set_page(document: WordDocument, rtl: bool) -> None:
    page = document.element.body.sectPr
    for child in list(page):
        page.remove(child)
    page.append(w("pgSz", w=11906, h=16838))
    page.append(w("pgMar", top=1588, right=MARGIN, bottom=1474, left=MARGIN, header=794, footer=737, gutter=0))
    page.extend((w("cols", space=708), w("titlePg"), *([w("bidi")] if rtl else [])))
