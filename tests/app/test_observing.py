"""What is noted while the service runs: lines in the log that hold nothing of what people wrote, and counts."""

import io
import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from sqlalchemy import update

from app.logs import configure_logs
from app.models.assessments import StoredAnswer
from app.service import open_service
from questionnaire.compiled import CompiledInstrument
from tests.databases import fresh_database
from tests.steps import path
from tests.world import World, running_world, serving, settings_for

CANARY = "zebracanary"
TOKEN = "a-token-for-the-metrics"  # noqa: S105
NEW = {"If-Match": '"0"'}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is logged, as JSON lines."""
    stream, root = io.StringIO(), logging.getLogger()
    before = root.handlers[:], root.level
    configure_logs(stream)
    yield stream
    structlog.reset_defaults()
    root.handlers[:], root.level = before


@pytest.fixture
def counted(shared_folder: Path, tmp_path: Path, instrument: CompiledInstrument) -> Iterator[World]:
    """A world whose metrics can be read with the token."""
    with (
        fresh_database("sqlite", shared_folder, tmp_path) as url,
        running_world(url, tmp_path / "data", instrument, metrics_token=TOKEN) as made,
    ):
        yield made


def lines(log: io.StringIO, requests: int = 0) -> list[dict[str, Any]]:
    """What was logged, once so many requests are: a line is written right after its answer was sent."""
    end = time.monotonic() + 5
    while log.getvalue().count('"event": "request"') < requests and time.monotonic() < end:
        time.sleep(0.01)
    return [json.loads(line) for line in log.getvalue().splitlines()]


def metrics(world: World) -> str:
    return httpx.get(f"{world.address}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text


def test_a_request_is_one_line_with_template_and_account(log: io.StringIO, sqlite_world: World) -> None:
    answer = sqlite_world.as_("focal_a").get(path(sqlite_world, "answers/health-access"))
    (line,) = lines(log, 1)
    assert line["request"] == answer.headers["X-Request-ID"]
    assert line["account"] == sqlite_world.accounts["focal_a"]
    assert (line["method"], line["status"], line["level"]) == ("GET", 200, "info")
    assert line["route"] == "/api/v1/assessments/{assessment_id}/answers/{indicator}"
    assert line["ms"] > 0
    assert sqlite_world.assessments["a"] not in log.getvalue()


def provoke(world: World) -> list[int]:
    """Put the canary wherever people can write, in requests that succeed and in all kinds that fail; their statuses."""
    focal, anyone = world.as_("focal_a"), world.as_("anonymous")
    answers = path(world, "answers/health-access")
    text = {"values": {"groups": "none"}, "detail": f"The {CANARY} is told.", "note": CANARY}
    person = {"email": f"{CANARY}@example.org", "name": CANARY, "role": "adviser"}
    attached = {"indicator": "health-access", "name": f"{CANARY}.pdf"}
    link = {"token": CANARY, "password": CANARY * 2}
    sent = [
        focal.put(answers, json=text, headers=NEW),
        focal.put(answers, json=text | {"note": "another"}, headers=NEW),
        focal.put(answers, json={"values": {CANARY: CANARY}, CANARY: 1}, headers={"If-Match": '"1"'}),
        focal.put(answers, content=f'{{"{CANARY}', headers=NEW | {"Content-Type": "application/json"}),
        focal.put(answers, json=text, headers={"If-Match": CANARY}),
        focal.post("/countries/KG/invitations", json=person),
        focal.post(path(world, "evidence"), params=attached, content=b"%PDF-1.4 " + CANARY.encode()),
        focal.post(path(world, "evidence"), params=attached | {"name": f"{CANARY}.txt"}, content=CANARY.encode()),
        focal.get(f"/{CANARY}?{CANARY}={CANARY}", headers={"User-Agent": CANARY, "Referer": f"http://{CANARY}"}),
        focal.get(path(world, f"answers/{CANARY}")),
        anyone.post("/sign-in", json={"email": f"{CANARY}@example.org", "password": f"{CANARY} {CANARY}"}),
        anyone.post("/password-reset/finish", json=link),
        anyone.get("/sign-in", headers={"Authorization": f"Bearer mgi_{CANARY}"}),
        anyone.get("/sign-in", headers={"Cookie": f"mgi={CANARY}"}),
    ]
    with world.service.database.connected(writes=True) as connection:
        connection.execute(update(StoredAnswer).values(body=f"{CANARY} is no JSON"))
    return [answer.status_code for answer in (*sent, focal.get(answers))]


def test_nothing_that_people_write_is_logged(log: io.StringIO, sqlite_world: World) -> None:
    statuses = provoke(sqlite_world)
    assert {200, 401, 404, 412, 422, 428, 500} <= set(statuses), statuses
    logged = [line["status"] for line in lines(log, len(statuses)) if line["event"] == "request"]
    assert sorted(logged) == sorted(statuses)
    assert CANARY not in log.getvalue().lower()
    assert "example.org" not in log.getvalue()


def test_an_error_of_ours_is_logged_by_kind_and_place(log: io.StringIO, sqlite_world: World) -> None:
    logged = lines(log, len(provoke(sqlite_world)))
    *_, error = [line for line in logged if line["event"] == "unforeseen error"]
    *_, request = [line for line in logged if line.get("status") == 500]
    assert error["request"] == request["request"]
    assert error["error"] == "JSONDecodeError"
    assert all(":" in place for place in error["at"])


def test_what_libraries_log_comes_in_the_same_form_without_values(log: io.StringIO) -> None:
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("somewhere").exception("It failed with %s\n" + CANARY, CANARY)
    (line,) = lines(log)
    assert (line["event"], line["logger"], line["error"]) == ("It failed with %s", "somewhere", "ValueError")
    assert CANARY not in log.getvalue()


def test_a_log_that_cannot_be_written_stops_nobody(sqlite_world: World) -> None:
    stream = io.StringIO()
    configure_logs(stream)
    stream.close()
    try:
        assert sqlite_world.as_("anonymous").get("/snapshots").status_code == 200
    finally:
        structlog.reset_defaults()


def test_requests_and_saves_are_counted_by_template(counted: World) -> None:
    focal, address = counted.as_("focal_a"), path(counted, "answers/health-access")
    for text in ("a", "b"):
        focal.put(address, json={"note": text}, headers=NEW)
    focal.put(address, json={"notes": 1}, headers={"If-Match": '"1"'})
    focal.get(address)  # on the same connection: what came before it is counted by now
    found = metrics(counted)
    assert 'mgi_saves_total{outcome="saved"} 1.0' in found, found
    assert 'mgi_saves_total{outcome="changed_meanwhile"} 1.0' in found
    assert 'mgi_saves_total{outcome="refused"} 1.0' in found
    template = "/api/v1/assessments/{assessment_id}/answers/{indicator}"
    assert f'mgi_requests_total{{method="PUT",route="{template}",status="412"}} 1.0' in found
    assert 'mgi_letters{state="waiting"} 0.0' in found
    assert 'mgi_database_connections{state="most"} 16.0' in found
    assert 'mgi_build_info{version="' in found


def test_metrics_tell_nothing_about_a_country(counted: World) -> None:
    provoke(counted)
    found = metrics(counted)
    for trace in (CANARY, "KG", "Kyrgyz", "example.org", *counted.assessments.values(), *counted.accounts.values()):
        assert trace not in found, trace


@pytest.mark.parametrize("given", [None, "Bearer wrong", f"Basic {TOKEN}", TOKEN, "Bearer"])
def test_metrics_are_for_those_who_show_the_token(counted: World, given: str | None) -> None:
    headers = {"Authorization": given} if given else {}
    refused = httpx.get(f"{counted.address}/metrics", headers=headers)
    assert (refused.status_code, "mgi_" in refused.text) == (404, False)


def test_without_a_token_in_the_settings_there_are_no_metrics(sqlite_world: World) -> None:
    for given in ("Bearer", "Bearer None", f"Bearer {TOKEN}"):
        headers = {"Authorization": given}
        assert httpx.get(f"{sqlite_world.address}/metrics", headers=headers).status_code == 404


def test_it_is_alive_and_ready(world: World, log: io.StringIO) -> None:
    assert httpx.get(f"{world.address}/health").json() == {"status": "alive"}
    ready = httpx.get(f"{world.address}/ready")
    assert ready.json() == {"ready": True, "parts": {"database": True, "schema": True, "evidence": True}}
    assert log.getvalue() == "", "machines ask every few seconds"


def test_it_is_alive_but_not_ready_without_its_database(tmp_path: Path, log: io.StringIO) -> None:
    url = "postgresql://nobody:zebracanary@127.0.0.1:9/nothing?connect_timeout=1"
    with serving(open_service(settings_for(url, tmp_path))) as address:
        assert httpx.get(f"{address}/health").status_code == 200
        refused = httpx.get(f"{address}/ready")
    assert refused.status_code == 503
    assert refused.json()["parts"] == {"database": False, "schema": False, "evidence": True}
    assert CANARY not in log.getvalue() + refused.text


def test_it_is_not_ready_on_an_old_schema_or_without_its_evidence(tmp_path: Path, log: io.StringIO) -> None:
    service = open_service(settings_for(f"sqlite:///{tmp_path}/empty.sqlite", tmp_path))
    assert service.evidence.folder
    with serving(service) as address:
        (service.evidence.folder / "incoming").rmdir()
        service.evidence.folder.rmdir()
        parts = httpx.get(f"{address}/ready").json()["parts"]
    service.database.close()
    assert parts == {"database": True, "schema": False, "evidence": False}
