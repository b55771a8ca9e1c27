"""`mgi db`: the database's schema, brought up to date, back, told and compared."""

from typing import Annotated

import typer

app = typer.Typer(help="The database's tables: bring them up to date, and see where they are.", no_args_is_help=True)


@app.command()
def upgrade() -> None:
    """Bring the tables up to date, in one transaction; safe to repeat."""
    from app.cli.operating import operating
    from app.schema import current_revision, upgrade_schema

    with operating() as service:
        upgrade_schema(service.database)
        print(f"The tables are at revision {current_revision(service.database)}.")


@app.command()
def downgrade(
    revision: Annotated[str, typer.Argument(help="As 0002; base takes all tables away, with all that they hold.")],
) -> None:
    """Bring the tables back down to a revision. What the tables taken away held is gone: make a backup first."""
    from app.cli.operating import operating
    from app.schema import current_revision, downgrade_schema

    with operating() as service:
        downgrade_schema(service.database, revision)
        print(f"The tables are at revision {current_revision(service.database) or 'base'}.")


@app.command()
def current() -> None:
    """Print the revision that the tables are at, and the newest that this version of the software knows."""
    from app.cli.operating import operating
    from app.schema import current_revision, latest_revision

    with operating() as service:
        found, newest = current_revision(service.database), latest_revision()
    print(f"{found or 'base'}{'' if found == newest else f' (the newest is {newest}; please run: mgi db upgrade)'}")


@app.command()
def check() -> None:
    """Compare the tables with those that the software works with; exit code 1 if they differ."""
    from app.cli.operating import operating
    from app.schema import schema_differences

    with operating() as service:
        differences = schema_differences(service.database)
    for difference in differences:
        print(difference)
    if differences:
        raise typer.Exit(1)
    print("The tables are those that this version of the software works with.")
