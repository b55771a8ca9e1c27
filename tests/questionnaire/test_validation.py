"""What pydantic finds is told in our own words, with the place and the number that counts."""

from typing import Annotated, Any, Literal, get_args

import pytest
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import core_schema

from questionnaire.problems import Places
from questionnaire.validation import validate, worded

PLACES = Places("some.yaml")
PYDANTIC = ("Input", "should be a valid", "after validation", "discriminator", "Tuple", "String", "Field required")


class Cat(BaseModel):
    type: Literal["cat"]


class Dog(BaseModel):
    type: Literal["dog"]


class Home(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=5)] = "Home"
    code: Annotated[str, Field(min_length=2, pattern="^[A-Z]+$")] = "AB"
    floors: Annotated[int, Field(ge=1, le=9)] = 1
    rooms: Annotated[tuple[str, ...], Field(min_length=2, max_length=3)] = ("a", "b")
    beds: Annotated[tuple[str, ...], Field(min_length=1)] = ("a",)
    heated: Literal["wood", "gas"] = "gas"
    empty: bool = False
    animal: Annotated[Cat | Dog, Field(discriminator="type")] = Cat(type="cat")


def messages(data: Any) -> list[str]:
    return [problem.message for problem in validate(Home, data, PLACES)[1]]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"name": "A home"}, "name: this should have at most 5 characters"),
        ({"name": 5}, "name: this should be text"),
        ({"code": "A"}, "code: this should have at least 2 characters"),
        ({"code": "ab"}, "code: this is not in the form that is asked for here, which is ^[A-Z]+$"),
        ({"floors": 0}, "floors: this should be at least 1"),
        ({"floors": 10}, "floors: this should be at most 9"),
        ({"floors": "x"}, "floors: this should be a whole number"),
        ({"floors": 1.5}, "floors: this should be a whole number"),
        ({"rooms": ["a"]}, "rooms: this should be a list of at least 2"),
        ({"rooms": ["a"] * 4}, "rooms: this should be a list of at most 3"),
        ({"rooms": "a"}, "rooms: this should be a list"),
        ({"beds": []}, "beds: this should not be empty"),
        ({"heated": "coal"}, "heated: this should be one of 'wood' or 'gas'"),
        ({"empty": "perhaps"}, "empty: this should be true or false"),
        ({"animal": {"type": "cow"}}, "animal: 'cow' is not known as 'type'; it should be one of 'cat', 'dog'"),
        ({"animal": {}}, "animal: 'type' is missing"),
        ({"nme": "a"}, "nme: this field is not known here; please remove it or check its spelling"),
        ([], "this should be a mapping of fields"),
    ],
)
def test_each_fault_is_told_in_our_words(data: Any, message: str) -> None:
    assert messages(data) == [message]


@pytest.mark.parametrize("kind", get_args(core_schema.ErrorType))
def test_no_kind_of_fault_is_told_in_the_words_of_pydantic(kind: str) -> None:
    numbers = ("min_length", "max_length", "ge", "le", "gt", "lt", "pattern", "expected", "error")
    context: dict[str, Any] = dict.fromkeys((*numbers, "discriminator", "tag", "expected_tags"), "so")
    told = worded({"type": kind, "loc": (), "msg": "Input should be a valid Tuple", "input": None, "ctx": context})
    assert told
    assert not any(word in told for word in PYDANTIC)
    assert "{" not in told
