"""Letters are handed to a real mail server; what goes wrong is told, and whether trying again may help."""

import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.mail.smtp import Letter, MailNotSent, SmtpSettings, read_smtp_url, send

LETTER = Letter("aigul@labour.example.org", "Reminder", "Dear colleague,\n\nplease sign in:\n\nhttps://mgi.example.org/x\n")


def settings(url: str, *, sender: str = "MGI <mgi@example.org>") -> SmtpSettings:
    return read_smtp_url(url, sender=sender)


def plain(port: int) -> SmtpSettings:
    return settings(f"smtp://localhost:{port}?tls=none")
