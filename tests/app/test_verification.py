"""Verification: an untouched record has no fault, and whatever is changed in it is found."""

import ast
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from sqlalchemy.engine import Connection
from sqlmodel import select
from typer.testing import CliRunner

from app.checkpoints import Checkpoints, checkpoint_file, read_checkpoints, write_checkpoint
from app.cli import app
from app.evidence.store import evidence_key
from app.models.assessments import Evidence
from app.verification.told import TELLS
from app.verification.verifying import verify_record, verify_service
from questionnaire.compiled import CompiledInstrument
from questionnaire.response import Response
from tests.databases import KINDS, fresh_database
from tests.lived import live_through
from tests.tampering import WAYS
from tests.world import KEY, World, running_world

TAMPERINGS = int(os.environ.get("MGI_TAMPERINGS", "104"))
"""How often each kind of database is tampered with; 1,000 before a release."""
ROOT = Path(__file__).parents[2]
OF_NO_TEXT = {"signed_off", "checkpoint_written"}
"""Events that tell a hash of what they were about at that moment, or of something outside of the database."""


@pytest.fixture(scope="module", params=KINDS)
def lived(
    request: pytest.FixtureRequest,
    shared_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
    instrument: CompiledInstrument,
    response: Response,
) -> Iterator[World]:
    """A world in which an assessment went through everything, with a checkpoint at its end."""
    folder = tmp_path_factory.mktemp("lived")
    with (
        fresh_database(request.param, shared_folder, folder) as url,
        running_world(url, folder / "data", instrument) as world,
    ):
        live_through(world, response)
        write_checkpoint(world.service)
        yield world


@contextmanager
def undone(world: World) -> Iterator[Connection]:
    """A connection whose changes are taken back at the end."""
    with world.service.database.engine.connect() as connection:
        yield connection
        connection.rollback()


def checkpoints_of(world: World) -> Checkpoints:
    return read_checkpoints(checkpoint_file(world.service.settings), KEY.encode())


def test_a_record_that_went_through_everything_has_no_fault(lived: World) -> None:
    found = verify_service(lived.service, files=True)
    assert found.faults == []
    assert (found.streams, found.files) == (3, 1)
    assert found.events > 170
    assert found.texts > 170


def test_whatever_is_tampered_with_is_found(lived: World) -> None:
    random, checkpoints, missed = Random(7), checkpoints_of(lived), Counter[str]()
    marks = checkpoints.by_stream()
    for turn in range(TAMPERINGS):
        way = WAYS[turn % len(WAYS)]
        with undone(lived) as connection:
            way(connection, marks, random)
            missed[way.__name__] += not verify_record(connection, checkpoints).faults
    assert missed.total() == 0, missed


def test_without_checkpoints_a_record_written_anew_is_missed(lived: World) -> None:
    random, marks, missed = Random(7), checkpoints_of(lived).by_stream(), set[str]()
    for way in WAYS:
        with undone(lived) as connection:
            way(connection, marks, random)
            # the accounts' chain tells that there are checkpoints; without them that alone is a fault
            faults = verify_record(connection, Checkpoints()).faults
            if all("lines of checkpoints" in fault.message for fault in faults):
                missed.add(way.__name__)
    assert missed >= {"write_anew", "delete_stream"}


def test_a_fault_is_told_in_one_line_with_stream_and_number(lived: World) -> None:
    with undone(lived) as connection:
        connection.exec_driver_sql("UPDATE event SET actor = 'nobody' WHERE stream = 'accounts' AND seq = 2")
        faults = verify_record(connection, checkpoints_of(lived)).faults
    assert [str(fault) for fault in faults] == [
        "accounts, event 2: its hash does not fit: it or the one before was changed, put in or taken out"
    ]


def test_a_content_that_is_gone_or_was_changed_is_found(lived: World) -> None:
    with lived.service.database.reading() as session:
        row = session.exec(select(Evidence).where(Evidence.name == "law.txt")).one()
    content = lived.service.settings.data / "evidence" / evidence_key(row.assessment_id, row.sha256)
    kept = content.read_bytes()
    try:
        content.write_bytes(b"Article 9. All.")
        assert [fault.message[-20:] for fault in verify_service(lived.service, files=True).faults] == [
            "changed in the store"
        ]
        content.unlink()
        assert "is not in the store" in verify_service(lived.service, files=True).faults[0].message
        assert verify_service(lived.service).faults == []
    finally:
        content.write_bytes(kept)


def test_the_command_names_what_it_checked_and_each_fault(lived: World) -> None:
    settings = lived.service.settings
    environment = {"DATABASE_URL": settings.database, "MGI_SECRET_KEY": KEY, "MGI_DATA": str(settings.data)}
    done = CliRunner().invoke(app, ["verify", "--files"], env=environment)
    assert done.exit_code == 0, done.output
    assert "events in 3 streams" in done.output
    assert "1 files" in done.output
    other = CliRunner().invoke(app, ["verify"], env={**environment, "MGI_SECRET_KEY": f"another {KEY}"})
    assert other.exit_code == 1
    assert "checkpoints, line 1: its signature does not fit" in other.output


def recorded_hashes() -> Iterator[str]:
    """The kinds of events that are recorded with a hash, as they stand in the sources."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "record":
                names = {keyword.arg for keyword in node.keywords}
                if names & {"sha256", "fingerprint", "reason", "notice", "reasons", "remark"} and node.args:
                    yield from (part.value for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant))


def test_every_event_that_tells_a_hash_is_followed_to_its_text() -> None:
    found = set(recorded_hashes())
    assert len(found) > 8
    assert found - set(TELLS) - OF_NO_TEXT == {"assigned"}, "its remark is written over by the next order"
