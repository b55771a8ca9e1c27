"""YAML, read strictly: plain data only, each value with its line, and every surprise refused by name.

The parser's events are consumed one by one, so deep nesting cannot exhaust the stack of the C composer, and nothing is
ever constructed but dict, list, str, int, float, bool and None.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from questionnaire.problems import ContentError, Path, Place, Places, Problem

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_VALUES = 100_000

_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\Z")
_DECIMAL = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,15}\Z")
_IN_WORDS = {
    "mapping values are not allowed in this context": "a text that holds a colon and a space must stand in quotation marks",
    "did not find expected key": "the line is not indented as the ones before it, or a quotation mark is missing",
    "found character that cannot start any token": "a line begins with a tab, or a text with @ or ` (put it in quotation marks)",
}
"""What the parser says, for people who have not met it."""
_CLOSING = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


class Document(NamedTuple):
    """What a YAML file holds, and where each value stands."""

    data: Any
    places: Places


class _Open:
    """A mapping or list that is being read."""

    def __init__(self, container: dict[str, Any] | list[Any], path: Path) -> None:
        self.container = container
        self.path = path
        self.key: str | None = None


def parse_yaml(text: str | bytes, file: str) -> Document:
    """Read one YAML document; `ContentError` names the line and the mend for whatever is not plain data."""
    if len(text) > MAX_BYTES:
        raise _error(file, 0, "size", f"the file is larger than {MAX_BYTES // 1000} kB; please split it")
    if isinstance(text, bytes):
        text = _decoded(text, file)
    try:
        return _Reader(file).read(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise _error(
            file, line, "yaml", f"this is not valid YAML: {_IN_WORDS.get(str(error.problem), error.problem)}"
        ) from None
    except (yaml.YAMLError, UnicodeError) as error:
        line = text.encode(errors="replace").count(b"\n", 0, getattr(error, "position", 0)) + 1
        raise _error(file, line, "yaml", f"this cannot be read as YAML: {str(error).splitlines()[0]}") from None


def _decoded(text: bytes, file: str) -> str:
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise _error(file, line, "encoding", "the file is not UTF-8 text; please save it as UTF-8") from None


def _error(file: str, line: int, rule: str, message: str) -> ContentError:
    return ContentError([Problem(Place(file, line), rule, "", message)])


class _Reader:
    """Turns parser events into data and lines, without recursion."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.stack: list[_Open] = []
        self.root: Any = None
        self.documents = 0

    def read(self, events: Iterator[Any]) -> Document:
        for event in events:
            if isinstance(event, yaml.ScalarEvent):
                self._scalar(event)
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                self._open(event)
            elif isinstance(event, _CLOSING):
                self.stack.pop()
            else:
                self._other(event)
        return Document(self.root, Places(self.file, self.lines))

    def _refuse(self, event: Any, rule: str, message: str) -> ContentError:
        return _error(self.file, event.start_mark.line + 1, rule, message)

    def _other(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise self._refuse(
                event, "alias", f"aliases (*{event.anchor}) are not used here; please write the value out"
            )
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise self._refuse(
                    event, "documents", "the file holds more than one YAML document (---); please keep one"
                )

    def _check_plain(self, event: Any) -> None:
        if event.anchor is not None:
            raise self._refuse(
                event, "anchor", f"anchors (&{event.anchor}) are not used here; please write the value out"
            )
        if event.tag is not None:
            raise self._refuse(event, "tag", f"tags ({event.tag}) are not used here; please remove it")

    def _open(self, event: Any) -> None:
        self._check_plain(event)
        if len(self.stack) >= MAX_DEPTH:
            raise self._refuse(event, "depth", f"this is nested more than {MAX_DEPTH} levels deep")
        container: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        path = self._put(container, event)
        self.stack.append(_Open(container, path))

    def _scalar(self, event: Any) -> None:
        if event.anchor is not None or event.tag is not None:
            self._check_plain(event)
        if self.stack:
            top = self.stack[-1]
            if top.key is None and type(top.container) is dict:
                self._start_pair(top, event)
                return
        self._put(event.value if event.style else _plain(event.value), event)

    def _start_pair(self, top: _Open, event: Any) -> None:
        key = event.value
        if key in top.container:
            first = self.lines[(*top.path, key)]
            raise self._refuse(event, "duplicate-key", f"'{key}' stands here a second time (first in line {first})")
        top.key = key
        self.lines[(*top.path, key)] = event.start_mark.line + 1

    def _put(self, value: Any, event: Any) -> Path:
        if len(self.lines) > MAX_VALUES:
            raise self._refuse(event, "size", f"the file holds more than {MAX_VALUES:,} values; please split it")
        if not self.stack:
            self.root = value
            self.lines[()] = event.start_mark.line + 1
            return ()
        top = self.stack[-1]
        if isinstance(top.container, list):
            path = (*top.path, len(top.container))
            top.container.append(value)
            self.lines[path] = event.start_mark.line + 1
            return path
        if top.key is None:
            raise self._refuse(event, "key", "a key must be a plain word, not a list or mapping")
        path = (*top.path, top.key)
        top.container[top.key] = value
        top.key = None
        return path


def _plain(word: str) -> Any:
    """The value of an unquoted scalar: only true, false, null and decimal numbers are anything but text."""
    if word in _WORDS:
        return _WORDS[word]
    if word[0] in "-0123456789":
        if _INTEGER.match(word):
            return int(word)
        if _DECIMAL.match(word):
            return float(word)
    return word
