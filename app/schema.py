"""The database's schema: bringing it up to date, and saying whether it is. Migrations are numbered and go both ways."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from app.database import Database
from app.models.record import Event

_PLACES = (Path(__file__).parent / "migrations", Path(__file__).parents[1] / "migrations")
MIGRATIONS = next((place for place in _PLACES if (place / "env.py").is_file()), _PLACES[0])
"""In an installed package the migrations stand inside of `app`; in the sources they stand beside it."""

SCHEMA_LOCK = "mgi-schema"


class UnknownRevision(Exception):
    """There is no such revision in this version of the software; the text names those that there are."""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def revisions() -> list[str]:
    """All revisions that this version of the software knows, the newest first."""
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]


def latest_revision() -> str:
    """The newest revision that this version of the software knows."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current_revision(database: Database) -> str:
    """The revision that the database is at; empty before the first."""
    with database.connected(writes=False) as connection:
        return revision_of(connection)


def revision_of(connection: Connection) -> str:
    """The revision that a connection finds; empty before the first."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def upgrade_schema(database: Database, revision: str = "head") -> None:
    """Bring the schema up to a revision, in one transaction; two at once wait for each other."""
    with database.connected(writes=True) as connection:
        database.lock(connection, SCHEMA_LOCK)
        change_schema(connection, revision)


def downgrade_schema(database: Database, revision: str) -> None:
    """Bring the schema back down to a revision (`base` for none at all), in one transaction."""
    with database.connected(writes=True) as connection:
        database.lock(connection, SCHEMA_LOCK)
        change_schema(connection, revision, down=True)


def change_schema(connection: Connection, revision: str, *, down: bool = False) -> None:
    """Change the schema within the connection's transaction. `UnknownRevision` names the revisions that there are."""
    known = revisions()
    if revision not in (*known, "base" if down else "head"):
        raise UnknownRevision(f"There is no revision '{revision[:40]}' here; there are {', '.join(reversed(known))}.")
    found = revision_of(connection)
    if found and found not in known:
        message = (
            f"The database is at revision {found}, which this version of the software does not know. Please install"
        )
        raise UnknownRevision(f"{message} the version that made it, or a later one.")
    act = command.downgrade if down else command.upgrade
    act(_config(connection), revision)


def schema_differences(database: Database) -> list[str]:
    """What the schema and the models differ in; nothing if they are equal."""
    with database.connected(writes=False) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return [str(difference) for difference in compare_metadata(context, Event.metadata)]
