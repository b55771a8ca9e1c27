"""What holds in every format: the same bytes, hostile text literal, nothing lost."""

import io
import re
import subprocess
import sys
import zipfile

import pypdf
import pytest
from lxml import html
from markdown_it import MarkdownIt

from app.documents import FORMATS, render
from questionnaire.compiled import CompiledInstrument
from questionnaire.response import Response
from scoring.assemble import build_snapshot
from scoring.evaluate import evaluate
from scoring.narrate import narrate
from scoring.snapshot import Snapshot

HOSTILE = [
    "{{7*7}} and {% if x %}",
    "{x} and [y] and [[z]]",
    "<script>alert(1)</script> & <b>bold</b>",
    '#import "x": * and $x^2$ and @ref and \\ and #text(red)[x]',
    "*b* _i_ `c` | ~~s~~ # h",
    "\u2067تقرير الحكومة\u2069 in the middle",
    "e\u0301 n\u0303 and a very " + "long" * 60 + " word",
    'MERGEFIELD { DATE } "quoted" <w:p/>',
    "Text of 人口 and ភាសាខ្មែរ and 🌍",
]


def shown(document: bytes, file_format: str) -> str:
    """The text that a reader of the format sees, with single spaces."""
    if file_format == "pdf":
        text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(document)).pages)
    elif file_format == "docx":
        body = zipfile.ZipFile(io.BytesIO(document)).read("word/document.xml").decode()
        text = html.fromstring("<p>" + re.sub(r"<[^>]*>", "", body) + "</p>").text_content()
    elif file_format == "md":
        text = html.document_fromstring(MarkdownIt().render(document.decode())).text_content()
    elif file_format == "html":
        text = html.document_fromstring(document).text_content()
    else:
        return Snapshot.model_validate_json(document).model_dump_json()
    return " ".join(text.split())


def with_detail(instrument: CompiledInstrument, response: Response, text: str) -> Snapshot:
    answer = response.answers["vote-abroad"].model_copy(update={"detail": f"{text}."})
    changed = response.model_copy(update={"answers": {**response.answers, "vote-abroad": answer}})
    return build_snapshot(narrate(evaluate(instrument, changed), "KG", "en"))


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_out_literally(
    instrument: CompiledInstrument, response: Response, file_format: str, text: str
) -> None:
    document = render(with_detail(instrument, response, text), file_format)
    if file_format == "json":
        assert text in Snapshot.model_validate_json(document).domains[0].sections[1].paragraphs[-2].sentences[1].text
    elif file_format == "pdf":
        # A page breaks long words, orders right-to-left text by sight, and shows what no font has by its code point.
        found = "".join(shown(document, file_format).split()).replace("\u200b", "")
        for run in re.findall(r"[!-~]+", re.sub(r"(?<=[^\x00-\x7f])[.,]", " ", text)):
            assert run in found, run
    else:
        assert text in shown(document, file_format)


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_same_snapshot_gives_the_same_bytes_in_another_process(snapshot: Snapshot, file_format: str) -> None:
    program = (
        "import sys; from app.documents import render; from scoring.snapshot import Snapshot;"
        f"sys.stdout.buffer.write(render(Snapshot.model_validate_json(sys.stdin.read()), {file_format!r}))"
    )
    other = subprocess.run(
        [sys.executable, "-c", program], input=snapshot.model_dump_json().encode(), capture_output=True
    )
    assert other.returncode == 0, other.stderr.decode()
    assert other.stdout == render(snapshot, file_format)


@pytest.mark.parametrize("file_format", FORMATS)
def test_an_empty_response_renders(instrument: CompiledInstrument, response: Response, file_format: str) -> None:
    empty = response.model_copy(update={"answers": {}, "sources": {}})
    document = render(build_snapshot(narrate(evaluate(instrument, empty), "KG", "en")), file_format)
    assert "Not all indicators of this domain" in shown(document, file_format)
