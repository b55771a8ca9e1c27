"""Two texts of one answer, question by question in words: what stands only in one of them."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from app.web.answer_words import Kind, Line, Told

Mark = Literal["same", "removed", "added"]
_WORDS = re.compile(r"\S+\s*|\s+")
_MOST_CHARACTERS = 12_000
"""Texts longer than this together are shown whole, the old one and the new one."""


class Piece(NamedTuple):
    """Some words, and whether they stand in both texts, or only in the one before or after."""

    mark: Mark
    line: Line


class Change(NamedTuple):
    """A part of an answer on both sides; `field` as in `Told`. `same` where nothing differs.

    `pieces` tell the difference line by line; `inline`: they are the words of one text, to be read one after the other.
    """

    field: str
    label: str
    kind: Kind
    before: tuple[Line, ...]
    after: tuple[Line, ...]
    same: bool
    pieces: tuple[Piece, ...]
    inline: bool = False


def told_changes(before: Sequence[Told], after: Sequence[Told]) -> list[Change]:
    """Every part that stands on either side, in the order of the answer."""
    left, right = {part.field: part for part in before}, {part.field: part for part in after}
    order = _in_order(before, after)
    return [_change(right.get(field) or left[field], left.get(field), right.get(field)) for field in order]


def only_different(changes: Sequence[Change]) -> list[Change]:
    """The parts that differ."""
    return [change for change in changes if not change.same]


def _in_order(before: Sequence[Told], after: Sequence[Told]) -> list[str]:
    """The fields of both sides, questions first; one that stands on one side alone keeps its place."""
    order = [part.field for part in after]
    place = 0
    for part in before:
        if part.field in order:
            place = order.index(part.field) + 1
        else:
            order.insert(place, part.field)
            place += 1
    return sorted(order, key=lambda field: not field.startswith("values."))


def _change(part: Told, before: Told | None, after: Told | None) -> Change:
    old, new = before.lines if before else (), after.lines if after else ()
    inline = len(old) == len(new) == 1 and _are_texts(old[0], new[0])
    pieces = _words(old[0], new[0]) if inline else _whole_lines(old, new)
    return Change(part.field, part.label, part.kind, old, new, old == new, tuple(pieces), inline)


def _are_texts(old: Line, new: Line) -> bool:
    """Whether the two are texts of several words each, in which single words can have changed."""
    texts = all(line.kind == "own" and line.source is None and " " in line.text for line in (old, new))
    return texts and len(old.text) + len(new.text) < _MOST_CHARACTERS


def _whole_lines(old: Sequence[Line], new: Sequence[Line]) -> Iterator[Piece]:
    yield from (Piece("same" if line in new else "removed", line) for line in old)
    yield from (Piece("added", line) for line in new if line not in old)


def _words(old: Line, new: Line) -> Iterator[Piece]:
    left, right = _WORDS.findall(old.text), _WORDS.findall(new.text)
    for tag, start, end, begin, stop in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", Line("".join(left[start:end])))
            continue
        if start < end:
            yield Piece("removed", Line("".join(left[start:end])))
        if begin < stop:
            yield Piece("added", Line("".join(right[begin:stop])))
