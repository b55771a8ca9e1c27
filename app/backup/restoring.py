"""`mgi restore`: a backup is checked to its last byte and its record verified elsewhere before anything is touched."""

from pathlib import Path
from tempfile import SpooledTemporaryFile, TemporaryDirectory
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from app.backup.package import Backup, BadBackup, opened_backup
from app.backup.rows import is_empty, load_rows, tables_of
from app.checkpoints import FILE, parse_checkpoints, restore_checkpoints
from app.database import Database
from app.evidence.keeping import contents_in_use
from app.evidence.store import CHUNK, evidence_key, put
from app.models.assessments import Assessment
from app.record import ACCOUNTS, append_event, head_of, stamp
from app.schema import SCHEMA_LOCK, change_schema, revision_of, revisions
from app.service import Service
from app.verification.faults import Verified
from app.verification.verifying import verify_record

RESTORED = "backup_restored"
_IN_MEMORY = 1024 * 1024


class NotEmpty(Exception):
    """The database, or the folder of checkpoints, holds something already; nothing was changed."""


class Restored(NamedTuple):
    """A backup that was checked: when it was made, by which version, what was verified, and what it lacks."""

    made_at: str
    software: str
    verified: Verified
    missing: list[str]


def check_backup(service: Service, path: Path) -> Restored:
    """Check a backup and verify its record, without touching anything. `BadBackup` says what is wrong."""
    with opened_backup(path, service.settings.key) as backup:
        return _check(service, backup)


def restore_backup(service: Service, path: Path) -> Restored:
    """Restore a backup into an empty database: evidence files first, then all rows in one transaction.

    `BadBackup` or `NotEmpty` before anything is touched. If it fails later on, the database stays empty: try again.
    """
    with opened_backup(path, service.settings.key) as backup:
        checked = _check(service, backup)
        with service.database.connected(writes=True) as connection:
            service.database.lock(connection, SCHEMA_LOCK)
            _demand_empty(connection)
            _restore_checkpoints(service, backup)
            _restore_files(service, backup)
            _fill(connection, backup)
            _verify(connection, service, backup)
            _tell(connection, service, checked)
    return checked


def _check(service: Service, backup: Backup) -> Restored:
    """Load the rows into a database aside and verify the record there."""
    _check_facts(backup)
    service.settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(dir=service.settings.data, prefix=".checking-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'backup.sqlite'}")
        try:
            with database.connected(writes=True) as connection:
                _fill(connection, backup)
                verified = _verify(connection, service, backup)
        finally:
            database.close()
    manifest = backup.manifest
    return Restored(manifest["made_at"], manifest["software"], verified, manifest["missing"])


def _check_facts(backup: Backup) -> None:
    manifest = backup.manifest
    try:
        sound = all(isinstance(manifest[name], str) for name in ("revision", "made_at", "software"))
        sound &= all(isinstance(name, str) for name in manifest["missing"])
        sound &= all(isinstance(table["rows"], int) and table["columns"] for table in manifest["tables"].values())
    except (KeyError, TypeError, AttributeError):
        sound = False
    if not sound or {f"tables/{name}.jsonl" for name in manifest["tables"]} != set(backup.names("tables")):
        raise BadBackup("The backup's manifest cannot be read.")
    if manifest["revision"] not in revisions():
        raise BadBackup(
            f"The backup's tables are at revision {manifest['revision'][:40]}, which this version of the software does not "
            f"know. Please restore it with version {manifest['software'][:40]} or a later one."
        )


def _fill(connection: Connection, backup: Backup) -> None:
    """Make the tables as they were, load the rows, then bring all up to date."""
    try:
        if revision_of(connection) not in ("", backup.manifest["revision"]):
            change_schema(connection, "base", down=True)
        change_schema(connection, backup.manifest["revision"])
        tables = tables_of(connection)
        told = backup.manifest["tables"]
        if {table.name: [column.name for column in table.columns] for table in tables} != {
            name: table["columns"] for name, table in told.items()
        }:
            raise BadBackup("The backup's tables are not those of the revision that it names.")
        for table in tables:
            with backup.open(f"tables/{table.name}.jsonl") as lines:
                if load_rows(connection, table, lines) != told[table.name]["rows"]:
                    raise BadBackup(f"The backup does not hold all rows of {table.name}.")
        change_schema(connection, "head")
    except (SQLAlchemyError, ValueError, TypeError) as error:
        raise BadBackup(f"The backup's rows do not fit its tables: {str(error).splitlines()[0]}") from None


def _verify(connection: Connection, service: Service, backup: Backup) -> Verified:
    with backup.open(FILE) as file:
        checkpoints = parse_checkpoints(file.read(), service.settings.key)
    verified = verify_record(connection, checkpoints)
    if verified.faults:
        first = "\n".join(str(fault) for fault in verified.faults[:5])
        raise BadBackup(f"The record in the backup is not sound ({len(verified.faults)} faults):\n{first}")
    verified.files = _check_files(connection, backup)
    return verified


def _check_files(connection: Connection, backup: Backup) -> int:
    """The evidence files that the rows need are all there, or named as missing; each is named by its SHA-256."""
    needed = {
        evidence_key(assessment_id, sha256)
        for assessment_id in list(connection.scalars(select(col(Assessment.id))))
        for sha256 in contents_in_use(connection, assessment_id)
    }
    there = set(backup.names("evidence"))
    if there != needed - set(backup.manifest["missing"]):
        raise BadBackup("The backup does not hold the evidence files that its rows need.")
    for entry in backup.entries:
        if entry.name in there and not entry.name.endswith(f"/{entry.sha256}"):
            raise BadBackup(f"The content of {entry.name} is another than its name says.")
    return len(there)


def _demand_empty(connection: Connection) -> None:
    if not is_empty(connection):
        raise NotEmpty(
            "The database holds something already; a backup is restored into an empty one alone. Please name another in "
            "DATABASE_URL, or another data folder in MGI_DATA."
        )


def _restore_checkpoints(service: Service, backup: Backup) -> None:
    try:
        with backup.open(FILE) as file:
            restore_checkpoints(service.settings, file.read())
    except ValueError as error:
        raise NotEmpty(str(error)) from None


def _restore_files(service: Service, backup: Backup) -> None:
    for name in backup.names("evidence"):
        with SpooledTemporaryFile(_IN_MEMORY) as content, backup.open(name) as part:
            while chunk := part.read(CHUNK):
                content.write(chunk)
            put(service.evidence, name, content)


def _tell(connection: Connection, service: Service, checked: Restored) -> None:
    """That all of this came from a backup is on record as well."""
    fields = {"stream": ACCOUNTS, "at": stamp(service.clock()), "kind": RESTORED, "actor": "", "subject": ""}
    told = {"made_at": checked.made_at, "software": checked.software, "by": "command line"}
    append_event(connection, head_of(connection, ACCOUNTS), fields, told, state="")
