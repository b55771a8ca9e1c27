"""Evidence between store and database: faults of the store, a full disk, the scanner, the sweep; and a real S3 store."""

import asyncio
import io
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import obstore
import pytest

from app.api.evidence import receive_file
from app.errors import NoSpace
from app.evidence.keeping import Swept, ensure_content, keep_content, release_content, sweep_store
from app.evidence.store import evidence_key, put
from questionnaire.compiled import CompiledInstrument
from questionnaire.response import Response
from tests.app.evidence import made_files
from tests.app.evidence.attachments import LAW, attach, attached, kept, nothing_kept, reason, rows, sha256
from tests.app.evidence.s3_server import S3Server
from tests.app.evidence.test_scanning import scanner
from tests.databases import fresh_database
from tests.steps import bring_to, made, path
from tests.world import World, running_world

Run = Callable[..., AbstractContextManager[World]]


@pytest.fixture
def run(shared_folder: Path, tmp_path: Path, instrument: CompiledInstrument) -> Run:
    """A world on SQLite with settings of its own."""

    @contextmanager
    def running(**settings: Any) -> Iterator[World]:
        with (
            fresh_database("sqlite", shared_folder, tmp_path) as url,
            running_world(url, tmp_path / "data", instrument, **settings) as world,
        ):
            yield world

    return running


def s3(server: S3Server, name: str) -> dict[str, str]:
    address = {"evidence_url": f"s3://{server.bucket}/{name}", "s3_endpoint": server.endpoint}
    return {**address, "s3_access_key": server.access_key, "s3_secret_key": server.secret}


def test_files_live_in_an_s3_store_as_in_a_folder(run: Run, s3_server: S3Server) -> None:
    with run(**s3(s3_server, "life")) as world:
        law, bill = attached(world, made_files.pdf()), attached(world, LAW * 300_000, indicator="education-access")
        assert kept(world) == {law["sha256"], bill["sha256"]}
        content = world.as_("focal_a").get(path(world, f"evidence/{bill['id']}/content"))
        assert content.content == LAW * 300_000
        made(world.as_("focal_a").delete(path(world, f"evidence/{bill['id']}")))
        assert kept(world) == {law["sha256"]}
        assert attach(world, made_files.VIRUS).status_code == 422
        assert len(rows(world)) == 2


def test_a_store_that_is_away_is_told_and_nothing_is_recorded(run: Run) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        away = S3Server(f"http://127.0.0.1:{closed.getsockname()[1]}", "key", "secret", "evidence")
        with run(**s3(away, "away")) as world:
            refused = attach(world)
            assert reason(refused) == (503, "unavailable")
            assert refused.headers["retry-after"]
            assert rows(world) == []


def test_a_store_that_goes_away_is_told_to_readers(sqlite_world: World) -> None:
    file = attached(sqlite_world)
    folder = sqlite_world.service.evidence.folder
    assert folder is not None
    shutil.rmtree(folder)
    answer = sqlite_world.as_("focal_a").get(path(sqlite_world, f"evidence/{file['id']}/content"))
    assert reason(answer) == (503, "unavailable")


def test_a_folder_that_is_no_folder_takes_nothing_until_it_is_one_again(sqlite_world: World, tmp_path: Path) -> None:
    file, folder = attached(sqlite_world), sqlite_world.service.evidence.folder
    assert folder is not None
    folder.rename(tmp_path / "away")
    folder.write_text("no disk is mounted here")
    for answer in (
        attach(sqlite_world, b"Another law"),
        sqlite_world.as_("focal_a").get(path(sqlite_world, "archive")),
    ):
        assert reason(answer) == (503, "unavailable")
    folder.unlink()
    (tmp_path / "away").rename(folder)
    assert [row.id for row in rows(sqlite_world)] == [file["id"]]
    assert attach(sqlite_world, b"Another law").status_code == 201


