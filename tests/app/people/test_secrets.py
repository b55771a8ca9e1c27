"""Tokens, ids and signatures."""

import hashlib
import re

import pytest

from app.people.secrets import derived_key, new_id, new_token, sign, signed_by, token_hash

KEY = b"k" * 32


def test_tokens_and_ids_are_long_safe_in_addresses_and_never_the_same() -> None:
    tokens, ids = ({make() for _ in range(1000)} for make in (new_token, new_id))
    assert len(tokens) == len(ids) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)
    assert all(re.fullmatch(r"[a-z2-7]{20}", identity) for identity in ids)
    assert len({identity[-1] for identity in ids}) == 32, "the last character must be as free as the others"


def test_a_token_is_kept_as_its_sha_256() -> None:
    assert token_hash("abc") == hashlib.sha256(b"abc").hexdigest()


def test_a_hostile_token_is_just_another_text() -> None:
    assert token_hash("\ud800\x00") != token_hash("\ud801\x00")


def test_a_signature_fits_its_message_key_and_purpose_alone() -> None:
    signature = sign(KEY, "links", b"message")
    assert signed_by(KEY, "links", b"message", signature=signature)
    assert not signed_by(KEY, "links", b"massage", signature=signature)
    assert not signed_by(KEY, "checkpoints", b"message", signature=signature)
    assert not signed_by(b"x" * 32, "links", b"message", signature=signature)


@pytest.mark.parametrize("signature", ["", "é", "\ud800", "0" * 64, "0" * 10_000])
def test_a_made_up_signature_is_wrong_and_no_error(signature: str) -> None:
    assert not signed_by(KEY, "links", b"message", signature=signature)


def test_a_derived_key_does_not_show_the_key_it_was_made_from() -> None:
    assert len({KEY, derived_key(KEY, "a"), derived_key(KEY, "b")}) == 3
    assert len(derived_key(KEY, "a")) == 32
