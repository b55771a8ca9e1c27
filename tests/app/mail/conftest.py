"""A real mail server on this machine, with or without TLS, and a certificate made for it."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Inbox:
    """Keeps what arrives, or answers a command as it is told to: `answers={"RCPT": "550 no such person"}`."""

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers = answers
        self.envelopes: list[Envelope] = []
        self.encrypted: list[bool] = []
        self.port = 0
        vars(self).update(
            handle_RCPT=self.rcpt, handle_MAIL=self.mail, handle_DATA=self.data, handle_QUIT=self.goodbye
        )  # fmt: skip

    async def rcpt(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def mail(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def data(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if "DATA" not in self.answers:
            self.envelopes.append(envelope)
            self.encrypted.append(session.ssl is not None)
        return self.answers.get("DATA", "250 OK")

    async def goodbye(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return self.answers.get("QUIT", "221 Bye")

    def message(self) -> EmailMessage:
        """The one message that arrived."""
        assert len(self.envelopes) == 1
        content = self.envelopes[0].content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        return message


def only_mgi(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and data == LoginPassword(b"mgi", b"p@ss:word")
    return AuthResult(success=good, handled=False)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


Serve = Callable[..., Inbox]


@contextmanager
def serving(answers: dict[str, str], **options: Any) -> Iterator[Inbox]:
    inbox = Inbox(answers)
    inbox.port = free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=inbox.port, server_hostname="mail.test", **options)
    controller.start()
    try:
        yield inbox
    finally:
        controller.stop()
        controller.loop.close()


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts servers that are stopped after the test."""
    with ExitStack() as stack:
        yield lambda answers=None, **options: stack.enter_context(serving(answers or {}, **options))


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate with its key in one file, for localhost alone, that nobody trusts unless told to."""
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl on this machine to make a certificate with")
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    asked = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    subprocess.run(["openssl", *asked.split(), "-keyout", path, "-out", f"{path}.crt"], check=True, capture_output=True)
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate is that of an authority this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


@pytest.fixture
def signs_in() -> dict[str, Any]:
    """What makes a server ask for the user `mgi` and its password."""
    return {"auth_required": True, "authenticator": only_mgi}
