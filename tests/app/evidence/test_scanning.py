"""Tests for the virus scanner's hook, against a small server that speaks the scanner's protocol."""

import hashlib
import io
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.evidence.checking import Refused, ScannerUnavailable, check_evidence, scan
from tests.app.evidence import made_files as made


@contextmanager
def scanner(answer: bytes, *, at: Path | None = None) -> Iterator[tuple[str, list[bytes]]]:
    """Listen for one file, read it as the protocol says, and give the answer; yield the address and what was read."""
    received: list[bytes] = []
    listening = socket.socket(socket.AF_UNIX) if at else socket.socket()
    listening.bind(str(at) if at else ("127.0.0.1", 0))
    listening.listen()

    def serve() -> None:
        line, _ = listening.accept()
        with line, line.makefile("rb") as reader:
            assert reader.read(10) == b"zINSTREAM\0"
            while length := struct.unpack(">I", reader.read(4))[0]:
                received.append(reader.read(length))
            line.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listening:
        yield str(at or f"127.0.0.1:{listening.getsockname()[1]}"), received
        thread.join(5)


def test_a_clean_file_is_accepted_after_the_scanner_read_all_of_it(tmp_path: Path) -> None:
    content = b"law " * 300_000
    for at in (None, tmp_path / "clamd.sock"):
        with scanner(b"stream: OK\0", at=at) as (address, received):
            accepted = check_evidence("law.txt", io.BytesIO(content), len(content), 10**7, scanner=address)
        assert hashlib.sha256(b"".join(received)).hexdigest() == accepted.sha256


def test_what_the_scanner_finds_is_refused() -> None:
    with scanner(b"stream: Win.Test.EICAR_HDB-1 FOUND\0") as (address, _), pytest.raises(Refused, match="virus"):
        check_evidence("law.pdf", io.BytesIO(made.pdf()), len(made.pdf()), 10**7, scanner=address)


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: OK, perhaps\0", b"OK" * 9000]
)
def test_no_clear_verdict_is_no_acceptance(answer: bytes) -> None:
    with scanner(answer) as (address, _), pytest.raises(ScannerUnavailable, match="no verdict"):
        scan(io.BytesIO(b"a law"), address)


@pytest.mark.parametrize("address", ["127.0.0.1:9", "/nowhere/clamd.sock", "no port", "127.0.0.1:99999999", "::1:"])
def test_a_scanner_that_cannot_be_reached_is_told_and_nothing_is_accepted(address: str) -> None:
    with pytest.raises(ScannerUnavailable, match="was not taken") as told:
        check_evidence("law.txt", io.BytesIO(b"a law"), 5, 100, scanner=address)
    assert told.value.status == 503


def test_a_silent_scanner_is_not_waited_for_without_end() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(ScannerUnavailable):
            scan(io.BytesIO(b"a law"), f"127.0.0.1:{silent.getsockname()[1]}", timeout=0.2)
