"""`mgi backup` and `mgi restore`: everything in one signed file, and back into an empty database."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.backup.restoring import Restored


def backup(
    target: Annotated[Path, typer.Argument(help="A folder, or the file to write; an existing file is never replaced.")],
) -> None:
    """Write all rows, evidence files and checkpoints into one signed file, while the service runs.

    The file holds everything that the service knows, so keep it as safe as the service itself. MGI_SECRET_KEY is not in
    it, and nothing can be restored without: keep it apart.
    """
    from app.backup.making import make_backup
    from app.cli.operating import demand_schema, operating

    with operating() as service:
        demand_schema(service)
        made = make_backup(service, target)
    print(f"{made.path}: {made.rows} rows, {made.files} evidence files")
    _name_missing(made.missing)
    if made.missing:
        raise typer.Exit(1)


def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The backup.")],
    check: Annotated[
        bool, typer.Option("--check", help="Only check the backup and its record; restore nothing.")
    ] = False,
) -> None:
    """Check a backup to its last byte, verify its record, and restore it into an empty database of either kind."""
    from app.backup.restoring import check_backup, restore_backup
    from app.cli.operating import operating

    with operating() as service:
        done = check_backup(service, file) if check else restore_backup(service, file)
    _tell(done, "is whole" if check else "is restored")


def _tell(done: "Restored", what: str) -> None:
    found = done.verified
    print(f"The backup of {done.made_at} (version {done.software}) {what} and its record is sound:")
    print(f"{found.events} events in {found.streams} streams, {found.texts} texts, {found.files} files")
    _name_missing(done.missing)


def _name_missing(missing: list[str]) -> None:
    for name in missing:
        print(f"not in the backup, since the store did not have it whole: {name}")
