"""Dates as precise as they are known: a year, a month, or a day."""

import datetime
import re
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

_FORM = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?\Z")


class PartialDate(str):
    """`2018`, `2018-09` or `2018-09-30`; sorts as text. `ValueError` where there is no such day."""

    __slots__ = ()

    def __new__(cls, text: str) -> "PartialDate":
        """Check the form and that the day exists."""
        date = super().__new__(cls, text)
        if not _FORM.match(text):
            raise ValueError("this should be a date as 2018, 2018-09 or 2018-09-30")
        try:
            _ = date.first_day
        except ValueError:
            raise ValueError(f"there is no such day as {text}") from None
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
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A number alone is a year."""
        return core_schema.no_info_after_validator_function(
            cls,
            core_schema.union_schema(
                [
                    core_schema.str_schema(pattern=_FORM.pattern.replace(r"\Z", "$")),
                    core_schema.no_info_after_validator_function(str, core_schema.int_schema(ge=1000, le=9999)),
                ]
            ),
            serialization=core_schema.to_string_ser_schema(),
        )
