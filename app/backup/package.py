"""The file of a backup: a zip whose comment signs every byte before it, with a manifest of all that is in it."""

import hashlib
import json
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, NamedTuple

from app.people.secrets import sign, signed_by

FORMAT = "mgi-backup/1"
MANIFEST = "manifest.json"
PURPOSE = "backup"
_CHUNK = 1024 * 1024
_MANIFEST_LIMIT = 256 * 1024 * 1024
_END = re.compile(rb"mgi-backup/1 key=([0-9a-f]{16}) signature=([0-9a-f]{64})")
_END_SIZE = len(b"mgi-backup/1 key= signature=") + 16 + 64


class BadBackup(Exception):
    """The file is no whole backup of this service; the text says what is wrong. Nothing was changed."""


class Entry(NamedTuple):
    """A part of the backup: its size in bytes and its SHA-256."""

    name: str
    size: int
    sha256: str


def key_name(key: bytes) -> str:
    """16 digits that tell one secret key from another without telling the key."""
    return sign(key, "name of the key", b"")[:16]


class Writer:
    """Adds parts to a backup, one after the other, in bounded memory."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.entries: list[Entry] = []

    def add(self, name: str, chunks: Iterable[bytes], *, packed: bool = True) -> None:
        """Add a part. If `chunks` raises, what was written of it is no part of the manifest, and no backup results."""
        digest, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        with self.archive.open(info, "w", force_zip64=True) as part:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                part.write(chunk)
        self.entries.append(Entry(name, size, digest.hexdigest()))


@contextmanager
def writing_backup(target: Path, key: bytes, facts: dict[str, Any]) -> Iterator[Writer]:
    """Write a backup aside, sign and sync it, and give it its name at the end: there is a whole one or none.

    `facts` are put into the manifest as they are at the end of the block.
    """
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", suffix=".part", delete=False) as file:
        try:
            with zipfile.ZipFile(file, "w") as archive:
                writer = Writer(archive)
                yield writer
                manifest = {"format": FORMAT, **facts, "entries": [entry._asdict() for entry in writer.entries]}
                archive.writestr(MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False))
                archive.comment = f"{FORMAT} key={key_name(key)} signature={'0' * 64}".encode()
            _sign(file, key)
            Path(file.name).rename(target)
            _sync_folder(target.parent)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def _sign(file: IO[bytes], key: bytes) -> None:
    size = file.seek(0, os.SEEK_END)
    signature = sign(key, PURPOSE, _digest(file, size - 64))
    file.seek(size - 64)
    file.write(signature.encode())
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _digest(file: IO[bytes], size: int) -> bytes:
    """SHA-256 of the first `size` bytes."""
    file.seek(0)
    digest, left = hashlib.sha256(), size
    while left and (chunk := file.read(min(_CHUNK, left))):
        digest.update(chunk)
        left -= len(chunk)
    return digest.digest()


class Backup:
    """A backup that was read to its end: signature, manifest and every part fit."""

    def __init__(self, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
        self.archive = archive
        self.manifest = manifest
        self.entries = [Entry(**entry) for entry in manifest["entries"]]

    def names(self, folder: str) -> list[str]:
        """The names of the parts in a folder."""
        return [entry.name for entry in self.entries if entry.name.startswith(f"{folder}/")]

    def open(self, name: str) -> IO[bytes]:
        """A part, opened to read."""
        return self.archive.open(name)


@contextmanager
def opened_backup(path: Path, key: bytes) -> Iterator[Backup]:
    """Open a backup and check all of it: `BadBackup` says what is wrong."""
    with path.open("rb") as file:
        _check_signature(file, key)
        try:
            with zipfile.ZipFile(file) as archive:
                backup = _checked(archive)
                yield backup
        except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
            raise BadBackup(f"The backup is damaged: {error}.") from None


def _check_signature(file: IO[bytes], key: bytes) -> None:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END_SIZE))
    end = _END.fullmatch(file.read())
    if end is None:
        raise BadBackup("This is no backup of this software, or its end is missing. Please take another file.")
    if end[1].decode() != key_name(key):
        raise BadBackup(
            f"This backup was signed with another MGI_SECRET_KEY (its name begins {end[1][:8].decode()}, ours "
            f"{key_name(key)[:8]}). Please set the key of the service that it was made by."
        )
    if not signed_by(key, PURPOSE, _digest(file, size - 64), signature=end[2].decode()):
        raise BadBackup("The backup was changed after it was made, or was damaged. Please take another one.")


def _checked(archive: zipfile.ZipFile) -> Backup:
    """Every part is as the manifest says, and there is no other."""
    try:
        if archive.getinfo(MANIFEST).file_size > _MANIFEST_LIMIT:
            raise BadBackup("The backup's manifest is too large to be one.")
        manifest = json.loads(archive.read(MANIFEST))
        if manifest["format"] != FORMAT:
            raise BadBackup(f"The backup's format is {manifest['format']}; this software reads {FORMAT}.")
        backup = Backup(archive, manifest)
    except (KeyError, TypeError, ValueError):
        raise BadBackup("The backup's manifest cannot be read.") from None
    if sorted(archive.namelist()) != sorted([MANIFEST, *(entry.name for entry in backup.entries)]):
        raise BadBackup("The backup does not hold the parts that its manifest names.")
    for entry in backup.entries:
        _check_part(archive, entry)
    return backup


def _check_part(archive: zipfile.ZipFile, entry: Entry) -> None:
    digest, size = hashlib.sha256(), 0
    with archive.open(entry.name) as part:
        while chunk := part.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    if (size, digest.hexdigest()) != (entry.size, entry.sha256):
        raise BadBackup(f"The part {entry.name} of the backup is not the one that its manifest names.")
