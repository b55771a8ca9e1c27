"""Evidence over HTTP: what is taken and what is refused, who sees which file, what stays of a removed one."""

import json
import re
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest
from sqlmodel import col, select

from app.models.people import RoleGrant
from app.models.record import Event
from questionnaire.compiled import CompiledInstrument
from questionnaire.response import Response
from tests.app.evidence import made_files as made_up
from tests.app.evidence.attachments import LAW, attach, attached, kept, names, nothing_kept, reason, rows, sha256
from tests.app.evidence.test_checking import HOSTILE
from tests.databases import fresh_database
from tests.processes import environment, served
from tests.steps import approve, bring_to, made, path, sign_off, submit
from tests.teamwork import assign, save
from tests.world import World, running_world

MEGABYTE = 1024 * 1024
NOT_FOUND = (404, "not-found")
RETURN = {"indicators": [{"indicator": "health-access", "reason": "Why?"}]}


def of(world: World, file: dict[str, str], rest: str = "", name: str = "a") -> str:
    return path(world, f"evidence/{file['id']}{rest}", name)


def content_of(world: World, by: str, file: dict[str, str]) -> httpx.Response:
    return world.as_(by).get(of(world, file, "/content"))


def test_a_file_comes_back_as_it_was_to_be_saved_and_never_shown(world: World) -> None:
    file = attached(world, made_up.pdf(), name="Закон.html")
    assert (file["name"], file["media_type"], file["public"]) == ("Закон.html.pdf", "application/pdf", False)
    answer = content_of(world, "second_focal_a", file)
    assert (answer.status_code, answer.content) == (200, made_up.pdf())
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert quote("Закон.html.pdf") in answer.headers["content-disposition"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["etag"] == f'"{sha256(made_up.pdf())}"'


def test_who_has_a_file_already_is_told_so(sqlite_world: World) -> None:
    address = of(sqlite_world, attached(sqlite_world), "/content")
    tag = {"If-None-Match": f'"{sha256(LAW)}"'}
    again = sqlite_world.as_("focal_a").get(address, headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    head = sqlite_world.as_("focal_a").head(address)
    assert (head.headers["content-length"], head.headers["etag"]) == (str(len(LAW)), tag["If-None-Match"])


def test_a_retry_gives_the_file_that_is_there(world: World) -> None:
    first, again = attach(world), attach(world, name="other.txt")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert attach(world, indicator="education-access").status_code == 201
    assert len(rows(world)) == 2


def test_the_same_file_sent_at_once_is_attached_once(world: World) -> None:
    world.as_("focal_a")
    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(answer.status_code for answer in pool.map(lambda _: attach(world), range(8)))
    assert statuses == [200] * 7 + [201]
    assert len(rows(world)) == 1


def test_hostile_files_are_refused_with_a_reason_and_nothing_of_them_is_kept(sqlite_world: World) -> None:
    for what, (content, why) in HOSTILE.items():
        refused = attach(sqlite_world, content, name="law.pdf")
        assert reason(refused) == (422, "invalid"), what
        assert re.search(why, refused.json()["detail"]), what
    assert nothing_kept(sqlite_world)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd.txt"),
        ("law.txt\r\nSet-Cookie: a=b", "law.txtSet-Cookie_ a=b.txt"),
        ('a"b;c', "a_b;c.txt"),
        ("con.txt", "_con.txt"),
        ("\u202etxt.exe", "txt.exe.txt"),
        ("\0", "evidence.txt"),
        ("قانون", "قانون.txt"),
    ],
)
def test_odd_names_become_safe_ones(sqlite_world: World, name: str, safe: str) -> None:
    file = attached(sqlite_world, name=name)
    assert file["name"] == safe
    answer = content_of(sqlite_world, "focal_a", file)
    assert answer.content == LAW
    assert "set-cookie" not in answer.headers


def test_what_is_wrong_with_the_place_is_told(sqlite_world: World) -> None:
    assert reason(attach(sqlite_world, indicator="no-such")) == NOT_FOUND
    assert attach(sqlite_world, indicator="NO SUCH").status_code == 422
    assert attach(sqlite_world, colour="red").status_code == 422
    unknown = attach(sqlite_world, source_id="no-such-law")
    assert unknown.json()["errors"][0]["path"] == ["source_id"]
    assert reason(attach(sqlite_world, ministry_id=sqlite_world.ministries["labour"])) == (422, "invalid")
    assert nothing_kept(sqlite_world)


