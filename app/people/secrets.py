"""Random tokens, the ids of objects, and signatures: everything that must not be guessed."""

import base64
import hashlib
import hmac
import secrets

_ID_LENGTH = 20


def new_token() -> str:
    """256 random bits for a link, a sign-in or a program, safe in an address: 43 characters."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is kept of a token: SHA-256 as 64 hexadecimal digits. Its 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(_bytes(token)).hexdigest()


def new_id() -> str:
    """The id of an object, as it stands in addresses: 20 characters of `a-z2-7`, 100 random bits."""
    return base64.b32encode(secrets.token_bytes(13)).decode().lower()[:_ID_LENGTH]


def derived_key(key: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose, so that what is made for one never fits another.

    >>> derived_key(b"k", "links") == derived_key(b"k", "checkpoints")
    False
    """
    return hmac.digest(key, b"purpose\x00" + purpose.encode(), "sha256")


def sign(key: bytes, purpose: str, message: bytes) -> str:
    """HMAC-SHA256 of a message under the key of a purpose: 64 hexadecimal digits."""
    return hmac.digest(derived_key(key, purpose), message, "sha256").hex()


def signed_by(key: bytes, purpose: str, message: bytes, *, signature: str) -> bool:
    """Whether a signature is the one of this message, compared in constant time. Any text may be given as signature."""
    return hmac.compare_digest(sign(key, purpose, message).encode(), _bytes(signature))


def _bytes(text: str) -> bytes:
    """Text from outside may hold half a character (a lone surrogate), which has no bytes of its own."""
    return text.encode(errors="backslashreplace")
