"""The archive: it is whole, can be checked and read again, and holds nothing that its government may not have."""

import hashlib
import io
import json
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

import obstore
import pytest

from app.evidence.store import evidence_key
from app.models.assessments import StoredSource
from app.record import event_hash
from questionnaire.compiled import CompiledInstrument
from questionnaire.reading import read_response
from questionnaire.response import Response
from questionnaire.strict_yaml import parse_yaml
from tests.app.evidence.attachments import LAW, attached, reason, sha256
from tests.processes import mgi
from tests.steps import bring_to, fill, made, path
from tests.teamwork import assign, comment, proposed, save
from tests.world import World

FIELDS = ("stream", "seq", "at", "kind", "actor", "subject", "payload", "state")
HOSTILE_TEXTS = (
    "NO", "yes", "~1", "null", "2015-06-01", "0x1F", "1e3", "1_000", "- a list", "# no comment", "a: b", "&anchor *alias",
    "!!python/object:os.system", "=SUM(A1)", "{{7*7}}", "{% raw %}", '"quoted" and \'quoted\'', "قانون الهجرة",
    "ច្បាប់ស្តីពីជនអន្តោប្រវេសន៍", "👩‍👩‍👧 family", "--- 1",
    "First: line, second # line, - third", "| literal", "> folded", "%YAML 1.2", "@here", "`code`",
)  # fmt: skip


def taken(world: World) -> zipfile.ZipFile:
    answer = made(world.as_("focal_a").get(path(world, "archive")))
    assert int(answer.headers["content-length"]) == len(answer.content)
    return zipfile.ZipFile(io.BytesIO(answer.content))


def told(archive: zipfile.ZipFile, name: str) -> Any:
    return json.loads(archive.read(name))


def everything(archive: zipfile.ZipFile) -> str:
    return "\n".join(
        [*archive.namelist(), *(archive.read(name).decode(errors="replace") for name in archive.namelist())]
    )


def read(archive: zipfile.ZipFile, instrument: CompiledInstrument) -> Response:
    reading = read_response(parse_yaml(archive.read("response.yaml"), "response.yaml"), instrument)
    assert reading.response is not None, reading.wrong
    return reading.response


def test_its_response_reads_as_the_answers_that_went_in(
    world: World, response: Response, instrument: CompiledInstrument
) -> None:
    fill(world, response)
    archive = taken(world)
    found = read(archive, instrument)
    assert found.answers == response.answers
    assert found.sources == response.sources
    assert list(found.answers) == [name for name in instrument.indicators if name in response.answers]
    assert told(archive, "response.json")["answers"].keys() == response.answers.keys()


def test_the_commands_read_its_response(sqlite_world: World, response: Response, tmp_path: Path) -> None:
    fill(sqlite_world, response)
    taken(sqlite_world).extract("response.yaml", tmp_path)
    file = str(tmp_path / "response.yaml")
    code, printed = mgi(["response", "check", file], {}, tmp_path / "check")
    assert (code, "Ready to be submitted." in printed) == (0, True), printed
    code, printed = mgi(["snapshot", file, "-f", "md", "-o", str(tmp_path)], {}, tmp_path / "made")
    assert code == 0, printed


def test_no_text_is_changed_by_its_writing(sqlite_world: World, instrument: CompiledInstrument) -> None:
    indicators = list(instrument.indicators)[: len(HOSTILE_TEXTS)]
    for indicator, text in zip(indicators, HOSTILE_TEXTS, strict=True):
        made(save(sqlite_world, 0, {"note": text}, indicator))
    source = {"title": "NO", "kind": "law", "in_text": "2015-06-01"}
    address = path(sqlite_world, "sources/no")
    made(sqlite_world.as_("focal_a").put(address, json=source, headers={"If-Match": '"0"'}))
    found = read(taken(sqlite_world), instrument)
    assert [answer.note for answer in found.answers.values()] == list(HOSTILE_TEXTS)
    assert (found.sources["no"].title, found.sources["no"].in_text) == ("NO", "2015-06-01")


