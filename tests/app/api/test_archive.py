"""The archive over HTTP: complete, readable with our own tools, verifiable, and without a word that is IOM's alone."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.api.evidence import FileOut
from app.record import event_hash
from questionnaire.compiled import CompiledInstrument
from questionnaire.reading import read_response
from questionnaire.response import Response
from questionnaire.stored import instrument_from
from questionnaire.strict_yaml import parse_yaml
from tests.databases import fresh_database
from tests.lived import acting, attach, live_through
from tests.made_responses import make_response
from tests.steps import bring_to, fill, made, path
from tests.teamwork import comment
from tests.world import World, running_world

Archive = dict[str, bytes]
FIELDS = ("stream", "seq", "at", "kind", "actor", "subject", "payload", "state")
"""The fields of an event that its hash covers, as README.txt in the archive tells them."""


def archive_of(world: World, name: str = "a") -> Archive:
    """The members of the focal point's archive by path; each path must stand there once."""
    answer = made(world.as_("focal_a").get(path(world, "archive", name)))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert len(set(archive.namelist())) == len(archive.namelist())
        return {path: archive.read(path) for path in archive.namelist()}


def lines(archive: Archive) -> list[dict[str, Any]]:
    return [json.loads(line) for line in archive["record.jsonl"].splitlines()]


@pytest.fixture(scope="module")
def lived(
    tmp_path_factory: pytest.TempPathFactory, shared_folder: Path, instrument: CompiledInstrument, response: Response
) -> Iterator[World]:
    """An assessment that went through everything."""
    folder = tmp_path_factory.mktemp("lived")
    with (
        fresh_database("sqlite", shared_folder, folder) as url,
        running_world(url, folder / "data", instrument) as world,
    ):
        live_through(world, response)
        made(comment(world, "reviewer", "internal", "canary: they hide something"))
        made(comment(world, "focal_a", "government", "canary of ours"))
        yield world


@pytest.fixture(scope="module")
def archive(lived: World) -> Archive:
    return archive_of(lived)


def test_the_response_is_read_back_to_the_same_answers_and_sources(
    archive: Archive, instrument: CompiledInstrument, response: Response
) -> None:
    reading = read_response(parse_yaml(archive["response.yaml"], "response.yaml"), instrument)
    assert reading.response is not None, reading.wrong
    assert reading.response.sources == response.sources
    plain = {name: answer.model_copy(update={"version": 0, "note": None}) for name, answer in response.answers.items()}
    again = reading.response.answers.items()
    assert {name: answer.model_copy(update={"version": 0, "note": None}) for name, answer in again} == plain
    assert reading.response.answers["health-access"].note == "Seen after version 3."
    assert instrument_from(archive["instrument.json"].decode()).content_hash == instrument.content_hash


@pytest.mark.parametrize("text", ["yes", "~", "1.0", "007", "- a: b #c", "'\"\\", "قانون\u200c😀", "a\n\n  b\n", "0x1F", "1e3"])
def test_no_text_is_changed_by_the_way_it_is_written(
    sqlite_world: World, instrument: CompiledInstrument, text: str
) -> None:
    before = make_response(instrument, len(text), text, states=(1, 0, 0, 0))
    fill(sqlite_world, before)
    reading = read_response(parse_yaml(archive_of(sqlite_world)["response.yaml"], "response.yaml"), instrument)
    answers = (reading.readable or before).answers
    assert {name: answer.values for name, answer in answers.items()} == {
        name: answer.values for name, answer in before.answers.items() if name in answers
    }


def test_the_chain_of_events_can_be_followed_to_its_end(lived: World, archive: Archive) -> None:
    before, withheld = "", 0
    for number, event in enumerate(lines(archive), 1):
        assert event["seq"] == number
        if event.get("withheld"):
            withheld += 1
        else:
            assert event_hash(before, tuple(event[field] for field in FIELDS)) == event["hash"]
        before = event["hash"]
    assert withheld == 2
    with acting(lived, "focal_a", "export") as work:
        assert (work.head().seq, work.head().hash) == (number, before)


