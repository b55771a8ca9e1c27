"""`mgi serve`: starts only where it is safe, serves within limits, and stops without losing a request."""

import logging
import socket
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
import structlog
from typer.testing import CliRunner

from app.cli import app
from app.database import Database
from app.people.secrets import sign
from app.schema import latest_revision
from tests.databases import fresh_database, postgres_server
from tests.processes import Served, environment, served
from tests.world import KEY


def send_raw(address: str, data: bytes) -> bytes:
    """Send bytes as they are; what comes back."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port or 0), timeout=10) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:], root.level = before


def refused(given: dict[str, str], *words: str) -> str:
    """What `mgi serve` says where it does not start."""
    result = CliRunner().invoke(app, ["serve", "--port", "0", *words], env=given)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    return result.stderr


def revision(data: Path, sql: str) -> object:
    database = Database(f"sqlite:///{data}/mgi.sqlite")
    with database.writing() as session:
        result = session.connection().exec_driver_sql(sql)
        found = result.scalar() if result.returns_rows else None
    database.close()
    return found


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ({"MGI_SECRET_KEY": ""}, "MGI_SECRET_KEY is not set"),
        ({"MGI_BASE_URL": "http://mgi.example.org"}, "MGI_BASE_URL should begin with https://"),
        ({"MGI_DEMO": "1", "MGI_BASE_URL": "https://mgi.example.org"}, "runs on localhost alone"),
        ({"MGI_TRUSTED_PROXY": "0.0.0.0/0"}, "MGI_TRUSTED_PROXY: name your proxy alone"),
        ({"MGI_TRUSTED_PROXY": "my-proxy"}, "addresses or networks such as"),
        ({"MGI_SMTP_URL": "mail.example.org"}, "the address of the mail server cannot be read"),
        ({"MGI_EVIDENCE_URL": "s3://bucket"}, "please set MGI_S3_ACCESS_KEY and MGI_S3_SECRET_KEY too"),
        ({"MGI_DATA": "/dev/null/data"}, "The data folder /dev/null/data cannot be used"),
        ({"DATABASE_URL": "postgresql://nobody:canary@127.0.0.1:9/x"}, "The database cannot be reached"),
    ],
)
def test_what_is_unsafe_or_wrong_is_told_in_a_line(tmp_path: Path, setting: dict[str, str], told: str) -> None:
    printed = refused(environment(tmp_path / "data") | setting)
    assert told in printed
    assert "canary" not in printed


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert "Please choose another --port" in refused(environment(tmp_path / "data"), "--port", port)


def test_several_workers_want_postgresql(tmp_path: Path) -> None:
    assert "SQLite is served by one process" in refused(environment(tmp_path / "data"), "--workers", "2")


def test_an_old_schema_on_postgresql_is_for_a_person_to_upgrade(tmp_path: Path) -> None:
    address = postgres_server()
    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE never_upgraded")
        given = environment(tmp_path / "data", DATABASE_URL=address.format("never_upgraded"))
        assert "Please run: mgi db upgrade" in refused(given)
        connection.execute("DROP DATABASE never_upgraded WITH (FORCE)")


def test_it_serves_from_nothing_within_limits_and_stops_cleanly(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o755)
    with served(environment(data), tmp_path / "log") as service:
        assert httpx.get(f"{service.address}/ready").json()["ready"] is True
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        assert "Another process serves" in refused(environment(data))
        check_limits(service)
        name_a_proxy(service)
        assert service.stop() < 10
    assert service.process.returncode == 0
    requests = [line["method"] for line in service.lines() if line["event"] == "request"]
    assert requests == ["other", "POST"]
    assert "ZEBRACANARY" not in service.log.read_text()
    assert callers(service) == [caller("127.0.0.1")], "nobody is trusted to name another caller"
    assert revision(data, "SELECT version_num FROM alembic_version") == latest_revision()
    revision(data, "UPDATE alembic_version SET version_num = '9999'")
    assert "9999, which this version of the software does not know" in refused(environment(data))


def check_limits(service: Served) -> None:
    """Odd methods, huge headers and our own headers."""
    answer = httpx.request("ZEBRACANARY", f"{service.address}/api/v1/sign-in")
    assert answer.status_code in (401, 403, 405)
    assert "server" not in answer.headers
    huge = send_raw(service.address, b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100_000)
    assert huge.startswith(b"HTTP/1.1 400")
    assert httpx.get(f"{service.address}/health").status_code == 200


def name_a_proxy(service: Served) -> None:
    """Sign in wrongly, as if through a proxy."""
    who = {"email": "a@example.org", "password": "is not the right one"}
    headers = {"X-Forwarded-For": "198.51.100.7"}
    assert httpx.post(f"{service.address}/api/v1/sign-in", json=who, headers=headers).status_code == 401


def callers(service: Served) -> list[str]:
    """Who the log says had a wrong password: a keyed hash of e-mail and address, and never the address."""
    return [line["who"] for line in service.lines() if line["event"] == "wrong password or code"]


def caller(address: str) -> str:
    """What the log should say of `name_a_proxy` from an address."""
    return sign(KEY.encode(), "tries", f"a@example.org\0{address}".encode())[:12]


def test_a_trusted_proxy_names_the_caller_and_a_request_under_way_is_finished(tmp_path: Path) -> None:
    given = environment(tmp_path / "data", MGI_TRUSTED_PROXY="127.0.0.1")
    with served(given, tmp_path / "log") as service:
        name_a_proxy(service)
        answers: list[int] = []

        def ask() -> None:
            body = {"email": "a@example.org"}
            answers.append(httpx.post(f"{service.address}/api/v1/password-reset", json=body).status_code)

        asking = threading.Thread(target=ask)
        asking.start()
        time.sleep(0.1)  # asking takes at least 0.15 seconds, whoever asks
        assert service.stop() < 10
        asking.join()
    assert (answers, callers(service)) == ([202], [caller("198.51.100.7")])


def test_two_workers_share_a_postgresql_database(tmp_path: Path, shared_folder: Path) -> None:
    with (
        fresh_database("postgres", shared_folder, tmp_path) as url,
        served(environment(tmp_path / "data", DATABASE_URL=url), tmp_path / "log", "--workers", "2") as service,
    ):
        assert httpx.get(f"{service.address}/ready", timeout=30).json()["ready"] is True
        assert service.stop() < 10
