"""Checkpoints: the ends of all chains, signed, in a file outside of the database that only ever grows.

A line holds the end of one chain that had grown since the last checkpoint, and a signature over this line and the one
before. The accounts' chain tells how many lines there were and the last signature, so that cutting lines off the file is
noticed unless the database is set back as well. File and database set back together are noticed only beside a copy that
was kept elsewhere: please copy the file to another machine now and then.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NamedTuple

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.engine import Connection
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.models.assessments import Assessment
from app.models.record import Event
from app.people.secrets import sign, signed_by
from app.record import ACCOUNTS, append_event, head_of, stamp
from app.service import Service
from app.settings import Settings
from app.verification.faults import Fault

FILE = "checkpoints.jsonl"
PURPOSE = "checkpoints"
WRITTEN = "checkpoint_written"
_NOT_SIGNED = "its signature does not fit: lines were changed, put in or taken out, or MGI_SECRET_KEY is another"

_known: dict[Path, "Known"] = {}
"""What was found in each file that this process wrote to; looked at and changed only while the file is held."""

_WRITTEN_EVENTS = select(col(Event.seq), col(Event.payload)).where(
    col(Event.stream) == ACCOUNTS, col(Event.kind) == WRITTEN
)
_streams = union_all(select(col(Assessment.id).label("id")), select(literal(ACCOUNTS).label("id"))).subquery()
_later = aliased(Event)
_ENDS = (
    select(col(Event.stream), col(Event.seq), col(Event.hash), col(Event.kind))
    .join_from(
        _streams,
        Event,
        (col(Event.stream) == _streams.c.id)
        & (
            col(Event.seq)
            == select(func.max(col(_later.seq))).where(col(_later.stream) == _streams.c.id).scalar_subquery()
        ),
    )
    .order_by(col(Event.stream))
)
"""The end of each chain, each found by one look into the index."""


class Mark(NamedTuple):
    """The end of a chain at the time of a checkpoint; `signature` binds it to all lines before."""

    at: str
    stream: str
    seq: int
    hash: str
    signature: str


@dataclass
class Checkpoints:
    """What the file holds, line by line (None for one that cannot be read), and what is wrong with it."""

    lines: list[Mark | None] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    whole: int = 0
    """The bytes up to the end of the last whole line."""

    @property
    def signature(self) -> str:
        """That of the last line that can be read."""
        return next((mark.signature for mark in reversed(self.lines) if mark), "")

    def by_stream(self) -> dict[str, dict[int, str]]:
        """Stream → number → hash; the first checkpoint of a number counts, whatever a later one says."""
        found: dict[str, dict[int, str]] = {}
        for mark in self.lines:
            if mark:
                found.setdefault(mark.stream, {}).setdefault(mark.seq, mark.hash)
        return found


class Known(NamedTuple):
    """What has to be known of a file to add to it: its state on disk, its lines, the last signature, the end of each chain."""

    state: tuple[int, int, int]
    lines: int
    signature: str
    ends: dict[str, tuple[int, str]]


def checkpoint_file(settings: Settings) -> Path:
    """Where the checkpoints are kept: in the folder of MGI_CHECKPOINTS, or in the data folder."""
    return (settings.checkpoints or settings.data / "checkpoints") / FILE


def read_checkpoints(path: Path, key: bytes) -> Checkpoints:
    """Read and check the file; a missing one has no lines. What was changed, put in or taken out is told as a fault."""
    return parse_checkpoints(path.read_bytes() if path.exists() else b"", key)


def parse_checkpoints(text: bytes, key: bytes) -> Checkpoints:
    """The same from the text of the file."""
    found, previous = _lines(text), ""
    for number, mark in enumerate(found.lines, 1):
        if mark is None:
            found.faults.append(Fault(PURPOSE, number, "it cannot be read"))
        elif not signed_by(key, PURPOSE, _signed(previous, mark), signature=mark.signature):
            found.faults.append(Fault(PURPOSE, number, _NOT_SIGNED))
        previous = mark.signature if mark else ""
    if len(text) != found.whole:
        found.faults.append(Fault(PURPOSE, len(found.lines) + 1, "it was cut short"))
    return found


def _lines(text: bytes) -> Checkpoints:
    whole = text.rfind(b"\n") + 1
    return Checkpoints([_mark(line) for line in text[:whole].split(b"\n")[:-1]], whole=whole)


def _mark(line: bytes) -> Mark | None:
    """A line of the file, if it says just what a line says."""
    try:
        read = json.loads(line)
        mark = Mark(**read)
    except (ValueError, TypeError):
        return None
    sound = type(mark.seq) is int and all(
        isinstance(part, str) for part in (mark.at, mark.stream, mark.hash, mark.signature)
    )
    return mark if sound and _line(mark) == line + b"\n" else None


def _line(mark: Mark) -> bytes:
    return json.dumps(mark._asdict(), separators=(",", ":")).encode() + b"\n"


def _signed(previous: str, mark: Mark) -> bytes:
    return json.dumps([previous, mark.at, mark.stream, mark.seq, mark.hash]).encode()


def check_checkpoints(connection: Connection, checkpoints: Checkpoints) -> Iterator[Fault]:
    """Hold the file beside what the accounts' chain tells of it: as many lines at least, and the same signatures."""
    for seq, payload in connection.execute(_WRITTEN_EVENTS):
        try:
            told = json.loads(payload)
            number, signature = int(told["lines"]), str(told["signature"])
        except (ValueError, KeyError, TypeError):
            yield Fault(ACCOUNTS, seq, "what it tells of checkpoints cannot be read")
            continue
        if not 0 < number <= len(checkpoints.lines):
            message = f"it tells of {number} lines of checkpoints, of which {len(checkpoints.lines)} are there"
            yield Fault(ACCOUNTS, seq, message)
        elif (mark := checkpoints.lines[number - 1]) is None or mark.signature != signature:
            yield Fault(ACCOUNTS, seq, f"line {number} of the checkpoints is another than this event tells")


