"""`mgi instrument`: prove, show, list and export an instrument."""

import enum
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from questionnaire import DEFAULT_INSTRUMENT

app = typer.Typer(help="The questionnaire with its rules and texts.", no_args_is_help=True)

Name = Annotated[str, typer.Option("--instrument", "-i", help="A packaged instrument, or the folder of one.")]


class ExportFormat(enum.StrEnum):
    """What an instrument can be exported as."""

    json = "json"
    pot = "pot"
    schema = "schema"


@app.command()
def lint(name: Name = DEFAULT_INSTRUMENT) -> None:
    """Prove the instrument: each combination of closed answers leads to exactly one outcome, and each sentence reads well."""
    from questionnaire.loader import lint_instrument

    proof = lint_instrument(name)
    for problem in proof.problems:
        print(problem, file=sys.stderr)
    for label, figure in (
        ("indicators", proof.indicators),
        ("questions", proof.questions),
        ("options", proof.options),
        ("combinations walked", proof.combinations),
        ("outcomes", proof.outcomes),
        ("sentences rendered", proof.sentences),
        ("problems", len(proof.problems)),
    ):
        print(f"{label:<20} {figure:>8,}")
    if proof.problems:
        raise typer.Exit(1)


@app.command("list")
def list_indicators(name: Name = DEFAULT_INSTRUMENT) -> None:
    """List the indicators by domain and subdomain."""
    from questionnaire.loader import load_instrument

    for domain in load_instrument(name).source.domains:
        print(f"\n{domain.number}. {domain.title}")
        for subdomain in domain.subdomains:
            print(f"   {subdomain.title}")
            for indicator in subdomain.indicators:
                print(f"     {indicator.number}  {indicator.id:<38} {indicator.title}")


@app.command()
def show(
    indicator: Annotated[str, typer.Argument(help="An indicator's id or number.")], name: Name = DEFAULT_INSTRUMENT
) -> None:
    """Print an indicator as a person reads it, with its decision table."""
    from app.cli.reading import describe_indicator
    from questionnaire.loader import load_instrument

    instrument = load_instrument(name)
    print(describe_indicator(instrument, find_indicator(instrument, indicator)))


@app.command()
def export(
    name: Name = DEFAULT_INSTRUMENT,
    form: Annotated[ExportFormat, typer.Option("--format", "-f", help="What to write.")] = ExportFormat.json,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="A file; standard output if left out.")] = None,
) -> None:
    """Write the instrument as JSON, as a gettext template for translators, or as the JSON Schema of its responses."""
    import json

    from questionnaire.loader import load_instrument
    from questionnaire.response_schema import response_schema
    from questionnaire.translation import template

    instrument = load_instrument(name)
    writers: dict[ExportFormat, Any] = {
        ExportFormat.json: lambda: json.dumps(
            {"content_hash": instrument.content_hash, **instrument.source.model_dump(mode="json")},
            ensure_ascii=False,
            indent=2,
        ),
        ExportFormat.pot: lambda: template(instrument.source).decode(),
        ExportFormat.schema: lambda: json.dumps(response_schema(instrument), ensure_ascii=False, indent=2),
    }
    text = writers[form]().rstrip("\n") + "\n"
    if out:
        out.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


def find_indicator(instrument: Any, wanted: str) -> Any:
    """The indicator of an id or number; exits with a hint if there is none."""
    from questionnaire.problems import nearest

    for indicator in instrument.indicators.values():
        if wanted in (indicator.id, indicator.number):
            return indicator
    print(f"There is no indicator '{wanted}'{nearest(wanted, instrument.indicators)}", file=sys.stderr)
    raise typer.Exit(2)
