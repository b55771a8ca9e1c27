"""The snapshot in each format: one small module a format, each with `render(snapshot) -> bytes`."""

from importlib import import_module

from scoring.snapshot import Snapshot

FORMATS = {
    "html": "app.documents.html",
    "pdf": "app.documents.pdf",
    "docx": "app.documents.docx",
    "md": "app.documents.markdown",
    "json": "app.documents.json",
}
"""File ending → module. Modules are imported when first used: PDF and Word libraries take a while to load."""


def render(snapshot: Snapshot, file_format: str) -> bytes:
    """The document as a file's bytes; the same snapshot gives the same bytes. `KeyError` for an unknown format."""
    rendered: bytes = import_module(FORMATS[file_format]).render(snapshot)
    return rendered
