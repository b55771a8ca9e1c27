"""Text that people type: hostile until it has passed here once.

A kind of text is a length and a few rules; the checker and the JSON Schema of a response are both made from them.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

PHRASE_LENGTH = 300
PROSE_LENGTH = 5000

_BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e")
_ISOLATES = frozenset("\u2066\u2067\u2068")
_END_OF_ISOLATE = "\u2069"
_SPACES = re.compile(r"\s+")
_END = r"""[.!?…؟۔。][)\]}»”’"'›」』\u2069\u200e\u200f]*"""
_ENDED = re.compile(_END + r"\Z")


class Rule(NamedTuple):
    """What a text must match, as a regular expression that Python and JavaScript read alike, and what is said if it does not."""

    pattern: str
    message: str


_SENTENCE = Rule(_END + r"\s*$", "this should be one or more full sentences: please end it with a full stop")
_PHRASE = Rule(r"[^.\s]\s*$", "this stands inside a sentence: please leave out the full stop at its end")
# what a schema can say of hidden characters, and of a text without any letter or digit; the checker knows all of them
_NOT_HIDDEN = (
    r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff]*$"
)
_WORDS = r"[^\s!-/:-@\[-`{-~\u00a1\u00ab\u00bb\u00bf\u061f\u06d4\u2000-\u206f\u3000-\u3003\u3008-\u3011\ufeff]"


def clean_text(value: Any) -> str:
    """`value` as one line of text with single spaces; `ValueError` says which character is refused, and why.

    >>> clean_text("  The  law\\nof 1993 ")
    'The law of 1993'
    """
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise ValueError("this should be text")
    if not value.isprintable():
        for character in value:
            _check_character(character)
        _check_isolates(value)
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


def _check_isolates(text: str) -> None:
    """Each mark that opens an isolated direction is closed within the text, or it would reach into what is printed after."""
    opened: list[str] = []
    for character in text:
        if character in _ISOLATES:
            opened.append(character)
        elif character == _END_OF_ISOLATE:
            if not opened:
                raise ValueError("the invisible direction mark U+2069 ends what was not begun; please remove it")
            opened.pop()
    if opened:
        raise ValueError(
            f"the invisible direction mark U+{ord(opened[-1]):04X} is not ended by a U+2069; please remove it"
        )


def _is_noncharacter(code: int) -> bool:
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def ends_as_sentence(text: str) -> bool:
    """Whether a text ends with a full stop or its like, perhaps inside a bracket or quotation mark."""
    return bool(_ENDED.search(text))


@dataclass(frozen=True)
class Written:
    """A kind of text: cleaned, with a letter or digit in it, at most so long, and as its rules say."""

    longest: int
    rules: tuple[Rule, ...] = ()

    def read(self, value: Any) -> str:
        """The cleaned text; `ValueError` says what is wrong with it."""
        text = clean_text(value)
        if not text:
            raise ValueError("this should not be empty")
        if not any(character.isalnum() for character in text):
            raise ValueError("this should be said in words: there is no letter or digit in it")
        if len(text) > self.longest:
            raise ValueError(f"this should have at most {self.longest} characters; it has {len(text)}")
        for rule in self.rules:
            if not re.search(rule.pattern, text):
                raise ValueError(rule.message)
        return text

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read before pydantic looks at it."""
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The same rules for an editor; a number is a text where no rule refuses it."""
        patterns = [_NOT_HIDDEN, _WORDS, *(rule.pattern for rule in self.rules)]
        number = all(re.search(rule.pattern, "1993") for rule in self.rules)
        return {
            "type": ["string", "integer"] if number else "string",
            "maxLength": self.longest,
            "allOf": [{"pattern": pattern} for pattern in patterns],
        }


Phrase = Annotated[str, Written(PHRASE_LENGTH, (_PHRASE,))]
Prose = Annotated[str, Written(PROSE_LENGTH)]
Sentences = Annotated[str, Written(PROSE_LENGTH, (_SENTENCE,))]
