"""Backups: whole under load, restored into either kind of database, and refused when anything about them is wrong."""

import threading
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from app.backup.making import make_backup
from app.backup.package import BadBackup, opened_backup
from app.backup.restoring import NotEmpty, check_backup, restore_backup
from app.backup.rows import is_empty, tables_of
from app.checkpoints import checkpoint_file, write_checkpoint
from app.cli import app
from app.database import Database
from app.schema import downgrade_schema, upgrade_schema
from app.service import Service, open_service
from app.verification.verifying import verify_service
from questionnaire.compiled import CompiledInstrument
from questionnaire.response import Response
from tests.databases import KINDS, fresh_database
from tests.lived import attach, live_through
from tests.teamwork import save
from tests.world import KEY, World, running_world, settings_for

DAMAGES = 200


@pytest.fixture(scope="module", params=KINDS)
def lived(
    request: pytest.FixtureRequest,
    shared_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
    instrument: CompiledInstrument,
    response: Response,
) -> Iterator[World]:
    """A world in which an assessment went through everything."""
    folder = tmp_path_factory.mktemp("lived")
    with (
        fresh_database(request.param, shared_folder, folder) as url,
        running_world(url, folder / "data", instrument) as world,
    ):
        live_through(world, response)
        write_checkpoint(world.service)
        yield world


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, shared_folder: Path, tmp_path: Path) -> Iterator[Service]:
    """A service on an empty database of each kind."""
    with fresh_database(request.param, shared_folder, tmp_path) as url:
        service = open_service(settings_for(url, tmp_path / "elsewhere"))
        yield service
        service.database.close()


@pytest.fixture
def here(shared_folder: Path, tmp_path: Path) -> Iterator[Service]:
    """The same on SQLite alone."""
    with fresh_database("sqlite", shared_folder, tmp_path) as url:
        service = open_service(settings_for(url, tmp_path / "elsewhere"))
        yield service
        service.database.close()


@pytest.fixture
def small(sqlite_world: World, tmp_path: Path) -> Path:
    """A backup of a service that has hardly begun."""
    save(sqlite_world, 0)
    attach(sqlite_world, "law.txt", b"Article 1.")
    write_checkpoint(sqlite_world.service)
    return make_backup(sqlite_world.service, tmp_path / "backup.zip").path


