"""What the service writes to people. Letters carry links: never an answer, a reason, or any other text of an assessment.

Each function returns the subject and the text of one letter. All wording stands in this file, a paragraph a string, so that it
can be read as a whole and translated. Names in letters are typed by others: they are cut to one short line, and cannot
become a link.
"""

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import NamedTuple

from babel.dates import format_date, format_datetime

_LANGUAGE = "en"
_LONGEST_NAME = 100
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_DIRECTION_MARKS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ISOLATE, _END_OF_ISOLATE = "\u2068", "\u2069"

_ENDING = (
    "This message was sent automatically by the Migration Governance Indicators (MGI) service; please do not reply to it. "
    "It holds no answers: they are read in the service alone, after signing in."
)
_IF_NOT_YOU = (
    "If it was you, you need not do anything. If it was not, please choose a new password at once, here, and tell the "
    "administrator of the service:"
)
_IF_NOT_YOUR_ADDRESS = (
    "If it was you, you need not do anything. If it was not, someone else may be using your account: please tell the "
    "administrator of the service at once. The service is here:"
)
_IF_NOT_ASKED = (
    "Until you set it up again, your password alone protects your account. If you did not ask for this, please tell the "
    "administrator of the service at once, and choose a new password here:"
)


class Written(NamedTuple):
    """A letter without its address: one line of subject, and paragraphs a blank line apart."""

    subject: str
    text: str


def invitation(*, inviter: str, role: str, country: str | None, link: str, until: datetime) -> Written:
    """To someone who is offered a role: `country` None for a role that holds in no country."""
    return _written(
        "Invitation to the Migration Governance Indicators",
        "Hello,",
        f"{_name(inviter)} invites you to work on the Migration Governance Indicators (MGI), in this role:",
        _role(role, country),
        "To accept, please open this link:",
        _link(link),
        f"It can be used once, until {_moment(until)}. Please do not pass it on: it was made for you.",
        "If you did not expect this invitation, you need not do anything; it ends by itself.",
    )


def password_reset(*, link: str, until: datetime) -> Written:
    """To the owner of an account for which a new password was asked."""
    return _written(
        "Choose a new password",
        "Hello,",
        "A new password was asked for your account. To choose one, please open this link:",
        _link(link),
        f"It can be used once, until {_moment(until)}.",
        "If you did not ask for this, you need not do anything; your password stays as it is.",
    )


def password_changed(*, when: datetime, link: str) -> Written:
    """To the owner of the account. `link` leads to where a new password can be asked for."""
    return _event("Your password was changed", "The password of your account was changed", when, link)


def second_factor_changed(*, when: datetime, link: str) -> Written:
    """To the owner, after setting up, replacing or removing the second factor."""
    what = "The second step of signing in to your account (codes from an app, or recovery codes) was set up anew or removed"
    return _event("Your second step of signing in was changed", what, when, link)


def second_factor_reset(*, by: str, when: datetime, link: str) -> Written:
    """To the owner, after an administrator reset the second factor."""
    what = f"The second step of signing in to your account was reset by {_name(by)}, an administrator,"
    return _event("Your second step of signing in was reset", what, when, link, _IF_NOT_ASKED)


def email_changed(*, when: datetime, link: str) -> Written:
    """To the old address and to the new one; the letter names neither. `link` leads to the service."""
    what = "The e-mail address with which you sign in was changed"
    return _event("The e-mail address of your account was changed", what, when, link, _IF_NOT_YOUR_ADDRESS)


def api_token_made(*, token: str, when: datetime, link: str) -> Written:
    """To the owner of the account for which a program may now act; `token` is the name given to it, never its secret."""
    what = f"An access token for programs, named “{_name(token)}”, was made for your account"
    return _event("An access token was made", what, when, link)


def role_given(*, role: str, country: str | None, by: str, when: datetime, link: str) -> Written:
    """To the person who holds the role from now on; `link` leads to the service."""
    opening = (
        f"On {_moment(when)}, {_name(by)} gave you this role in the Migration Governance Indicators (MGI) service:"
    )
    question = "If you do not know why, please tell the administrator of the service. To sign in:"
    return _written("You were given a role", "Hello,", opening, _role(role, country), question, _link(link))


def role_ended(*, role: str, country: str | None, by: str, when: datetime, link: str) -> Written:
    """To the person who held the role until now; `link` leads to the service."""
    opening = f"On {_moment(when)}, {_name(by)} ended this role of yours in the Migration Governance Indicators (MGI) service:"
    thanks = "What you contributed stays on record; thank you for your work. Other roles of yours are not affected. To sign in:"
    return _written("A role of yours has ended", "Hello,", opening, _role(role, country), thanks, _link(link))


