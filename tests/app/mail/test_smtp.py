"""Letters are handed to a real mail server; what goes wrong is told, and whether trying again may help."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from threading import Timer
from typing import Any

import pytest

from app.mail.smtp import Letter, MailNotSent, SmtpSettings, read_smtp_url, send

LETTER = Letter(
    "aigul@labour.example.org", "Reminder", "Dear colleague,\n\nplease sign in:\n\nhttps://mgi.example.org/x\n"
)
Serve = Callable[..., Any]


def settings(url: str) -> SmtpSettings:
    return read_smtp_url(url, sender="MGI <mgi@example.org>")


def plain(port: int) -> SmtpSettings:
    return settings(f"smtp://127.0.0.1:{port}?tls=none")


def text_of(inbox: Any) -> str:
    """The text that arrived, with the line ends of this machine."""
    return str(inbox.message().get_content()).replace("\r\n", "\n")


def failing(told: SmtpSettings, letter: Letter = LETTER) -> MailNotSent:
    with pytest.raises(MailNotSent) as failed:
        send(told, letter)
    return failed.value


def test_a_letter_arrives_as_it_was_written(serve: Serve) -> None:
    inbox = serve()
    send(plain(inbox.port), LETTER)
    message = inbox.message()
    assert inbox.envelopes[0].rcpt_tos == ["aigul@labour.example.org"]
    assert inbox.envelopes[0].mail_from == "mgi@example.org"
    assert (message["To"], message["From"]) == ("aigul@labour.example.org", "MGI <mgi@example.org>")
    assert (message["Subject"], text_of(inbox)) == ("Reminder", LETTER.text)
    assert (message.get_content_type(), message["Auto-Submitted"]) == ("text/plain", "auto-generated")
    assert message["Message-ID"].endswith("@example.org>")
    assert abs(message["Date"].datetime - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_letter_sent_again_is_known_for_the_same_one(serve: Serve) -> None:
    inbox = serve()
    send(plain(inbox.port), LETTER._replace(id="abc234"))
    assert inbox.message()["Message-ID"] == "<abc234@example.org>"


def test_arabic_and_long_lines_arrive_unharmed(serve: Serve) -> None:
    inbox = serve()
    letter = Letter(
        "a@example.org", "تذكير: مساهمة وزارتكم", "السادة الزملاء،\n\n" + "كلمة " * 500 + "\n\n.\n\u2068x\u2069\n"
    )
    send(plain(inbox.port), letter)
    assert (inbox.message()["Subject"], text_of(inbox)) == (letter.subject, letter.text)
    assert inbox.message().get_content_charset() == "utf-8"


def test_an_address_beyond_ascii_arrives_where_the_server_can_write_to_it(serve: Serve) -> None:
    able, unable = serve(), serve(enable_SMTPUTF8=False)
    letter = LETTER._replace(to="нурия@bücher.example.org")
    send(plain(able.port), letter)
    assert able.envelopes[0].rcpt_tos == ["нурия@xn--bcher-kva.example.org"]
    refused = failing(plain(unable.port), letter)
    assert refused.permanent
    assert "ASCII" in refused.reason


@pytest.mark.parametrize(
    "wrong",
    [
        *({"to": to} for to in (
            "a@example.org\r\nBcc: b@example.org", "a@example.org\n", "a@example.org, b@example.org", "a@example.org\x00", "",
            "nobody", "@example.org", "a@", "a@b", "a@b..org", "\ud800@b.org", "a@" + "b" * 99 + ".org", "<a@example.org>",
            "A <a@example.org>", "a b@example.org", "a@example.org>", "a@b@example.org", "a\u202eb@example.org", "a@.org", "a@b.",
        )),
        *({"subject": subject} for subject in ("Hello\r\nBcc: b@example.org", "Hello\n", "Hello\u2028Bcc: b@x.org", "\ud800")),
        {"text": "\ud800"},
    ],
    ids=ascii,
)  # fmt: skip
def test_no_letter_can_bring_headers_or_other_recipients_with_it(serve: Serve, wrong: dict[str, str]) -> None:
    inbox = serve()
    assert failing(plain(inbox.port), LETTER._replace(**wrong)).permanent
    assert inbox.envelopes == []


def test_a_text_that_looks_like_headers_stays_text(serve: Serve) -> None:
    inbox = serve()
    send(plain(inbox.port), LETTER._replace(text="Bcc: b@example.org\n\n.\r\nMAIL FROM:<b@example.org>\n"))
    assert inbox.message()["Bcc"] is None
    assert text_of(inbox).startswith("Bcc: b@example.org\n\n.\nMAIL FROM")


@pytest.mark.parametrize(
    ("answers", "permanent"),
    [
        ({"RCPT": "550 no such person"}, True), ({"RCPT": "450 mailbox busy"}, False), ({"DATA": "554 refused as spam"}, True),
        ({"DATA": "452 disk full"}, False), ({"MAIL": "550 you may not write"}, False), ({"MAIL": "421 closing"}, False),
    ],
)  # fmt: skip
def test_a_refusal_is_told_with_the_servers_words(serve: Serve, answers: dict[str, str], permanent: bool) -> None:
    inbox = serve(answers)
    refused = failing(plain(inbox.port))
    assert refused.permanent is permanent
    assert next(iter(answers.values())) in refused.reason


def test_a_letter_that_was_taken_counts_as_sent_whatever_follows(serve: Serve) -> None:
    inbox = serve({"QUIT": "500 what"})
    send(plain(inbox.port), LETTER)
    assert len(inbox.envelopes) == 1


def test_what_the_server_says_is_cut_to_one_safe_line(serve: Serve) -> None:
    reason = failing(plain(serve({"RCPT": "550 \x1b[31mred " + "x" * 400}).port)).reason
    assert reason.isprintable()
    assert len(reason) < 260


@pytest.mark.usefixtures("trusted")
def test_a_letter_goes_over_starttls_after_signing_in(
    serve: Serve, tls: ssl.SSLContext, signs_in: dict[str, Any]
) -> None:
    inbox = serve(tls_context=tls, require_starttls=True, **signs_in)
    send(settings(f"smtp://mgi:p%40ss%3Aword@localhost:{inbox.port}"), LETTER)
    assert inbox.encrypted == [True]


@pytest.mark.usefixtures("trusted")
def test_a_letter_goes_over_tls_from_the_first_byte(serve: Serve, tls: ssl.SSLContext) -> None:
    inbox = serve(ssl_context=tls)
    send(settings(f"smtps://localhost:{inbox.port}"), LETTER)
    assert len(inbox.envelopes) == 1


@pytest.mark.usefixtures("trusted")
def test_a_wrong_password_is_told_without_it_and_the_letter_waits(
    serve: Serve, tls: ssl.SSLContext, signs_in: dict[str, Any]
) -> None:
    inbox = serve(tls_context=tls, require_starttls=True, **signs_in)
    refused = failing(settings(f"smtp://mgi:not-this@localhost:{inbox.port}"))
    assert "refuses our user or password: 535" in refused.reason
    assert "not-this" not in refused.reason
    assert (refused.permanent, inbox.envelopes) == (False, [])


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_that_nobody_vouches_for_is_refused(serve: Serve, tls: ssl.SSLContext, scheme: str) -> None:
    inbox = serve(ssl_context=tls) if scheme == "smtps" else serve(tls_context=tls)
    refused = failing(settings(f"{scheme}://localhost:{inbox.port}"))
    assert "CERTIFICATE_VERIFY_FAILED" in refused.reason
    assert (refused.permanent, inbox.envelopes) == (False, [])


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_for_another_name_is_refused(serve: Serve, tls: ssl.SSLContext, scheme: str) -> None:
    inbox = serve(ssl_context=tls) if scheme == "smtps" else serve(tls_context=tls)
    refused = failing(settings(f"{scheme}://127.0.0.1:{inbox.port}"))
    assert "CERTIFICATE_VERIFY_FAILED" in refused.reason
    assert inbox.envelopes == []


def test_a_server_without_starttls_gets_no_letter(serve: Serve) -> None:
    inbox = serve()
    refused = failing(settings(f"smtp://localhost:{inbox.port}"))
    assert "cannot be used safely" in refused.reason
    assert (refused.permanent, inbox.envelopes) == (False, [])


@pytest.fixture
def silent() -> Iterator[int]:
    """A server that takes connections and never says a word; after five seconds it cuts them off."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        end = Timer(5, server.close)
        end.start()
        yield server.getsockname()[1]
        end.cancel()


