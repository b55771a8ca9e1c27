"""From plain data to typed models, with pydantic's errors told as problems at their place."""

from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from questionnaire.problems import Path, Places, Problem

Model = TypeVar("Model", bound=BaseModel)

_WORDING = {
    "missing": "this is missing",
    "extra_forbidden": "this field is not known here; please remove it or check its spelling",
    "string_type": "this should be text",
    "string_too_short": "this should not be empty",
    "too_short": "this should not be empty",
    "tuple_type": "this should be a list",
    "dict_type": "this should be a mapping of fields",
    "model_type": "this should be a mapping of fields",
    "model_attributes_type": "this should be a mapping of fields",
    "int_type": "this should be a whole number",
    "bool_type": "this should be true or false",
}


def validate(model: type[Model], data: Any, places: Places, about: str = "") -> tuple[Model | None, list[Problem]]:
    """The typed model, or None and every problem that stood in the way."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        problems = []
        for found in _first_causes(error.errors(include_url=False, include_input=False)):
            path = _path(data, found["loc"])
            named = ".".join(str(step) for step in found["loc"][-2:] if isinstance(step, str))
            message = _WORDING.get(found["type"], found["msg"].removeprefix("Value error, "))
            problems.append(Problem(places.of(path), "format", about or subject(data, path), f"{named}: {message}"))
        return None, problems


def _first_causes(errors: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    """The errors without those that call a list too short only because something in it is wrong."""
    for found in errors:
        loc = found["loc"]
        if found["type"] != "too_short" or not any(other["loc"][: len(loc)] == loc != other["loc"] for other in errors):
            yield found


def _path(data: Any, location: tuple[str | int, ...]) -> Path:
    """The part of pydantic's location that exists in the data (it adds the names of union members)."""
    path: Path = ()
    for step in location:
        known = range(len(data)) if isinstance(data, list) else data if isinstance(data, dict) else ()
        if step in known:
            path, data = (*path, step), data[step]
    return path


def subject(data: Any, path: Path) -> str:
    """The id of the innermost thing along the path that has an indicator's number, or else an id."""
    found = ""
    for step in path:
        data = data[step]
        if isinstance(data, dict) and isinstance(data.get("id"), str) and ("questions" in data or not found):
            found = data["id"]
    return found
