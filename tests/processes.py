"""Running `mgi` as it runs in use: a process of its own, told by its environment alone."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.world import KEY

PATIENCE = 30


def environment(data: Path, **more: str) -> dict[str, str]:
    """A safe environment for a service on this machine."""
    return {"MGI_SECRET_KEY": KEY, "MGI_DATA": str(data), "MGI_BASE_URL": "http://localhost", **more}


def started(words: Sequence[str], given: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    """A process that was just started; what it prints goes into the log."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MGI_", "DATABASE_URL"))}
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "app.cli", *words], env=kept | dict(given), stdout=out, stderr=out
        )


def mgi(words: Sequence[str], given: Mapping[str, str], log: Path) -> tuple[int, str]:
    """Run a command to its end: the exit code and what it printed."""
    process = started(words, given, log)
    code = process.wait(PATIENCE)
    return code, log.read_text(encoding="utf-8")


@dataclass
class Served:
    """A running `mgi serve`: its address, its process, its log."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    def lines(self) -> list[dict[str, Any]]:
        """What it logged."""
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]

    def stop(self) -> float:
        """Ask it to end, as systemd and Docker do; the seconds that it took."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)
        return time.monotonic() - begun


@contextmanager
def served(given: Mapping[str, str], log: Path, *words: str) -> Iterator[Served]:
    """`mgi serve` on a free port, until the end of the block."""
    process = started(["serve", "--port", "0", *words], given, log)
    try:
        yield Served(_address(process, log), process, log)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        for line in log.read_text(encoding="utf-8").splitlines():
            if '"listening"' in line:
                return str(json.loads(line)["address"])
        time.sleep(0.05)
    raise AssertionError(f"it did not start:\n{log.read_text(encoding='utf-8')}")
