"""The outbox: letters are written in the transaction that causes them, and sent by one loop, each at least once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy import select, update
from sqlmodel import col

from app.mail.smtp import Letter, MailNotSent, SmtpSettings, read_smtp_url, send
from app.models.mail import OutboxLetter
from app.people.secrets import new_id
from app.service import Service
from app.work import Work

FIRST_WAIT = timedelta(minutes=2)
"""How long a letter waits after its first try; twice as long after each further one. Longer than any try can take."""
LONGEST_WAIT = timedelta(hours=6)
MOST_TRIES = 14
"""After about two days a letter is given up."""
MOST_FAILURES = 3
"""A pass ends after so many failures in a row: the mail server is away, and the other letters need not wait for it."""

_log = structlog.get_logger("mgi.mail")


class _Claimed(NamedTuple):
    letter: Letter
    tries: int


def mail_is_on(service: Service) -> bool:
    """Whether there is a mail server. Without one, links are printed to the administrator."""
    return service.settings.smtp_url is not None


def queue_letter(work: Work, letter: Letter) -> None:
    """Write a letter to be sent once this transaction is committed. Without a mail server nothing is kept."""
    if not mail_is_on(work.service):
        return
    work.session.add(
        OutboxLetter(
            id=new_id(),
            recipient=letter.to,
            subject=letter.subject,
            text=letter.text,
            created_at=work.now,
            next_try_at=work.now,
        )
    )
    work.session.flush()


def send_waiting(service: Service) -> int:
    """Send the letters that are due, one after the other; how many were sent.

    A letter is claimed by setting its next try before it is sent, so that no two loops send it at once, no transaction stays
    open while the mail server answers, and a letter whose sending was cut short is sent again.
    """
    if service.settings.smtp_url is None:
        return 0
    server = read_smtp_url(service.settings.smtp_url.get_secret_value(), sender=service.settings.mail_from)
    due, sent, failures = service.clock(), 0, 0
    while failures < MOST_FAILURES and (claimed := _claim(service, due)):
        delivered = _try_to_send(service, server, claimed)
        sent += delivered is True
        failures = failures + 1 if delivered is None else 0
    return sent


def wait_after(tries: int) -> timedelta:
    """How long a letter waits after so many tries.

    >>> str(wait_after(3))
    '0:08:00'
    """
    return min(FIRST_WAIT * (1 << (tries - 1)), LONGEST_WAIT)


def _claim(service: Service, due: datetime) -> _Claimed | None:
    """The letter that has waited longest; nobody else gets it until its next try."""
    waiting = (
        select(OutboxLetter)
        .where(
            col(OutboxLetter.sent_at).is_(None),
            col(OutboxLetter.failed_at).is_(None),
            col(OutboxLetter.next_try_at) <= due,
        )
        .order_by(col(OutboxLetter.next_try_at), col(OutboxLetter.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    with service.database.writing() as session:
        row = session.scalars(waiting).first()
        if row is None:
            return None
        row.tries += 1
        row.next_try_at = service.clock() + wait_after(row.tries)
        return _Claimed(Letter(row.recipient, row.subject, row.text, row.id), row.tries)


def _try_to_send(service: Service, server: SmtpSettings, claimed: _Claimed) -> bool | None:
    """True once it is sent, False if it never will be, None if it is to be tried again."""
    letter_id = claimed.letter.id
    try:
        send(server, claimed.letter)
    except MailNotSent as error:
        given_up = error.permanent or claimed.tries >= MOST_TRIES
        _log.warning("letter not sent", letter=letter_id, tries=claimed.tries, given_up=given_up, reason=error.reason)
        _write_down(service, letter_id, {"error": error.reason})
        if given_up:
            _write_down(service, letter_id, {"failed_at": service.clock(), "text": ""})
        return False if error.permanent else None
    _write_down(service, letter_id, {"sent_at": service.clock(), "text": "", "error": None})
    return True


def _write_down(service: Service, letter_id: str, values: Mapping[str, datetime | str | None]) -> None:
    with service.database.writing() as session:
        session.connection().execute(update(OutboxLetter).where(col(OutboxLetter.id) == letter_id).values(**values))
