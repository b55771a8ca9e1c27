"""What a form sends, as text and as models; nothing that is sent is an error of ours."""

import errno
from io import BytesIO
from typing import Annotated

import httpx
import pytest
from pydantic import BaseModel, Field
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser

from app.errors import Invalid
from app.web.fields import MOST_FIELDS, Fields
from questionnaire.text import Prose
from tests.visiting import Page, visitor
from tests.world import World

FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"


class NoteIn(BaseModel):
    text: Prose
    version: int = 0
    groups: Annotated[list[str], Field(max_length=2)] = []


def test_lines_end_with_a_line_feed_alone() -> None:
    fields = Fields(FormData([("text", "one\r\ntwo\r\n"), ("text", " three ")]))
    assert fields.many("text") == ["one\ntwo\n", " three "]
    assert fields.one("text") == "three"
    assert fields.typed("text") == " three "


def test_what_is_left_empty_is_not_given_and_ticked_boxes_are_a_list() -> None:
    fields = Fields(given={"text": "A law.", "version": "", "groups": ["a", "", "b"], "else": "x"})
    assert fields.as_(NoteIn, "groups") == NoteIn(text="A law.", version=0, groups=["a", "b"])
    assert Fields(given={"text": "A law."}).as_(NoteIn, "groups").groups == []
    assert "version" in fields
    assert "absent" not in fields


def test_each_field_at_fault_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        Fields(given={"text": "...", "version": "x", "groups": ["a", "b", "c"]}).as_(NoteIn, "groups")
    errors = {".".join(one["path"]): one["message"] for one in refused.value.more["errors"]}
    assert set(errors) == {"text", "version", "groups"}


def test_files_stand_apart_from_texts() -> None:
    fields = Fields(FormData([("file", UploadFile(BytesIO(b"x"), filename="law.pdf")), ("text", "A law.")]))
    assert fields.files["file"].filename == "law.pdf"
    assert fields.pairs() == [("text", "A law.")]


def sent(world: World, content: bytes, kind: str) -> Page:
    """What comes of any bytes that are sent as a form."""
    client = visitor(world, "focal_a").client
    return Page(client.post("/account/details", content=content, headers={"Content-Type": kind}))


def test_too_many_fields_or_files_are_told(sqlite_world: World) -> None:
    parts = [(f"f{n}", (None, b"x")) for n in range(MOST_FIELDS + 1)]
    files = [(f"f{n}", ("a.txt", b"x")) for n in range(2)]
    for given in (parts, files):
        request = httpx.Request("POST", "http://localhost", files=given)
        page = sent(sqlite_world, request.read(), request.headers["content-type"])
        assert page.status == 400
        assert "Too many f" in page.text
    pairs = b"&".join(b"f%d=x" % n for n in range(MOST_FIELDS + 1))
    assert sent(sqlite_world, pairs, FORM).status in (400, 422)


ODD = [
    (b"{}", "application/json"), (b"", ""), (b"\xff\xfe\x00", FORM), (b"%%%=%zz&&&==", FORM),
    (b"name=%00%ed%a0%80&language=en", FORM), (b"name=%ff%1b[0m&language=en", FORM), (b"name=a&name[]=b&name.x=c", FORM),
    (b"no boundary", "multipart/form-data"), (b"--x\r\nnonsense", f"{PARTS}; boundary=x"), (b"--x--", f"{PARTS}; boundary=x"),
    (b"--x\r\nContent-Disposition: form-data\r\n\r\nq\r\n--x--\r\n", f"{PARTS}; boundary=x"),
    (b"--x\r\nContent-Disposition: form-data; name=\xff\r\n\r\nq\r\n--x--\r\n", f"{PARTS}; boundary=x; charset=utf-7"),
]  # fmt: skip


def test_no_bytes_are_an_error_of_ours(sqlite_world: World) -> None:
    client = visitor(sqlite_world, "focal_a").client
    for content, kind in ODD:
        given = client.post("/account/details", content=content, headers={"Content-Type": kind})
        assert given.status_code in (400, 422), (content, kind)
        assert "<h1" in given.text


def test_a_large_field_is_told(sqlite_world: World) -> None:
    page = sent(sqlite_world, b"language=en&name=" + b"a" * (1024 * 1024 + 1), FORM)
    assert page.status in (400, 422)


def test_a_file_where_none_is_wanted_is_closed_and_forgotten(sqlite_world: World) -> None:
    client = visitor(sqlite_world, "focal_a").client
    response = client.post("/account/details", data={"language": "en"}, files={"name": ("law.pdf", b"x" * 2_000_000)})
    assert response.status_code in (413, 422)
    small = client.post("/account/details", data={"language": "en"}, files={"name": ("law.pdf", b"x")})
    assert Page(small).status == 422


@pytest.mark.parametrize(("code", "status"), [(errno.ENOSPC, 507), (errno.EDQUOT, 507), (errno.EIO, 500)])
def test_a_full_disk_is_told_as_such(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch, code: int, status: int
) -> None:
    async def full(_parser: FormParser) -> FormData:
        raise OSError(code, "the disk")

    monkeypatch.setattr(FormParser, "parse", full)
    client = visitor(sqlite_world, "focal_a").client
    assert client.post("/account/details", data={"name": "A. New"}).status_code == status
