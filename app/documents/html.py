"""The snapshot as one HTML file that needs nothing else, reads well on a screen and prints well."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from scoring.snapshot import Snapshot

_FOLDER = Path(__file__).parent


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # The style sheet is ours, and a style element takes no escapes.
    environment.globals["style"] = Markup((_FOLDER / "snapshot.css").read_text(encoding="utf-8"))  # noqa: S704
    return environment.get_template("snapshot.html")


def render(snapshot: Snapshot) -> bytes:
    """The page in UTF-8. Each sentence and row carries its provenance in `data-` attributes."""
    return _template().render(document=snapshot).encode()
