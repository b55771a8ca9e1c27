"""How migrations run: on the connection that the app gives, or on DATABASE_URL; each upgrade in one transaction."""

from alembic import context
from sqlalchemy.engine import Connection
from sqlmodel import SQLModel

import app.models  # noqa: F401  # importing them makes the tables known
from app.database import Database
from app.settings import read_settings


def run(connection: Connection) -> None:
    """Run in the connection's transaction: a kill leaves the schema as it was, on both databases."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
        compare_type=True,
        user_module_prefix="sqlmodel.",
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    database = Database(read_settings().database)
    with database.writing() as session:
        run(session.connection())
    database.close()
