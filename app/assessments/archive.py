"""The archive of an assessment as one ZIP: texts from the database, files from the evidence store, and a manifest."""

import hashlib
import zipfile
from collections.abc import Iterable
from typing import IO, Any, NamedTuple

from sqlmodel import col, select

from app.assessments.archive_texts import archive_texts, as_json, named_people, told
from app.evidence.checking import safe_name
from app.evidence.contents import read_chunks
from app.evidence.keeping import contents_in_use, copy_content
from app.evidence.temporary import full_disk_told, temporary_file
from app.models.assessments import Evidence
from app.service import Service
from app.work import Work

FIXED_DATE = (1980, 1, 1, 0, 0, 0)
READ_BY_ALL = 0o644 << 16
UNIX = 3


class ArchivedFile(NamedTuple):
    """An evidence file for the archive: what is told of it, and its place in the archive if its content is kept."""

    told: dict[str, Any]
    sha256: str
    path: str | None


class Archive(NamedTuple):
    """An archive under way: what the manifest tells so far, and the evidence files whose contents are still to come."""

    name: str
    assessment_id: str
    manifest: list[dict[str, Any]]
    files: list[ArchivedFile]


def begin_archive(work: Work, out: IO[bytes]) -> Archive:
    """Write all that the database holds, in one transaction and one text at a time; `finish_archive` adds the files.

    `NoSpace` if the disk is full.
    """
    with full_disk_told(), zipfile.ZipFile(out, "w") as target:
        manifest = [_add(target, path, [text.encode()]) for path, text in archive_texts(work)]
    name = f"mgi-archive-{work.assessment.country}-{work.assessment.round}.zip"
    return Archive(name, work.assessment.id, manifest, _files(work))


def _files(work: Work) -> list[ArchivedFile]:
    """All files that were ever attached, by date. Those attached now or submitted at any time have a place."""
    statement = select(Evidence).where(col(Evidence.assessment_id) == work.assessment.id)
    rows = work.session.exec(statement.order_by(col(Evidence.added_at), col(Evidence.id)))
    used, people, taken = contents_in_use(work.connection, work.assessment.id), named_people(work), set[str]()
    return [
        ArchivedFile(told(row, people), row.sha256, _place(row, taken) if row.sha256 in used else None) for row in rows
    ]


def _place(row: Evidence, taken: set[str]) -> str:
    """A path that unpacks below the archive on every system, and is no other file's, not even in other letter case."""
    folder, name = f"evidence/{safe_name(row.indicator)}", safe_name(row.name, row.media_type)
    path = f"{folder}/{name}"
    if path.casefold() in taken:
        path = f"{folder}/{row.id}-{name}"
    taken.add(path.casefold())
    return path


def finish_archive(service: Service, archive: Archive, out: IO[bytes]) -> int:
    """Add the evidence files and the manifest, outside of any transaction, and give the ZIP's bytes.

    A file whose content is missing or altered in the store is told as such in `evidence.json`, and everything else is
    there. `StoreUnavailable` if the store cannot be read, `NoSpace` if the disk is full. The same content gives the
    same bytes.
    """
    manifest, listed = archive.manifest.copy(), []
    with full_disk_told():
        with zipfile.ZipFile(out, "a") as target:
            for file in archive.files:
                entry = _add_file(service, target, archive.assessment_id, file)
                manifest += [entry] if entry else []
                listed.append(file.told | {"file": entry["path"] if entry else None})
            manifest.append(_add(target, "evidence.json", [as_json(listed).encode()]))
            _add(target, "MANIFEST.json", [as_json(manifest).encode()])
        return out.tell()


def _add_file(
    service: Service, target: zipfile.ZipFile, assessment_id: str, file: ArchivedFile
) -> dict[str, Any] | None:
    """Add an evidence file, once all of it has arrived and is what it was; None if it is not to be had."""
    if file.path is None:
        return None
    with temporary_file() as content:
        if not copy_content(service, assessment_id, file.sha256, content):
            return None
        return _add(target, file.path, read_chunks(content))


def _add(target: zipfile.ZipFile, path: str, chunks: Iterable[bytes]) -> dict[str, Any]:
    """Add a member with a fixed date and fixed rights; what the manifest tells of it."""
    info = zipfile.ZipInfo(path, FIXED_DATE)
    info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, READ_BY_ALL, UNIX
    digest, size = hashlib.sha256(), 0
    with target.open(info, "w") as member:
        for chunk in chunks:
            member.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return {"path": path, "size": size, "sha256": digest.hexdigest()}
