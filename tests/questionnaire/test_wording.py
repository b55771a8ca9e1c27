"""Lists, numbers, names and dates as they are written in a language."""

import pytest
from babel import localedata

from questionnaire.dates import PartialDate
from questionnaire.wording import (
    date_text,
    is_locale,
    join_list,
    language_codes,
    language_name,
    list_separators,
    number_text,
)


@pytest.mark.parametrize(
    ("locale", "items", "text"),
    [
        ("en_GB", ["Armenia"], "Armenia"),
        ("en_GB", ["Armenia", "Belarus"], "Armenia and Belarus"),
        ("en_GB", ["Armenia", "Belarus", "Chad"], "Armenia, Belarus and Chad"),
        ("en_US", ["Armenia", "Belarus", "Chad"], "Armenia, Belarus, and Chad"),
        ("fr_FR", ["a", "b", "c", "d"], "a, b, c et d"),
        ("zh_CN", ["a", "b", "c"], "a、b和c"),
    ],
)
def test_a_list_is_joined_as_the_language_joins_it(locale: str, items: list[str], text: str) -> None:
    assert join_list(items, locale) == text


def test_no_language_leaves_a_bracket_of_its_pattern_in_a_list() -> None:
    separators = {locale: list_separators(locale) for locale in localedata.locale_identifiers()}
    assert len(separators) > 500
    assert [locale for locale, found in separators.items() if not all(found) or "{" in "".join(found)] == []


@pytest.mark.parametrize(
    ("name", "known"), [("en_GB", True), ("fr", True), ("english", False), ("", False), ("e", False)]
)
def test_a_locale_is_known_or_not(name: str, known: bool) -> None:
    assert is_locale(name) is known


def test_a_language_is_named_in_the_language_of_the_reader() -> None:
    assert language_name("ky", "en_GB") == "Kyrgyz"
    assert language_name("ky", "fr_FR") == "kirghize"
    assert language_name("xx", "en_GB") is None


def test_codes_of_languages_have_two_or_three_letters() -> None:
    assert {"en", "ky", "ru"} <= set(language_codes())
    assert {len(code) for code in language_codes()} == {2, 3}


def test_a_number_is_grouped_as_the_language_groups_it() -> None:
    assert number_text(1234567, "en_GB") == "1,234,567"
    assert number_text(1234567, "de_DE") == "1.234.567"


@pytest.mark.parametrize(
    ("date", "locale", "text"),
    [
        ("2018", "en_GB", "2018"),
        ("2018-09", "en_GB", "September 2018"),
        ("2018-09-30", "en_GB", "30 September 2018"),
        ("2018-09", "ru_RU", "сентябрь 2018"),
    ],
)
def test_a_date_is_written_as_precisely_as_it_is_known(date: str, locale: str, text: str) -> None:
    assert date_text(PartialDate(date), locale) == text
