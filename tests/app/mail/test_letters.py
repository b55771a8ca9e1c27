"""The letters: each says its thing, carries its link alone on a line, and nothing that someone typed does harm."""

import inspect
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mail import letters
from app.mail.letters import Written

LINK = "https://mgi.example.org/r/abc-DEF_123"
NOON = datetime(2026, 5, 3, 18, 0, tzinfo=timezone(timedelta(hours=6)))
GIVEN: dict[str, Any] = {
    "inviter": "Aigul Bekova", "role": "focal point", "country": "Kyrgyzstan", "link": LINK, "until": NOON, "when": NOON,
    "by": "Marc Dubois", "token": "reporting", "ministry": "Ministry of Labour", "waiting": 3, "due": date(2026, 6, 1),
    "year": 2026,
}  # fmt: skip
LETTERS: list[Callable[..., Written]] = [
    function
    for name, function in vars(letters).items()
    if inspect.isfunction(function) and function.__module__ == letters.__name__ and not name.startswith("_")
]


def write(letter: Callable[..., Written], **other: Any) -> Written:
    return letter(**{name: {**GIVEN, **other}[name] for name in inspect.signature(letter).parameters})


def test_all_letters_are_looked_at() -> None:
    assert {letter.__name__ for letter in LETTERS} == {
        "invitation", "password_reset", "password_changed", "second_factor_changed", "second_factor_reset", "email_changed",
        "api_token_made", "role_given", "role_ended", "reminder", "submitted", "returned", "approved", "consented", "published",
    }  # fmt: skip


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.__name__)
def test_a_letter_has_a_subject_its_link_alone_on_a_line_and_well_set_paragraphs(
    letter: Callable[..., Written],
) -> None:
    subject, text = write(letter)
    assert subject.startswith("MGI: ")
    assert len(subject) < 80
    assert text.splitlines().count(LINK) == text.count("https://") == 1
    assert not re.search(r"[{}]|  |\n\n\n| \n|\.\.|None", subject + text)
    assert text.endswith(".\n")


def test_no_letter_can_be_given_an_answer_a_reason_or_a_comment() -> None:
    taken = {name for letter in LETTERS for name in inspect.signature(letter).parameters}
    assert taken == set(GIVEN), "a letter carries names, dates, a count and a link, and no text of an assessment"


@pytest.mark.parametrize(
    ("letter", "told"),
    [
        (letters.invitation, "Aigul Bekova invites you"), (letters.invitation, "Role: focal point\nCountry: Kyrgyzstan\n"),
        (letters.invitation, "once, until 3 May 2026, 12:00 UTC."), (letters.invitation, "If you did not expect this"),
        (letters.password_reset, "until 3 May 2026, 12:00 UTC."), (letters.password_changed, "on 3 May 2026, 12:00 UTC."),
        (letters.second_factor_reset, "reset by Marc Dubois, an administrator"), (letters.api_token_made, "named “reporting”"),
        (letters.role_given, "Marc Dubois gave you this role"), (letters.role_ended, "ended this role"),
        (letters.reminder, "3 indicators wait"), (letters.reminder, "Due date: 1 June 2026"),
        (letters.reminder, "Ministry of Labour"),
        (letters.returned, "look at some indicators again"), (letters.approved, "only if your government consents"),
        (letters.consented, "has consented"), (letters.published, "open to all"), (letters.submitted, "with the reviewers"),
    ],
)  # fmt: skip
def test_a_letter_says_its_thing(letter: Callable[..., Written], told: str) -> None:
    assert told in write(letter).text


def test_one_indicator_waits_and_two_wait() -> None:
    assert "1 indicator waits for" in write(letters.reminder, waiting=1).text
    assert "2 indicators wait for" in write(letters.reminder, waiting=2).text


def test_a_role_without_a_country_names_none() -> None:
    for letter in (letters.invitation, letters.role_given, letters.role_ended):
        assert "Country" not in write(letter, country=None).text


def test_the_letter_about_a_changed_address_does_not_send_a_stranger_a_way_in() -> None:
    assert "new password" not in write(letters.email_changed).text
    assert "@" not in write(letters.email_changed).text


@pytest.mark.parametrize(
    "name", ["evil.example.org", "https://evil.example.org/x", "//evil.example.org", "me@evil.example.org"]
)
def test_a_name_cannot_become_a_link(name: str) -> None:
    for letter in (letters.invitation, letters.reminder, letters.role_given, letters.api_token_made):
        subject, text = write(letter, inviter=name, by=name, ministry=name, country=name, token=name)
        assert not re.search(r"evil\.\S|//evil|@evil", subject + text)


@given(st.text(st.characters(codec=None), max_size=300))
def test_no_name_breaks_a_letter(name: str) -> None:
    plain = write(letters.reminder)
    subject, text = write(letters.reminder, ministry=name, country=name)
    assert text.count("\n") == plain.text.count("\n")
    assert len(text) < len(plain.text) + 250
    assert not any(
        unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in (subject + text).replace("\n", "")
    )
    assert text.count("\u2068") == text.count("\u2069")
    assert "\u202e" not in text


def test_a_name_written_from_right_to_left_stays_in_its_place() -> None:
    text = write(letters.invitation, inviter="محمد علي", country="العراق").text
    assert "\u2068محمد علي\u2069 invites you" in text
    assert "Country: \u2068العراق\u2069\n" in text


def test_braces_and_an_empty_name_are_taken_as_they_are() -> None:
    assert "{link} {0} %s invites" in write(letters.invitation, inviter="{link} {0} %s").text
    assert "(no name given) invites" in write(letters.invitation, inviter="\u202e\n").text


@pytest.mark.parametrize(
    "link", ["", "javascript:alert(1)", "https://", "https://a b", "https://a\nBcc: x", "ftp://a", "/relative"]
)
def test_what_is_no_link_cannot_stand_in_a_letter(link: str) -> None:
    with pytest.raises(ValueError, match="is not a link"):
        write(letters.returned, link=link)


def test_times_are_told_in_utc() -> None:
    assert write(letters.password_changed).text == write(letters.password_changed, when=NOON.astimezone(UTC)).text
