"""Passwords: which are accepted (OWASP ASVS 5.0, level 2, and NIST SP 800-63B), how they are kept, how they are checked.

Length counts and nothing else: no rule asks for digits or capitals. Refused are passwords that others try first. The file
`common-passwords.txt.gz` lists the 5,000 most frequent ones of four to eleven characters that begin and end with a letter, and
all frequent ones of twelve or more, from the frequency lists of zxcvbn (its head names source and licence). What people
make of a short one to reach twelve characters is found when a password is checked: written twice, with signs for letters
(`p@ssw0rd`), with digits and signs around it (`Welcome-2026!`), or a run along the keyboard or the alphabet. Names of countries
count as frequent.
"""

import gzip
import re
import string
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from babel import Locale
from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

SHORTEST = 12
LONGEST = 256
_LANGUAGES = ("en", "fr", "es", "ru", "ar")
SERVICE = ("mgi", "iom", "migration", "governance", "indicators", "migration governance indicators")

_TIME, _MEMORY, _LANES = 2, 19456, 1
_HASHES = PasswordHash((Argon2Hasher(time_cost=_TIME, memory_cost=_MEMORY, parallelism=_LANES),))
_NOBODY = f"$argon2id$v=19$m={_MEMORY},t={_TIME},p={_LANES}$c29tZXNhbHRzb21lc2FsdA${'A' * 43}"
"""A hash of no password: checking against it takes the same time as against a person's."""

_AROUND = string.digits + string.punctuation + " "
_MOST_AROUND = 9
_FEWEST_CHARACTERS = 5
_SHORTEST_RUN = 6
_LETTERS_FOR_SIGNS = str.maketrans("@4301!$57", "aaeoiisst")
_ALSO_COMMON = frozenset({
    "administrator", "changeme", "correcthorsebatterystaple", "default", "embassy", "government", "migrant", "migrants",
    "migration", "ministry", "secretariat", "temporary",
    "azerty", "bienvenido", "bienvenue", "bonjour", "clave", "contraseña", "contrasena", "gobierno", "gouvernement",
    "ministere", "ministerio", "ministère", "motdepasse", "йцукен", "министерство", "миграция", "пароль", "привет",
    "الهجرة", "كلمةالسر", "كلمةالمرور", "مرحبا",
})  # fmt: skip
_RUNS = (
    "1234567890", string.ascii_lowercase, "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "q1w2e3r4t5y6u7i8o9p0", "1q2w3e4r5t6y7u8i9o0p", "qazwsxedcrfvtgbyhnujmikolp",
    "qwertzuiopasdfghjklyxcvbnm", "azertyuiopqsdfghjklmwxcvbn", "йцукенгшщзхъфывапролджэячсмитьбю",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя", "ضصثقفغعهخحجدشسيبلاتنمكطئءؤرلاىةوزظ",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
)  # fmt: skip


class WeakPassword(ValueError):
    """A password that is not accepted; the text says why and what would be."""


class Verified(NamedTuple):
    """Whether the password is right, and a new hash to store if the old one was made with other parameters."""

    ok: bool
    new_hash: str | None


def check_password(password: str, *, email: str, name: str) -> str:
    """The password as it is to be hashed (Unicode NFC). `WeakPassword` says why it is refused."""
    plain = _normal(password)
    if len(plain) < SHORTEST:
        raise WeakPassword(f"please choose at least {SHORTEST} characters; a few words in a row are easy to remember")
    folded = plain.casefold()
    if len(set(folded)) < _FEWEST_CHARACTERS:
        raise WeakPassword("this repeats a few characters over and over; please choose something less regular")
    if _names_only(folded, [email, name, *SERVICE]):
        raise WeakPassword(
            "this is made of your name, your e-mail or the name of this service, which others would try first"
        )
    if _is_common(folded):
        raise WeakPassword("this is among the passwords that others try first; please choose something of your own")
    return plain


def _normal(password: str) -> str:
    """The same password for every keyboard: é as one character. The first look at its length bounds the work."""
    plain = unicodedata.normalize("NFC", password) if len(password) <= 4 * LONGEST else password
    if len(plain) > LONGEST:
        raise WeakPassword(f"please choose at most {LONGEST} characters")
    if any(unicodedata.category(character) == "Cs" for character in plain):
        raise WeakPassword("this has half a character in it, which cannot be typed again; please type it anew")
    return plain


def _names_only(folded: str, names: Iterable[str]) -> bool:
    """Whether nothing is left but a few digits and signs once all known words are taken out."""
    letters = rest = _letters_and_digits(folded)
    words = {_letters_and_digits(word) for name in names for word in (name, *re.split(r"[\W_]+", name))}
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= 3 or word == rest:
            rest = rest.replace(word, "")
    return not rest.strip(string.digits) and len(folded) - len(letters) + len(rest) <= _MOST_AROUND


def _letters_and_digits(text: str) -> str:
    """What is left of a password or name without spaces, signs and capitals."""
    return "".join(character for character in unicodedata.normalize("NFC", text).casefold() if character.isalnum())


def _is_common(folded: str) -> bool:
    letters = _letters_and_digits(folded)
    cores = (folded.strip(_AROUND), letters.strip(_AROUND))
    return any(form in _listed() or _is_run(form) for form in (folded, letters)) or any(
        _is_common_core(core) for core in cores if len(folded) - len(core) <= _MOST_AROUND
    )


def _is_run(form: str) -> bool:
    """Whether it goes along a row of keys or the alphabet, forwards or backwards, perhaps more than once."""
    return len(form) >= _SHORTEST_RUN and any(form in run * 26 or form[::-1] in run * 26 for run in _RUNS)


def _is_common_core(core: str) -> bool:
    once = _once(core)
    return once in _listed() or once.translate(_LETTERS_FOR_SIGNS) in _listed() or _is_run(core)


def _once(text: str) -> str:
    """The shortest piece that a text repeats.

    >>> _once("dragondragon")
    'dragon'
    """
    return text[: (text + text).find(text, 1)]


@cache
def _listed() -> frozenset[str]:
    packed = files("app").joinpath("people/common-passwords.txt.gz").read_bytes()
    lines = gzip.decompress(packed).decode().splitlines()
    return _ALSO_COMMON | _countries() | {line for line in lines if line and not line.startswith("#")}


def _countries() -> frozenset[str]:
    """The names of countries: people who work for one think of it first."""
    names = (name for language in _LANGUAGES for name in Locale(language).territories.values())
    return frozenset(word for name in names if len(word := _letters_and_digits(name)) >= 4)


def hash_password(password: str) -> str:
    """The Argon2id hash of a password that `check_password` returned; its text names the parameters."""
    return _HASHES.hash(password)


def verify_password(password: str, stored_hash: str | None) -> Verified:
    """Whether a password is the one that was hashed.

    None, or a text that is no Argon2 hash, is no one's: the check takes the same time and fails, so that nobody learns who has
    an account.
    """
    try:
        plain = _normal(password)
        return Verified(*_HASHES.verify_and_update(plain, stored_hash or _NOBODY))
    except (WeakPassword, UnknownHashError):
        _HASHES.verify("", _NOBODY)
        return Verified(False, None)
