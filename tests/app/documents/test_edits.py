"""A sentence that a reviewer has reworded comes out in every format as it was written."""

import json

import pytest

from app.documents import FORMATS, render
from scoring.assemble import build_snapshot
from scoring.narrate import Narrative
from tests.app.documents.test_every_format import shown

EDIT = "Every migrant <b>& child</b> is *treated* alike {here}."


@pytest.mark.parametrize("copy", ["draft", "published"])
@pytest.mark.parametrize("file_format", FORMATS)
def test_an_edited_sentence_stands_in_the_place_of_the_generated_one(
    narrative: Narrative, file_format: str, copy: str
) -> None:
    plain = build_snapshot(narrative, "draft" if copy == "draft" else "published")
    edited = build_snapshot(narrative, plain.copy_kind, {"health-access.finding": EDIT})
    before, after = (_text(render(document, file_format), file_format) for document in (plain, edited))
    generated = "All migrants, regardless of their legal status"
    assert ("".join(EDIT.split()) in after, "".join(EDIT.split()) in before) == (True, False)
    assert ("".join(generated.split()) in after, "".join(generated.split()) in before) == (False, True)


def _text(document: bytes, file_format: str) -> str:
    """The text as a reader sees it, without its spaces: a page breaks lines where it likes."""
    return "".join(shown(document, file_format).split()).replace("\u200b", "")


def test_a_draft_says_which_sentences_are_edited(narrative: Narrative) -> None:
    document = json.loads(render(build_snapshot(narrative, edits={"health-access.finding": EDIT}), "json"))
    assert '"edited": true' in json.dumps(document)
    page = render(build_snapshot(narrative, edits={"health-access.finding": EDIT}), "html").decode()
    assert page.count('data-edited="true"') == 1
