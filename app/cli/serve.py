"""`mgi serve`: the service, for as long as it is not stopped."""

from typing import Annotated

import typer

Host = Annotated[str, typer.Option("--host", help="The address to listen on; 0.0.0.0 in a container.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="The port to listen on.")]


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option("--workers", min=1, max=32, help="Processes; PostgreSQL only.")] = 1,
) -> None:
    """Run the service. Settings come from the environment (docs/operation.md); unsafe ones are refused."""
    from app.cli.commanding import stop
    from app.logs import configure_logs
    from app.serving import CannotStart, listen, log_ready, prepared, run
    from app.settings import UnsafeSettings, read_settings

    configure_logs()
    try:
        with prepared(read_settings()) as service, listen(host, port) as opened:
            if workers > 1 and service.database.is_sqlite:
                stop("SQLite is served by one process; please use PostgreSQL (DATABASE_URL) for --workers.")
            run(service, opened, ready=lambda: log_ready(opened), workers=workers)
    except (UnsafeSettings, CannotStart) as error:
        stop(str(error))
