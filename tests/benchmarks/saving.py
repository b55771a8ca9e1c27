"""`python -m tests.benchmarks.saving`: saves per second and their latency, beside a bare endpoint and a bare commit."""

import multiprocessing
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from questionnaire.loader import load_instrument
from questionnaire.response import Response
from tests.benchmarks.load import Caller, Load, run_load
from tests.databases import KINDS, fresh_database

ASSESSMENTS = 8
CLIENTS = (1, 8, 16, 32)
SECONDS = 3.0
ANSWER = {"values": {"groups": "all"}, "note": "Entered while measuring."}


class Place(NamedTuple):
    """Where a client writes: an assessment, and the cookie of its focal point."""

    assessment: str
    cookie: str


def serve_mgi(
    database_url: str, folder: str, ready: Connection, *, crowd: int = 0, response: Response | None = None
) -> None:
    """Run the service with some assessments of one country's focal point, and say where they are.

    `crowd` assessments of other countries stand beside them; `response` fills in the first.
    """
    import uvicorn

    from app.application import create_app
    from app.logs import configure_logs
    from app.service import open_service
    from tests.benchmarks.crowd import add_crowd
    from tests.world import make_world, settings_for

    configure_logs((Path(folder) / "log").open("w"))
    service = open_service(settings_for(database_url, Path(folder)))
    world = make_world(service, load_instrument())
    places = [
        (world.open_round(f"m{year}", "KG", year), f"mgi={world.sign_in('focal_a')}")
        for year in range(2027, 2027 + ASSESSMENTS)
    ]
    add_crowd(service.database, world.instrument, crowd)
    if response is not None:
        world.fill_in(places[0][0], response)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        ready.send((listening.getsockname()[1], places))
        config = uvicorn.Config(create_app(service), log_level="error", access_log=False)
        uvicorn.Server(config).run([listening])


def serve_bare(database_url: str, folder: str, ready: Connection) -> None:
    """Run the bare endpoints on a database of the same kind, with the same settings."""
    import uvicorn

    from app.database import Database
    from tests.benchmarks.bare import bare_app
    from tests.world import settings_for

    database = Database(settings_for(database_url, Path(folder)).database)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        ready.send((listening.getsockname()[1], []))
        config = uvicorn.Config(bare_app(database), log_level="error", access_log=False)
        uvicorn.Server(config).run([listening])


def measure_mgi(port: int, places: list[Place], clients: int, *, first: int) -> Load:
    """Each client saves an indicator of its own, one version on the other; `first` keeps runs apart."""
    return run_load(port, [_saver(places, first + number) for number in range(clients)], SECONDS)


def _saver(places: list[Place], number: int) -> Caller:
    place = Place(*places[number % len(places)])
    indicator = list(load_instrument().indicators)[number // len(places)]
    path = f"/api/v1/assessments/{place.assessment}/answers/{indicator}"
    version = 0

    def make() -> tuple[str, str, dict[str, str], Any]:
        headers = {"Cookie": place.cookie, "If-Match": f'"{version}"', "Sec-Fetch-Site": "same-origin"}
        return "PUT", path, headers, {"note": f"Entered while measuring, after version {version}."}

    def take(status: int, answer: dict[str, Any]) -> None:
        nonlocal version
        version = answer["version"]

    return Caller(make, take)


def measure_bare(port: int, path: str, clients: int) -> Load:
    """The same number of clients at a bare endpoint."""
    callers = [
        Caller(partial(_bare_request, f"/{path}/k{number}"), lambda status, answer: None) for number in range(clients)
    ]
    return run_load(port, callers, SECONDS)


def _bare_request(path: str) -> tuple[str, str, dict[str, str], Any]:
    return "PUT", path, {}, ANSWER


@contextmanager
def server(run: Callable[[str, str, Connection], None], database_url: str) -> Iterator[tuple[int, list[Place]]]:
    """A server in a process of its own; its port and places."""
    here, there = multiprocessing.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        process = multiprocessing.get_context("spawn").Process(target=run, args=(database_url, folder, there))
        process.start()
        port, places = here.recv()
        wait_until_open(port)
        try:
            yield port, places
        finally:
            process.terminate()
            process.join()


def wait_until_open(port: int) -> None:
    """Wait until the server listens."""
    for _ in range(500):
        with socket.socket() as trying:
            if trying.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    raise RuntimeError("the server does not listen")


def measure(kind: str, fresh: Callable[[], AbstractContextManager[str]]) -> dict[int, dict[str, Load]]:
    """Ours, the bare upsert and the bare endpoint, by number of clients; in turns, so that all see the same machine."""
    with (
        fresh() as ours,
        fresh() as theirs,
        server(serve_mgi, ours) as (port, places),
        server(serve_bare, theirs) as (bare, _),
    ):
        found: dict[int, dict[str, Load]] = {}
        first = 0
        for clients in CLIENTS:
            found[clients] = {
                "save": measure_mgi(port, places, clients, first=first),
                "upsert": measure_bare(bare, "upsert", clients),
                "bare": measure_bare(bare, "bare", clients),
            }
            first += clients
    return found


def main() -> None:
    """Print the table; leave with 1 if an aim is missed."""
    missed = False
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for kind in KINDS:
            fresh = partial(fresh_database, kind, Path(folder), Path(folder))
            print(
                f"{kind:<10}{'clients':>8}{'saves/s':>10}{'p99':>9}{'bare upsert/s':>15}{'share':>8}{'bare endpoint/s':>17}"
            )
            for clients, found in measure(kind, fresh).items():
                save, upsert = found["save"], found["upsert"]
                share, p99 = save.rate / upsert.rate, save.percentile(0.99)
                line = f"{'':<10}{clients:>8}{save.rate:>10.0f}{p99 * 1e3:>6.1f} ms{upsert.rate:>15.0f}{share:>8.0%}"
                print(f"{line}{found['bare'].rate:>17.0f}")
                missed |= share < 0.6 or (clients == 16 and p99 > 0.05)
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
