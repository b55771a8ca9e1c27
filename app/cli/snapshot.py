"""`mgi snapshot`: from a response to the country snapshot, in every format."""

import enum
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.instrument import Name
from questionnaire import DEFAULT_INSTRUMENT

if TYPE_CHECKING:
    from scoring.evaluate import Result


UNREADY_HINT = "`mgi response check` lists them"


class Format(enum.StrEnum):
    """The formats of a snapshot, by file ending."""

    html = "html"
    pdf = "pdf"
    docx = "docx"
    md = "md"
    json = "json"


class CopyKind(enum.StrEnum):
    """A draft carries its provenance in full; a published copy carries what is public."""

    draft = "draft"
    published = "published"


def snapshot(
    response: Annotated[Path, typer.Argument(metavar="RESPONSE", help="A response file in YAML.")],
    folder: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Where to write.")] = Path(),
    formats: Annotated[
        list[Format] | None, typer.Option("--format", "-f", help="A format; may be repeated. All if left out.")
    ] = None,
    language: Annotated[str, typer.Option("--language", "-l", help="The language of the document.")] = "en",
    copy: Annotated[CopyKind, typer.Option("--copy", help="Draft or published copy.")] = CopyKind.draft,
    name: Name = DEFAULT_INSTRUMENT,
) -> None:
    """Write the country snapshot of a response: the main job.

    A draft need not be complete: indicators without a finding are left out. A response in which something is wrong is
    refused, and a published copy of an incomplete one too.
    """
    from app.documents import render
    from scoring.assemble import build_snapshot
    from scoring.narrate import narrate
    from scoring.submission import missing_for_submission

    result = read_result(response, name)
    missing = missing_for_submission(result)
    if missing and copy is CopyKind.published:
        print(
            f"A published copy must be complete, and {len(missing)} things are missing: {UNREADY_HINT}", file=sys.stderr
        )
        raise typer.Exit(3)
    if missing:
        print(f"note: {len(missing)} things are missing for submission: {UNREADY_HINT}", file=sys.stderr)
    if language not in result.instrument.translations:
        known = ", ".join(result.instrument.translations)
        print(f"The instrument is not translated into '{language}'; there is {known}.", file=sys.stderr)
        raise typer.Exit(2)
    document = build_snapshot(narrate(result, result.response.country, language), copy.value)
    stem = f"snapshot-{document.country}-{document.round}-{language}" + ("-draft" if copy is CopyKind.draft else "")
    folder.mkdir(parents=True, exist_ok=True)
    for file_format in dict.fromkeys(formats or Format):
        path = folder / f"{stem}.{file_format.value}"
        path.write_bytes(render(document, file_format.value))
        print(path)


def read_result(file: Path, instrument_name: str, *, faults_allowed: bool = False) -> "Result":
    """The result of a response file; remarks are told on stderr. Where something is wrong, `ContentError` is raised,
    or with `faults_allowed` only what could be read is looked at.
    """
    from questionnaire.loader import load_instrument, read_yaml
    from questionnaire.problems import ContentError
    from questionnaire.reading import read_response
    from scoring.evaluate import evaluate

    instrument = load_instrument(instrument_name)
    reading = read_response(read_yaml(file), instrument)
    if reading.readable is None or (reading.wrong and not faults_allowed):
        raise ContentError(reading.wrong)
    for remark in (*reading.wrong, *reading.remarks):
        print(f"note: {remark}", file=sys.stderr)
    return evaluate(instrument, reading.readable)
