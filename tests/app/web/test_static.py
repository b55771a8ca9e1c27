"""The files of the front end: kept by browsers for good, packed, and nothing but them."""

import gzip

import httpx

from app.web.static import FOLDER, static_address
from tests.visiting import visitor
from tests.world import World


def fetched(world: World, path: str, packed: bool) -> httpx.Response:
    headers = {"Accept-Encoding": "gzip" if packed else "identity"}
    return httpx.get(f"{world.address}{path}", headers=headers)


def test_a_file_is_packed_for_who_can_unpack_it_and_kept_for_good(sqlite_world: World) -> None:
    for name in ("mgi.css", "mgi-rtl.css", "mgi.js", "mark.svg"):
        plain, packed = (fetched(sqlite_world, static_address(name), packed) for packed in (False, True))
        assert plain.content == packed.content == (FOLDER / name).read_bytes()
        assert packed.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert plain.headers["vary"] == "Accept-Encoding"
        assert plain.headers["x-content-type-options"] == "nosniff"


def test_each_kind_of_file_is_named_as_what_it_is(sqlite_world: World) -> None:
    kinds = {
        "mgi.css": "text/css",
        "mgi.js": "text/javascript",
        "mark.svg": "image/svg+xml",
        "licences.txt": "text/plain",
    }
    for name, kind in kinds.items():
        assert fetched(sqlite_world, static_address(name), True).headers["content-type"].startswith(kind)


def test_nothing_else_is_there_and_what_is_not_there_is_not_kept(sqlite_world: World) -> None:
    version = static_address("mgi.css").split("/")[2]
    names = ("absent.css", "..", "%2e%2e", "..%2f..%2fapp%2fsettings.py", "mgi.css%00", "static.py", "a" * 61)
    others = ("0" * 12, "x", "0" * 13, "%00", version.upper() + "A")
    for path in (*(f"{version}/{name}" for name in names), *(f"{other}/mgi.css" for other in others)):
        given = fetched(sqlite_world, f"/static/{path}", False)
        assert (given.status_code, given.headers["cache-control"]) == (404, "no-store"), path


def test_the_address_changes_with_the_content() -> None:
    versions = {static_address(path.name).split("/")[2] for path in FOLDER.iterdir() if path.is_file()}
    assert len(versions) == len([path for path in FOLDER.iterdir() if path.is_file()])


def test_a_page_is_packed_too(sqlite_world: World) -> None:
    page = fetched(sqlite_world, "/sign-in", True)
    assert page.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in fetched(sqlite_world, "/sign-in", False).headers
    assert len(gzip.compress(page.content)) < 4000


def test_a_page_names_the_files_that_there_are(sqlite_world: World) -> None:
    page = visitor(sqlite_world).get("/sign-in")
    named = page.find("//link/@href | //script/@src")
    assert len(named) == 3
    assert all(fetched(sqlite_world, path, True).status_code == 200 for path in named)
