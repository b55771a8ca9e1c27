"""The stores that the tests of evidence share: a local folder, and a real S3 server started once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.evidence.store import Store, open_store
from tests.app.evidence.s3_server import S3Server, running_s3


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with running_s3(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return open_store(f"file://{tmp_path}/evidence%20files")
    server: S3Server = request.getfixturevalue("s3_server")
    url = f"s3://{server.bucket}/{tmp_path.name}"
    return open_store(url, endpoint=server.endpoint, key=server.access_key, secret=server.secret)
