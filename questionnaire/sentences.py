"""The form of sentences: fixed text, `{placeholders}`, and `[optional parts]`. No template language, no code."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator

COUNTRY_FORMS = ("country", "in_country", "of_country", "nationals")
"""Placeholders that stand for the country; every other one is a question of the indicator."""

_TOKEN = re.compile(r"\{\{|\}\}|\[\[|\]\]|\{[^{}\[\]]*\}|[{}\[\]]|[^{}\[\]]+")
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


class Placeholder(NamedTuple):
    """A value to be filled in: a question id, or a form of the country's name."""

    name: str


class OptionalPart(NamedTuple):
    """Appears only if every placeholder in it has a value."""

    parts: tuple[str | Placeholder, ...]


Sentence = tuple[str | Placeholder | OptionalPart, ...]


class _Parser:
    def __init__(self) -> None:
        self.parts: list[str | Placeholder | OptionalPart] = []
        self.inside: list[str | Placeholder] | None = None

    def add(self, part: str | Placeholder) -> None:
        target: list[Any] = self.parts if self.inside is None else self.inside
        if isinstance(part, str) and target and isinstance(target[-1], str):
            target[-1] += part
        else:
            target.append(part)

    def open(self) -> None:
        if self.inside is not None:
            raise ValueError("an optional part [ ] cannot stand inside another; please close the first one")
        self.inside = []

    def close(self) -> None:
        if self.inside is None:
            raise ValueError("a ] closes nothing; please open the optional part with [ or write ]]")
        if not any(isinstance(part, Placeholder) for part in self.inside):
            raise ValueError("an optional part needs a {placeholder} that decides whether it appears")
        self.parts.append(OptionalPart(tuple(self.inside)))
        self.inside = None


def parse_sentence(text: str) -> Sentence:
    """The parts of a sentence; `ValueError` says what is wrong with its brackets.

    >>> parse_sentence("Open to {which}[, under {law}].")
    ('Open to ', Placeholder(name='which'), OptionalPart(parts=(', under ', Placeholder(name='law'))), '.')
    """
    parser = _Parser()
    for token in _TOKEN.findall(text):
        match token:
            case "[":
                parser.open()
            case "]":
                parser.close()
            case _:
                parser.add(_part(token))
    if parser.inside is not None:
        raise ValueError("an optional part [ is not closed; please add the ]")
    return tuple(parser.parts)


def _part(token: str) -> str | Placeholder:
    if token in ("{{", "}}", "[[", "]]"):
        return token[0]
    if token[0] == "{" and token[-1] == "}" and len(token) > 1:
        if not _NAME.match(token[1:-1]):
            raise ValueError(f"{token} is not a placeholder; its name may hold small letters, digits and _")
        return Placeholder(token[1:-1])
    if token in ("{", "}"):
        raise ValueError(f"a {token} stands alone; please complete the placeholder or double the bracket")
    return token


def filled(sentence: Sentence, values: Mapping[str, str]) -> str:
    """The sentence with its placeholders filled in; an optional part that misses a value is left out."""
    return "".join(_filled(part, values) for part in sentence)


def _filled(part: str | Placeholder | OptionalPart, values: Mapping[str, str]) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Placeholder):
        return values[part.name]
    if all(inner.name in values for inner in part.parts if isinstance(inner, Placeholder)):
        return filled(part.parts, values)
    return ""


def placeholders(sentence: Sentence) -> Iterator[tuple[str, bool]]:
    """Each placeholder's name, and whether it stands in an optional part."""
    for part in sentence:
        if isinstance(part, Placeholder):
            yield part.name, False
        elif isinstance(part, OptionalPart):
            yield from ((inner.name, True) for inner in part.parts if isinstance(inner, Placeholder))


def _checked(text: str) -> str:
    if not parse_sentence(text):
        raise ValueError("this should not be empty")
    return text


SentenceText = Annotated[str, AfterValidator(_checked)]