def test_a_source_that_was_taken_off_the_list_stays_with_the_answer_that_names_it(
    sqlite_world: World, response: Response, instrument: CompiledInstrument
) -> None:
    fill(sqlite_world, response)
    with sqlite_world.service.database.writing() as session:
        for source in response.sources:
            last = session.get_one(StoredSource, ("KG", source, 1))
            session.add(StoredSource(**{**last.model_dump(), "version": 2, "removed": True}))
    assert read(taken(sqlite_world), instrument).sources == response.sources


def test_every_file_is_in_the_manifest_with_its_hash(world: World, response: Response) -> None:
    attached(world)
    bring_to(world, "published", response)
    archive = taken(world)
    manifest = {entry["path"]: entry for entry in told(archive, "MANIFEST.json")}
    assert manifest.keys() | {"MANIFEST.json"} == set(archive.namelist())
    assert len(archive.namelist()) == len(set(archive.namelist()))
    for name, entry in manifest.items():
        content = archive.read(name)
        assert (entry["size"], entry["sha256"]) == (len(content), sha256(content)), name
    for wanted in (
        "README.txt",
        "instrument.json",
        "drafts/1.json",
        "publications/1.json",
        "submissions/1/response.json",
    ):
        assert wanted in manifest


def test_the_same_state_gives_the_same_bytes(world: World, response: Response) -> None:
    attached(world)
    bring_to(world, "in_review", response)
    first, again = (world.as_("focal_a").get(path(world, "archive")).content for _ in range(2))
    world.later(minutes=5)
    later = made(world.as_("focal_a").get(path(world, "archive"))).content
    assert hashlib.sha256(first).digest() == hashlib.sha256(again).digest() == hashlib.sha256(later).digest()


def test_files_have_safe_names_of_their_own(sqlite_world: World) -> None:
    contents = {f"Law number {number}".encode() for number in range(5)}
    for content, name in zip(
        sorted(contents), ("../../law", "law.txt", "LAW.TXT", "C:\\law.txt", "a/../law.txt"), strict=True
    ):
        attached(sqlite_world, content, name=name)
    archive = taken(sqlite_world)
    places = [file["file"] for file in told(archive, "evidence.json")]
    assert len({place.casefold() for place in places}) == 5
    assert {archive.read(place) for place in places} == contents
    for name in archive.namelist():
        parts = PurePosixPath(name).parts
        assert ".." not in parts
        assert not name.startswith("/")
        assert not set(name) & set('\\:*?"<>|')


def test_removed_files_are_told_and_those_that_were_submitted_are_there(world: World, response: Response) -> None:
    submitted = attached(world, b"Submitted", name="submitted.txt")
    bring_to(world, "in_review", response)
    returned = {"indicators": [{"indicator": "health-access", "reason": "Why?"}]}
    made(world.as_("reviewer").post(path(world, "return"), json=returned))
    dropped = attached(world, b"Dropped", name="dropped.txt")
    for file in (submitted, dropped):
        made(world.as_("focal_a").delete(path(world, f"evidence/{file['id']}")))
    archive = taken(world)
    files = {file["name"]: file for file in told(archive, "evidence.json")}
    assert archive.read(files["submitted.txt"]["file"]) == b"Submitted"
    assert (files["dropped.txt"]["file"], files["dropped.txt"]["sha256"]) == (None, sha256(b"Dropped"))
    assert files["dropped.txt"]["removed_at"]


def test_the_record_in_it_can_be_computed_again(world: World, response: Response) -> None:
    made(comment(world, "reviewer", "internal", "A word among us."))
    bring_to(world, "in_review", response)
    made(comment(world, "second_reviewer", "internal", "Another."))
    made(comment(world, "focal_a", "shared", "A question."))
    lines = [json.loads(line) for line in taken(world).read("record.jsonl").splitlines()]
    previous, withheld = "", 0
    for number, line in enumerate(lines, 1):
        assert line["seq"] == number
        if line.get("withheld"):
            withheld += 1
            assert line.keys() == {"seq", "hash", "withheld"}
        else:
            assert event_hash(previous, tuple(line[field] for field in FIELDS)) == line["hash"]
        previous = line["hash"]
    assert withheld == 2


