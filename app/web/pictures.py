"""Pictures that the server draws: the wheel of domains, as shapes and places for text; the templates make SVG of them."""

import math
import textwrap
from collections.abc import Iterable
from typing import NamedTuple

SIZE = 480
"""Width and height of the wheel, in units of its own."""
_CENTRE = SIZE / 2
_INNER, _OUTER, _BAND, _EDGE = 62.0, 206.0, 212.0, 232.0
_TEXT_AT, _LINE = 146.0, 20.0
_LINE_OF_TITLE = 15
_GAP = 0.6
"""Degrees left free at each side of a part."""


class Sector(NamedTuple):
    """What a part of the wheel tells: a domain, and how many of its indicators that are asked are answered."""

    number: int
    title: str
    answered: int
    asked: int


class Line(NamedTuple):
    """A line of text, centred at a place."""

    text: str
    x: float
    y: float


class Part(NamedTuple):
    """A part of the wheel: its shape, the band around it and the piece of the band that is filled, as SVG paths.

    `last` is where the line of text that tells the progress stands.
    """

    sector: Sector
    shape: str
    band: str
    filled: str
    heading: Line
    lines: list[Line]
    last: Line


def draw_wheel(sectors: Iterable[Sector], *, mirrored: bool = False) -> list[Part]:
    """The parts of the wheel, from the top in the direction of reading: clockwise, or `mirrored`."""
    given = list(sectors)
    span = 360 / len(given) if given else 0
    return [_part(sector, place * span, span, mirrored) for place, sector in enumerate(given)]


def _part(sector: Sector, start: float, span: float, mirrored: bool) -> Part:
    begin, end = start + _GAP, start + span - _GAP
    done = min(sector.answered / sector.asked, 1) if sector.asked else 0
    titles = textwrap.wrap(sector.title, _LINE_OF_TITLE, break_long_words=False)
    x, y = _point(start + span / 2, _TEXT_AT, mirrored)
    top = y - _LINE * (len(titles) + 1) / 2
    lines = [Line(text, x, round(top + _LINE * (number + 1), 1)) for number, text in enumerate(titles)]
    return Part(
        sector,
        _ring(begin, end, _INNER, _OUTER, mirrored=mirrored),
        _ring(begin, end, _BAND, _EDGE, mirrored=mirrored),
        _ring(begin, begin + (end - begin) * done, _BAND, _EDGE, mirrored=mirrored) if done else "",
        Line(str(sector.number), x, round(top, 1)),
        lines,
        Line("", x, round(top + _LINE * (len(titles) + 1), 1)),
    )


def _ring(begin: float, end: float, inner: float, outer: float, *, mirrored: bool) -> str:
    """A piece of a ring between two angles, as the `d` of an SVG path.

    >>> _ring(0, 90, 100, 200, mirrored=False)
    'M240.0 40.0A200 200 0 0 1 440.0 240.0L340.0 240.0A100 100 0 0 0 240.0 140.0Z'
    """
    corners = [_point(angle, radius, mirrored) for angle, radius in
               ((begin, outer), (end, outer), (end, inner), (begin, inner))]  # fmt: skip
    a, b, c, d = (f"{x:.1f} {y:.1f}" for x, y in corners)
    there, large = int(not mirrored), int(end - begin > 180)
    return f"M{a}A{outer:g} {outer:g} 0 {large} {there} {b}L{c}A{inner:g} {inner:g} 0 {large} {1 - there} {d}Z"


def _point(angle: float, radius: float, mirrored: bool) -> tuple[float, float]:
    """A place by its angle in degrees from the top and its distance from the centre."""
    turned = math.radians(angle)
    across = -radius * math.sin(turned) if mirrored else radius * math.sin(turned)
    return round(_CENTRE + across, 1), round(_CENTRE - radius * math.cos(turned), 1)
