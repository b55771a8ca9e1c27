"""Lists, numbers and names as the Common Locale Data Repository (CLDR) says they are written in a language."""

import re
from functools import cache
from typing import Literal, NamedTuple, TypeVar

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal

from questionnaire.dates import PartialDate

Joined = Literal["and", "or"]
"""Whether all items of a list are meant, or any one of them."""
JOINED: tuple[Joined, ...] = ("and", "or")

Item = TypeVar("Item")


class ListSeparators(NamedTuple):
    """What stands between the items of a list: of two; and of more, in the middle and before the last."""

    pair: str
    middle: str
    last: str


@cache
def is_locale(name: str) -> bool:
    """Whether CLDR knows a locale of this name, as `en_GB`."""
    try:
        return bool(Locale.parse(name))
    except (UnknownLocaleError, ValueError):
        return False


@cache
def list_separators(locale: str, joined: Joined = "and") -> ListSeparators:
    """The separators of a locale, for a list in which all are meant or any one.

    >>> list_separators("en_GB")
    ListSeparators(pair=' and ', middle=', ', last=' and ')
    """
    patterns = Locale.parse(locale).list_patterns["standard" if joined == "and" else "or"]
    # what a few languages add at an end of the list is left out: it would stand apart from its word here
    pair, middle, last = (re.split(r"\{[01]\}", patterns[key])[1] for key in ("2", "middle", "end"))
    return ListSeparators(pair, middle, last)


def interleaved(items: list[Item], separators: tuple[Item, ...]) -> list[Item]:
    """The items with what stands between them: `separators` for a pair, in the middle, before the last.

    >>> interleaved(["a", "b", "c"], (" and ", ", ", " and "))
    ['a', ', ', 'b', ' and ', 'c']
    """
    if len(items) < 2:
        return items
    pair, middle, last = separators
    if len(items) == 2:
        return [items[0], pair, items[1]]
    listed = [items[0]]
    for item in items[1:-1]:
        listed += (middle, item)
    return [*listed, last, items[-1]]


def join_list(items: list[str], locale: str, joined: Joined = "and") -> str:
    """The items as one text.

    >>> join_list(["Armenia", "Belarus", "Kazakhstan"], "en_GB")
    'Armenia, Belarus and Kazakhstan'
    """
    return "".join(interleaved(items, list_separators(locale, joined)))


@cache
def language_name(code: str, locale: str) -> str | None:
    """The name of a language, or None for an unknown code."""
    name = Locale.parse(locale).languages.get(code)
    return str(name) if name else None


@cache
def language_codes() -> tuple[str, ...]:
    """The two- and three-letter codes of languages that have a name in English."""
    no_language = {"mis", "mul", "und", "zxx"}  # ISO 639 codes for an uncoded, several, an unknown, and none
    return tuple(code for code in map(str, Locale("en").languages) if len(code) in (2, 3) and code not in no_language)


def number_text(number: int, locale: str) -> str:
    """A whole number with the grouping of the locale."""
    return str(format_decimal(number, locale=locale))


def date_text(date: PartialDate, locale: str) -> str:
    """A date as precise as it is known.

    >>> date_text(PartialDate("2018-09"), "en_GB")
    'September 2018'
    """
    pattern = {4: "y", 7: "LLLL y", 10: "long"}[len(date)]
    return str(format_date(date.first_day, format=pattern, locale=locale))
