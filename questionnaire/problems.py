"""A problem found in a file that a person wrote: where it is, what it is, and how to mend it."""

import difflib
from collections.abc import Iterable
from typing import NamedTuple

Path = tuple[str | int, ...]


LONGEST = 600


def printable(text: str) -> str:
    """One line that a terminal shows as it is: no control characters, and not endless.

    >>> printable("a\\x1b[31m")
    'a\\\\x1b[31m'
    """
    shown = "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text[:LONGEST])
    return shown + ("…" if len(text) > LONGEST else "")


class Place(NamedTuple):
    """A spot in a file; lines count from 1, and 0 means the file as a whole."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


class Problem(NamedTuple):
    """One thing that is wrong, or still missing. `rule` is a short stable name; `about` is an indicator or file part."""

    place: Place
    rule: str
    about: str
    message: str

    def __str__(self) -> str:
        subject = f"{self.about}: " if self.about else ""
        return printable(f"{self.place}: {subject}{self.message}") + f" [{self.rule}]"


class ContentError(Exception):
    """Raised where content cannot be used; `problems` says everything that is known to be wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Places:
    """Finds the line of a value from its path in the data: the nearest enclosing place that is known."""

    def __init__(self, file: str, lines: dict[Path, int] | None = None) -> None:
        self._prefix: Path = ()
        self._known: dict[Path, Place] = {(): Place(file, 0)}
        self._known |= {path: Place(file, line) for path, line in (lines or {}).items()}

    def graft(self, prefix: Path, places: "Places") -> None:
        """Add the places of a file whose data stands at `prefix` of this one's."""
        self._known |= {prefix + path: place for path, place in places._known.items()}

    def below(self, prefix: Path) -> "Places":
        """The places of a part of the data, by paths that begin at that part."""
        part = Places("")
        part._prefix, part._known = self._prefix + prefix, self._known
        return part

    def of(self, path: Path) -> Place:
        """The place of the value that the path leads to, or of what encloses it."""
        path = self._prefix + path
        while path not in self._known:
            path = path[:-1]
        return self._known[path]


MANY_KNOWN = 100
TOO_MANY_KNOWN = 2000
MOST_COMPARED = 8


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint at the known id that is nearest to a misspelt one, or nothing.

    >>> nearest("helth-access", ["health-access"])
    "; did you mean 'health-access'?"
    """
    listed = list(known)
    if len(listed) > TOO_MANY_KNOWN:
        return ""
    if len(listed) > MANY_KNOWN:  # comparing with all of them would take a minute where thousands are misspelt
        listed = [name for name in listed if name[:2] == word[:2] and abs(len(name) - len(word)) <= 2][:MOST_COMPARED]
    close = difflib.get_close_matches(word, listed, n=1)
    return f"; did you mean '{close[0]}'?" if close else ""
