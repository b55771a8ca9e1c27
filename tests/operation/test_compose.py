"""docker-compose.yml: whole by the specification, safe by its settings, and each of its parts runs as a process as it says."""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import yaml

from tests.app.evidence.s3_server import _free_ports, _program
from tests.databases import postgres_server
from tests.processes import Served, mgi, served
from tests.world import KEY

ROOT = Path(__file__).parents[2]
WORDS = "three quiet rivers meet here"
SECRETS = {
    "MGI_DB_PASSWORD": "0123456789abcdef",
    "MGI_SECRET_KEY": KEY,
    "MGI_BASE_URL": "https://mgi.example.org",
    "MGI_S3_ACCESS_KEY": "mgi",
    "MGI_S3_SECRET_KEY": "a0123456789",
}
VARIABLE = re.compile(r"\$\{(?P<name>[A-Z0-9_]+)(?P<rule>:[?-])(?P<rest>[^}]*)\}")


def compose(**given: str) -> dict[str, Any]:
    """The file with its variables filled in, as the specification says."""

    def fill(found: re.Match[str]) -> str:
        value = given.get(found["name"]) or ("" if found["rule"] == ":?" else found["rest"])
        if not value and found["rule"] == ":?":
            raise KeyError(found["name"])
        return value

    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    parsed: dict[str, Any] = yaml.safe_load(VARIABLE.sub(fill, text))
    return parsed


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose(**SECRETS)["services"]
    return found


def allowed(text: str, folder: Path) -> bool:
    """Whether the compose specification's own schema, which the checker ships, allows a file."""
    file = folder / "docker-compose.yml"
    file.write_text(text, encoding="utf-8")
    program = Path(sys.executable).parent / "check-jsonschema"
    return not subprocess.run(
        [program, "--builtin-schema", "vendor.compose-spec", file], capture_output=True
    ).returncode


def test_it_is_what_the_compose_specification_allows(tmp_path: Path) -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert allowed(text, tmp_path)
    assert not allowed(text.replace("  app:\n", "  app:\n    prots: []\n", 1), tmp_path), "the check is blind"


@pytest.mark.parametrize("name", SECRETS)
def test_it_does_not_start_without_a_secret(name: str) -> None:
    with pytest.raises(KeyError, match=name):
        compose(**{key: value for key, value in SECRETS.items() if key != name})


def test_it_holds_no_secret_of_its_own() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    for line in text.splitlines():
        if re.search("PASSWORD|SECRET|TOKEN|ACCESS_KEY", line) and not line.lstrip().startswith("#"):
            assert VARIABLE.search(line), line
            assert all(found["rule"] == ":?" or not found["rest"] for found in VARIABLE.finditer(line)), line


def test_every_part_is_held_short(services: dict[str, dict[str, Any]]) -> None:
    assert {name for name, service in services.items() if "ports" in service} == {"app"}
    assert services["app"]["ports"] == ["127.0.0.1:8000:8000"], "people come through a proxy with TLS"
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["read_only"] is True, name
        assert not service["image"].endswith(":latest"), name
        assert "privileged" not in service, name
    for name in ("db", "store"):
        assert services[name]["networks"] == ["inside"], name
        assert services[name]["healthcheck"]["test"], name


def test_the_image_runs_as_a_user_of_its_own_from_pinned_packages() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes -r /source/requirements.txt" in text
    assert re.search(r"^USER (?!root)", text, re.MULTILINE)
    assert "HEALTHCHECK" in text
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE)
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8")
    for name in " ".join(copied).split():
        assert (ROOT / name).exists(), name
        assert f"!{name}\n" in allowed, name


@contextmanager
def running_store(service: dict[str, Any], folder: Path) -> Iterator[tuple[str, str]]:
    """The store's own command with its own environment, on free ports; the addresses for S3, and for the shell."""
    master, volume, filer, s3 = _free_ports(4)
    ports = [f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}", "-s3.port.iceberg=0"]
    here = {"-dir=/data": f"-dir={folder}", "-ip=store": "-ip=127.0.0.1", "-ip.bind=0.0.0.0": "-ip.bind=127.0.0.1"}
    words = [here.get(word, word).replace("-s3.port=8333", f"-s3.port={s3}") for word in service["command"]]
    folder.mkdir()
    command = [_program(), *words, *ports, "-s3.port.lance=0", "-volume.max=20", "-master.volumeSizeLimitMB=64"]
    with (folder.parent / "store.log").open("wb") as log:
        process = subprocess.Popen(command, env=service["environment"], stdout=log, stderr=log, cwd=folder)
    try:
        wait_for(f"http://127.0.0.1:{s3}/healthz")
        yield f"http://127.0.0.1:{s3}", f"-master=127.0.0.1:{master} -filer=127.0.0.1:{filer}"
    finally:
        process.kill()
        process.wait(20)


