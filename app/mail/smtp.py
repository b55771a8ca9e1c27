"""Handing a letter to a mail server: one plain-text message, over a checked TLS connection, with an answer either way."""

import re
import smtplib
import ssl
import unicodedata
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid, parseaddr
from typing import Literal, NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

Security = Literal["tls", "starttls", "none"]

TIMEOUT = 10.0
"""Seconds that each step of the conversation with a mail server may take."""

_PORTS: dict[str, int] = {"smtp": 587, "smtps": 465}
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_FORM = "it should look like smtp://user:password@mail.example.org:587 or smtps://user:password@mail.example.org:465"
_LONGEST_ANSWER = 200
_BARE_ADDRESS = re.compile(r"""[^\s()<>\[\]:;@\\,"]{1,64}@([^\s()<>\[\]:;@\\,"]+\.[^\s()<>\[\]:;@\\,".]+|localhost)""")


class MailNotSent(Exception):
    """A letter that the mail server did not take.

    `permanent` is true if this very letter will never be taken: its address or its content is refused. A server that is
    out of reach, busy or set up wrongly is not: the letter waits until that is mended.
    """

    def __init__(self, reason: str, permanent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


@dataclass(frozen=True)
class SmtpSettings:
    """A mail server and who writes: `sender` is an address with or without a name, `MGI <mgi@example.org>`."""

    host: str
    port: int
    sender: Address
    security: Security = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = TIMEOUT


class Letter(NamedTuple):
    """What is written to one person. `to` is a bare address; `text` is plain, its paragraphs a blank line apart.

    `id` (letters and digits) becomes part of the Message-ID: a letter that is sent again after a lost answer is known for
    the same one.
    """

    to: str
    subject: str
    text: str
    id: str = ""


def read_smtp_url(url: str, *, sender: str) -> SmtpSettings:
    """The settings in `smtp://user:password@host:587?tls=starttls` or `smtps://user:password@host:465`.

    `tls=none` is for a server on this machine alone. A private certificate authority is named to OpenSSL by the environment
    variable SSL_CERT_FILE. `ValueError` says what is wrong, and never repeats the password.
    """
    parts = _split(url)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password) or not (user + password).isascii() or not (user + password).isprintable():
        raise ValueError("the mail server wants user and password together, in plain ASCII characters, or neither")
    return SmtpSettings(
        host=parts.hostname or "",
        port=_port(parts),
        sender=_sender(sender),
        security=_security(parts),
        user=user,
        password=password,
    )


def _split(url: str) -> SplitResult:
    wrong = ValueError(f"the address of the mail server cannot be read: {_FORM}")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise wrong from None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path not in ("", "/") or parts.fragment:
        raise wrong
    return parts


def _port(parts: SplitResult) -> int:
    with suppress(ValueError):
        if parts.port != 0:
            return parts.port or _PORTS[parts.scheme]
    raise ValueError(f"the port of the mail server should be a number from 1 to 65535: {_FORM}")


def _security(parts: SplitResult) -> Security:
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.scheme == "smtps" and not parts.query:
        return "tls"
    if parts.scheme == "smtp" and asked in ({}, {"tls": "starttls"}) and bool(asked) == bool(parts.query):
        return "starttls"
    if parts.scheme == "smtp" and asked == {"tls": "none"}:
        if parts.hostname in _LOCAL:
            return "none"
        raise ValueError("mail may go without encryption (tls=none) to a mail server on this machine alone, localhost")
    raise ValueError("after the ? only tls=starttls or tls=none can stand, and with smtps:// nothing")


def _sender(sender: str) -> Address:
    try:
        name, address = parseaddr(_one_line(sender))
        bare = _address(address)
    except ValueError:
        raise ValueError(
            f"the sender of mails should be an address such as MGI <mgi@example.org>, not {sender!r}"
        ) from None
    return Address(display_name=name, username=bare.username, domain=bare.domain)


def send(settings: SmtpSettings, letter: Letter) -> None:
    """Hand the letter over and wait for the answer, up to some seconds. `MailNotSent` says why it was not taken."""
    message = _message(settings.sender, letter)
    with closing(_connect(settings)) as server:
        _prepare(server, settings)
        _deliver(server, message)
        # the letter is taken; what the server says to a goodbye changes nothing
        with suppress(smtplib.SMTPException, OSError):
            server.quit()


def _message(sender: Address, letter: Letter) -> EmailMessage:
    try:
        message = EmailMessage(policy=SMTP)
        message["From"] = sender
        message["To"] = _address(letter.to)
        message["Subject"] = _one_line(letter.subject)
        message["Date"] = datetime.now(UTC)
        message["Message-ID"] = f"<{letter.id}@{sender.domain}>" if letter.id else make_msgid(domain=sender.domain)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text, charset="utf-8")
    except ValueError as error:
        raise MailNotSent(f"the letter cannot be written as a mail: {error}", permanent=True) from None
    return message


def _address(text: str) -> Address:
    """One bare address; its domain in the letters that every mail server knows. `ValueError` if it is none."""
    wrong = ValueError(f"{_shown(text)} is not an e-mail address")
    if not _BARE_ADDRESS.fullmatch(text) or not text.isprintable():
        raise wrong
    name, _, domain = text.partition("@")
    try:
        return Address(username=name, domain=domain.encode("idna").decode())
    except ValueError:
        raise wrong from None


def _one_line(text: str) -> str:
    """The same text if it can stand in a header: no line breaks, no other control characters, no half characters."""
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in text):
        raise ValueError("there are line breaks or control characters in its address or subject")
    return text


def _connect(settings: SmtpSettings) -> smtplib.SMTP:
    # naming ourselves by the sender's domain spares a look-up of this machine's own name, which can hang
    us, timeout = settings.sender.domain, settings.timeout
    try:
        if settings.security == "tls":
            tls = ssl.create_default_context()
            return smtplib.SMTP_SSL(settings.host, settings.port, us, timeout=timeout, context=tls)
        return smtplib.SMTP(settings.host, settings.port, us, timeout=timeout)
    except (smtplib.SMTPException, OSError) as error:
        raise MailNotSent(f"{_place(settings)} cannot be reached: {_said(error)}", permanent=False) from error


def _prepare(server: smtplib.SMTP, settings: SmtpSettings) -> None:
    try:
        if settings.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        server.ehlo_or_helo_if_needed()
        if settings.user:
            server.login(settings.user, settings.password)
    except smtplib.SMTPAuthenticationError as error:
        raise MailNotSent(
            f"{_place(settings)} refuses our user or password: {_said(error)}", permanent=False
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailNotSent(f"{_place(settings)} cannot be used safely: {_said(error)}", permanent=False) from error


def _deliver(server: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        raise MailNotSent(f"the address is refused: {code} {_shown(answer)}", permanent=code >= 500) from error
    except smtplib.SMTPDataError as error:
        raise MailNotSent(f"the letter is refused: {_said(error)}", permanent=error.smtp_code >= 500) from error
    except smtplib.SMTPNotSupportedError as error:
        reason = "the mail server cannot write to an address with letters beyond ASCII before the @"
        raise MailNotSent(reason, permanent=True) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailNotSent(f"the mail server did not take the letter: {_said(error)}", permanent=False) from error


def _place(settings: SmtpSettings) -> str:
    return f"the mail server {settings.host}:{settings.port}"


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_shown(error.smtp_error)}"
    return _shown(str(error) or type(error).__name__)


def _shown(text: str | bytes) -> str:
    """What a stranger said, as one short line that is safe to log."""
    plain = text.decode(errors="replace") if isinstance(text, bytes) else text
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())[:_LONGEST_ANSWER]
