"""What a ranking would look like: names and phrases that none of ours may have."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

WORDS = frozenset({
    "score", "scores", "scored", "scoring", "rank", "ranks", "ranked", "ranking", "rankings", "point", "points",
    "grade", "grades", "graded", "rating", "ratings", "index", "percentile", "percentiles", "percent", "percentage",
    "quartile", "decile", "average", "averages", "mean", "median", "total", "totals", "sum", "league", "best",
    "worst", "top", "bottom", "weight", "weights", "weighted", "benchmark", "benchmarks", "leaderboard", "count",
    "counts", "tally", "maturity", "stars", "performance",
})  # fmt: skip
"""No name of a table, column, path, parameter or property has one of these as a part."""

PHRASES = re.compile(
    r"\b(scores?|rank(?!le)\w*|league|percentiles?|leaderboards?|best[- ]performing|worst|on average|average (of|score|value)s?"
    r"|index value|grades?|points? (out of|of \d+)|number of (findings|areas|well[- ]developed)"
    r"|(count|total)s? (of|per) (the )?(findings|areas?)|(findings|areas) per (area|domain|country)"
    r"|compar\w+ (of |between |with )?(other |two |the )?countries|ahead of|behind other)\b",
    re.IGNORECASE,
)


def words_of(name: str) -> list[str]:
    """`wellDeveloped_count` is `well`, `developed`, `count`."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)]


def ranking_names(names: Iterable[str]) -> list[str]:
    """The names that speak of a ranking."""
    return sorted({name for name in names if WORDS & set(words_of(name))})


def ranking_phrases(text: str) -> list[str]:
    """The phrases of a text that do."""
    return [found.group() for found in PHRASES.finditer(text)]


INSTRUMENT = frozenset({"values", "schema", "uischema"})
"""Under these stand names that the instrument gives, as those of its questions on points-based admission."""


def keys_of(body: Any) -> Iterator[str]:
    """All names in a JSON body, but for those of the instrument's questions."""
    if isinstance(body, dict):
        for key, value in body.items():
            yield key
            yield from () if key in INSTRUMENT else keys_of(value)
    elif isinstance(body, list):
        for item in body:
            yield from keys_of(item)