def test_a_form_that_holds_a_file_is_no_file(sqlite_world: World) -> None:
    params = {"indicator": "health-access", "name": "law.txt"}
    sent = sqlite_world.as_("focal_a").post(
        path(sqlite_world, "evidence"), params=params, files={"file": ("law.txt", LAW)}
    )
    assert sent.status_code == 422
    assert "not a form" in sent.json()["detail"]
    assert nothing_kept(sqlite_world)


def test_only_the_focal_point_and_contributors_attach_and_only_the_focal_point_changes(sqlite_world: World) -> None:
    file = attached(sqlite_world)
    for by, expected in {
        "anonymous": (401, "not-signed-in"), "focal_b": NOT_FOUND, "unassigned_reviewer": NOT_FOUND,
        "contributor_b": NOT_FOUND, "labour_a": NOT_FOUND, "nobody": NOT_FOUND, "reviewer": (403, "not-allowed"),
        "signatory_a": (403, "not-allowed"), "adviser_a": (403, "not-allowed"), "administrator": (403, "not-allowed"),
    }.items():  # fmt: skip
        client = sqlite_world.as_(by)
        assert reason(attach(sqlite_world, b"Another law", by=by)) == expected, by
        changing = (403, "not-allowed") if by == "labour_a" else expected
        assert reason(client.patch(of(sqlite_world, file), json={"public": True})) == changing, by
        assert reason(client.delete(of(sqlite_world, file))) == changing, by
    assert kept(sqlite_world) == {sha256(LAW)}


def test_strangers_and_administrators_read_no_file(sqlite_world: World) -> None:
    file = attached(sqlite_world)
    for by, expected in {
        "anonymous": (401, "not-signed-in"), "focal_b": NOT_FOUND, "unassigned_reviewer": NOT_FOUND,
        "labour_a": NOT_FOUND, "administrator": (403, "not-allowed"), "reviewer": (409, "wrong-state"),
    }.items():  # fmt: skip
        assert reason(content_of(sqlite_world, by, file)) == expected, by
        assert reason(sqlite_world.as_(by).get(of(sqlite_world, file))) == expected, by


def test_leads_and_advisers_see_all_files(sqlite_world: World) -> None:
    attached(sqlite_world)
    for by in ("focal_a", "signatory_a", "adviser_a"):
        assert names(sqlite_world, by) == ["law.txt"]
    assert names(sqlite_world, "labour_a") == []


def test_a_ministry_sees_its_own_files_and_the_focal_points_on_what_is_assigned_to_it(world: World) -> None:
    for ministry in ("labour", "health"):
        made(assign(world, ministry, "health-access"))
    attached(world, b"By the focal point", name="focal.txt")
    world.later(seconds=1)
    attached(world, b"Elsewhere", name="elsewhere.txt", indicator="education-access")
    theirs = attached(world, b"By labour", by="labour_a", name="labour.txt")
    assert theirs["ministry_id"] == world.ministries["labour"]
    assert names(world, "labour_a") == ["focal.txt", "labour.txt"]
    assert names(world, "health_a") == ["focal.txt"]
    assert reason(content_of(world, "health_a", theirs)) == NOT_FOUND
    assert len(names(world, "focal_a")) == 3
    made(world.as_("focal_a").delete(path(world, f"assignments/health-access/{world.ministries['labour']}")))
    assert names(world, "labour_a") == []
    assert reason(content_of(world, "labour_a", theirs)) == NOT_FOUND


def test_two_ministries_may_attach_the_same_law_and_neither_learns_of_the_other(sqlite_world: World) -> None:
    for ministry in ("labour", "health"):
        made(assign(sqlite_world, ministry, "health-access"))
    first, second = attach(sqlite_world, by="labour_a"), attach(sqlite_world, by="health_a")
    assert (first.status_code, second.status_code) == (201, 201)
    made(sqlite_world.as_("focal_a").delete(of(sqlite_world, first.json())))
    assert content_of(sqlite_world, "health_a", second.json()).content == LAW


def test_what_is_public_the_focal_point_says(sqlite_world: World) -> None:
    made(assign(sqlite_world, "labour", "health-access"))
    assert reason(attach(sqlite_world, by="labour_a", public=True)) == (403, "not-allowed")
    assert attached(sqlite_world, public=True)["public"] is True


