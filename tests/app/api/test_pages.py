"""Cursors of long lists: only our own are accepted."""

import base64
import json

import pytest

from app.api.pages import cursor, place
from app.errors import Invalid
from tests.world import World

HALF_A_CHARACTER = base64.urlsafe_b64encode(b'[1, "\\ud800"]').decode()
NUL = base64.urlsafe_b64encode(json.dumps([1, "a\0"]).encode()).decode()


def test_a_cursor_gives_back_its_keys_whatever_the_alphabet() -> None:
    assert place(cursor("Бишкек", 7), str, int) == ("Бишкек", 7)


@pytest.mark.parametrize("given", [HALF_A_CHARACTER, NUL], ids=["half a character", "NUL"])
def test_text_that_no_database_takes_is_no_cursor_of_ours(given: str) -> None:
    with pytest.raises(Invalid):
        place(given, int, str)


@pytest.mark.parametrize("given", [HALF_A_CHARACTER, NUL], ids=["half a character", "NUL"])
@pytest.mark.parametrize("of", ["comments", "contributions"])
def test_a_list_refuses_such_a_cursor_kindly(world: World, of: str, given: str) -> None:
    path = f"/assessments/{world.assessments['a']}/{of}"
    refused = world.as_("focal_a").get(path, params={"after": given})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, ["after"])
