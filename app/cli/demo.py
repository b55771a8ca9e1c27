"""`mgi demo`: the whole service on this machine, with people and assessments to try it on."""

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[Path, typer.Option("--folder", help="Where it is kept; opened again if it is there.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="The port on localhost.")]


def demo(port: Port = 8000, folder: Folder = Path("mgi-demo")) -> None:
    """Run a demonstration on localhost: invented people, one account per role, and assessments in several states."""
    from app.cli.commanding import stop
    from app.demo.folder import DATA, NotADemo, demo_settings, open_folder
    from app.demo.story import tell_story
    from app.demo.telling import welcome
    from app.logs import configure_logs
    from app.serving import CannotStart, listen, prepared, run
    from app.settings import UnsafeSettings

    configure_logs()
    try:
        with listen("127.0.0.1", port) as opened:
            kept = open_folder(folder, tell_story)
            address = f"http://localhost:{opened.getsockname()[1]}"
            with prepared(demo_settings(kept, folder / DATA, address)) as service:
                text = welcome(service, kept.passwords, str(folder))
                run(service, opened, ready=lambda: print(text, flush=True))
    except (CannotStart, NotADemo, UnsafeSettings) as error:
        stop(str(error))
