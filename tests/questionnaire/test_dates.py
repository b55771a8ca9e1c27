"""Dates as precise as they are known."""

import datetime
import itertools
import re

import pytest
from pydantic import TypeAdapter, ValidationError

from questionnaire.dates import PartialDate

FIELD = TypeAdapter(PartialDate)


@pytest.mark.parametrize(
    ("text", "first_day"), [("2018", (2018, 1, 1)), ("2018-09", (2018, 9, 1)), ("2020-02-29", (2020, 2, 29))]
)
def test_a_date_is_a_year_a_month_or_a_day(text: str, first_day: tuple[int, int, int]) -> None:
    assert PartialDate(text).first_day == datetime.date(*first_day)
    assert PartialDate(text).year == first_day[0]


@pytest.mark.parametrize("text", ["2019-02-29", "2018-13", "2018-00", "2018-04-31"])
def test_a_day_that_there_is_not_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"there is no such day as {text}"):
        PartialDate(text)


@pytest.mark.parametrize("text", ["", "18", "2018-9", "2018/09", "09-2018", "2018-09-30T12", "2018\n", "٢٠١٨", " 2018"])
def test_another_form_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match="as 2018, 2018-09 or 2018-09-30"):
        PartialDate(text)


@pytest.mark.parametrize("text", ["0001", "0999-12", "2201", "9999-01-01"])
def test_a_year_far_from_ours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="from 1000 to 2200"):
        PartialDate(text)


def test_dates_sort_from_early_to_late_with_the_less_precise_first() -> None:
    dates = [PartialDate(text) for text in ("2018-09-30", "2018-09", "2018", "2017-12")]
    assert sorted(dates) == ["2017-12", "2018", "2018-09", "2018-09-30"]


def test_a_number_alone_is_a_year() -> None:
    assert FIELD.validate_python(2018) == PartialDate("2018")


@pytest.mark.parametrize("value", [True, None, 18, -2018, 20180930, 2201, 2018.5, [], "2018-9", "x2018", "2018-02-30"])
def test_what_is_no_date_is_no_value_of_a_field(value: object) -> None:
    with pytest.raises(ValidationError):
        FIELD.validate_python(value)


@pytest.mark.parametrize("value", ["x", "x2018", "", 18, True, None, 2018.5, {}])
def test_what_has_another_form_is_told_once(value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        FIELD.validate_python(value)
    assert [error["msg"] for error in caught.value.errors()] == [
        "Value error, this should be a date as 2018, 2018-09 or 2018-09-30"
    ]


def test_the_schema_of_a_date_knows_the_same_days() -> None:
    pattern = re.compile(FIELD.json_schema()["anyOf"][0]["pattern"])
    for month, day in itertools.product(range(14), range(33)):
        for text in (f"2020-{month:02}-{day:02}", f"2020-{month:02}"):
            assert bool(pattern.search(text)) == is_date(text)
    for year in (0, 999, 1000, 1999, 2000, 2200, 2201, 2999, 9999):
        assert bool(pattern.search(f"{year:04}")) == is_date(f"{year:04}")


def is_date(text: str) -> bool:
    try:
        PartialDate(text)
    except ValueError:
        return False
    return True


def test_a_date_comes_back_from_json_as_it_was() -> None:
    date = PartialDate("2018-09")
    again = FIELD.validate_json(FIELD.dump_json(date))
    assert again == date
    assert type(again) is PartialDate
