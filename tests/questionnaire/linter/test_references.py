"""Hints at what a misspelt name may mean, and what they cost."""

import time

import pytest

from questionnaire.problems import nearest


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("helth-access", ["health-access", "health-fees"], "; did you mean 'health-access'?"),
        ("nothing-like-it", ["health-access"], ""),
        (
            "helth-access",
            [*(f"other-{number}" for number in range(500)), "health-access"],
            "; did you mean 'health-access'?",
        ),
        ("helth-access", [*(f"other-{number}" for number in range(3000)), "health-access"], ""),
    ],
)
def test_a_hint_names_the_nearest_known_id_where_there_are_not_too_many(word: str, known: list[str], hint: str) -> None:
    assert nearest(word, known) == hint


def test_thousands_of_misspelt_names_are_told_in_no_time() -> None:
    known = [f"indicator-number-{number:04}" for number in range(2000)]
    start = time.perf_counter()
    for number in range(3000):
        nearest(f"indicator-nmuber-{number:04}", known)
    assert time.perf_counter() - start < 6  # it was 85 seconds; about 1.5 on a quiet machine
