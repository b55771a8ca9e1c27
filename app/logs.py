"""The log: a line of JSON per event on stderr, with the request's id and the caller's; never an answer, name, address or text."""

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

QUIET = ("sqlalchemy", "alembic", "uvicorn.access", "httpx", "httpcore", "asyncio")
"""Loggers of libraries from which only errors are of interest."""
_LONGEST = 200


@dataclass
class Request:
    """What the log knows about the request under way. `account` comes once someone is known to call."""

    id: str
    account: str | None = None


_request: ContextVar[Request | None] = ContextVar("request", default=None)


@contextmanager
def logging_request(request: Request) -> Iterator[None]:
    """Put the request's id, and its account's, on every line that is logged in this block and in threads begun in it."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


def note_account(account_id: str) -> None:
    """Say who calls, for the log: the id of the account, never the name."""
    request = _request.get()
    if request is not None:
        request.account = account_id


class _Quiet:
    """A stream that stops nobody when it cannot be written to: a full disk, a reader that went away."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with suppress(OSError, ValueError):
            self._stream.write(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._stream.flush()


def configure_logs(stream: TextIO | None = None) -> None:
    """Log to stderr, or to the stream: JSON lines, or words where it is a terminal. Loggers of libraries go the same way."""
    out = stream or sys.stderr
    last: Processor = (
        structlog.dev.ConsoleRenderer() if out.isatty() else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _add_request,
            _place_only,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(_Quiet(out)),  # type: ignore[arg-type]  # it writes and flushes
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[_FromLibraries()], level=logging.WARNING, force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)


def _add_request(_logger: Any, _method: str, event: EventDict) -> EventDict:
    request = _request.get()
    if request is not None:
        event["request"] = request.id
        if request.account:
            event["account"] = request.account
    return event


def _place_only(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """An exception by its kind and place: its text may hold an answer, and a traceback may hold it too."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["at"] = place_of(error)
    return event


def place_of(error: BaseException) -> list[str]:
    """File and line of the innermost calls, without their values."""
    return [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-4:]]


class _FromLibraries(logging.Handler):
    """What libraries log, in our form. Of their text only the beginning, before values are put in."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log it again as ours."""
        text = str(record.msg).partition("\n")[0][:_LONGEST]
        structlog.get_logger().log(record.levelno, text, logger=record.name, exc_info=record.exc_info)
