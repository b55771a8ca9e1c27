"""Checkpoints: the ends of all chains, signed, in a file outside of the database that only ever grows.

A line holds the end of one chain that had grown since the last checkpoint, and a signature over this line and the one
before. The accounts' chain tells how many lines there were and the last signature, so that cutting lines off the file is
noticed unless the database is set back as well. File and database set back together are noticed only beside a copy that
was kept elsewhere: please copy the file to another machine now and then.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, NamedTuple

from sqlalchemy import Select, func, select, union_all, literal
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


class Mark(NamedTuple):
    """The end of a chain at the time of a checkpoint; `signature` binds it to all lines before."""

    at: str
    stream: str
    seq: int
    hash: str
    signature: str


@dataclass
class Checkpoints:
    """What the file holds, and what is wrong with it."""

    marks: list[Mark] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def by_stream(self) -> dict[str, dict[int, str]]:
        """Stream → number → hash."""
        found: dict[str, dict[int, str]] = {}
        for mark in self.marks:
            found.setdefault(mark.stream, {})[mark.seq] = mark.hash
        return found


def checkpoint_file(settings: Settings) -> Path:
    """Where the checkpoints are kept: in the folder of MGI_CHECKPOINTS, or in the data folder."""
    return (settings.checkpoints or settings.data / "checkpoints") / FILE


def _signed(key: bytes, previous: str, line: tuple[Any, ...]) -> bytes:
    return json.dumps([previous, *line]).encode()


def read_checkpoints(path: Path, key: bytes) -> Checkpoints:
    """Read and check the file; a missing one has no lines. What was changed, put in or taken out is told as a fault."""
    found, previous = Checkpoints(), ""
    if not path.exists():
        return found
    text = path.read_bytes()
    for number, line in enumerate(text.split(b"\n")[:-1], 1):
        mark = _mark(line)
        if mark is None:
            found.faults.append(Fault(PURPOSE, number, "it cannot be read"))
            previous = ""
            continue
        if not signed_by(key, PURPOSE, _signed(key, previous, mark[:4]), signature=mark.signature):
            found.faults.append(
                Fault(PURPOSE, number, "its signature does not fit: lines were changed, put in or taken out, or the key is new")
            )
        found.marks.append(mark)
        previous = mark.signature
    if not text.endswith(b"\n"):
        found.faults.append(Fault(PURPOSE, None, "the last line was cut short"))
    return found
