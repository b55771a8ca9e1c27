"""Whether the service can work: its database, its schema and its evidence store, looked at when someone asks."""

import threading
from collections.abc import Callable
from time import monotonic

import anyio
import structlog

from app.evidence.store import check_store
from app.schema import current_revision, latest_revision
from app.service import Service

FRESH = 2.0
"""Seconds for which an answer holds: asking often makes no work."""
PATIENCE = 2.0
"""Seconds that a part has to answer."""
_log = structlog.get_logger("mgi.ready")


class Part:
    """One part that the service needs. One look is under way at a time, in a thread that nobody waits for in the end."""

    def __init__(self, name: str, look: Callable[[], None]) -> None:
        self.name = name
        self._look = look
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._looked_at = float("-inf")
        self._well = False

    async def is_well(self) -> bool:
        """Whether the part answers; false if it takes longer than `PATIENCE`."""
        thread = self._begin()
        end = anyio.current_time() + PATIENCE
        while thread and thread.is_alive() and anyio.current_time() < end:
            await anyio.sleep(0.01)
        return self._well and not (thread and thread.is_alive())

    def _begin(self) -> threading.Thread | None:
        with self._starting:
            if self._thread and self._thread.is_alive():
                return self._thread
            if monotonic() - self._looked_at < FRESH:
                return None
            self._thread = threading.Thread(target=self._run, name=f"look at {self.name}", daemon=True)
            self._thread.start()
            return self._thread

    def _run(self) -> None:
        try:
            self._look()
        except Exception:
            self._well = False
            _log.error("not ready", part=self.name, exc_info=True)
        else:
            self._well = True
        self._looked_at = monotonic()


class OldSchema(Exception):
    """The database's schema is not that of this version."""


def parts_of(service: Service) -> tuple[Part, ...]:
    """What the service needs to work."""

    def database() -> None:
        current_revision(service.database)

    def schema() -> None:
        if current_revision(service.database) != latest_revision():
            raise OldSchema

    def evidence() -> None:
        check_store(service.evidence)

    return Part("database", database), Part("schema", schema), Part("evidence", evidence)
