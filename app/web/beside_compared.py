"""A proposal beside the present answer: question by question, what differs, and an answer made of both."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from app.web.answer_words import PARTS, Kind, Line, Told, Words, told_answer

Side = Literal["ours", "theirs"]


class Compared(NamedTuple):
    """One part of an answer on both sides, in words; no lines where a side says nothing. `field` as in `Told`."""

    field: str
    label: str
    kind: Kind
    ours: tuple[Line, ...]
    theirs: tuple[Line, ...]

    @property
    def differs(self) -> bool:
        """Whether the two sides say different things."""
        return self.ours != self.theirs

    @property
    def suggested(self) -> Side:
        """The side to begin with when both are put together: theirs wherever they say something."""
        return "theirs" if self.theirs else "ours"


def compare_answers(words: Words, indicator: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[Compared]:
    """All that either answer says, in the order of the questions; a question that neither answers is left out."""
    told: dict[str, dict[str, Told]] = {
        side: {part.field: part for part in told_answer(words, indicator, answer)}
        for side, answer in (("ours", ours), ("theirs", theirs))
    }
    questions = [f"values.{question.id}" for question in words.indicator(indicator).questions]
    compared = []
    for field in (*questions, *PARTS):
        own, other = told["ours"].get(field), told["theirs"].get(field)
        part = own or other
        if part is not None:
            sides = (own.lines if own else (), other.lines if other else ())
            compared.append(Compared(field, part.label, part.kind, *sides))
    return [part for part in compared if part.ours or part.theirs]


def put_together(ours: Mapping[str, Any], theirs: Mapping[str, Any], taken: Mapping[str, str]) -> dict[str, Any]:
    """An answer of both: theirs where `taken` says so for a field (`values.groups`, `note`), ours everywhere else.

    >>> put_together({"note": "a"}, {"note": "b", "values": {"groups": "all"}}, {"values.groups": "theirs"})
    {'note': 'a', 'values': {'groups': 'all'}}
    """
    merged, values = {key: ours[key] for key in ours if key != "values"}, dict(ours.get("values", {}))
    for field in (field for field, side in taken.items() if side == "theirs"):
        place, _, question = field.partition(".")
        target, given = (values, theirs.get("values", {})) if question else (merged, theirs)
        name = question or place
        target.pop(name, None)
        if name in given:
            target[name] = given[name]
    return merged | ({"values": values} if values else {})
