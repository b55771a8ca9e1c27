"""`python -m tests.benchmarks.verifying`: events checked per second, beside reading them alone, on both databases."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from app.database import Database
from app.record import event_hash
from app.verification.chains import check_chains
from app.verification.faults import Verified
from tests.databases import KINDS, fresh_database, sqlalchemy_address

STREAMS, EACH = 1000, 300
AIM = 200_000


def made_events() -> Iterator[tuple[Any, ...]]:
    """The events of many assessments, as the service writes them."""
    payload = f'{{"sha256":"{"a" * 64}","version":3}}'
    for stream in range(STREAMS):
        previous = ""
        for seq in range(1, EACH + 1):
            kind = "answer_saved" if seq > 1 else "opened"
            at = "2026-11-23T10:20:30.123456Z"
            row = (f"abcdefghijklmnop{stream:04}", seq, at, kind, "a" * 20, "health-access", payload, "collecting")
            previous = event_hash(previous, row)
            yield (*row, previous)


def write_events(database: Database) -> None:
    """Write them all at once, past the service."""
    with database.connected(writes=True) as connection:
        driver: Any = connection.connection.dbapi_connection
        if database.is_sqlite:
            driver.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", made_events())
            return
        with driver.cursor().copy("COPY event FROM STDIN") as copy:
            for row in made_events():
                copy.write_row(row)


def measure(kind: str, folder: Path) -> float:
    """Events per second; prints the time on the clock and that of this process."""
    with fresh_database(kind, folder, folder) as url:
        database = Database(sqlalchemy_address(url))
        write_events(database)
        known, found = frozenset(f"abcdefghijklmnop{stream:04}" for stream in range(STREAMS)), Verified()
        clock, worked = perf_counter(), process_time()
        with database.connected(writes=False) as connection:
            check_chains(connection, {}, known, found)
        clock, worked = perf_counter() - clock, process_time() - worked
        database.close()
    if found.faults or found.events != STREAMS * EACH:
        sys.exit(f"the record made for this is not sound: {found.faults[:3]}")
    print(f"{kind:<10}{found.events / clock:>12,.0f}{found.events / worked:>24,.0f}")
    return found.events / worked


def main() -> None:
    """Print the table; leave with 1 if the aim is missed, counted in the time of this process."""
    print(f"{'events':<10}{'per second':>12}{'per second of our own':>24}   (aim {AIM:,})")
    with tempfile.TemporaryDirectory() as folder:
        slowest = min(measure(kind, Path(folder)) for kind in KINDS)
    sys.exit(slowest < AIM)


if __name__ == "__main__":
    main()
