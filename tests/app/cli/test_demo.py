"""`mgi demo`: from nothing to a service with people and rounds in several states, and the same again at the next start."""

import re
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from app.cli import app
from app.demo.folder import Kept, demo_settings, open_folder
from app.demo.people import PEOPLE
from app.service import Service, open_service
from app.verification.verifying import verify_service
from tests.processes import environment, started

UNSAFE = {
    "MGI_DEMO": "0",
    "MGI_BASE_URL": "https://mgi.example.org",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/x",
}


@dataclass
class Demo:
    """A running demonstration and what it printed."""

    folder: Path
    text: str
    seconds: float
    clients: dict[str, httpx.Client] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return re.findall(r"http://localhost:\d+", self.text)[0].replace("localhost", "127.0.0.1")

    @property
    def people(self) -> dict[str, str]:
        return dict(re.findall(r"(\S+)@demo\.example\s+(\S+)$", self.text, re.MULTILINE))

    def assessment(self, name: str) -> str:
        return re.findall(rf"^{name} .*/assessments/(\S+)$", self.text, re.MULTILINE)[0]

    def as_(self, name: str) -> httpx.Client:
        if name not in self.clients:
            client = httpx.Client(
                base_url=f"{self.address}/api/v1", headers={"Sec-Fetch-Site": "same-origin"}, timeout=30
            )
            given = {"email": f"{name}@demo.example", "password": self.people[name]}
            assert client.post("/sign-in", json=given).status_code == 200
            self.clients[name] = client
        return self.clients[name]

    def get(self, name: str, round_name: str, rest: str) -> Any:
        answer = self.as_(name).get(f"/assessments/{self.assessment(round_name)}{rest}")
        assert answer.status_code == 200, answer.text
        return answer.json()


def running(folder: Path, log: Path) -> Iterator[Demo]:
    """Start it in an environment that must not count, and wait until it says where it is."""
    begun = time.monotonic()
    process = started(["demo", "--port", "0", "--folder", str(folder)], environment(folder / "wrong") | UNSAFE, log)
    while "curl -s -b" not in log.read_text(encoding="utf-8") and process.poll() is None:
        assert time.monotonic() - begun < 60, log.read_text(encoding="utf-8")
        time.sleep(0.1)
    demo = Demo(folder, log.read_text(encoding="utf-8"), time.monotonic() - begun)
    try:
        yield demo
    finally:
        for client in demo.clients.values():
            client.close()
        process.terminate()
        assert process.wait(20) == 0


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demonstration")
    yield from running(folder / "demo", folder / "log")


def test_everyone_signs_in_with_what_was_printed_and_holds_their_role(demo: Demo) -> None:
    assert set(demo.people) == set(PEOPLE)
    for name, person in PEOPLE.items():
        signed_in = demo.as_(name).get("/sign-in").json()
        assert [(role["role"], role["country"]) for role in signed_in["roles"]] == [(person.role, person.country)]
        assert signed_in["needed"] is None


def test_the_rounds_stand_where_they_should(demo: Demo) -> None:
    listed = demo.as_("focal").get("/assessments").json()["items"]
    states = {item["round"]: item["state"] for item in listed}
    assert states == {2018: "published", 2022: "in_review", 2026: "collecting"}


def test_the_first_page_names_the_people_and_leads_to_the_published_snapshot_in_every_format(demo: Demo) -> None:
    page = httpx.get(demo.address)
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert [name for name in PEOPLE if f"{name}@" not in page.text] == []
    assert [password for password in demo.people.values() if password in page.text] == []
    (published,) = set(re.findall(r'href="(/published/[^"]+)"', page.text))
    files = re.findall(r'href="(/api/v1/snapshots/[^"]+)"', httpx.get(demo.address + published).text)
    assert len(files) == 5
    for file in files:
        assert httpx.get(demo.address + file, timeout=30).status_code == 200, file