def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, in order of their keys, as the models give them; times are in UTC in both databases."""
    from sqlmodel import SQLModel

    with database.connected(writes=False) as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in SQLModel.metadata.sorted_tables
        }


def test_everything_comes_back_in_either_kind_of_database(lived: World, empty: Service, tmp_path: Path) -> None:
    made = make_backup(lived.service, tmp_path)
    restored = restore_backup(empty, made.path)
    assert (restored.missing, made.missing, made.files) == ([], [], 1)
    before, after = contents(lived.service.database), contents(empty.database)
    told = after["event"].pop([row[:2] for row in after["event"]].index(("accounts", len(of_accounts(after)))))
    assert told[3] == "backup_restored"
    assert {name: set(rows) for name, rows in before.items()} == {name: set(rows) for name, rows in after.items()}
    verified = verify_service(empty, files=True)
    assert (verified.faults, verified.files) == ([], 1)


def of_accounts(rows: dict[str, list[tuple[Any, ...]]]) -> list[tuple[Any, ...]]:
    return [row for row in rows["event"] if row[0] == "accounts"]


def test_a_backup_under_load_is_whole(world: World, here: Service, tmp_path: Path) -> None:
    done, saved = threading.Event(), [0, 0, 0, 0]
    indicators = list(world.instrument.indicators)

    def write(number: int) -> None:
        while not done.is_set():
            save(world, 0, {"not_known": "Asked."}, indicators[number::4][saved[number]])
            saved[number] += 1
            if saved[number] % 5 == 0:
                write_checkpoint(world.service)

    world.as_("focal_a")
    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    while min(saved) < 3:
        pass
    made = make_backup(world.service, tmp_path / "backup.zip")
    done.set()
    for writer in writers:
        writer.join()
    restore_backup(here, made.path)
    found = verify_service(here, files=True)
    assert found.faults == []
    assert 12 <= len(contents(here.database)["answer"]) <= sum(saved)


def damages(whole: bytes) -> Iterator[bytes]:
    """Bits flipped all over the file, its end and its middle cut off, pieces doubled, zeros in places."""
    random, size = Random(11), len(whole)
    for turn in range(DAMAGES):
        place = size * turn // DAMAGES
        way = turn % 5
        if way < 2:
            yield whole[:place] + bytes([whole[place] ^ 1 << random.randrange(8)]) + whole[place + 1 :]
        elif way == 2:
            yield whole[:place]
        elif way == 3:
            yield whole[:place] + whole[place + random.randint(1, 50) :]
        else:
            yield whole[:place] + whole[place : place + 30] + whole[place:]
    for place in range(size - 130, size):
        yield whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
    yield from (b"", whole + b"\n", whole + whole, b"PK\x05\x06" + bytes(18))


def test_a_damaged_backup_is_refused_and_nothing_is_touched(small: Path, here: Service) -> None:
    damaged, count = small.with_name("damaged.zip"), 0
    for content in damages(small.read_bytes()):
        damaged.write_bytes(content)
        with pytest.raises(BadBackup):
            restore_backup(here, damaged)
        count += 1
    assert count > DAMAGES
    with here.database.connected(writes=False) as connection:
        assert is_empty(connection)
    assert not checkpoint_file(here.settings).exists()


def test_a_backup_of_a_record_that_was_tampered_with_is_refused(
    sqlite_world: World, here: Service, tmp_path: Path
) -> None:
    save(sqlite_world, 0)
    with sqlite_world.service.database.connected(writes=True) as connection:
        connection.exec_driver_sql("UPDATE answer SET body = '{}'")
    made = make_backup(sqlite_world.service, tmp_path / "backup.zip")
    with pytest.raises(BadBackup, match="is not sound"):
        restore_backup(here, made.path)
    with here.database.connected(writes=False) as connection:
        assert is_empty(connection)


def test_another_key_is_told_as_such(small: Path, here: Service) -> None:
    settings = here.settings.model_copy(update={"secret_key": type(here.settings.secret_key)(f"another {KEY}")})
    with pytest.raises(BadBackup, match="signed with another MGI_SECRET_KEY"):
        check_backup(Service(settings, here.database), small)


def test_a_database_that_holds_anything_is_left_alone(sqlite_world: World, small: Path) -> None:
    before = contents(sqlite_world.service.database)
    with pytest.raises(NotEmpty, match="into an empty one alone"):
        restore_backup(sqlite_world.service, small)
    assert contents(sqlite_world.service.database) == before


def test_a_database_without_tables_is_made_ready(small: Path, here: Service) -> None:
    downgrade_schema(here.database, "base")
    restore_backup(here, small)
    assert verify_service(here, files=True).faults == []


def test_later_checkpoints_are_not_lost_by_restoring(sqlite_world: World, small: Path, here: Service) -> None:
    save(sqlite_world, 1, {"note": "Later."})
    write_checkpoint(sqlite_world.service)
    target = checkpoint_file(here.settings)
    target.parent.mkdir(parents=True)
    target.write_bytes(checkpoint_file(sqlite_world.service.settings).read_bytes())
    with pytest.raises(NotEmpty, match="move it elsewhere"):
        restore_backup(here, small)
    with here.database.connected(writes=False) as connection:
        assert is_empty(connection)


def test_a_content_that_the_store_lost_is_named_and_the_rest_is_kept(
    sqlite_world: World, here: Service, tmp_path: Path
) -> None:
    attach(sqlite_world, "law.txt", b"Article 1.")
    content = next(
        file for file in (sqlite_world.service.settings.data / "evidence").rglob("*") if len(file.name) == 64
    )
    content.write_bytes(b"Article 2.")
    made = make_backup(sqlite_world.service, tmp_path / "backup.zip")
    assert [name.split("/")[-1] for name in made.missing] == [content.name]
    assert restore_backup(here, made.path).missing == made.missing


def test_a_backup_is_read_by_its_owner_alone_and_replaces_no_file(sqlite_world: World, tmp_path: Path) -> None:
    made = make_backup(sqlite_world.service, tmp_path)
    assert made.path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        make_backup(sqlite_world.service, made.path)
    assert list(tmp_path.glob(".*.part")) == []


def test_a_restore_that_fails_on_the_way_leaves_an_empty_database(
    small: Path, here: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here.settings.data / "evidence").mkdir(parents=True)
    (here.settings.data / "evidence" / "evidence").write_text("in the way")
    with pytest.raises(Exception, match="store"):
        restore_backup(here, small)
    with here.database.connected(writes=False) as connection:
        assert is_empty(connection)


def test_the_commands_back_up_check_and_restore(sqlite_world: World, here: Service, tmp_path: Path) -> None:
    def mgi(service: Service, *words: str) -> str:
        settings = service.settings
        environment = {"DATABASE_URL": settings.database, "MGI_SECRET_KEY": KEY, "MGI_DATA": str(settings.data)}
        done = CliRunner().invoke(app, list(words), env=environment)
        assert done.exit_code == 0, done.output
        return done.output

    target = str(tmp_path / "backup.zip")
    assert "rows, 0 evidence files" in mgi(sqlite_world.service, "backup", target)
    assert "is whole and its record is sound" in mgi(here, "restore", "--check", target)
    assert "is restored" in mgi(here, "restore", target)
    assert "All is as it was written." in mgi(here, "verify", "--files")


def test_a_backup_opens_with_any_zip_program(small: Path) -> None:
    with opened_backup(small, KEY.encode()) as backup:
        assert "tables/event.jsonl" in backup.archive.namelist()
        assert backup.archive.testzip() is None


def test_tables_are_read_from_the_database_and_not_from_the_models(here: Service) -> None:
    downgrade_schema(here.database, "base")
    with here.database.connected(writes=False) as connection:
        assert tables_of(connection) == []
    upgrade_schema(here.database)
    with here.database.connected(writes=False) as connection:
        assert "event" in {table.name for table in tables_of(connection)}