def test_an_altered_content_is_never_given_out(sqlite_world: World) -> None:
    file = attached(sqlite_world)
    key = evidence_key(sqlite_world.assessments["a"], file["sha256"])
    obstore.put(sqlite_world.service.evidence.objects, key, LAW[:-1] + b"!")
    answer = sqlite_world.as_("focal_a").get(path(sqlite_world, f"evidence/{file['id']}/content"))
    assert reason(answer) == (503, "unavailable")


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of 4 MB."""
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("no small file system can be mounted here; it takes root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_full_store_is_told_and_room_helps(run: Run, tmp_path: Path) -> None:
    with small_disk(tmp_path / "small") as folder, run(evidence_url=f"file://{folder}") as world:
        refused = attach(world, LAW * 150_000)
        assert reason(refused) == (507, "no-space")
        assert nothing_kept(world)
        assert attach(world).status_code == 201


def test_a_full_temporary_folder_is_told() -> None:
    async def arriving() -> AsyncIterator[bytes]:
        yield LAW

    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(NoSpace):
        asyncio.run(receive_file(arriving(), full, 1000))


def test_what_the_scanner_finds_is_not_kept(run: Run) -> None:
    with scanner(b"stream: Eicar FOUND\0") as (address, received), run(clamd=address) as world:
        refused = attach(world)
        assert reason(refused) == (422, "invalid")
        assert "virus" in refused.json()["detail"]
        assert b"".join(received) == LAW
        assert nothing_kept(world)


def test_without_the_scanner_nothing_is_taken(run: Run, tmp_path: Path) -> None:
    with run(clamd=f"{tmp_path}/no-such-socket") as world:
        assert reason(attach(world)) == (503, "unavailable")
        assert nothing_kept(world)


def orphan(world: World, content: bytes, assessment: str) -> None:
    put(world.service.evidence, evidence_key(assessment, sha256(content)), io.BytesIO(content))


def test_the_sweep_deletes_what_no_row_needs_and_nothing_else(world: World, response: Response) -> None:
    submitted, live = attached(world, b"Submitted"), attached(world, b"Live")
    bring_to(world, "in_review", response)
    returned = {"indicators": [{"indicator": "health-access", "reason": "Why?"}]}
    made(world.as_("reviewer").post(path(world, "return"), json=returned))
    made(world.as_("focal_a").delete(path(world, f"evidence/{submitted['id']}")))
    orphan(world, b"Left by a crash", world.assessments["a"])
    orphan(world, b"Live", world.assessments["b"])
    orphan(world, b"Of another database", "anotherassessment")
    assert sweep_store(world.service) == Swept(2, ["anotherassessment"])
    assert kept(world) == {submitted["sha256"], live["sha256"], sha256(b"Of another database")}
    assert sweep_store(world.service) == Swept(0, ["anotherassessment"])


def test_a_content_that_is_in_use_is_not_given_back(sqlite_world: World) -> None:
    attached(sqlite_world)
    assert not release_content(sqlite_world.service, sqlite_world.assessments["a"], sha256(LAW))
    assert kept(sqlite_world) == {sha256(LAW)}


def test_a_content_given_back_before_its_row_is_put_again(sqlite_world: World) -> None:
    service, assessment, content = sqlite_world.service, sqlite_world.assessments["a"], io.BytesIO(LAW)
    accepted = keep_content(service, assessment, "law.txt", content, len(LAW))
    assert sweep_store(service).deleted == 1
    ensure_content(service, assessment, accepted.sha256, content)
    assert kept(sqlite_world) == {sha256(LAW)}


def test_a_removal_stands_though_the_store_cannot_delete(sqlite_world: World) -> None:
    file, folder = attached(sqlite_world), sqlite_world.service.evidence.folder
    assert folder is not None
    content = folder / evidence_key(sqlite_world.assessments["a"], file["sha256"])
    content.unlink()
    (content / "in the way").mkdir(parents=True)
    address = path(sqlite_world, f"evidence/{file['id']}")
    assert sqlite_world.as_("focal_a").delete(address).status_code == 204
    assert reason(sqlite_world.as_("focal_a").get(address)) == (404, "not-found")
    assert content.is_dir()