def reminder(*, ministry: str, country: str, waiting: int, due: date | None, link: str) -> Written:
    """To a contributor, while indicators assigned to the ministry wait for its contribution; `due` None if no day is set."""
    wait = "1 indicator waits" if waiting == 1 else f"{waiting} indicators wait"
    return _written(
        "Reminder: contribution to the self-assessment" + (f", due {_day(due)}" if due else ""),
        "Dear colleague,",
        f"{wait} for the contribution of your ministry to the self-assessment of migration governance.",
        f"Country: {_name(country)}\nMinistry: {_name(ministry)}" + (f"\nDue date: {_day(due)}" if due else ""),
        "You can save your work at any time and go on later. Please open this link and sign in:",
        _link(link),
        "If the indicators belong to another ministry, please tell your country’s focal point. Thank you for your help.",
    )


def submitted(*, country: str, year: int, link: str) -> Written:
    """To the reviewers, the focal points and the advisers."""
    what = "The self-assessment was submitted and is now with the reviewers. It can be read here:"
    return _step("Submitted", "self-assessment", what, country, year, link)


def returned(*, country: str, year: int, link: str) -> Written:
    """To the focal points; which indicators, and why, is read in the service."""
    what = (
        "The reviewers have read the self-assessment with care and ask you to look at some indicators again. Which ones, and "
        "why, is told beside each of them:"
    )
    return _step("Returned for changes", "self-assessment", what, country, year, link)


def approved(*, country: str, year: int, link: str) -> Written:
    """To the focal points, whose consent is now wanted."""
    what = (
        "The reviewers have approved the self-assessment. The country snapshot is published only if your government consents. "
        "Please read it in full, then give or decline consent here:"
    )
    return _step("Approved; your consent is wanted", "country snapshot", what, country, year, link)


def consented(*, country: str, year: int, link: str) -> Written:
    """To the reviewers, who may publish now."""
    what = "The government has consented to the publication of its country snapshot. It can now be published here:"
    return _step("Consent given", "country snapshot", what, country, year, link)


def published(*, country: str, year: int, link: str) -> Written:
    """To everyone who worked on the assessment; `link` is the public address."""
    what = "The country snapshot is published and open to all at this address. Thank you to everyone who worked on it."
    return _step("Published", "country snapshot", what, country, year, link)


def _event(subject: str, what: str, when: datetime, link: str, advice: str = _IF_NOT_YOU) -> Written:
    return _written(subject, "Hello,", f"{what} on {_moment(when)}.", advice, _link(link))


def _step(subject: str, thing: str, what: str, country: str, year: int, link: str) -> Written:
    about = f"Country: {_name(country)}\nRound: {year}"
    return _written(f"{subject}: {thing} of {_name(country)}, {year}", "Dear colleague,", about, what, _link(link))


def _written(subject: str, *paragraphs: str) -> Written:
    return Written(f"MGI: {subject}", "\n\n".join((*paragraphs, _ENDING)) + "\n")


def _role(role: str, country: str | None) -> str:
    return f"Role: {_name(role)}" + (f"\nCountry: {_name(country)}" if country else "")


def _name(text: str) -> str:
    """What someone typed, as part of one line: short, without control characters, and never a link in the reader's mail.

    >>> _name("A. Bekova\\nhttps://example.org")
    'A. Bekova https: example. org'
    """
    line = " ".join("".join(_harmless(character) for character in text).split()).replace("//", " ")
    line = " ".join(re.sub(r"(?<=\w)([.@])(?=\w)", r"\1 ", line).split())
    short = line if len(line) <= _LONGEST_NAME else line[: _LONGEST_NAME - 1].rstrip() + "…"
    if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in short):
        return f"{_ISOLATE}{short}{_END_OF_ISOLATE}"
    return short or "(no name given)"


def _harmless(character: str) -> str:
    kind = unicodedata.category(character)
    return " " if kind in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp") or character in _DIRECTION_MARKS else character


def _link(address: str) -> str:
    """A link alone on its line. `ValueError` if it is none: the service makes its links itself."""
    if not re.fullmatch(r"https?://[!-~]+", address):
        raise ValueError(f"{address!r} is not a link that can stand in a letter")
    return address


def _moment(when: datetime) -> str:
    return format_datetime(when.astimezone(UTC), "d MMMM y, HH:mm 'UTC'", locale=_LANGUAGE)


def _day(day: date) -> str:
    return format_date(day, "d MMMM y", locale=_LANGUAGE)
