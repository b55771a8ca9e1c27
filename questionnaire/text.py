"""Text that people type: hostile until it has passed here once."""

import re
import unicodedata
from typing import Annotated, Any

from pydantic import BeforeValidator, StringConstraints

_BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e")
_SPACES = re.compile(r"\s+")
_CLOSERS = ")]}»”’\"'›」』\u2069\u200e\u200f"
_ENDS = ".!?…؟۔。"


def clean_text(value: Any) -> str:
    """`value` as one line of text with single spaces; `ValueError` says which character is refused, and why.

    >>> clean_text("  The  law\\nof 1993 ")
    'The law of 1993'
    """
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise ValueError("this should be text")
    for character in value:
        _check_character(character)
    return _SPACES.sub(" ", value).strip()


def _check_character(character: str) -> None:
    if character.isprintable() or character in "\n\t\r":
        return
    code = f"U+{ord(character):04X}"
    if character in _BIDI_OVERRIDES:
        raise ValueError(
            f"the invisible direction mark {code} is refused: it can make a text read otherwise than it is"
        )
    if unicodedata.category(character) in ("Cc", "Cs", "Co") or _is_noncharacter(ord(character)):
        raise ValueError(f"the character {code} is refused: it is not a character of any written text")


def _is_noncharacter(code: int) -> bool:
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def ends_as_sentence(text: str) -> bool:
    """Whether a text ends with a full stop or its like, perhaps inside a bracket or quotation mark."""
    return text.rstrip(_CLOSERS).endswith(tuple(_ENDS))


def _sentence(value: Any) -> str:
    text = clean_text(value)
    if not ends_as_sentence(text):
        raise ValueError("this should be one or more full sentences: please end it with a full stop")
    return text


def _phrase(value: Any) -> str:
    text = clean_text(value)
    if text.endswith("."):
        raise ValueError("this stands inside a sentence: please leave out the full stop at its end")
    return text


Line = Annotated[str, BeforeValidator(clean_text), StringConstraints(min_length=1, max_length=1000)]
Phrase = Annotated[str, BeforeValidator(_phrase), StringConstraints(min_length=1, max_length=300)]
Prose = Annotated[str, BeforeValidator(clean_text), StringConstraints(min_length=1, max_length=5000)]
Sentences = Annotated[str, BeforeValidator(_sentence), StringConstraints(min_length=1, max_length=5000)]
