"""Running the application as a server: the socket, the limits, the order of starting and stopping."""

import fcntl
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
import uvicorn
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from app.application import create_app
from app.background import TASKS
from app.logs import configure_logs
from app.schema import UnknownRevision, current_revision, latest_revision, upgrade_schema
from app.service import Service, open_service
from app.settings import Settings, read_settings

KEEP_ALIVE = 20
"""Seconds that an idle connection stays open."""
HEAD_LIMIT = 32 * 1024
"""Bytes that the line and headers of a request may have."""
MOST_CONNECTIONS = 1000
BACKLOG = 512
PATIENCE = 6
"""Seconds that requests under way have when the service is stopped."""
FACTORY = "app.serving:application"


class CannotStart(Exception):
    """Something stands in the way of starting; the text says what, and how to mend it."""


@contextmanager
def prepared(settings: Settings) -> Iterator[Service]:
    """An opened service whose data folder, database and other parts are fit to start. `CannotStart` if one is not."""
    prepare_folder(settings.data)
    try:
        service = open_service(settings)
        _ = service.evidence
    except (ValueError, OSError) as error:
        raise CannotStart(f"The settings cannot be used: {error}") from None
    try:
        with _only_process(service):
            _check_schema(service)
            yield service
    except DBAPIError as error:
        raise CannotStart(f"The database cannot be reached: {str(error.orig).splitlines()[0]}") from None
    finally:
        service.database.close()


def prepare_folder(folder: Path) -> None:
    """Make the data folder, open to nobody but the user that runs the service."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise CannotStart(
            f"The data folder {folder} cannot be used: {error.strerror}. Please choose another."
        ) from None
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise CannotStart(
            f"The data folder {folder} is not ours to write in. Please give it to the user that runs this."
        )


@contextmanager
def _only_process(service: Service) -> Iterator[None]:
    """SQLite has one writer, and its lock is in the process: a second server on the same file is refused."""
    path = make_url(service.settings.database).database
    if not service.database.is_sqlite or not path:
        yield
        return
    with Path(f"{path}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotStart(
                f"Another process serves {path} already. Please stop it, or use PostgreSQL for several (DATABASE_URL)."
            ) from None
        yield


def _check_schema(service: Service) -> None:
    found, wanted = current_revision(service.database), latest_revision()
    if found == wanted:
        return
    if not service.database.is_sqlite:
        raise CannotStart(
            f"The database's schema is {found or 'empty'}, and this version wants {wanted}. Please run: mgi db upgrade"
        )
    try:
        upgrade_schema(service.database)
    except UnknownRevision as error:
        raise CannotStart(str(error)) from None


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 is any free one. `CannotStart` if it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        opened = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except (OSError, OverflowError) as error:
        raise CannotStart(f"Nothing can listen on {host}:{port}: {error}. Please choose another --port.") from None
    opened.set_inheritable(True)
    return opened


class _Server(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start; once people can connect, say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    def end(self, *_signal: object) -> None:
        """Finish the requests under way, then stop."""
        self.should_exit = True


def run(service: Service, opened: socket.socket, *, ready: Callable[[], None], workers: int = 1) -> None:
    """Serve until a signal says stop; requests under way are finished first. Several workers each open a service anew."""
    if workers == 1:
        server = _Server(_config(create_app(service, TASKS), service.settings), ready)
        for name in (signal.SIGTERM, signal.SIGINT):
            # the server raises the signal again once it has ended, which would end us before we have cleaned up
            signal.signal(name, server.end)
        server.run([opened])
        return
    service.database.close()
    config = _config(FACTORY, service.settings, factory=True, workers=workers)
    ready()
    Multiprocess(config, [opened]).run()


def application() -> ASGIApp:
    """The application of one worker among several, from the environment."""
    configure_logs()
    return create_app(open_service(read_settings()), TASKS)


def _config(app: ASGIApp | str, settings: Settings, *, factory: bool = False, workers: int = 1) -> uvicorn.Config:
    return uvicorn.Config(
        app, factory=factory, workers=workers, http="h11", h11_max_incomplete_event_size=HEAD_LIMIT, ws="none",
        lifespan="on", server_header=False, access_log=False, log_config=None, timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=PATIENCE, limit_concurrency=MOST_CONNECTIONS,
        proxy_headers=bool(settings.trusted_proxy), forwarded_allow_ips=settings.trusted_proxy,
    )  # fmt: skip


def tell_address(opened: socket.socket) -> str:
    """Where the socket listens, as an address to open."""
    host, port = opened.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def log_ready(opened: socket.socket) -> None:
    """One line in the log: people can come."""
    structlog.get_logger("mgi").info("listening", address=tell_address(opened))