def test_reviewers_see_what_was_submitted_and_nothing_newer(world: World, response: Response) -> None:
    file = attached(world, b"Submitted", name="submitted.txt")
    bring_to(world, "in_review", response)
    made(world.as_("reviewer").post(path(world, "return"), json=RETURN))
    newer = attached(world, b"Newer", name="newer.txt")
    made(world.as_("focal_a").patch(of(world, file), json={"name": "renamed", "public": True}))
    assert names(world, "reviewer") == ["submitted.txt"]
    assert reason(content_of(world, "reviewer", newer)) == NOT_FOUND
    made(world.as_("focal_a").delete(of(world, file)))
    assert names(world, "focal_a") == ["newer.txt"]
    assert content_of(world, "reviewer", file).content == b"Submitted"
    made(save(world, 1, {"not_known": "The registry is asked."}))
    submit(world)
    assert names(world, "reviewer") == ["newer.txt"]
    assert reason(content_of(world, "reviewer", file)) == NOT_FOUND


def test_removed_foreign_and_absent_files_look_the_same(world: World) -> None:
    file = attached(world)
    made(world.as_("focal_a").delete(of(world, file)))
    world.open_round("later", "KG", 2030)
    client = world.as_("focal_a")
    answers = [
        client.get(of(world, file)), client.get(of(world, file, "/content")), client.delete(of(world, file)),
        client.get(of(world, {"id": "a" * 20})), client.get(of(world, file, "", "later")),
        world.as_("focal_b").get(of(world, file, "", "b")),
    ]  # fmt: skip
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}
    assert len(rows(world)) == 1


def test_a_removed_person_reads_no_file_and_no_archive_from_the_next_request_on(sqlite_world: World) -> None:
    file = attached(sqlite_world)
    artefacts = [of(sqlite_world, file), of(sqlite_world, file, "/content"), path(sqlite_world, "archive")]
    client = sqlite_world.as_("second_focal_a")
    assert {client.get(artefact).status_code for artefact in artefacts} == {200}
    with sqlite_world.service.database.writing() as session:
        grants = session.exec(select(RoleGrant).where(RoleGrant.account_id == sqlite_world.accounts["second_focal_a"]))
        for grant in grants:
            grant.ended_at = sqlite_world.now
    assert {client.get(artefact).status_code for artefact in artefacts} == {404}


def test_a_content_goes_with_the_last_file_that_has_it(sqlite_world: World) -> None:
    first, second = attached(sqlite_world), attached(sqlite_world, indicator="education-access")
    made(sqlite_world.as_("focal_a").delete(of(sqlite_world, first)))
    assert kept(sqlite_world) == {sha256(LAW)}
    made(sqlite_world.as_("focal_a").delete(of(sqlite_world, second)))
    assert kept(sqlite_world) == set()


def test_a_change_after_approval_goes_back_to_review(world: World, response: Response) -> None:
    file = attached(world)
    bring_to(world, "approved", response)
    changes: list[Callable[[], httpx.Response]] = [
        lambda: world.as_("focal_a").patch(of(world, file), json={"public": True}),
        lambda: attach(world, b"Another law"),
        lambda: world.as_("focal_a").delete(of(world, file)),
    ]
    for change in changes:
        made(change())
        assert made(world.as_("focal_a").get(path(world, "").rstrip("/"))).json()["state"] == "in_review"
        sign_off(world)
        approve(world)


def test_the_record_tells_each_change_without_a_name(world: World) -> None:
    file = attached(world, name="confidential.txt")
    made(world.as_("focal_a").patch(of(world, file), json={"name": "secret"}))
    made(world.as_("focal_a").patch(of(world, file), json={"name": "secret"}))
    made(world.as_("focal_a").delete(of(world, file)))
    with world.service.database.reading() as session:
        events = session.exec(select(Event).where(col(Event.subject) == file["id"]).order_by(col(Event.seq))).all()
    assert [event.kind for event in events] == ["evidence_added", "evidence_changed", "evidence_removed"]
    for event in events:
        assert json.loads(event.payload)["sha256"] == sha256(LAW)
        assert "confidential" not in event.payload
        assert "secret" not in event.payload


def test_long_lists_come_in_pages(sqlite_world: World) -> None:
    for number in range(3):
        attached(sqlite_world, f"Law {number}".encode(), name=f"{number}.txt")
        sqlite_world.later(seconds=1)
    client, address = sqlite_world.as_("focal_a"), path(sqlite_world, "evidence")
    first = client.get(address, params={"limit": 2}).json()
    rest = client.get(address, params={"limit": 2, "after": first["next"]}).json()
    assert [file["name"] for file in first["items"] + rest["items"]] == ["0.txt", "1.txt", "2.txt"]
    assert rest["next"] is None
    assert names(sqlite_world, "focal_a", indicator="education-access") == []


