"""Translations: every text of an instrument as a gettext message, and an instrument with its texts in another language."""

import io
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

from questionnaire.model import Instrument, readable
from questionnaire.problems import ContentError, Path, Place, Problem
from questionnaire.sentences import OptionalPart, Placeholder, parse_sentence

Catalogue = Mapping[tuple[str, str], str]
"""Translations by context and source text."""

_TEXT_FIELDS = frozenset(
    {"title", "short_title", "text", "help", "label", "phrase", "not_applicable", "name", "short_name"}
)


class Message(NamedTuple):
    """A text to translate: where it stands in the dumped instrument, a stable context in ids, and the text."""

    path: Path
    context: str
    text: str


def messages(instrument: Instrument) -> Iterator[Message]:
    """Every text that people read, in order."""
    yield from _walk(instrument.model_dump(mode="json"), (), "")


def _walk(data: Any, path: Path, context: str) -> Iterator[Message]:
    pairs = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in pairs:
        here, inner = (*path, key), _context(context, key, value)
        if isinstance(value, dict | list):
            yield from _walk(value, here, inner)
        elif isinstance(value, str) and (key in _TEXT_FIELDS or path[:1] == ("texts",)):
            yield Message(here, inner, value)


def _context(context: str, key: str | int, value: Any) -> str:
    """The dotted path in ids: an indicator's begins with its id, since indicators may move."""
    if isinstance(value, dict) and "questions" in value:
        return str(value["id"])
    name = value["id"] if isinstance(value, dict) and isinstance(value.get("id"), str) else key
    name = int(name) + 1 if isinstance(name, int) else name
    return f"{context}.{name}" if context else str(name)


def template(instrument: Instrument) -> bytes:
    """The messages as a gettext template (`.pot`), that any translator's tool opens."""
    catalog = Catalog(project=instrument.id, version=instrument.version, charset="utf-8", header_comment="#")
    for message in messages(instrument):
        catalog.add(message.text, context=message.context)
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=100, omit_header=True)
    header = 'msgid ""\nmsgstr ""\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    return header.encode() + buffer.getvalue()


def read_catalogue(data: bytes, file: str) -> Catalogue:
    """The finished translations of a `.po` file; fuzzy and empty ones are left out."""
    try:
        catalog = read_po(io.BytesIO(data), abort_invalid=True)
    except (PoFileError, ValueError, LookupError) as error:  # the last two from malformed headers and numbers
        place = Place(file, getattr(error, "lineno", -1) + 1)
        raise ContentError([Problem(place, "catalogue", "", f"this is not a gettext catalogue: {error}")]) from None
    return {
        (message.context or "", str(message.id)): str(message.string)
        for message in catalog
        if message.id and message.string and not message.fuzzy
    }


def translated(instrument: Instrument, catalogue: Catalogue) -> Instrument:
    """The instrument with its texts in another language; a text without translation stays as it is."""
    data = instrument.model_dump(mode="json")
    for path, context, text in messages(instrument):
        target: Any = data
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = catalogue.get((context, text), text)
    return Instrument.model_validate(data)


def check_catalogue(instrument: Instrument, catalogue: Catalogue, file: str) -> list[Problem]:
    """Each translation against its source: there at all, with the same placeholders and the same optional parts."""
    problems = []
    for message in messages(instrument):
        translation = catalogue.get((message.context, message.text))
        if translation is None:
            problems.append(
                Problem(Place(file, 0), "untranslated", message.context, f"no translation of: {message.text}")
            )
            continue
        try:
            _check_text(translation)
            same = not _is_sentence(message.path) or _shape(translation) == _shape(message.text)
        except ValueError as error:
            problems.append(Problem(Place(file, 0), "translation", message.context, str(error)))
            continue
        if not same:
            fault = f"the translation has other placeholders or optional parts: {translation}"
            problems.append(Problem(Place(file, 0), "translation", message.context, fault))
    return problems


def _check_text(translation: str) -> None:
    """`ValueError` if the instrument could not hold this text."""
    if not readable(translation).strip():
        raise ValueError("the translation is empty")


def _is_sentence(path: Path) -> bool:
    """Whether the text there is a sentence with brackets that mean something."""
    return path[0] == "texts" or (path[-1] == "text" and "findings" in path)


def _shape(text: str) -> list[tuple[str, ...]]:
    """Which placeholders stand together: one entry for the sentence itself, one for each optional part."""
    sentence = parse_sentence(text)
    groups = [
        tuple(sorted(inner.name for inner in part.parts if isinstance(inner, Placeholder)))
        for part in sentence
        if isinstance(part, OptionalPart)
    ]
    return [tuple(sorted(part.name for part in sentence if isinstance(part, Placeholder))), *sorted(groups)]
