"""What stands before every route: where a request comes from, how large it may be, whose cookie counts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest

from app.api.guard import ANONYMOUS_LIMIT, BODY_LIMIT
from app.settings import Settings
from tests.world import World, serving

LARGE = b'"' + b"a" * ANONYMOUS_LIMIT + b'"'


def send(world: World, path: str, headers: dict[str, str], body: bytes | Iterator[bytes] = b"{}") -> httpx.Response:
    given = {"Content-Type": "application/json", **headers}
    return httpx.post(f"{world.address}/api/v1{path}", headers=given, content=body)


@contextmanager
def serving_with(world: World, settings: Settings) -> Iterator[World]:
    """Another server on the same database, with other settings."""
    with serving(replace(world.service, settings=settings)) as address:
        yield replace(world, address=address, clients={})


def kind(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    return answer.status_code, answer.json()["type"]


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "null", "http://evil.example", "//"])
def test_an_origin_that_is_foreign_or_cannot_be_read_is_refused(sqlite_world: World, origin: str) -> None:
    answer = send(sqlite_world, "/sign-out", {"Origin": origin, "Cookie": f"mgi={sqlite_world.sign_in('focal_a')}"})
    assert kind(answer) == (403, "/problems/not-allowed")


@pytest.mark.parametrize(("base", "status"), [("https://127.0.0.1", 403), ("http://127.0.0.1", 204)])
def test_a_page_without_https_is_foreign_to_a_service_with_https(sqlite_world: World, base: str, status: int) -> None:
    guarded = sqlite_world.service.settings.model_copy(update={"base_url": base})
    name = "__Host-mgi" if guarded.secure else "mgi"
    with serving_with(sqlite_world, guarded) as world:
        cookie = f"{name}={world.sign_in('focal_a')}"
        assert send(world, "/sign-out", {"Origin": world.address, "Cookie": cookie}).status_code == status
        secure = {
            "Origin": world.address.replace("http://", "https://"),
            "Cookie": f"{name}={world.sign_in('focal_a')}",
        }
        assert send(world, "/sign-out", secure).status_code == 204


def test_beside_an_empty_authorization_header_no_cookie_is_read(sqlite_world: World) -> None:
    cookie = f"mgi={sqlite_world.sign_in('focal_a')}"
    assert send(sqlite_world, "/sign-out", {"Authorization": "", "Cookie": cookie}).status_code == 401
    assert send(sqlite_world, "/sign-out", {"Cookie": cookie}).status_code == 403
    assert send(sqlite_world, "/sign-out", {"Origin": sqlite_world.address, "Cookie": cookie}).status_code == 204


@pytest.mark.parametrize(
    "headers", [{}, {"Cookie": "other=1"}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer"}], ids=str
)
def test_only_what_may_be_a_sign_in_of_ours_lifts_the_limit_of_strangers(
    sqlite_world: World, headers: dict[str, str]
) -> None:
    path = f"/assessments/{sqlite_world.assessments['a']}/comments"
    site = {"Sec-Fetch-Site": "same-origin"}
    assert kind(send(sqlite_world, path, site | headers, LARGE)) == (413, "/problems/too-large")
    mine = {"Cookie": f"mgi={sqlite_world.sign_in('focal_a')}"}
    assert send(sqlite_world, path, site | mine, LARGE).status_code == 422


@pytest.mark.parametrize(
    "path", ["/sign-in", "/password-reset", "/password-reset/finish", "/invitations/look", "/invitations/accept"]
)
def test_what_strangers_may_call_takes_little_from_anyone(sqlite_world: World, path: str) -> None:
    mine = {"Sec-Fetch-Site": "same-origin", "Cookie": f"mgi={sqlite_world.sign_in('focal_a')}"}
    assert kind(send(sqlite_world, path, mine, LARGE)) == (413, "/problems/too-large")


@pytest.mark.parametrize("limit", [ANONYMOUS_LIMIT, BODY_LIMIT])
def test_a_body_that_grows_over_its_limit_without_saying_so_is_too_large(sqlite_world: World, limit: int) -> None:
    headers = {"Sec-Fetch-Site": "same-origin"}
    if limit == BODY_LIMIT:
        headers["Cookie"] = f"mgi={sqlite_world.sign_in('focal_a')}"
    pieces = (b"a" * 1024 for _ in range(limit // 1024 + 1))
    path = f"/assessments/{sqlite_world.assessments['a']}/comments"
    assert kind(send(sqlite_world, path, headers, pieces)) == (413, "/problems/too-large")
