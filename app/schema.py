"""The database's schema: bringing it up to date, and saying whether it is. Migrations are numbered and go both ways."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.database import Database

MIGRATIONS = Path(__file__).parents[1] / "migrations"
_LOCK = "mgi-schema"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def latest_revision() -> str:
    """The newest revision that this version of the software knows."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current_revision(database: Database) -> str:
    """The revision that the database is at; empty before the first."""
    with database.reading() as session:
        return MigrationContext.configure(session.connection()).get_current_revision() or ""


def upgrade_schema(database: Database, revision: str = "head") -> None:
    """Bring the schema up to a revision, in one transaction; two at once wait for each other."""
    with database.writing() as session:
        connection = session.connection()
        database.lock(connection, _LOCK)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def downgrade_schema(database: Database, revision: str) -> None:
    """Bring the schema back down to a revision, in one transaction."""
    with database.writing() as session:
        connection = session.connection()
        database.lock(connection, _LOCK)
        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