def wait_for(address: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            if httpx.get(address).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"{address} does not answer")


def make_bucket(service: dict[str, Any], shell: str, folder: Path) -> None:
    """The bucket's own script; run twice, as after a restart."""
    (folder / "bin").mkdir()
    (folder / "bin" / "weed").symlink_to(_program())
    (script,) = service["command"]
    here = script.replace("-master=store:9333 -filer=store:8888", shell)
    for _ in range(2):
        path = f"{folder / 'bin'}:/usr/bin:/bin"
        subprocess.run([shutil.which("sh") or "sh", "-c", here], env={"PATH": path}, check=True, timeout=60)


@contextmanager
def made_database() -> Iterator[str]:
    """A role and a database as the image of PostgreSQL makes them; where it is, instead of `@db:5432/mgi`."""
    address = postgres_server()
    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        connection.execute("CREATE ROLE mgi LOGIN")
        connection.execute("CREATE DATABASE mgi OWNER mgi")
        try:
            yield f"@{address.format('mgi').partition('@')[2]}"
        finally:
            connection.execute("DROP DATABASE mgi WITH (FORCE)")
            connection.execute("DROP ROLE mgi")


def test_app_database_and_store_work_together(services: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    with made_database() as database, running_store(services["store"], tmp_path / "files") as (endpoint, shell):
        make_bucket(services["bucket"], shell, tmp_path)
        own = services["app"]["environment"]
        assert own == services["schema"]["environment"]
        given = own | {
            "DATABASE_URL": own["DATABASE_URL"].replace("@db:5432/mgi", database),
            "MGI_S3_ENDPOINT": own["MGI_S3_ENDPOINT"].replace("http://store:8333", endpoint),
            "MGI_DATA": str(tmp_path / "data"),
        }
        code, told = mgi(services["schema"]["command"], given, tmp_path / "schema.log")
        assert code == 0, told
        with served(given, tmp_path / "log") as service:
            assert httpx.get(f"{service.address}/ready", timeout=20).json()["ready"] is True
            work(service, given, tmp_path)
        assert "Traceback" not in service.log.read_text(encoding="utf-8")


def work(service: Served, given: dict[str, str], folder: Path) -> None:
    """From the first administrator's command line to a file that a focal point reads back over HTTP."""
    for words in (
        ["admin", "add-country", "KG"],
        ["admin", "open-round", "KG", "2026"],
        ["admin", "invite", "--role", "focal_point", "--country", "KG", "--email", "a@example.org", "--name", "A. B."],
    ):
        code, told = mgi(words, given, folder / "command.log")
        assert code == 0, told
    token = told.strip().rpartition("#")[2]
    with httpx.Client(base_url=f"{service.address}/api/v1", timeout=30) as client:
        accepted = client.post("/invitations/accept", json={"token": token, "name": "A. B.", "password": WORDS})
        assert accepted.is_success, accepted.text
        signed_in = client.post("/sign-in", json={"email": "a@example.org", "password": WORDS})
        assert signed_in.status_code == 200, signed_in.text
        cookie = signed_in.headers["set-cookie"]
        assert cookie.startswith("__Host-mgi="), "people come over https"
        assert "Secure" in cookie
        headers = {"Cookie": cookie.partition(";")[0], "Sec-Fetch-Site": "same-origin"}
        assessment = client.get("/assessments", headers=headers).json()["items"][0]["id"]
        files, query = f"/assessments/{assessment}/evidence", {"indicator": "health-access", "name": "law.pdf"}
        content = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
        attached = client.post(files, params=query, content=content, headers=headers)
        assert attached.status_code == 201, attached.text
        read = client.get(f"{files}/{attached.json()['id']}/content", headers=headers)
        assert read.content == content
