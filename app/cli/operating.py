"""What the operator's commands share: the service they work on, and what they say when they cannot."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.service import Service


@contextmanager
def operating() -> Iterator["Service"]:
    """The service of the environment's settings. What a person can mend is told in a line on stderr, with exit code 2."""
    from sqlalchemy.exc import DBAPIError

    from app.backup.package import BadBackup
    from app.backup.restoring import NotEmpty
    from app.cli.commanding import stop
    from app.evidence.store import StoreUnavailable
    from app.schema import UnknownRevision
    from app.service import open_service
    from app.settings import UnsafeSettings, read_settings

    try:
        service = open_service(read_settings())
        try:
            yield service
        finally:
            service.database.close()
    except (BadBackup, NotEmpty, UnknownRevision, UnsafeSettings, StoreUnavailable) as error:
        stop(str(error))
    except DBAPIError as error:
        stop(f"The database cannot be used: {str(error.orig).splitlines()[0]}")


def demand_schema(service: "Service") -> None:
    """Stop unless the schema is the one that this version of the software works with."""
    from app.cli.commanding import stop
    from app.schema import current_revision, latest_revision

    if current_revision(service.database) != latest_revision():
        stop("The database's tables are not up to date; please run: mgi db upgrade")
