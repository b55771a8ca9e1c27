"""Tests for the store of evidence: a local folder and a real S3 server behave alike, and tell failures kindly."""

import hashlib
import io
import random
import shutil
import socket
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import obstore
import pytest

from app.evidence.store import (
    ContentMismatch,
    Store,
    StoreUnavailable,
    check_store,
    delete,
    evidence_key,
    exists,
    get,
    list_keys,
    open_store,
    put,
)
from tests.app.evidence.s3_server import S3Server

ROOT = Path(__file__).parents[3]
KEYLESS = "opens no store"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def keep(store: Store, content: bytes, assessment: str = "kg-2026") -> str:
    key = evidence_key(assessment, sha256(content))
    assert put(store, key, io.BytesIO(content)) == len(content)
    return key


def test_what_is_put_is_got_back_in_small_chunks(store: Store) -> None:
    content = random.Random(1).randbytes(12 * 1024 * 1024 + 17)
    chunks = list(get(store, keep(store, content)))
    assert b"".join(chunks) == content
    assert max(map(len, chunks)) <= 1024 * 1024


def test_a_content_is_kept_from_its_first_byte_wherever_the_reader_stood(store: Store) -> None:
    content = io.BytesIO(b"Law No. 61 of 2022")
    content.seek(7)
    key = evidence_key("kg-2026", sha256(content.getvalue()))
    put(store, key, content)
    assert b"".join(get(store, key)) == content.getvalue()


def test_an_absent_content_is_a_key_error_at_once(store: Store) -> None:
    key = evidence_key("kg-2026", "0" * 64)
    assert not exists(store, key)
    with pytest.raises(KeyError):
        get(store, key)


def test_a_content_can_be_put_twice_and_deleted_twice(store: Store) -> None:
    key = keep(store, b"a law")
    keep(store, b"a law")
    assert exists(store, key)
    delete(store, key)
    delete(store, key)
    assert not exists(store, key)


def test_the_same_file_in_two_countries_is_kept_and_deleted_apart(store: Store) -> None:
    first, second = keep(store, b"a treaty", "kg-2026"), keep(store, b"a treaty", "md-2026")
    assert list(list_keys(store, "kg-2026")) == [first]
    delete(store, first)
    assert exists(store, second)
    assert list(list_keys(store)) == [second]


def test_an_assessment_lists_only_its_own_and_not_those_it_is_the_beginning_of(store: Store) -> None:
    keep(store, b"a treaty", "kg-20")
    assert list(list_keys(store, "kg-2")) == []
    assert len([keep(store, bytes([n]) * 9, "kg-2") for n in range(60)]) == len(list(list_keys(store, "kg-2")))


@pytest.mark.parametrize("size", [40, 11 * 1024 * 1024])
def test_a_content_with_another_hash_is_refused_and_nothing_is_kept(store: Store, size: int) -> None:
    key = evidence_key("kg-2026", sha256(b"something else"))
    with pytest.raises(ContentMismatch):
        put(store, key, io.BytesIO(b"x" * size))
    assert [meta for batch in obstore.list(store.objects) for meta in batch] == []
    if store.folder is not None:
        assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_a_content_altered_in_the_store_never_arrives_whole(store: Store) -> None:
    content = b"the law as passed " * 100_000
    key = keep(store, content)
    obstore.put(store.objects, key, content[:-1] + b"!")
    chunks = get(store, key)
    next(chunks)
    with pytest.raises(ContentMismatch):
        next(chunks)


@pytest.mark.parametrize("key", ["", "evidence/kg/../../x", "/etc/passwd", "evidence/kg/" + "A" * 64, "evidence/a/b#1"])
def test_a_key_that_is_none_is_refused(store: Store, key: str) -> None:
    calls: list[Callable[[], object]] = [
        lambda: put(store, key, io.BytesIO(b"x")),
        lambda: get(store, key),
        lambda: exists(store, key),
        lambda: delete(store, key),
    ]
    for call in calls:
        with pytest.raises(ValueError, match="not a key"):
            call()


def test_neither_putting_nor_getting_holds_a_large_file_in_memory(store: Store) -> None:
    content = io.BytesIO(bytes(60 * 1024 * 1024))
    key = evidence_key("kg-2026", sha256(content.getvalue()))
    tracemalloc.start()
    try:
        put(store, key, content)
        assert sum(len(chunk) for chunk in get(store, key)) == 60 * 1024 * 1024
        assert tracemalloc.get_traced_memory()[1] < 32 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_store_in_order_gives_a_sign_of_life(store: Store) -> None:
    check_store(store)


@pytest.mark.parametrize(
    "url", ["", "evidence", "file://", "file://host/x", "http://x/y", "s3://", "s3:///x", "memory:///"]
)
def test_an_address_that_is_not_understood_names_what_would_be(url: str) -> None:
    with pytest.raises(ValueError, match=r"file:///folder or s3://bucket/prefix"):
        open_store(url, key="k", secret=KEYLESS)


