"""Conditions on closed answers: `{groups: [some, none], strategy-doc.exists: "yes"}`.

A condition is a tuple of tests that must all hold. It is written as a mapping (see docs/instrument-format.md).
"""

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

Mode = Literal["is", "any", "all", "none"]


class Unanswered:
    """What stands in the place of a value where there is none; compared by identity."""

    def __init__(self, word: str) -> None:
        self.word = word

    def __repr__(self) -> str:
        return self.word


OFF_PATH: Final = Unanswered("not asked")
"""The question is not asked, because an earlier answer makes it moot: every test on it is false."""
UNAVAILABLE: Final = Unanswered("no answer")
"""The earlier indicator is not answered, not known or not applicable: false in a rule, open in `asked_when`."""


class Test(BaseModel):
    """One test: the chosen option(s) of a closed question against named options."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    indicator: str | None
    question: str
    mode: Mode
    options: tuple[str, ...]

    def holds(self, value: Any) -> bool:
        """`value` is an option id, or for a `choices` question a frozenset of them, or `Unanswered`."""
        if isinstance(value, Unanswered):
            return False
        if self.mode == "is":
            return value in self.options
        chosen = [option in value for option in self.options]
        if self.mode == "all":
            return all(chosen)
        return any(chosen) == (self.mode == "any")

    def __str__(self) -> str:
        name = f"{self.indicator}.{self.question}" if self.indicator else self.question
        words = {"is": "is", "any": "has any of", "all": "has all of", "none": "has none of"}[self.mode]
        return f"{name} {words} {(' and ' if self.mode == 'all' else ' or ').join(self.options)}"


def _parse(value: Any) -> Any:
    if not isinstance(value, dict):
        return value  # already parsed, or for pydantic to refuse
    return tuple(test for key, tested in value.items() for test in _tests(str(key), tested))


def _tests(key: str, tested: Any) -> list[Test]:
    indicator, _, question = key.rpartition(".")
    if isinstance(tested, dict):
        unknown = sorted(set(tested) - {"any", "all", "none"})
        if unknown or not tested:
            raise ValueError(
                f"'{key}' can be tested by any, all or none of some options, not by {unknown or 'nothing'}"
            )
        modes = tested
    else:
        modes = {"is": tested}
    return [
        Test(indicator=indicator or None, question=question, mode=mode, options=_options(key, options))
        for mode, options in modes.items()
    ]


def _options(key: str, options: Any) -> tuple[str, ...]:
    listed = options if isinstance(options, list) else [options]
    if not listed or not all(isinstance(option, str) for option in listed):
        raise ValueError(f"'{key}' must be tested against the id of an option, or a list of ids")
    if len(set(listed)) < len(listed):
        raise ValueError(f"'{key}' names an option twice")
    return tuple(listed)


Condition = Annotated[tuple[Test, ...], BeforeValidator(_parse)]
