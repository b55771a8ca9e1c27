"""The folder of a demonstration: its own secret, its passwords, and the data folder, which is there whole or not at all."""

import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel, Field

from app.demo.people import PEOPLE
from app.service import Service, open_service
from app.settings import Settings, read_settings

FILE, DATA, MAKING = "demo.json", "data", "making"


class NotADemo(Exception):
    """The folder holds something else; the text says what to do."""


class Kept(BaseModel):
    """What is kept for the next start."""

    secret_key: str = Field(default_factory=lambda: secrets.token_urlsafe(48))
    passwords: dict[str, str] = Field(
        default_factory=lambda: {person: "-".join(secrets.token_hex(3) for _ in range(3)) for person in PEOPLE}
    )


def open_folder(folder: Path, fill: Callable[[Service, Kept], None]) -> Kept:
    """The secrets of the demonstration in this folder, which is made and filled if it is not there yet.

    It is filled aside and then moved into place, so that one that was cut short is begun anew. `NotADemo` for a folder
    that holds anything else.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / FILE).exists():
        raise NotADemo(f"{folder} holds something else; please name an empty folder, or a new one, with --folder.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = _read(folder / FILE)
    if not (folder / DATA).exists():
        shutil.rmtree(folder / MAKING, ignore_errors=True)
        service = open_service(demo_settings(kept, folder / MAKING))
        try:
            fill(service, kept)
        finally:
            service.database.close()
        (folder / MAKING).rename(folder / DATA)
    return kept


def _read(path: Path) -> Kept:
    if path.exists():
        return Kept.model_validate_json(path.read_bytes())
    kept = Kept()
    with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(kept.model_dump_json(indent=2))
    return kept


def demo_settings(kept: Kept, data: Path, base_url: str = "http://localhost") -> Settings:
    """Settings of a demonstration; nothing of the environment counts in it."""
    given: dict[str, object] = {"secret_key": kept.secret_key, "data": data, "base_url": base_url, "demo": True}
    left_out = {name: field.default for name, field in Settings.model_fields.items()}
    return read_settings(**(left_out | given))
