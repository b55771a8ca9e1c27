"""`mgi backup`: all rows as they are at one moment, the evidence files that they need, and the checkpoints."""

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlmodel import col

from app.backup.package import Writer, writing_backup
from app.backup.rows import dump_rows, tables_of
from app.checkpoints import FILE, held_checkpoints
from app.evidence.keeping import contents_in_use, copy_content
from app.evidence.store import CHUNK, evidence_key
from app.models.assessments import Assessment
from app.record import stamp
from app.schema import revision_of
from app.service import Service

_TRIES = 3
_IN_MEMORY = 1024 * 1024

Content = tuple[str, str]
"""An evidence file: the assessment's id and the SHA-256."""


class Made(NamedTuple):
    """A backup: its file, the rows and evidence files in it, and the contents that the store no longer has whole."""

    path: Path
    rows: int
    files: int
    missing: list[str]


class FilesMoved(Exception):
    """An evidence file was removed for good while the backup was made: it is begun again."""


def make_backup(service: Service, target: Path) -> Made:
    """Write a backup into a folder, under the name of the moment, or as a file of its own. People may go on working.

    `FileExistsError` if there is such a file already. A content that the store does not have whole is left out and named.
    """
    if target.is_dir():
        target = target / f"mgi-backup-{service.clock():%Y%m%dT%H%M%SZ}.zip"
    if target.exists():
        raise FileExistsError(17, "there is such a file already", str(target))
    for _ in range(_TRIES - 1):
        try:
            return _make(service, target)
        except FilesMoved:
            continue
    return _make(service, target)


def _make(service: Service, target: Path) -> Made:
    facts: dict[str, Any] = {"software": version("mgi"), "made_at": stamp(service.clock())}
    with (
        service.database.connected(writes=False) as connection,
        writing_backup(target, service.settings.key, facts) as writer,
    ):
        # A checkpoint stands in the file and in the record: nobody writes one while this moment is taken.
        with held_checkpoints(service.settings) as checkpoints:
            facts["revision"] = revision_of(connection)
        writer.add(FILE, [checkpoints[: checkpoints.rfind(b"\n") + 1]])
        facts["tables"] = dict(_add_tables(connection, writer))
        missing, files = _add_files(service, connection, writer)
        facts["missing"] = missing
    return Made(target, sum(table["rows"] for table in facts["tables"].values()), files, missing)


def _add_tables(connection: Connection, writer: Writer) -> Iterator[tuple[str, dict[str, Any]]]:
    for table in tables_of(connection):
        rows = _Counted(dump_rows(connection, table))
        writer.add(f"tables/{table.name}.jsonl", rows)
        yield table.name, {"columns": [column.name for column in table.columns], "rows": rows.count}


class _Counted:
    """Lines that are counted on their way."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self.lines = lines
        self.count = 0

    def __iter__(self) -> Iterator[bytes]:
        for line in self.lines:
            self.count += 1
            yield line


def _add_files(service: Service, connection: Connection, writer: Writer) -> tuple[list[str], int]:
    """Add the contents that the rows of this moment need, and name those that the store does not have whole."""
    missing, count = list[Content](), 0
    for assessment_id in sorted(connection.scalars(select(col(Assessment.id)))):
        for sha256 in sorted(contents_in_use(connection, assessment_id)):
            with SpooledTemporaryFile(_IN_MEMORY) as content:
                if copy_content(service, assessment_id, sha256, content):
                    content.seek(0)
                    writer.add(
                        evidence_key(assessment_id, sha256), iter(lambda: content.read(CHUNK), b""), packed=False
                    )
                    count += 1
                else:
                    missing.append((assessment_id, sha256))
    _check_not_moved(service, missing)
    return [evidence_key(*content) for content in missing], count


def _check_not_moved(service: Service, missing: list[Content]) -> None:
    """A content may have been given back after this moment, with the last row that needed it."""
    with service.database.connected(writes=False) as connection:
        for assessment_id, sha256 in missing:
            if sha256 not in contents_in_use(connection, assessment_id):
                raise FilesMoved
