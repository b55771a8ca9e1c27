"""`python -m tests.faults.kill`: writers save over HTTP while the server is killed at random; nothing acknowledged may be lost.

`--seeded` runs the same against a server that commits after the response: that must lose answers, or the harness is blind.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn
from sqlalchemy.engine import Connection
from sqlmodel import select

from app.application import create_app
from app.database import Database
from app.models.assessments import StoredAnswer
from app.record import text_hash
from app.service import open_service
from questionnaire.loader import load_instrument
from tests.databases import KINDS, fresh_database
from tests.world import make_world, settings_for

WRITERS = 4
ALIVE = (0.0, 0.25)
"""Seconds that a server may live after its first save, at least and at most."""


class Saved(NamedTuple):
    """An answer that a writer was told is saved."""

    indicator: str
    version: int
    note: str


class Post(NamedTuple):
    """Where the writers write."""

    port: int
    assessment: str
    cookie: str


async def write(post: Post, indicator: str, acknowledged: list[Saved]) -> None:
    """Save one version on the other until the server is gone."""
    reader, writer = await asyncio.open_connection("127.0.0.1", post.port)
    path = f"/api/v1/assessments/{post.assessment}/answers/{indicator}"
    version = (await _request(reader, writer, post, f"GET {path}"))["version"]
    while True:
        note = f"Version {version + 1}, word {random.randrange(10**9)}."
        answer = await _request(reader, writer, post, f"PUT {path}", {"note": note}, version)
        version = answer["version"]
        acknowledged.append(Saved(indicator, version, note))


async def _request(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, post: Post, line: str, data: Any = None, base: int = 0
) -> dict[str, Any]:
    body = b"" if data is None else json.dumps(data).encode()
    lines = [f"{line} HTTP/1.1", "Host: localhost", f"Cookie: {post.cookie}", f'If-Match: "{base}"']
    lines += ["Sec-Fetch-Site: same-origin", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
    answered = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(row.split(b":")[1]) for row in answered.lower().split(b"\r\n") if row.startswith(b"content-length")
    )
    text = await reader.readexactly(length)
    if answered.split(b" ", 2)[1] != b"200":
        raise RuntimeError(f"{line} was answered {answered[:20]!r} {text[:300]!r}")
    found: dict[str, Any] = json.loads(text)
    return found


async def one_life(post: Post, indicators: list[str], acknowledged: list[Saved], child: int) -> None:
    """Let the writers work until the server is killed. One that was not let in yet would wait for ever, and is stopped."""
    writers = [asyncio.create_task(write(post, one, acknowledged)) for one in indicators]
    before = len(acknowledged)
    while len(acknowledged) == before and not any(writer.done() for writer in writers):
        await asyncio.sleep(0.002)
    await asyncio.sleep(random.uniform(*ALIVE))
    os.kill(child, signal.SIGKILL)
    done, waiting = await asyncio.wait(writers, timeout=0.3)
    for writer in waiting:
        writer.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    for writer in done:
        if not isinstance(writer.exception(), ConnectionError | asyncio.IncompleteReadError):
            raise RuntimeError("a writer ended for another reason than the kill") from writer.exception()


def serve(listening: socket.socket, url: str, folder: Path, *, seeded: bool) -> None:
    """The server, in a process of its own; never comes back."""
    if seeded:
        Database.connected = _connected_late  # type: ignore[method-assign]  # the defect that this harness must see
    service = open_service(settings_for(url, folder))
    uvicorn.Server(uvicorn.Config(create_app(service), log_level="critical", access_log=False)).run([listening])
    os._exit(0)


@contextmanager
def _connected_late(self: Database, *, writes: bool) -> Iterator[Connection]:
    """The defect: commit a little after the response."""
    if writes:
        self._turn.acquire()
    connection = (self._writers if writes else self.engine).connect()
    transaction = connection.begin()
    yield connection

    def end() -> None:
        transaction.commit()
        connection.close()
        if writes:
            self._turn.release()

    threading.Timer(0.05, end).start() if writes else end()


def run(kind: str, cycles: int, *, seeded: bool = False) -> tuple[int, int]:
    """How many answers were acknowledged, and how many of them were lost."""
    with tempfile.TemporaryDirectory() as name, fresh_database(kind, Path(name), Path(name)) as url:
        folder = Path(name)
        service = open_service(settings_for(url, folder))
        world = make_world(service, load_instrument())
        service.clock = type(service).__dataclass_fields__["clock"].default
        world.now = service.clock()
        acknowledged: list[Saved] = []
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen(64)
            post = Post(listening.getsockname()[1], world.assessments["a"], f"mgi={world.sign_in('focal_a')}")
            service.database.close()
            for _ in range(cycles):
                child = os.fork()
                if child == 0:
                    serve(listening, url, folder, seeded=seeded)
                asyncio.run(one_life(post, list(load_instrument().indicators)[:WRITERS], acknowledged, child))
                os.waitpid(child, 0)
        return len(acknowledged), len(lost(url, folder, post.assessment, acknowledged))


def lost(url: str, folder: Path, assessment: str, acknowledged: list[Saved]) -> list[Saved]:
    """The acknowledged answers that the database does not have."""
    database = Database(settings_for(url, folder).database)
    with database.reading() as session:
        rows = session.exec(select(StoredAnswer).where(StoredAnswer.assessment_id == assessment)).all()
    database.close()
    kept = {(row.indicator, row.version, row.sha256) for row in rows}
    return [one for one in acknowledged if (one.indicator, one.version, _hash(one.note)) not in kept]


def _hash(note: str) -> str:
    return text_hash(json.dumps({"note": note}, separators=(",", ":")))


def main() -> None:
    """Run the cycles and say what was lost; leave with 1 if anything was (or, seeded, if nothing was)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=KINDS, default="sqlite")
    parser.add_argument("--cycles", type=int, default=100)
    parser.add_argument("--seeded", action="store_true")
    given = parser.parse_args()
    count, missing = run(given.database, given.cycles, seeded=given.seeded)
    print(f"{given.database}: {given.cycles} kills, {count} answers acknowledged, {missing} lost")
    sys.exit(0 if bool(missing) == given.seeded else 1)


if __name__ == "__main__":
    main()
