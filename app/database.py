"""The database: SQLite in the data folder, or PostgreSQL. One transaction per request, committed before the response."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection, make_url
from sqlmodel import Session, create_engine

_ONE_MOMENT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
BUSY_TIMEOUT = 5000
"""Milliseconds that SQLite waits for another process (a backup, a migration)."""


class Database:
    """An engine, and the one lock that lets a single writer into SQLite.

    Writers of one process wait for each other here, in order, and not in SQLite's own retry loop, which is unfair.
    """

    def __init__(self, url: str, *, threads: int = 12) -> None:
        self.is_sqlite = url.startswith("sqlite")
        path = make_url(url).database
        if self.is_sqlite and path:
            Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.engine = _sqlite(url, threads) if self.is_sqlite else _postgres(url, threads)
        self._writers = self.engine.execution_options(mgi_writes=True)
        self._readers = self.engine if self.is_sqlite else self.engine.execution_options(**_ONE_MOMENT)
        self._turn = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading; what it changes is not kept."""
        with Session(self.engine, autoflush=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session in a transaction that is committed at the end, or rolled back whole if anything is raised."""
        with self.connected(writes=True) as connection, Session(connection) as session:
            yield session
            session.flush()

    @contextmanager
    def connected(self, *, writes: bool) -> Iterator[Connection]:
        """A connection in a transaction; what was written is committed at the end, or rolled back if anything is raised.

        Who reads sees the database as it was at the first look, whatever others write meanwhile, and holds nobody up.
        """
        if not writes:
            with self._readers.connect() as connection:
                yield connection
        elif self.is_sqlite:
            with self._turn, self._writers.begin() as connection:
                yield connection
        else:
            with self.engine.begin() as connection:
                yield connection

    def lock(self, connection: Connection, name: str) -> None:
        """Wait until no other transaction holds `name`. On SQLite there is a single writer anyway."""
        if not self.is_sqlite:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (name,))

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _sqlite(url: str, threads: int) -> Engine:
    engine = create_engine(
        url, pool_size=threads + 4, max_overflow=0, connect_args={"check_same_thread": False, "timeout": 5}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Full sync: NORMAL would lose acknowledged answers in a power cut. Transactions are begun by us, not by the driver."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("mgi_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgres(url: str, threads: int) -> Engine:
    return create_engine(
        url, pool_size=threads + 4, max_overflow=0, pool_timeout=10, connect_args={"connect_timeout": 5}
    )
