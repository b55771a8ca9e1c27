"""`mgi verify`: the whole record, its texts and, if wanted, its files, in one consistent reading."""

import sqlite3

from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from app.checkpoints import Checkpoints, check_checkpoints, held_checkpoints, parse_checkpoints
from app.evidence.keeping import contents_in_use
from app.evidence.store import ContentMismatch, Store, evidence_key, get
from app.models.assessments import Assessment
from app.schema import revision_of
from app.service import Service
from app.verification.chains import check_chains
from app.verification.faults import Fault, Verified
from app.verification.texts import check_texts


def verify_service(service: Service, *, files: bool = False) -> Verified:
    """Verify all that a service holds, as it is at one moment, whatever others write meanwhile."""
    with service.database.connected(writes=False) as connection:
        with held_checkpoints(service.settings) as text:
            revision_of(connection)
        checkpoints = parse_checkpoints(text, service.settings.key)
        return verify_record(connection, checkpoints, service.evidence if files else None)


def verify_record(connection: Connection, checkpoints: Checkpoints, store: Store | None = None) -> Verified:
    """Check all events, texts and checkpoints, and with a `store` the contents of all evidence files that are in use.

    Found are: events and texts that were changed, put in, taken out or put in another order; a record that was written
    anew, cut short or set back to before the last checkpoint; checkpoints that were changed. Not found: what happened
    to the record after the last checkpoint, if every hash and text was made to fit; and facts that no event tells of.
    """
    found = Verified(checkpoints=len(checkpoints.lines), faults=list(checkpoints.faults))
    try:
        known = frozenset(connection.scalars(select(col(Assessment.id))))
        check_chains(connection, checkpoints.by_stream(), known, found)
        found.faults += check_checkpoints(connection, checkpoints)
        check_texts(connection, found)
    except (DBAPIError, sqlite3.Error, ValueError) as error:
        found.faults.append(Fault("the database", None, f"it cannot be read to its end: {str(error).splitlines()[0]}"))
        return found
    if store is not None:
        check_files(connection, store, found)
    return found


def check_files(connection: Connection, store: Store, found: Verified) -> None:
    """Read each content that is in use to its end; its SHA-256 must be the one that its row tells."""
    for stream in sorted(connection.scalars(select(col(Assessment.id)))):
        for sha256 in sorted(contents_in_use(connection, stream)):
            found.files += 1
            wrong = content_fault(store, stream, sha256)
            if wrong:
                found.faults.append(Fault(stream, None, f"the content {sha256} of an evidence file {wrong}"))


def content_fault(store: Store, stream: str, sha256: str) -> str:
    """What is wrong with a content; empty if nothing is. `StoreUnavailable` if the store cannot be read."""
    try:
        for _ in get(store, evidence_key(stream, sha256)):
            pass
    except KeyError:
        return "is not in the store"
    except ContentMismatch:
        return "was changed in the store"
    except ValueError:
        return "has no name that a store could have"
    return ""
