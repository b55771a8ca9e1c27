"""How pages tell two texts of the snapshot beside each other, and the languages that a document can be in."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

from babel import Locale

from app.assessments.comparing import Change
from questionnaire.compiled import CompiledInstrument

ALIKE = 0.3
"""Texts less alike than this are told side by side without marks: nearly every word would have one."""


class Piece(NamedTuple):
    """A run of words; `marked` where the other text does not have them."""

    text: str
    marked: bool


class Texts(NamedTuple):
    """Two texts side by side."""

    before: list[Piece]
    after: list[Piece]


class ComparedChange(NamedTuple):
    """A change with its two texts, word by word."""

    change: Change
    texts: Texts


def word_differences(before: str, after: str) -> Texts:
    """Two texts in runs of words, marked where they differ.

    >>> word_differences("All migrants have access.", "Some migrants have access.").before
    [Piece(text='All', marked=True), Piece(text=' ', marked=False), Piece(text='migrants have access.', marked=False)]
    """
    old, new = (re.findall(r"\w+\s*|[^\w\s]\s*", text) for text in (before, after))
    matcher = SequenceMatcher(None, [word.strip() for word in old], [word.strip() for word in new], autojunk=False)
    if matcher.ratio() < ALIKE:
        return Texts([Piece(before, marked=False)], [Piece(after, marked=False)])
    texts = Texts([], [])
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        texts.before.extend(_pieces("".join(old[old_from:old_to]), marked=tag != "equal"))
        texts.after.extend(_pieces("".join(new[new_from:new_to]), marked=tag != "equal"))
    return texts


def _pieces(text: str, *, marked: bool) -> list[Piece]:
    """A run of words; the space after marked ones is not marked."""
    if not text:
        return []
    words = text.rstrip()
    return (
        [Piece(words, marked=True), Piece(text[len(words) :], marked=False)] if marked else [Piece(text, marked=False)]
    )


def compared_words(change: Change) -> ComparedChange:
    """A change of a draft or a round, its texts word by word."""
    before, after = (side.text if side else "" for side in (change.before, change.after))
    return ComparedChange(change, word_differences(before, after))


def document_languages(instrument: CompiledInstrument) -> list[tuple[str, str]]:
    """The languages that a document can be in, each with its own name for itself, as ("fr", "français")."""
    return [(code, Locale.parse(code).get_display_name(code) or code) for code in instrument.translations]