def test_the_round_in_review_has_a_file_a_talk_and_what_was_sent_back(demo: Demo) -> None:
    thread = demo.get("reviewer", "Kyrgyzstan 2022", "/comments")["items"]
    assert [comment["written_by"] for comment in thread] == [PEOPLE["reviewer"].words, PEOPLE["focal"].words]
    (file,) = demo.get("reviewer", "Kyrgyzstan 2022", "/evidence")["items"]
    kinds = [event["kind"] for event in demo.get("focal", "Kyrgyzstan 2022", "/record?limit=200")["items"]]
    assert file["name"] == "law-on-health-care.txt"
    assert kinds.count("submitted") == 2
    assert kinds.count("returned") == 1


def test_the_round_being_filled_in_waits_for_two_ministries(demo: Demo) -> None:
    assigned = demo.get("focal", "Kyrgyzstan 2026", "/assignments")
    assert {item["ministry"]: item["overdue"] for item in assigned} == {
        "Ministry of Health (invented)": False,
        "Ministry of Labour (invented)": True,
    }
    waiting = demo.get("focal", "Kyrgyzstan 2026", "/contributions")["items"]
    assert [(item["indicator"], item["state"]) for item in waiting] == [("health-access", "proposed")]
    answers = demo.get("focal", "Kyrgyzstan 2026", "/answers")
    to_be_confirmed = [answer["indicator"] for answer in answers if answer["carried_from"] == 2022]
    assert "health-access" in to_be_confirmed
    assert 10 < len(to_be_confirmed) < len(answers) - 10


def test_the_neighbour_sees_nothing_of_it(demo: Demo) -> None:
    neighbour = demo.as_("neighbour")
    listed = neighbour.get("/assessments").json()["items"]
    assert [(item["country"]["code"], item["state"]) for item in listed] == [("UZ", "collecting")]
    for name in ("Kyrgyzstan 2018", "Kyrgyzstan 2022", "Kyrgyzstan 2026"):
        for rest in ("", "/answers", "/comments", "/evidence"):
            hidden = neighbour.get(f"/assessments/{demo.assessment(name)}{rest}")
            assert hidden.status_code == 404
            assert hidden.content == neighbour.get(f"/assessments/{'a' * 20}{rest}").content
    assert demo.get("neighbour", "Uzbekistan 2026", "/answers") == []


def test_the_folder_is_closed_and_its_record_is_sound(demo: Demo) -> None:
    assert stat.S_IMODE((demo.folder / "demo.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((demo.folder / "data").stat().st_mode) == 0o700
    kept = Kept.model_validate_json((demo.folder / "demo.json").read_bytes())
    assert kept.passwords == demo.people
    service = open_service(demo_settings(kept, demo.folder / "data"))
    found = verify_service(service, files=True)
    service.database.close()
    assert found.faults == []
    assert found.events > 250


def test_it_is_quick_and_the_next_start_goes_on_with_the_same_people(demo: Demo, tmp_path: Path) -> None:
    assert demo.seconds < 30, "10 seconds on a machine that does nothing else"
    folder = tmp_path / "demo"
    (folder / "data").mkdir(parents=True)
    (folder / "demo.json").write_bytes((demo.folder / "demo.json").read_bytes())
    name = Path("data", "mgi.sqlite")
    with closing(sqlite3.connect(demo.folder / name)) as source, closing(sqlite3.connect(folder / name)) as target:
        source.backup(target)
    for again in running(folder, tmp_path / "log"):
        assert again.people == demo.people
        assert again.assessment("Kyrgyzstan 2022") == demo.assessment("Kyrgyzstan 2022")
        assert again.as_("focal").get("/assessments").status_code == 200


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear all", encoding="utf-8")
    refused = CliRunner().invoke(app, ["demo", "--port", "0", "--folder", str(tmp_path)])
    assert refused.exit_code == 2
    assert "holds something else" in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_one_that_was_cut_short_is_begun_anew(tmp_path: Path) -> None:
    folder, filled = tmp_path / "demo", []

    def cut_short(service: Service, kept: Kept) -> None:
        (service.settings.data / "half").write_text("", encoding="utf-8")
        raise KeyboardInterrupt

    def fill(service: Service, kept: Kept) -> None:
        filled.append(kept)

    with pytest.raises(KeyboardInterrupt):
        open_folder(folder, cut_short)
    assert open_folder(folder, fill) == open_folder(folder, fill) == filled[0]
    assert len(filled) == 1
    assert not (folder / "data" / "half").exists()