def test_an_s3_store_needs_a_key_and_its_secret() -> None:
    with pytest.raises(ValueError, match="access key and its secret"):
        open_store("s3://bucket/x")


def test_a_folder_that_cannot_be_made_or_vanished_is_told_kindly(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreUnavailable, match="cannot be used just now"):
        open_store(f"file://{tmp_path}/file/evidence")
    store = open_store(f"file://{tmp_path}/evidence")
    shutil.rmtree(tmp_path / "evidence")
    with pytest.raises(StoreUnavailable, match="data folder"):
        check_store(store)


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    script = f"""
import hashlib, io, resource, signal
from app.evidence.store import StoreUnavailable, evidence_key, open_store, put
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = open_store("file://{tmp_path}/evidence")
resource.setrlimit(resource.RLIMIT_FSIZE, (6_000_000, 6_000_000))
content = bytes(20_000_000)
try:
    put(store, evidence_key("kg", hashlib.sha256(content).hexdigest()), io.BytesIO(content))
except StoreUnavailable as error:
    print(error.status, error)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("503 The store for evidence files cannot be used just now")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_kill_in_the_middle_leaves_no_half_file_under_the_key(tmp_path: Path) -> None:
    script = f"""
import io, os
from app.evidence.store import evidence_key, open_store, put
class Content(io.BytesIO):
    def read(self, size=-1):
        if self.tell() > 12_000_000:
            os.kill(os.getpid(), 9)
        return super().read(size)
put(open_store("file://{tmp_path}/evidence"), evidence_key("kg", "0" * 64), Content(bytes(20_000_000)))
"""
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT).returncode == -9
    store = open_store(f"file://{tmp_path}/evidence")
    assert list(list_keys(store)) == []


def test_what_a_crash_left_behind_is_swept_a_day_later(tmp_path: Path) -> None:
    url = f"file://{tmp_path}/evidence"
    open_store(url)
    old, fresh = tmp_path / "evidence/incoming/old", tmp_path / "evidence/incoming/fresh"
    for path, age in ((old, 90_000), (fresh, 60)):
        path.write_bytes(b"half a law")
        subprocess.run(["touch", "-d", f"@{int(time.time()) - age}", path], check=True)
    open_store(url)
    assert (old.exists(), fresh.exists()) == (False, True)


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace shows what is synced; it is not installed")
def test_a_put_syncs_the_file_before_it_takes_its_place_and_the_folders_after(tmp_path: Path) -> None:
    script = f"""
import hashlib, io
from app.evidence.store import evidence_key, open_store, put
put(open_store("file://{tmp_path}/evidence"), evidence_key("kg", hashlib.sha256(b"x").hexdigest()), io.BytesIO(b"x"))
"""
    trace = ["strace", "-f", "-y", "-e", "trace=fsync,rename", sys.executable, "-c", script]
    done = subprocess.run(trace, cwd=ROOT, capture_output=True, text=True, check=True)
    calls = [line for line in done.stderr.splitlines() if str(tmp_path) in line]
    moved = next(number for number, line in enumerate(calls) if f"/evidence/kg/{sha256(b'x')}" in line)
    assert any("fsync" in line and "/incoming/" in line for line in calls[:moved])
    assert any("fsync" in line and "/evidence/kg>" in line for line in calls[moved:])


def test_a_wrong_secret_or_bucket_is_told_as_such(s3_server: S3Server) -> None:
    wrong = open_store(
        f"s3://{s3_server.bucket}", endpoint=s3_server.endpoint, key=s3_server.access_key, secret=KEYLESS
    )
    with pytest.raises(StoreUnavailable, match="refuses our access key"):
        exists(wrong, evidence_key("kg", "0" * 64))
    absent = open_store(
        "s3://no-such-bucket", endpoint=s3_server.endpoint, key=s3_server.access_key, secret=s3_server.secret
    )
    with pytest.raises(StoreUnavailable):
        check_store(absent)


def test_the_environment_does_not_lead_the_store_elsewhere(
    s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "someone else's")
    store = open_store(
        f"s3://{s3_server.bucket}/env", endpoint=s3_server.endpoint, key=s3_server.access_key, secret=s3_server.secret
    )
    assert exists(store, keep(store, b"a law"))


@pytest.mark.parametrize("answers", [False, True], ids=["nobody listens", "it listens and never answers"])
def test_an_s3_store_that_is_down_does_not_hang_anyone(answers: bool) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        if answers:
            silent.listen()
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        store = open_store("s3://evidence", endpoint=endpoint, key="k", secret=KEYLESS, timeout=1)
        for call in (lambda: keep(store, b"x"), lambda: keep(store, bytes(12_000_000)), lambda: check_store(store)):
            started = time.monotonic()
            with pytest.raises(StoreUnavailable, match="try again shortly"):
                call()
            assert time.monotonic() - started < 8
