"""The wheel of domains as shapes: where its parts stand, and how full their bands are."""

import re

import pytest

from app.web.pictures import SIZE, Part, Sector, draw_wheel

SIX = [Sector(number, "Safe, orderly and regular migration", number, 6) for number in range(1, 7)]


def places(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"(?:[ML]| [01] [01] )(\d+\.\d) (\d+\.\d)", path)]


def test_every_part_lies_inside_the_picture() -> None:
    for mirrored in (False, True):
        for part in draw_wheel(SIX, mirrored=mirrored):
            found = places(part.shape) + places(part.band) + places(part.filled)
            assert len(found) == 12
            assert all(0 <= place <= SIZE for corner in found for place in corner)


def test_the_band_is_filled_as_far_as_is_answered() -> None:
    none, half, whole = draw_wheel([Sector(1, "A", 0, 4), Sector(2, "B", 2, 4), Sector(3, "C", 4, 4)])
    assert none.filled == ""
    assert whole.filled == whole.band
    assert half.filled not in ("", half.band)
    assert places(half.filled)[1] == pytest.approx((SIZE / 2, SIZE / 2 + 232), abs=0.1)


def test_a_domain_of_which_nothing_is_asked_has_an_empty_band() -> None:
    [part] = draw_wheel([Sector(1, "A", 0, 0)])
    assert part.filled == ""


def test_the_mirrored_wheel_is_the_same_wheel_seen_from_behind() -> None:
    def across(part: Part) -> list[float]:
        return [part.heading.x, *(x for x, _ in places(part.shape))]

    for there, back in zip(draw_wheel(SIX), draw_wheel(SIX, mirrored=True), strict=True):
        assert [SIZE - x for x in across(back)] == pytest.approx(across(there), abs=0.11)


def test_titles_are_broken_into_lines_that_stand_below_each_other() -> None:
    part = draw_wheel(SIX)[0]
    assert [line.text for line in part.lines] == ["Safe, orderly", "and regular", "migration"]
    heights = [part.heading.y, *(line.y for line in part.lines), part.last.y]
    assert heights == sorted(heights)


def test_no_domains_make_no_picture() -> None:
    assert draw_wheel([]) == []
