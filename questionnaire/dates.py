"""Dates as precise as they are known: a year, a month, or a day."""

import datetime
import re
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

FIRST_YEAR = 1000
LAST_YEAR = 2200

_FORM = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?\Z")
_WRONG_FORM = "this should be a date as 2018, 2018-09 or 2018-09-30"
_YEAR = r"(1[0-9]{3}|2[01][0-9]{2}|2200)"
_MONTH_AND_DAY = (
    r"((0[13578]|1[02])(-(0[1-9]|[12][0-9]|3[01]))?|(0[469]|11)(-(0[1-9]|[12][0-9]|30))?|02(-(0[1-9]|[12][0-9]))?)"
)


class PartialDate(str):
    """`2018`, `2018-09` or `2018-09-30`; sorts as text. `ValueError` where there is no such day."""

    __slots__ = ()

    def __new__(cls, text: str) -> "PartialDate":
        """Check the form, the century, and that the day exists."""
        date = super().__new__(cls, text)
        if not _FORM.match(text):
            raise ValueError(_WRONG_FORM)
        try:
            _ = date.first_day
        except ValueError:
            raise ValueError(f"there is no such day as {text}") from None
        if not FIRST_YEAR <= date.year <= LAST_YEAR:
            raise ValueError(f"please check the year: it should be from {FIRST_YEAR} to {LAST_YEAR}")
        return date

    @property
    def first_day(self) -> datetime.date:
        """The first day that it can mean."""
        return datetime.date.fromisoformat(self + "-01" * ((10 - len(self)) // 3))

    @property
    def year(self) -> int:
        """The year."""
        return int(self[:4])

    @classmethod
    def read(cls, value: Any) -> "PartialDate":
        """A date from what a file or form holds: a text, or a year as a number."""
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise ValueError(_WRONG_FORM)
        return cls(str(value))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A number alone is a year."""
        return core_schema.no_info_plain_validator_function(cls.read, serialization=core_schema.to_string_ser_schema())

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """All that a schema can say; that 29 February needs a leap year it cannot."""
        return {
            "anyOf": [
                {"type": "string", "pattern": f"^{_YEAR}(-{_MONTH_AND_DAY})?$"},
                {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR},
            ],
            "description": "A year, a year and month, or a full date.",
        }
