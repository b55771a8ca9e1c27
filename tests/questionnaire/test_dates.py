"""Dates as precise as they are known."""

import datetime

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


@pytest.mark.parametrize("text", ["2019-02-29", "2018-13", "2018-00", "0000", "2018-04-31"])
def test_a_day_that_there_is_not_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"there is no such day as {text}"):
        PartialDate(text)


@pytest.mark.parametrize("text", ["", "18", "2018-9", "2018/09", "09-2018", "2018-09-30T12", "2018\n", "٢٠١٨", " 2018"])
def test_another_form_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match="as 2018, 2018-09 or 2018-09-30"):
        PartialDate(text)


def test_dates_sort_from_early_to_late_with_the_less_precise_first() -> None:
    dates = [PartialDate(text) for text in ("2018-09-30", "2018-09", "2018", "2017-12")]
    assert sorted(dates) == ["2017-12", "2018", "2018-09", "2018-09-30"]


def test_a_number_alone_is_a_year() -> None:
    assert FIELD.validate_python(2018) == PartialDate("2018")


@pytest.mark.parametrize("value", [True, None, 18, 20180930, 2018.5, [], "2018-9", "2018-02-30"])
def test_what_is_no_date_is_no_value_of_a_field(value: object) -> None:
    with pytest.raises(ValidationError):
        FIELD.validate_python(value)


def test_a_date_comes_back_from_json_as_it_was() -> None:
    date = PartialDate("2018-09")
    again = FIELD.validate_json(FIELD.dump_json(date))
    assert again == date
    assert type(again) is PartialDate
