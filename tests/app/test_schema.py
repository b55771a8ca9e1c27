"""Migrations: each goes up, down and up again with data in the tables, survives a kill, and ends where the models are."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import psycopg
import pytest
from sqlalchemy import Connection, Table, insert, inspect
from typer.testing import CliRunner

from app.backup.rows import tables_of
from app.cli import app
from app.database import Database
from app.schema import (
    UnknownRevision,
    current_revision,
    downgrade_schema,
    latest_revision,
    revisions,
    schema_differences,
    upgrade_schema,
)
from tests.databases import KINDS, postgres_server, sqlalchemy_address
from tests.world import KEY

ROOT = Path(__file__).parents[2]
UPGRADE = """
import sys
from app.database import Database
from app.schema import upgrade_schema
from tests.databases import sqlalchemy_address
database = Database(sqlalchemy_address(sys.argv[1]))
print("ready", flush=True)
upgrade_schema(database)
print("done", flush=True)
"""
KILLS = int(os.environ.get("MGI_UPGRADE_KILLS", "4"))
"""How often an upgrade is killed per kind of database; 30 before a release."""


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.sqlite'}"
        return
    address, name = postgres_server(), f"bare{time.monotonic_ns()}"
    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield address.format(name)
    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def bare(url: str) -> Iterator[Database]:
    database = Database(sqlalchemy_address(url))
    yield database
    database.close()


def environment(url: str, tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": url, "MGI_SECRET_KEY": KEY, "MGI_DATA": str(tmp_path)}


def described(database: Database) -> dict[str, list[str]]:
    """Tables with their columns, keys and indexes, as the database tells them."""
    with database.connected(writes=False) as connection:
        look = inspect(connection)
        return {
            name: sorted(
                str(part)
                for told in (
                    look.get_columns(name),
                    look.get_indexes(name),
                    look.get_foreign_keys(name),
                    look.get_unique_constraints(name),
                    [look.get_pk_constraint(name)],
                )
                for part in told
            )
            for name in sorted(look.get_table_names())
        }


def seed(connection: Connection) -> None:
    """A row in each table, whatever the revision; each refers to the one row of the other."""
    for table in tables_of(connection):
        connection.execute(insert(table).values({column.name: value(table, column.name) for column in table.columns}))


def value(table: Table, column: str) -> object:
    kind = table.columns[column].type.python_type
    if kind is datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)
    return {str: "same", int: 1, bool: True}.get(kind, datetime(2026, 1, 1, tzinfo=UTC).date())


def test_each_revision_goes_up_down_and_up_again_with_data_in_the_tables(bare: Database) -> None:
    known = list(reversed(revisions()))
    assert len(known) >= 5
    for before, revision in zip(["base", *known], known, strict=False):
        upgrade_schema(bare, revision)
        first = described(bare)
        with bare.connected(writes=True) as connection:
            for table in reversed(tables_of(connection)):
                connection.execute(table.delete())
            seed(connection)
        downgrade_schema(bare, before)
        assert current_revision(bare) == ("" if before == "base" else before)
        upgrade_schema(bare, revision)
        assert described(bare) == first
    downgrade_schema(bare, "base")
    assert list(described(bare)) == ["alembic_version"]


def test_the_schema_is_that_of_the_models(bare: Database) -> None:
    upgrade_schema(bare)
    assert schema_differences(bare) == []
    with bare.connected(writes=True) as connection:
        connection.exec_driver_sql("ALTER TABLE event ADD COLUMN more VARCHAR")
    assert "more" in schema_differences(bare)[0]


def test_an_upgrade_that_is_killed_is_finished_by_running_it_again(bare: Database, url: str) -> None:
    random, killed = Random(5), 0
    started = time.monotonic()
    upgrade_schema(bare)
    whole, fresh = time.monotonic() - started, described(bare)
    for turn in range(KILLS):
        downgrade_schema(bare, "base")
        killed += killed_after(url, whole * (turn + random.random()) / KILLS)
        upgrade_schema(bare)
        assert described(bare) == fresh
        assert current_revision(bare) == latest_revision()
    assert killed >= KILLS // 3


def killed_after(url: str, seconds: float) -> bool:
    """Begin an upgrade in a process of its own and kill it after some seconds; whether it was still at it."""
    process = subprocess.Popen([sys.executable, "-c", UPGRADE, url], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout as told:
        assert told.readline() == b"ready\n"
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        rest = told.read()
    assert process.wait() in (0, -signal.SIGKILL)
    return rest != b"done\n"


def test_alembic_itself_runs_from_its_settings_alone(url: str, tmp_path: Path) -> None:
    alembic = Path(sys.executable).parent / "alembic"
    for words in (["upgrade", "head"], ["check"], ["downgrade", "base"]):
        done = subprocess.run(
            [alembic, *words], cwd=ROOT, env=environment(url, tmp_path), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr


def test_the_commands_tell_where_the_tables_are(url: str, tmp_path: Path) -> None:
    def mgi(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, ["db", *words], env=environment(url, tmp_path))
        assert done.exit_code == code, done.output
        return done.output

    assert mgi("current") == "base (the newest is 0005; please run: mgi db upgrade)\n"
    assert "add_table" in mgi("check", code=1)
    assert mgi("upgrade") == "The tables are at revision 0005.\n"
    assert "are those" in mgi("check")
    assert mgi("downgrade", "0002") == "The tables are at revision 0002.\n"
    assert "There is no revision 'nonsense'" in mgi("downgrade", "nonsense", code=2)


def test_a_database_of_a_later_version_is_left_alone(bare: Database) -> None:
    upgrade_schema(bare)
    with bare.connected(writes=True) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(UnknownRevision, match="9999, which this version of the software does not know"):
        upgrade_schema(bare)


def test_an_installed_package_finds_its_migrations(tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    build = "from hatchling.build import build_wheel; print(build_wheel(__import__('sys').argv[1]))"
    done = subprocess.run([sys.executable, "-c", build, tmp_path], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "installed")
    installed = tmp_path / "installed"
    assert {path.name for path in installed.iterdir()} >= {"app", "questionnaire", "scoring"}
    assert not (installed / "migrations").exists()
    told = "from app.schema import MIGRATIONS, latest_revision; print(MIGRATIONS, latest_revision())"
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=installed, capture_output=True, text=True, env={"PYTHONPATH": str(installed)}
    )
    assert done.stdout.split() == [str(installed / "app" / "migrations"), "0005"], done.stderr