@pytest.mark.parametrize("url", ["smtp://127.0.0.1:{}?tls=none", "smtps://localhost:{}"])
def test_a_server_that_hangs_is_given_up_in_time(silent: int, url: str) -> None:
    told = settings(url.format(silent))
    assert told.timeout == 10
    begun = time.monotonic()
    refused = failing(SmtpSettings(told.host, told.port, told.sender, told.security, timeout=0.3))
    assert 0.2 < time.monotonic() - begun < 3
    assert "timed out" in refused.reason
    assert not refused.permanent


def test_a_server_that_is_not_there_is_told_with_its_address() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        refused = failing(plain(port))
    assert f"the mail server 127.0.0.1:{port} cannot be reached" in refused.reason
    assert not refused.permanent


@pytest.mark.parametrize(
    ("url", "host", "port", "security"),
    [
        ("smtp://mgi:x@mail.example.org", "mail.example.org", 587, "starttls"),
        ("smtp://mail.example.org:2525/?tls=starttls", "mail.example.org", 2525, "starttls"),
        ("smtps://mail.example.org", "mail.example.org", 465, "tls"), ("smtp://[::1]:25?tls=none", "::1", 25, "none"),
    ],
)  # fmt: skip
def test_an_address_is_read(url: str, host: str, port: int, security: str) -> None:
    told = settings(url)
    assert (told.host, told.port, told.security) == (host, port, security)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://u:s3cret@mail.example.org", "should look like"), ("smtp://", "should look like"), ("", "should look like"),
        ("smtp://u:s3cret@[mail.example.org", "should look like"), ("smtp://u:s3cret@m.example.org/x", "should look like"),
        ("smtp://u:s3cret@m\u2100.example.org", "should look like"), ("smtp://u:s3cret@m.example.org:0", "1 to 65535"),
        ("smtp://u:s3cret@m.example.org:99999", "1 to 65535"), ("smtp://u:s3cret@m.example.org?tls=none", "this machine alone"),
        ("smtps://u:s3cret@localhost?tls=none", "nothing"), ("smtp://u:s3cret@m.example.org?tls=off", "tls=starttls"),
        ("smtp://u:s3cret@m.example.org?tsl", "tls=starttls"), ("smtp://u@m.example.org", "together"),
        ("smtp://u:s3cr%C3%A9t@m.example.org", "plain ASCII"), ("smtp://u%0d%0a:s3cret@m.example.org", "plain ASCII"),
    ],
    ids=ascii,
)  # fmt: skip
def test_an_address_that_cannot_be_used_is_refused_with_the_mend_and_without_the_password(url: str, told: str) -> None:
    with pytest.raises(ValueError, match=told) as refused:
        settings(url)
    assert "s3cr" not in str(refused.value)


def test_the_password_is_not_shown_with_the_settings() -> None:
    assert "s3cret" not in repr(settings("smtp://u:s3cret@mail.example.org"))


@pytest.mark.parametrize(
    "sender", ["", "MGI", "MGI <mgi>", "mgi@example.org\nBcc: x@example.org", "M\nGI <mgi@example.org>"]
)
def test_a_sender_that_is_no_address_is_refused(sender: str) -> None:
    with pytest.raises(ValueError, match="the sender of mails"):
        read_smtp_url("smtp://mail.example.org", sender=sender)
