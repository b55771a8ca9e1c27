"""`mgi response`: check, start and explain a government's response."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from app.cli.instrument import Name, find_indicator
from questionnaire import DEFAULT_INSTRUMENT

app = typer.Typer(help="A government's answers, as a YAML file.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="RESPONSE", help="A response file in YAML.")]

WRONG, UNREADY = 1, 3


@app.command()
def check(file: File, name: Name = DEFAULT_INSTRUMENT) -> None:
    """Name every problem at once: what is wrong, and apart from that what is still missing for submission.

    Exit code 0: ready to be submitted; 1: something is wrong; 3: nothing is wrong, but something is missing.
    """
    from questionnaire.loader import load_instrument, read_yaml
    from questionnaire.reading import read_response
    from scoring.evaluate import evaluate
    from scoring.submission import missing_for_submission

    instrument, document = load_instrument(name), read_yaml(file)
    reading = read_response(document, instrument)
    faulty = {problem.about for problem in reading.wrong}
    result = evaluate(instrument, reading.readable) if reading.readable else None
    missing = [item for item in (missing_for_submission(result) if result else []) if item.indicator not in faulty]
    _section("Wrong", map(str, reading.wrong))
    places = (
        document.places.of(("answers", i.indicator, "values", *([i.question] if i.question else []))) for i in missing
    )
    if result is None:
        print("Missing for submission: looked at once the above is mended")
    else:
        _section(
            "Missing for submission",
            (f"{place}: {item.indicator}: {item.message}" for place, item in zip(places, missing, strict=True)),
        )
    _section("To be looked at", map(str, reading.remarks))
    if reading.wrong or missing:
        raise typer.Exit(WRONG if reading.wrong else UNREADY)
    print("Ready to be submitted.")


def _section(heading: str, lines: Iterable[str]) -> None:
    listed = list(lines)
    print(f"{heading}: {len(listed) or 'nothing'}")
    for line in listed:
        print(f"  {line}")


@app.command()
def new(
    country: Annotated[str, typer.Option("--country", "-c", help="The country's ISO code, as KG.")],
    year: Annotated[
        int | None,
        typer.Option("--round", "-r", min=2015, max=2100, help="The year of the round; this year if left out."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="A new file; standard output if left out.")] = None,
    name: Name = DEFAULT_INSTRUMENT,
) -> None:
    """Write an empty response with every question, its help and its options as comments."""
    from datetime import UTC, datetime

    from questionnaire.blank_response import blank_response
    from questionnaire.loader import load_instrument
    from questionnaire.problems import nearest

    instrument = load_instrument(name)
    countries = instrument.countries[instrument.source.language]
    if country.upper() not in countries:
        by_name = {known.name: known.code for known in countries.values()}
        hint = f"; {country} is {by_name[country]}" if country in by_name else nearest(country.upper(), countries)
        print(f"There is no country with the ISO code '{country}'{hint}", file=sys.stderr)
        raise typer.Exit(2)
    text = blank_response(instrument, countries[country.upper()], year or datetime.now(UTC).year)
    if out is None:
        sys.stdout.write(text)
        return
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        print(f"{out} is there already and is left as it is; please choose another name.", file=sys.stderr)
        raise typer.Exit(2) from None
    print(f"Wrote {out}")


@app.command()
def explain(
    file: File,
    indicator: Annotated[str, typer.Argument(help="An indicator's id or number.")],
    name: Name = DEFAULT_INSTRUMENT,
) -> None:
    """Say which answers led to which outcome of an indicator, by which rule."""
    from app.cli.explaining import explain_indicator
    from app.cli.snapshot import read_result

    result = read_result(file, name, faults_allowed=True)
    print(explain_indicator(result, find_indicator(result.instrument, indicator).id))