def test_what_the_hashes_in_it_stand_for_can_be_checked(world: World, response: Response) -> None:
    made(save(world, 0))
    bring_to_review = {name: answer for name, answer in response.answers.items() if name != "health-access"}
    bring_to(world, "collecting", response.model_copy(update={"answers": bring_to_review}))
    archive = taken(world)
    (version,) = told(archive, "history/health-access.json")
    body = json.dumps(version["answer"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert version["sha256"] == sha256(body.encode())
    assert (version["saved_by"], version["version"]) == ("Person focal_a", 1)


def test_submissions_have_the_hash_of_their_texts(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "in_review", response)
    archive = taken(sqlite_world)
    (submission,) = told(archive, "submissions.json")
    texts = archive.read("submissions/1/response.json") + archive.read("submissions/1/evidence.json")
    assert submission["sha256"] == sha256(texts)
    assert submission["submitted_by"] == "Person focal_a"


def test_notes_among_reviewers_and_their_names_are_not_in_it(world: World, response: Response) -> None:
    made(assign(world, "labour", "health-access"))
    proposed(world, "labour_a", remark="remark-canary")
    bring_to(world, "in_review", response)
    for by, audience in (
        ("reviewer", "internal"), ("reviewer", "shared"), ("focal_a", "government"), ("focal_a", "shared"),
    ):  # fmt: skip
        made(comment(world, by, audience, f"{audience}-canary of {by}"))
    returned = {"indicators": [{"indicator": "health-access", "reason": "return-canary"}]}
    made(world.as_("reviewer").post(path(world, "return"), json=returned))
    text = everything(taken(world))
    for canary in ("shared-canary of reviewer", "shared-canary of focal_a", "government-canary", "return-canary"):
        assert canary in text
    assert "remark-canary" in text
    assert "internal-canary" not in text
    assert hashlib.sha256(b"internal-canary of reviewer").hexdigest() not in text
    assert "Person reviewer" not in text
    assert "IOM reviewer" in text
    assert "Person labour_a" in text
    assert "@example.org" not in text


def test_another_country_is_not_in_it(sqlite_world: World) -> None:
    client, address = sqlite_world.as_("focal_b"), path(sqlite_world, "answers/health-access", "b")
    made(client.put(address, json={"note": "foreign-canary"}, headers={"If-Match": '"0"'}))
    text = everything(taken(sqlite_world))
    assert "foreign-canary" not in text
    assert "Person focal_b" not in text
    assert sqlite_world.assessments["b"] not in text


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("anonymous", (401, "not-signed-in")), ("focal_b", (404, "not-found")), ("unassigned_reviewer", (404, "not-found")),
        ("labour_a", (403, "not-allowed")), ("signatory_a", (403, "not-allowed")), ("adviser_a", (403, "not-allowed")),
        ("reviewer", (403, "not-allowed")), ("administrator", (403, "not-allowed")),
    ],
)  # fmt: skip
def test_only_the_focal_point_takes_it(sqlite_world: World, by: str, expected: tuple[int, str]) -> None:
    assert reason(sqlite_world.as_(by).get(path(sqlite_world, "archive"))) == expected


def test_a_content_that_is_gone_or_altered_is_told_and_the_rest_is_there(sqlite_world: World) -> None:
    gone, altered = attached(sqlite_world, b"Gone", name="gone.txt"), attached(sqlite_world, name="altered.txt")
    whole, store = attached(sqlite_world, b"Whole", name="whole.txt"), sqlite_world.service.evidence
    key = {file["name"]: evidence_key(sqlite_world.assessments["a"], file["sha256"]) for file in (gone, altered)}
    obstore.delete(store.objects, key["gone.txt"])
    obstore.put(store.objects, key["altered.txt"], LAW[:-1] + b"!")
    archive = taken(sqlite_world)
    places = {file["name"]: file["file"] for file in told(archive, "evidence.json")}
    assert places == {"gone.txt": None, "altered.txt": None, "whole.txt": "evidence/health-access/whole.txt"}
    assert archive.read(places["whole.txt"]) == b"Whole"
    assert sorted(name for name in archive.namelist() if name.startswith("evidence/")) == [places["whole.txt"]]
    assert whole["size"] == 5


def test_an_empty_assessment_has_an_archive_too(sqlite_world: World, instrument: CompiledInstrument) -> None:
    archive = taken(sqlite_world)
    assert read(archive, instrument).answers == {}
    assert told(archive, "assessment.json")["state"] == "collecting"
    assert told(archive, "evidence.json") == []
