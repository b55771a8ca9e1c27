"""What the running service is made of: settings, database, clock, stores. Made once, handed to whatever needs it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from app.database import Database
from app.evidence.store import Store, open_store
from app.settings import Settings


def now_utc() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


@dataclass
class Service:
    """The parts of the service. `clock` gives the time: tests of expiry move it."""

    settings: Settings
    database: Database
    clock: Callable[[], datetime] = field(default=now_utc)

    @cached_property
    def wants_second_factor(self) -> bool:
        """Whether reviewers and administrators must have a second factor; only the demonstration does without."""
        return not self.settings.demo

    @cached_property
    def evidence(self) -> Store:
        """The store of evidence files, opened when first asked for. `ValueError` if its settings cannot be used."""
        settings = self.settings
        return open_store(
            settings.evidence_url or (settings.data.resolve() / "evidence").as_uri(),
            endpoint=settings.s3_endpoint or "",
            key=settings.s3_access_key.get_secret_value() if settings.s3_access_key else "",
            secret=settings.s3_secret_key.get_secret_value() if settings.s3_secret_key else "",
            region=settings.s3_region,
        )


def open_service(settings: Settings) -> Service:
    """Connect to the database; nothing is read or changed yet."""
    return Service(settings, Database(settings.database, threads=settings.threads))
