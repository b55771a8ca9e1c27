"""The command `mgi`. Each module holds one group of commands; heavy modules are imported when a command runs."""

import io
import sys

import typer

from app.cli import admin, backup, db, demo, instrument, response, serve, snapshot, verify

app = typer.Typer(
    name="mgi",
    help="Migration Governance Indicators: the instrument, a government's response to it, and the country snapshot.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("serve")(serve.serve)
app.command("demo")(demo.demo)
app.command("snapshot")(snapshot.snapshot)
app.add_typer(instrument.app, name="instrument")
app.add_typer(response.app, name="response")
app.add_typer(admin.app, name="admin")
app.add_typer(db.app, name="db")
app.command("verify")(verify.verify)
app.command("checkpoint")(verify.checkpoint)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)


def main() -> None:
    """Run the command line; a problem that a person can mend is told on stderr, without a traceback."""
    from questionnaire.problems import ContentError

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A response written by redirection must be UTF-8, whatever the terminal is set to.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app()
    except ContentError as error:
        print(error, file=sys.stderr)
        count = len(error.problems)
        print(f"{count} problem{'s' if count != 1 else ''}.", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(0)
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        print(f"{name}{error.strerror or error}; please choose another place, or make room there", file=sys.stderr)
        sys.exit(2)
