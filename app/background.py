"""What the service does by itself, in one thread: it sends letters, writes checkpoints, and sweeps away what has served."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from typing import NamedTuple

import structlog
from sqlalchemy import ColumnElement, delete
from sqlmodel import SQLModel, col

from app.checkpoints import write_checkpoint
from app.database import Database
from app.evidence.keeping import sweep_store
from app.mail.outbox import send_waiting
from app.models.mail import OutboxLetter
from app.models.people import FailedSignIn, Link, SignIn
from app.models.record import RequestKey
from app.service import Service

_log = structlog.get_logger("mgi.background")


class Task(NamedTuple):
    """Something that is done again and again: its name in the log, the seconds between, and what it does."""

    name: str
    every: float
    act: Callable[[Service], object]


def sweep(service: Service) -> int:
    """Delete what has served: wrong tries after a day, keys of requests after a week, the rest after a month; how many rows."""
    now = service.clock()
    day, week, month = (now - timedelta(days=days) for days in (1, 7, 30))
    done: list[tuple[type[SQLModel], ColumnElement[bool]]] = [
        (FailedSignIn, col(FailedSignIn.at) < day),
        (RequestKey, col(RequestKey.at) < week),
        (SignIn, (col(SignIn.ended_at) < month) | (col(SignIn.expires_at) < month)),
        (Link, (col(Link.used_at) < month) | (col(Link.cancelled_at) < month) | (col(Link.expires_at) < month)),
        (OutboxLetter, (col(OutboxLetter.sent_at) < month) | (col(OutboxLetter.failed_at) < month)),
    ]
    rows = 0
    for table, condition in done:
        with service.database.connected(writes=True) as connection:
            rows += connection.execute(delete(table).where(condition)).rowcount
    return rows


TASKS: tuple[Task, ...] = (
    Task("send letters", 3, send_waiting),
    Task("write checkpoints", 60, write_checkpoint),
    Task("sweep", 3600, sweep),
    Task("sweep store", 24 * 3600, sweep_store),
)


class Background:
    """The thread that does the tasks. An error is logged, and the task is done again when it is due next."""

    def __init__(self, service: Service, tasks: tuple[Task, ...]) -> None:
        self._service = service
        self._due = dict.fromkeys(tasks, 0.0)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="background", daemon=True)

    def start(self) -> None:
        """Begin; each task is done at once for the first time."""
        self._thread.start()

    def stop(self, patience: float = 5) -> None:
        """End after the task under way. One that takes longer than `patience` seconds is left to itself."""
        self._stop.set()
        self._thread.join(patience)

    def _run(self) -> None:
        while self._due and not self._stop.is_set():
            for task, due in self._due.items():
                if due <= monotonic() and not self._stop.is_set():
                    self._do(task)
                    self._due[task] = monotonic() + task.every
            self._stop.wait(max(0.0, min(self._due.values()) - monotonic()))

    def _do(self, task: Task) -> None:
        try:
            with _alone(self._service.database, task.name) as alone:
                if alone:
                    task.act(self._service)
        except Exception:
            _log.error("background task failed", task=task.name, exc_info=True)


@contextmanager
def _alone(database: Database, name: str) -> Iterator[bool]:
    """Whether nobody else does the same just now: several processes may share a PostgreSQL database."""
    if database.is_sqlite:
        yield True
        return
    key = (f"mgi-background {name}",)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        got = connection.exec_driver_sql("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", key).scalar_one()
        try:
            yield bool(got)
        finally:
            if got:
                connection.exec_driver_sql("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", key)
