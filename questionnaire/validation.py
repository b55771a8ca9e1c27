"""From plain data to typed models, with pydantic's errors told as problems at their place."""

from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from questionnaire.problems import Path, Places, Problem

Model = TypeVar("Model", bound=BaseModel)

_MAPPING = "this should be a mapping of fields"
_NUMBER = "this should be a whole number"
_NOT_KNOWN = "this field is not known here; please remove it or check its spelling"
_UNFORESEEN = "this cannot be read here; please look up how it is written"
_WORDING = {
    "missing": "this is missing",
    "extra_forbidden": _NOT_KNOWN,
    "invalid_key": _NOT_KNOWN,
    "string_type": "this should be text",
    "string_too_long": "this should have at most {max_length} characters",
    "string_pattern_mismatch": "this is not in the form that is asked for here, which is {pattern}",
    "string_too_short": "this should have at least {min_length} characters",
    "too_short": "this should be a list of at least {min_length}",
    "too_long": "this should be a list of at most {max_length}",
    "tuple_type": "this should be a list",
    "list_type": "this should be a list",
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_from_float": _NUMBER,
    "bool_type": "this should be true or false",
    "bool_parsing": "this should be true or false",
    "greater_than_equal": "this should be at least {ge}",
    "less_than_equal": "this should be at most {le}",
    "greater_than": "this should be more than {gt}",
    "less_than": "this should be less than {lt}",
    "literal_error": "this should be one of {expected}",
    "union_tag_invalid": "'{tag}' is not known as {discriminator}; it should be one of {expected_tags}",
    "union_tag_not_found": "{discriminator} is missing",
    "value_error": "{error}",
}


def worded(found: ErrorDetails) -> str:
    """What is wrong and how to mend it, in the words of this project.

    >>> worded({"type": "less_than_equal", "loc": (), "msg": "Input should be…", "input": 24, "ctx": {"le": 23}})
    'this should be at most 23'
    """
    context = found.get("ctx", {})
    if context.get("min_length") == 1:
        return "this should not be empty"
    return _WORDING.get(found["type"], _UNFORESEEN).format(**context)


def validate(model: type[Model], data: Any, places: Places, about: str = "") -> tuple[Model | None, list[Problem]]:
    """The typed model, or None and every problem that stood in the way."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        problems = []
        for found in _first_causes(error.errors(include_url=False, include_input=False)):
            path = _path(data, found["loc"])
            field = ".".join(step for step in found["loc"][-2:] if isinstance(step, str))
            message = f"{field}: {worded(found)}" if field else worded(found)
            problems.append(Problem(places.of(path), "format", about or subject(data, path), message))
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
