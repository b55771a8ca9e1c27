"""The second factor: codes that serve once, near their time, and recovery codes that can be typed."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pyotp
import pytest

from app.people.second_factor import (
    check_code,
    enrolment,
    hash_code,
    matches,
    new_recovery_codes,
    new_secret,
    shared_secret,
)

NOW = datetime(2026, 5, 3, 12, 0, 10, tzinfo=UTC)
STANDARD = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
STEP = timedelta(seconds=30)


def code_at(moment: datetime) -> str:
    return pyotp.TOTP(STANDARD).at(moment)


def test_the_codes_are_those_of_the_standard() -> None:
    moment = datetime(2005, 3, 18, 1, 58, 29, tzinfo=UTC)
    assert check_code(STANDARD, "081804", now=moment, last_step=None) == 1111111109 // 30


@pytest.mark.parametrize(("steps", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off_and_no_more(steps: int, accepted: bool) -> None:
    step = check_code(STANDARD, code_at(NOW + steps * STEP), now=NOW, last_step=None)
    assert step == (int(NOW.timestamp()) // 30 + steps if accepted else None)


def test_a_code_serves_once_and_no_earlier_one_after_it() -> None:
    step = check_code(STANDARD, code_at(NOW), now=NOW, last_step=0)
    assert step is not None
    assert check_code(STANDARD, code_at(NOW), now=NOW, last_step=step) is None
    assert check_code(STANDARD, code_at(NOW - STEP), now=NOW, last_step=step) is None
    assert check_code(STANDARD, code_at(NOW + STEP), now=NOW + STEP, last_step=step) == step + 1


def test_a_code_may_be_typed_with_spaces_and_in_arabic_digits() -> None:
    code = code_at(NOW)
    arabic = "".join(chr(0x0660 + int(digit)) for digit in code)
    for typed in (f" {code[:3]} {code[3:]}\n", arabic):
        assert check_code(STANDARD, typed, now=NOW, last_step=None) is not None


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "-12345", "½½½½½½", "²²²²²²", "\ud800" * 6, "1" * 100_000]
)
def test_what_is_no_code_is_wrong_and_no_error(typed: str) -> None:
    assert check_code(STANDARD, typed, now=NOW, last_step=None) is None


def test_the_qr_code_and_the_address_carry_the_secret() -> None:
    made = enrolment(STANDARD, "a+b:c@example.org", "MGI & <co>")
    address = urlsplit(made.uri)
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert unquote(address.path) == "/MGI & <co>:a+b:c@example.org"
    assert parse_qs(address.query) == {"secret": [STANDARD], "issuer": ["MGI & <co>"]}
    assert made.svg.startswith("<svg ")
    assert made.svg.endswith("</svg>")
    assert "style" not in made.svg
    assert 'fill="#fff"' in made.svg


def test_the_app_shares_a_secret_that_the_database_alone_does_not_hold() -> None:
    stored = new_secret()
    shared = shared_secret(b"key of the service", stored)
    assert shared == shared_secret(b"key of the service", stored)
    assert (
        len({stored, shared, shared_secret(b"another key", stored), shared_secret(b"key of the service", new_secret())})
        == 4
    )
    assert re.fullmatch(r"[A-Z2-7]{32}", shared)
    assert check_code(shared, pyotp.TOTP(shared).at(NOW), now=NOW, last_step=None) is not None
    assert check_code(stored, pyotp.TOTP(shared).at(NOW), now=NOW, last_step=None) is None


def test_recovery_codes_are_many_different_and_readable() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([0-9a-hjkmnp-tv-z]{4}-){5}[0-9a-hjkmnp-tv-z]{4}", code) for code in codes)


def test_a_recovery_code_fits_however_it_is_typed_and_no_other_does() -> None:
    code, other = new_recovery_codes(2)
    kept = hash_code(code)
    misread = code.replace("0", "o").replace("1", "l")
    for typed in (code, code.upper(), code.replace("-", " "), f"  {code.replace('-', '')}\n", misread):
        assert matches(typed, kept)
    assert not matches(other, kept)
    assert not matches("", kept)


@pytest.mark.parametrize("typed", ["\ud800", "\x00", "é" * 1000])
def test_a_hostile_recovery_code_is_wrong_and_no_error(typed: str) -> None:
    assert not matches(typed, hash_code(new_recovery_codes(1)[0]))