def test_the_manifest_tells_size_and_hash_of_every_other_file(archive: Archive) -> None:
    manifest = json.loads(archive["MANIFEST.json"])
    assert {entry["path"] for entry in manifest} == archive.keys() - {"MANIFEST.json"}
    for entry in manifest:
        content = archive[entry["path"]]
        assert (entry["size"], entry["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


def test_every_version_of_an_answer_is_there_with_who_saved_it(archive: Archive) -> None:
    versions = json.loads(archive["history/health-access.json"])
    assert [version["version"] for version in versions] == [1, 2, 3, 4]
    assert {version["saved_by"] for version in versions} == {"Person focal_a"}
    for version in versions:
        body = json.dumps(version["answer"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(body.encode()).hexdigest() == version["sha256"]


def test_all_that_was_done_around_the_answers_is_there(archive: Archive) -> None:
    states = {item["state"]: item for item in json.loads(archive["contributions.json"])}
    assert states.keys() == {"declined", "adopted"}
    assert (states["declined"]["reason"], states["declined"]["proposed_by"]) == ("Too broad.", "Person labour_a")
    assert [row["reason"] for row in json.loads(archive["returns.json"])] == ["Which law?"]
    assert "One law is missing." in archive["reasons.json"].decode()
    assert {row["indicator"] for row in json.loads(archive["assignments.json"])} == {"health-access", "education-access"}
    for kind, count in {"submissions": 3, "drafts": 11, "publications": 2}.items():
        rows = json.loads(archive[f"{kind}.json"])
        assert [row["number"] for row in rows] == list(range(1, count + 1)), kind
        assert not any("document" in row or "response" in row for row in rows)
    assert json.loads(archive["publications/2.json"])["meta" if False else "domains"]
    assert b"README" not in archive["README.txt"][:20]
    for named in re.findall(r"^(\S+)  ", archive["README.txt"].decode(), re.MULTILINE):
        assert any(found == named or found.startswith(named) for found in archive), named


def test_what_was_submitted_has_the_hash_that_is_on_record(archive: Archive) -> None:
    for row in json.loads(archive["submissions.json"]):
        folder = f"submissions/{row['number']}"
        whole = archive[f"{folder}/response.json"] + archive[f"{folder}/evidence.json"]
        assert hashlib.sha256(whole).hexdigest() == row["sha256"]


def test_files_are_there_with_their_hashes_and_removed_ones_are_told(archive: Archive) -> None:
    law, old = sorted(json.loads(archive["evidence.json"]), key=lambda file: str(file["name"]))
    assert law["file"] == "evidence/health-access/law.txt"
    assert hashlib.sha256(archive[law["file"]]).hexdigest() == law["sha256"]
    assert (old["name"], old["file"], old["removed_at"] is None) == ("older.txt", None, False)
    assert {"id", "indicator", "size", "sha256"} <= FileOut.model_fields.keys() & law.keys()


def test_internal_notes_and_the_names_of_ioms_people_are_nowhere(archive: Archive) -> None:
    everything = b"\n".join(archive.values())
    texts = {item["text"] for item in json.loads(archive["comments.json"])}
    assert "canary of ours" in texts
    assert b"they hide something" not in everything
    assert {item["audience"] for item in json.loads(archive["comments.json"])} == {"government", "shared"}
    assert b'"internal"' not in everything.replace(archive["instrument.json"], b"")
    assert not re.search(rb"Person (reviewer|second_reviewer|adviser|administrator)", everything)
    assert not re.search(rb"@example\.org", everything)
    assert set(json.loads(archive["people.json"]).values()) >= {"IOM reviewer", "Person focal_a", "Person signatory_a"}


def test_the_same_assessment_gives_the_same_bytes_to_be_saved(lived: World) -> None:
    first, second = (made(lived.as_("second_focal_a").get(path(lived, "archive"))) for _ in range(2))
    assert first.content == second.content
    assert first.headers["Content-Type"] == "application/zip"
    assert first.headers["Content-Disposition"].startswith('attachment; filename="mgi-archive-KG-2026.zip"')
    assert first.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "refused"),
    [("anonymous", 401), ("labour_a", 403), ("signatory_a", 403), ("adviser_a", 403), ("reviewer", 403),
     ("administrator", 403), ("focal_b", 404), ("nobody", 404)],
)  # fmt: skip
def test_the_archive_is_the_focal_points_alone(lived: World, name: str, refused: int) -> None:
    answer = lived.as_(name).get(path(lived, "archive"))
    assert answer.status_code == refused
    if refused == 404:
        assert answer.content == lived.as_(name).get("/assessments/aaaaaaaaaaaaaaaaaaaa/archive").content


def test_an_archive_can_be_had_at_any_time_on_each_database(world: World, response: Response) -> None:
    empty = archive_of(world)
    assert json.loads(empty["assessment.json"])["state"] == "collecting"
    bring_to(world, "published", response)
    attach(world, "late.txt", b"Too late for the review.") if False else None
    whole = archive_of(world)
    assert json.loads(whole["assessment.json"])["state"] == "published"
    assert {"publications/1.json", "drafts/1.json", "submissions/1/response.json"} <= whole.keys()
