"""`mgi verify` and `mgi checkpoint`: prove that the record is as it was written, and sign its present state."""

from typing import Annotated

import typer


def verify(
    files: Annotated[bool, typer.Option("--files", help="Read all evidence files too, to their last byte.")] = False,
) -> None:
    """Check the whole record, its texts and checkpoints; the service may run meanwhile. Exit code 1 if there is a fault."""
    from app.checkpoints import checkpoint_file
    from app.cli.operating import demand_schema, operating
    from app.verification.verifying import verify_service

    with operating() as service:
        demand_schema(service)
        found, path = verify_service(service, files=files), checkpoint_file(service.settings)
    print(f"{found.events} events in {found.streams} streams, {found.texts} texts", end="")
    print(f", {found.files} files" if files else "", end="")
    print(f", {found.checkpoints} lines of checkpoints in {path}")
    for fault in found.faults:
        print(fault)
    if found.faults:
        print(f"{len(found.faults)} fault{'s' if len(found.faults) != 1 else ''}.")
        raise typer.Exit(1)
    if not found.checkpoints:
        print("There are no checkpoints yet: a record that was written anew as a whole would not be noticed.")
    print("All is as it was written.")


def checkpoint() -> None:
    """Sign the ends of all chains that grew since the last checkpoint, in a file outside of the database."""
    from app.checkpoints import checkpoint_file, write_checkpoint
    from app.cli.operating import demand_schema, operating

    with operating() as service:
        demand_schema(service)
        count = write_checkpoint(service)
        print(f"{count} line{'s' if count != 1 else ''} written to {checkpoint_file(service.settings)}")