def write_checkpoint(service: Service) -> int:
    """Sign the ends of all chains that grew since the last checkpoint, and give their number: lines in the file.

    One query, whatever the number of assessments. The lines are on disk before the record tells of them.
    """
    path = checkpoint_file(service.settings)
    with _held(path) as file:
        known = _known_of(path, file)
        with service.database.connected(writes=False) as connection:
            grown = _grown(connection, known.ends)
        if not grown:
            return 0
        lines = list(_new_marks(service, known.signature, grown))
        file.write(b"".join(map(_line, lines)))
        file.flush()
        os.fsync(file.fileno())
        known = _known[path] = _with_lines(known, lines, file)
        _tell(service, known.lines, known.signature)
    return len(lines)


def _known_of(path: Path, file: IO[bytes]) -> Known:
    """What is known of the file; it is read again, and a line that was cut short taken off, if anybody else touched it."""
    known = _known.get(path)
    if known is None or known.state != _state(file):
        written = _lines(path.read_bytes())
        file.truncate(written.whole)
        known = _known[path] = Known(_state(file), len(written.lines), written.signature, _ends(written.lines))
    return known


def _with_lines(known: Known, lines: list[Mark], file: IO[bytes]) -> Known:
    return Known(_state(file), known.lines + len(lines), lines[-1].signature, known.ends | _ends(lines))


def _ends(lines: Sequence[Mark | None]) -> dict[str, tuple[int, str]]:
    """The end of each chain that was signed last."""
    return {mark.stream: (mark.seq, mark.hash) for mark in lines if mark}


def _state(file: IO[bytes]) -> tuple[int, int, int]:
    """Which file it is, how long, and when it was changed."""
    found = os.fstat(file.fileno())
    return found.st_ino, found.st_size, found.st_mtime_ns


@contextmanager
def held_checkpoints(settings: Settings) -> Iterator[bytes]:
    """The text of the file; nobody writes a checkpoint during the block, so that the record can be seen at the same moment."""
    path = checkpoint_file(settings)
    with _held(path):
        yield path.read_bytes()


def restore_checkpoints(settings: Settings, text: bytes) -> None:
    """Put the lines of a backup into an empty file, or behind those that they begin with. `ValueError` for other lines."""
    path = checkpoint_file(settings)
    with _held(path) as file:
        there = path.read_bytes()
        if not text.startswith(there):
            raise ValueError(
                f"{path} holds other or later checkpoints than the backup: they show what the backup does not have. "
                "Please keep that file, and move it elsewhere before you restore."
            )
        file.write(text[len(there) :])
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _held(path: Path) -> Iterator[IO[bytes]]:
    """The file, opened to add to it while nobody else does."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    is_new = not path.exists()
    with open(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if is_new:
            folder = os.open(path.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        yield file


def _grown(connection: Connection, signed: dict[str, tuple[int, str]]) -> list[tuple[str, int, str]]:
    """The chains whose end is not the one that was signed last. A checkpoint's own event is no reason for another."""
    ends = connection.execute(_ENDS).all()
    grown = [(stream, seq, sha256) for stream, seq, sha256, _ in ends if signed.get(stream) != (seq, sha256)]
    kinds = {stream: kind for stream, _, _, kind in ends}
    if [stream for stream, _, _ in grown] == [ACCOUNTS] and kinds[ACCOUNTS] == WRITTEN:
        return grown if signed.get(ACCOUNTS, (0, ""))[0] + 1 != grown[0][1] else []
    return grown


def _new_marks(service: Service, previous: str, grown: list[tuple[str, int, str]]) -> Iterator[Mark]:
    at, key = stamp(service.clock()), service.settings.key
    for end in grown:
        mark = Mark(at, *end, "")
        previous = sign(key, PURPOSE, _signed(previous, mark))
        yield mark._replace(signature=previous)


def _tell(service: Service, lines: int, signature: str) -> None:
    with service.database.connected(writes=True) as connection:
        service.database.lock(connection, ACCOUNTS)
        fields = {"stream": ACCOUNTS, "at": stamp(service.clock()), "kind": WRITTEN, "actor": "", "subject": ""}
        told = {"lines": lines, "signature": signature}
        append_event(connection, head_of(connection, ACCOUNTS), fields, told, state="")