def upload_head(world: World, secret: str | None, length: int) -> bytes:
    cookie = f"Cookie: mgi={secret}\r\n" if secret else ""
    address = f"/api/v1{path(world, 'evidence')}?indicator=health-access&name=law.txt"
    head = f"POST {address} HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n{cookie}"
    return f"{head}Content-Length: {length}\r\n\r\n".encode()


@contextmanager
def line_to(world: World) -> Iterator[socket.socket]:
    parts = urlsplit(world.address)
    with socket.create_connection((parts.hostname or "", parts.port or 0), 10) as line:
        yield line


@pytest.mark.parametrize(
    ("by", "length", "status"),
    [
        (None, 64 * 1024 + 1, 413), (None, 1000, 401), ("focal_b", 15 * MEGABYTE, 404),
        ("reviewer", 15 * MEGABYTE, 403), ("labour_a", 15 * MEGABYTE, 404), ("focal_a", 100 * MEGABYTE, 413),
    ],
)  # fmt: skip
def test_who_may_not_is_refused_before_a_byte_of_the_body_is_sent(
    sqlite_world: World, by: str | None, length: int, status: int
) -> None:
    with line_to(sqlite_world) as line:
        line.sendall(upload_head(sqlite_world, sqlite_world.sign_in(by) if by else None, length))
        assert line.recv(100).startswith(f"HTTP/1.1 {status} ".encode())


def test_a_sender_who_goes_away_leaves_nothing(sqlite_world: World) -> None:
    with line_to(sqlite_world) as line:
        line.sendall(upload_head(sqlite_world, sqlite_world.sign_in("focal_a"), 4 * MEGABYTE) + LAW * 50_000)
    assert attach(sqlite_world, b"").status_code == 422
    assert nothing_kept(sqlite_world)


def test_a_file_of_unannounced_length_is_cut_off_at_the_limit(
    shared_folder: Path, tmp_path: Path, instrument: CompiledInstrument
) -> None:
    with (
        fresh_database("sqlite", shared_folder, tmp_path) as url,
        running_world(
            url, tmp_path / "data", instrument, evidence_limit=MEGABYTE, evidence_total=2 * MEGABYTE
        ) as world,
    ):
        exact = LAW * (MEGABYTE // len(LAW))
        refused = attach(world, iter([exact, LAW]))
        assert reason(refused) == (413, "too-large")
        assert "1 MB" in refused.json()["detail"]
        assert nothing_kept(world)
        for number in (1, 2):
            made(attach(world, iter([exact[:-1], str(number).encode()])))
        full = attach(world, b"x" * 100)
        assert reason(full) == (409, "conflict")
        assert attach(world, exact[:-1] + b"2").status_code == 200
        assert len(kept(world)) == 2


def test_one_who_loses_the_right_while_sending_leaves_nothing(world: World, response: Response) -> None:
    bring_to(world, "collecting", response)

    def slowly() -> Iterator[bytes]:
        yield LAW
        submit(world)
        yield LAW

    assert reason(attach(world, slowly())) == (409, "wrong-state")
    assert nothing_kept(world)


def peak(process: int) -> int:
    """The most memory that a process had so far, in bytes."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) * 1024


def test_100_mb_take_at_most_32_mb_of_the_servers_memory(sqlite_world: World, tmp_path: Path) -> None:
    line = LAW * 1500
    lines = 100 * MEGABYTE // len(line)
    url = sqlite_world.service.settings.database
    given = environment(tmp_path / "served", DATABASE_URL=url, MGI_EVIDENCE_LIMIT=str(110 * MEGABYTE))
    sqlite_world.now = datetime.now(UTC)
    sqlite_world.forget_clients()
    with served(given, tmp_path / "log") as server:
        sqlite_world.address = server.address
        attached(sqlite_world, line * 20)
        before = peak(server.process.pid)
        file = attached(sqlite_world, (line for _ in range(lines)), name="large.txt")
        assert peak(server.process.pid) - before <= 32 * MEGABYTE
        with sqlite_world.as_("focal_a").stream("GET", of(sqlite_world, file, "/content")) as answer:
            assert sum(map(len, answer.iter_bytes())) == lines * len(line)
        assert peak(server.process.pid) - before <= 32 * MEGABYTE
        sqlite_world.forget_clients()
