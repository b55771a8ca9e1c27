"""The contents of evidence files between store and database: kept before there is a row, given back when none needs them.

A content is put first and its row committed after, so that no row is without a content. Whatever is left without a row
by a crash is swept later.
"""

import json
from collections.abc import Iterator
from itertools import chain, groupby
from typing import IO, NamedTuple

import structlog
from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from app.evidence.checking import Accepted, check_evidence
from app.evidence.store import ContentMismatch, StoreUnavailable, delete, evidence_key, exists, get, list_keys, put
from app.evidence.temporary import full_disk_told
from app.models.assessments import Assessment, Evidence, Submission
from app.service import Service

MISSING = "The content of this file is not in the store. Please tell whoever runs this service; backups may have it."

_log = structlog.get_logger("mgi.evidence")


class Swept(NamedTuple):
    """What a sweep did: contents that were deleted, and assessments in the store that this database does not know."""

    deleted: int
    unknown: list[str]


def keep_content(service: Service, assessment_id: str, name: str, content: IO[bytes], size: int) -> Accepted:
    """Check a file and put its content into the store, outside of any transaction: both may take their time.

    `Refused` says why it cannot be evidence; `Unavailable` that scanner or store cannot be used; `NoSpace` that a disk
    is full. Nothing is kept then.
    """
    limit, scanner = service.settings.evidence_limit, service.settings.clamd
    with full_disk_told():
        accepted = check_evidence(name, content, size, limit, scanner=scanner)
        put(service.evidence, evidence_key(assessment_id, accepted.sha256), content)
    return accepted


def ensure_content(service: Service, assessment_id: str, sha256: str, content: IO[bytes]) -> None:
    """Put a content again if it was given back in between, for want of a row.

    Called in the transaction that writes the row, which holds the assessment's lock: nobody can give it back after.
    """
    key = evidence_key(assessment_id, sha256)
    if not exists(service.evidence, key):
        put(service.evidence, key, content)


def open_content(service: Service, assessment_id: str, sha256: str) -> Iterator[bytes]:
    """The content in chunks of at most 1 MB, the first of which is read at once.

    `StoreUnavailable` if it is missing, altered or cannot be read; after the first chunk this breaks the stream off
    before its end, so that what was altered never arrives as whole.
    """
    try:
        chunks = get(service.evidence, evidence_key(assessment_id, sha256))
    except KeyError:
        raise StoreUnavailable(MISSING) from None
    return chain([next(chunks, b"")], chunks)


def copy_content(service: Service, assessment_id: str, sha256: str, target: IO[bytes]) -> bool:
    """Copy a content into a file, if it is to be had whole; False if it is missing or was altered in the store."""
    try:
        for chunk in get(service.evidence, evidence_key(assessment_id, sha256)):
            target.write(chunk)
    except (KeyError, ContentMismatch):
        return False
    return True


def contents_in_use(connection: Connection, assessment_id: str) -> dict[str, int]:
    """SHA-256 → bytes of the contents of an assessment that are attached now or were submitted at any time."""
    attached = select(col(Evidence.sha256), col(Evidence.size)).where(
        col(Evidence.assessment_id) == assessment_id, col(Evidence.removed_at).is_(None)
    )
    submitted = select(col(Submission.evidence)).where(col(Submission.assessment_id) == assessment_id)
    used: dict[str, int] = {row.sha256: row.size for row in connection.execute(attached)}
    for (listed,) in connection.execute(submitted):
        used |= {file["sha256"]: file["size"] for file in json.loads(listed)}
    return used


def release_content(service: Service, assessment_id: str, sha256: str) -> bool:
    """Delete a content that is neither attached nor was ever submitted; whether it was deleted.

    This is a transaction of its own that holds the assessment's lock: no row for this content can come in between. If
    it fails, a content stays behind for the next sweep, and nothing else is lost; so it does not raise.
    """
    try:
        with service.database.connected(writes=True) as connection:
            service.database.lock(connection, assessment_id)
            if sha256 in contents_in_use(connection, assessment_id):
                return False
            delete(service.evidence, evidence_key(assessment_id, sha256))
            return True
    except (StoreUnavailable, SQLAlchemyError) as error:
        _log.warning("content left for the sweep", assessment=assessment_id, error=type(error).__name__)
        return False


def sweep_store(service: Service) -> Swept:
    """Delete the contents that no row needs: left behind by a crash, or when the store could not be reached.

    Assessments that the database does not know are left alone and named: the store may serve another database too. May
    run beside the service.
    """
    deleted, unknown = 0, []
    with service.database.connected(writes=False) as connection:
        known = set(connection.scalars(select(col(Assessment.id))))
    keys = sorted(key.split("/")[1:] for key in list_keys(service.evidence))
    for assessment_id, found in groupby(keys, key=lambda key: key[0]):
        if assessment_id not in known:
            unknown.append(assessment_id)
            continue
        with service.database.connected(writes=False) as connection:
            used = contents_in_use(connection, assessment_id)
        unused = [sha256 for _, sha256 in found if sha256 not in used]
        deleted += sum(release_content(service, assessment_id, sha256) for sha256 in unused)
    return Swept(deleted, unknown)
