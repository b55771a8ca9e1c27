"""Which passwords are accepted, how they are kept, and that checking one tells nothing about accounts."""

import statistics
import string
import time

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from pwdlib.hashers.argon2 import Argon2Hasher

from app.people.passwords import WeakPassword, check_password, hash_password, verify_password


def check(password: str) -> str:
    return check_password(password, email="bekova.aigul@labour.gov.kg", name="Aigul Bekova")


@pytest.mark.parametrize(
    "password",
    [
        "three blue donkeys", "mvQ4#tz!93Lp", "  spaces count too  ", "ночью все кошки серы", "الجمل يشرب قهوة باردة",
        "849302857163", "aigul loves 7 horses", "!@€%^£*()_+}", "😀🐎🔋🏠🌍🎈🍎🚗🌲🎵📚⛵",
        "with\x00nul and\ttab", "Ab3$" + "xyzw 9" * 42,
    ],
)  # fmt: skip
def test_long_passwords_of_any_characters_are_accepted_as_they_are(password: str) -> None:
    assert check(password) == password


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "password2024!", "P@ssw0rd2026", "PASSWORD password", "qwertyqwerty", "qwerty 123456", "Welcome-2026!",
        "1qaz2wsx3edc4rfv", "zyxwvutsrqpon", "1234-5678-9012", "123456789012", "йцукенгшщзхъ", "пароль123456",
        "motdepasse2026", "contraseña!2026", "كلمة السر 2026", "Kyrgyzstan2026!", "Côte d’Ivoire 2026",
        "correct horse battery staple", "administrator",
    ],
)  # fmt: skip
def test_what_others_try_first_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword, match="others try first"):
        check(password)


@pytest.mark.parametrize(
    "password",
    [
        "aigulbekova2026", "Bekova.Aigul!", "bekova.aigul@labour.gov.kg", "labour.gov.kg", "migration-governance",
        "MGI IOM MGI 2026", "Migration Governance Indicators 2026",
    ],
)  # fmt: skip
def test_ones_own_name_and_the_name_of_the_service_are_refused(password: str) -> None:
    with pytest.raises(WeakPassword, match="your name"):
        check(password)


@pytest.mark.parametrize("password", ["a" * 12, "abcabcabcabc", "1122112211221122"])
def test_a_few_characters_over_and_over_are_refused(password: str) -> None:
    with pytest.raises(WeakPassword, match="over and over"):
        check(password)


@pytest.mark.parametrize("password", ["", "short", "mvQ4#tz!93L", "e\u0301" * 11])
def test_length_is_counted_in_composed_characters(password: str) -> None:
    with pytest.raises(WeakPassword, match="at least 12"):
        check(password)


def test_256_characters_are_accepted_and_one_more_is_refused() -> None:
    long = ("e\u0301xyz" + "abdf 9" * 50)[:257]
    assert len(check(long)) == 256
    with pytest.raises(WeakPassword, match="at most 256"):
        check(long + "x")


def test_a_lone_surrogate_is_refused_with_a_reason() -> None:
    with pytest.raises(WeakPassword, match="half a character"):
        check("three blue \ud800 donkeys")


def test_a_huge_password_is_refused_quickly() -> None:
    begun = time.perf_counter()
    for password in ("x" * 5_000_000, "a" + "\u0301\u0323" * 40_000):
        with pytest.raises(WeakPassword, match="at most 256"):
            check(password)
        assert not verify_password(password, None).ok
    assert time.perf_counter() - begun < 3


@given(st.text(string.printable + "éßﬁأ不\U0001f40e\u0301", max_size=300), st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_accepted_within_the_limits_or_refused_as_weak(password: str, email: str, name: str) -> None:
    try:
        length = len(check_password(password, email=email, name=name))
    except WeakPassword as refused:
        event(str(refused))
        return
    assert 12 <= length <= 256


def test_a_password_is_kept_as_a_salted_argon2id_hash_and_found_right_again() -> None:
    first, second = hash_password("three blue donkeys"), hash_password("three blue donkeys")
    assert first != second
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert verify_password("three blue donkeys", first) == (True, None)
    assert verify_password("three blue monkeys", first) == (False, None)


def test_the_same_password_from_another_keyboard_is_right() -> None:
    stored = hash_password(check("un café très allongé"))
    assert verify_password("un cafe\u0301 tre\u0300s allonge\u0301", stored).ok


def test_a_hash_of_older_parameters_is_replaced_at_the_next_sign_in() -> None:
    old = Argon2Hasher(time_cost=1, memory_cost=8192, parallelism=1).hash("three blue donkeys")
    verified = verify_password("three blue donkeys", old)
    assert verified.ok
    assert verified.new_hash is not None
    assert verify_password("three blue donkeys", verified.new_hash) == (True, None)
    assert verify_password("wrong", old) == (False, None)


@pytest.mark.parametrize("stored", [None, "", "!", "$argon2id$v=19$m=65536", "plain text"])
def test_no_password_fits_a_person_without_one(stored: str | None) -> None:
    for password in ("three blue donkeys", "", "\ud800", "x" * 300, stored or ""):
        assert verify_password(password, stored) == (False, None)


def test_checking_takes_as_long_for_nobody_as_for_somebody() -> None:
    stored = hash_password("three blue donkeys")

    def took(known: str | None) -> float:
        begun = time.process_time()
        verify_password("three blue monkeys", known)
        return time.process_time() - begun

    somebody, nobody = (statistics.median(took(known) for _ in range(9)) for known in (stored, None))
    assert 0.6 < nobody / somebody < 1.6
