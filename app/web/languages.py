"""The languages of the pages: which there are, their texts, the reader's choice."""

import gettext
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from babel import Locale
from fastapi import Request

SOURCE = "en"
COOKIE = "mgi-language"
CATALOGUES = Path(__file__).parent / "locale"
LONG, MIRRORED = "en-XA", "ar-XB"
_ARABIC = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ابچديفگهيژكلمنوپقرستوڤوخيز")


class Language(NamedTuple):
    """A language of the pages. `locale` is the one whose dates and lists are used."""

    code: str
    name: str
    direction: str
    locale: str


NAMES: Mapping[str, str] = {"en": "English", "fr": "Français", "es": "Español", "ru": "Русский", "ar": "العربية"}
"""The languages that people can ask for, each by its own name; not all have texts for pages yet."""
LANGUAGES: Mapping[str, Language] = {SOURCE: Language(SOURCE, "English", "ltr", "en_GB")}
TRIAL_LANGUAGES: Mapping[str, Language] = {
    LONG: Language(LONG, "Lôñgér têxts", "ltr", "en_GB"),
    MIRRORED: Language(MIRRORED, "Right to left", "rtl", "ar"),
}
"""No languages at all: texts half as long again, and texts from right to left, to see what becomes of the pages."""


class _Trial(gettext.NullTranslations):
    """Texts made from the English ones, so that what is not translatable is seen at once."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def gettext(self, message: str) -> str:
        return _longer(message) if self._language == LONG else _mirrored(message)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular if n == 1 else plural)


def _longer(message: str) -> str:
    """Half as long again, in brackets that show where it ends.

    >>> _longer("Sign in")
    '[Sign in ~~~~]'
    """
    return f"[{message} {'~' * (len(message) // 2 + 1)}]" if message else message


def _mirrored(message: str) -> str:
    """In Arabic letters; what stands in for values is kept.

    >>> _mirrored("Hi %(name)s")
    'هي %(name)s'
    """
    pieces = message.split("%(")
    head = pieces[0].lower().translate(_ARABIC)
    return head + "".join(_kept(piece) for piece in pieces[1:])


def _kept(piece: str) -> str:
    name, _, rest = piece.partition(")")
    return f"%({name}){rest[:1]}{rest[1:].lower().translate(_ARABIC)}"


@cache
def texts_of(code: str) -> gettext.NullTranslations:
    """The texts of a language; those of the source language are the templates' own."""
    if code in TRIAL_LANGUAGES:
        return _Trial(code)
    return gettext.translation("pages", CATALOGUES, [code], fallback=True)


def offered(*, trial: bool) -> Mapping[str, Language]:
    """The languages that a reader can choose."""
    return {**LANGUAGES, **TRIAL_LANGUAGES} if trial else LANGUAGES


def chosen(request: Request, *, trial: bool) -> Language:
    """The reader's choice: what they chose last, or what their browser asks for first among those that there are."""
    there = offered(trial=trial)
    kept = request.cookies.get(COOKIE, "")
    if kept in there:
        return there[kept]
    asked = [part.partition(";")[0].strip() for part in request.headers.get("accept-language", "")[:200].split(",")]
    found = Locale.negotiate([code for code in asked if code], list(LANGUAGES), sep="-")
    return there[str(found)] if found and str(found) in there else there[SOURCE]
