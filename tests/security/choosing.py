"""Which cases are asked in every run: all of the API, and a part of the pages, which take longer to draw; all with `MGI_FULL`."""

import os
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from zlib import crc32

from tests.security.access_table import PAGE, Route
from tests.security.six_states import Case

IS_FULL = bool(os.environ.get("MGI_FULL"))
STRIDE = 11
"""This and the number of people have no divisor in common, so that from state to state others are asked."""


def part_of(
    cases: Iterable[Case], stride: int = STRIDE, by: Callable[[Case], Hashable] = lambda case: case
) -> list[Case]:
    """All cases of the API, and every so many-th of each page, from a place of its own on; `by`: what is taken together."""
    groups: defaultdict[Route, dict[Hashable, int]] = defaultdict(dict)
    chosen = []
    for case in cases:
        places = groups[case.route]
        place = places.setdefault(by(case), len(places))
        if IS_FULL or not case.route[1].startswith(PAGE) or place % stride == _start(case.route, stride):
            chosen.append(case)
    return chosen


def few_of(cases: Iterable[Case], most: int) -> list[Case]:
    """All cases of the API, and of each page at most so many, as far apart as may be."""
    groups: defaultdict[Route, list[Case]] = defaultdict(list)
    for case in cases:
        groups[case.route].append(case)
    return [
        case
        for route, mine in groups.items()
        for case in (mine if IS_FULL or not route[1].startswith(PAGE) else mine[:: -(-len(mine) // most)])
    ]


def _start(route: Route, stride: int) -> int:
    return crc32(" ".join(route).encode()) % stride
