"""The second factor: six digits from an authenticator app (TOTP, RFC 6238), and recovery codes for when it is lost.

A code is the proof, so nothing here reads the clock: `now` is aware of its time zone and comes from the caller.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import NamedTuple

import pyotp
import segno

from app.people.secrets import derived_key

WINDOW = 1
"""How many time steps of 30 seconds a phone's clock may be early or late."""

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_MISREAD = str.maketrans("oil", "011")
_GROUPS, _GROUP_LENGTH = 6, 4


class Enrolment(NamedTuple):
    """What a person needs to set up the app: the `otpauth://` address, and the same as a QR code (an `<svg>` element)."""

    uri: str
    svg: str


def new_secret() -> str:
    """A fresh secret of 160 random bits in base32: 32 characters. This is what is stored."""
    return pyotp.random_base32()


def shared_secret(key: bytes, stored: str) -> str:
    """The secret that the app shares, made of the stored one and the service's key (RFC 4226, section 7.5).

    Whoever reads a copy of the database alone can make no codes. A changed key asks everyone to set up the app again.
    """
    made = hmac.digest(derived_key(key, "second factor"), stored.encode(), "sha256")
    return base64.b32encode(made[:20]).decode()


def enrolment(secret: str, email: str, issuer: str) -> Enrolment:
    """How to enter a (shared) secret into an app; `issuer` is the service's name as the app shows it.

    The QR code has its own white ground, so that it can be scanned from a dark page, and no style attribute.
    """
    uri = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)
    return Enrolment(
        uri, segno.make_qr(uri, error="m").svg_inline(scale=5, light="white", svgclass=None, lineclass=None)
    )


def check_code(secret: str, code: str, *, now: datetime, last_step: int | None) -> int | None:
    """The time step that a code belongs to, to be stored as `last_step`; None if it is wrong, too old, or used before.

    The caller stores the step only where it is still greater than the one stored, so that two requests cannot share a code.
    """
    digits = _digits(code)
    totp = pyotp.TOTP(secret)
    step = totp.timecode(now)
    for near in range(max(step - WINDOW, 0), step + WINDOW + 1):
        fits = hmac.compare_digest(totp.generate_otp(near), digits)
        if fits and (last_step is None or near > last_step):
            return near
    return None


def _digits(code: str) -> str:
    """A code as typed, with spaces or in the digits of any script, as six digits; empty if it is none."""
    typed = "".join(code.split()) if len(code) <= 32 else ""
    return f"{int(typed):06}" if len(typed) == 6 and typed.isdecimal() else ""


def new_recovery_codes(n: int = 10) -> list[str]:
    """Fresh codes of 120 random bits: six groups of four, without letters that are read as digits.

    That is enough for a plain hash to be kept (OWASP ASVS 5.0, 6.5.2, wants 112 bits).
    """
    return ["-".join(_group() for _ in range(_GROUPS)) for _ in range(n)]


def _group() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH))


def hash_code(code: str) -> str:
    """What is kept of a recovery code: SHA-256 as hexadecimal digits, whatever its capitals, spaces and hyphens.

    >>> hash_code("7K2M 9XQD") == hash_code("7k2m-9xqd")
    True
    """
    plain = "".join(character for character in code.casefold() if character.isalnum()).translate(_MISREAD)
    return hashlib.sha256(plain.encode()).hexdigest()


def matches(code: str, stored_hash: str) -> bool:
    """Whether a recovery code is the one whose hash was kept, compared in constant time."""
    return hmac.compare_digest(hash_code(code), stored_hash)
