"""Where the contents of evidence files are kept: a local folder or any S3-compatible store, used in the same way."""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import time
from typing import IO, TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import LocalStore, S3Store

from app.errors import Unavailable

if TYPE_CHECKING:
    from obstore.store import BackoffConfig, ClientConfig, RetryConfig, S3Credential

CHUNK = 1024 * 1024
PART = 5 * 1024 * 1024
ASSESSMENT = re.compile(r"[0-9A-Za-z-]{1,64}")
KEY = re.compile(r"evidence/[0-9A-Za-z-]{1,64}/[0-9a-f]{64}")
INCOMING = "incoming"
LEFT_BEHIND_AFTER = 24 * 60 * 60


class StoreUnavailable(Unavailable):
    """The store cannot be reached, refuses us, is full or is set up wrongly; the sentence may be shown to people."""


class ContentMismatch(StoreUnavailable):
    """The bytes are not those that the key names by their SHA-256; trying again does not help."""


@dataclass(frozen=True)
class Store:
    """An opened store; `folder` is set for a local one."""

    objects: LocalStore | S3Store
    folder: Path | None = None


def evidence_key(assessment: str, sha256: str) -> str:
    """Name a content within one assessment: `evidence/<assessment>/<sha256>`.

    The same file in two assessments has two keys, so that no country can learn that another one holds it.

    Raises:
        ValueError: the assessment is not 1 to 64 of `0-9 A-Z a-z -`, or the hash not 64 small hexadecimal digits.
    """
    return _checked(f"evidence/{assessment}/{sha256}")


def open_store(
    url: str, *, endpoint: str = "", key: str = "", secret: str = "", region: str = "us-east-1", timeout: float = 20
) -> Store:
    """Open `file:///folder` (made if missing) or `s3://bucket/prefix`.

    Args:
        endpoint: address of the S3 server; empty for Amazon's own of the `region`.
        key, secret: the access key of an S3 store and its secret.
        timeout: seconds that one request to an S3 store may take.

    Raises:
        ValueError: the address or the settings cannot be used.
        StoreUnavailable: the folder cannot be made.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and not parts.netloc and len(parts.path) > 1:
        return _open_folder(Path(unquote(parts.path)))
    if parts.scheme != "s3" or not parts.netloc:
        message = f"The evidence store {url!r} is not understood. Write file:///folder or s3://bucket/prefix."
        raise ValueError(message)
    if not key or not secret:
        raise ValueError(f"The evidence store {url!r} needs an access key and its secret. Set both.")
    address = endpoint or f"https://s3.{region}.amazonaws.com"
    objects = S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        aws_endpoint_url_s3=address,
        credential_provider=_credential(key, secret),
        region=region,
        disable_bulk_delete=True,
        client_options=_limits(timeout, plain=address.startswith("http://")),
        retry_config=_retries(timeout),
    )
    return Store(objects)


def put(store: Store, key: str, content: IO[bytes]) -> int:
    """Keep the whole content under its key, durably, all or nothing, and return its size in bytes.

    The SHA-256 is verified on the way in. Putting the same content again is no error. At most two parts of 5 MB are in
    memory. S3 requests are signed over their bytes, so the server verifies what arrived.

    Raises:
        ContentMismatch: the content's SHA-256 is not the one in the key; nothing is kept.
        StoreUnavailable: it could not be kept; nothing is.
    """
    _checked(key)
    content.seek(0)
    if store.folder is not None:
        return _put_in_folder(store, store.folder, key, content)
    with _plain_errors():
        return _upload(store, key, key, content)


def get(store: Store, key: str) -> Iterator[bytes]:
    """Open the content under the key and yield it in chunks of at most 1 MB.

    Each chunk is a request of its own, so that a reader on a slow line meets no time limit of the store. The last chunk
    is given only when the SHA-256 of the whole is right: what was altered in the store never arrives as whole.

    Raises:
        KeyError: there is nothing under this key (at the call, before the first chunk).
        ContentMismatch: the content was altered in the store (before the last chunk).
        StoreUnavailable: the store cannot be read.
    """
    return _chunks(store, _checked(key), _size(store, key))


def exists(store: Store, key: str) -> bool:
    """Tell whether there is a content under the key; StoreUnavailable if the store does not say."""
    try:
        _size(store, _checked(key))
    except KeyError:
        return False
    return True


def delete(store: Store, key: str) -> None:
    """Remove the content under the key; what is not there is no error, so that a removal can be repeated."""
    with _plain_errors(), suppress(FileNotFoundError):
        obstore.delete(store.objects, _checked(key))
        if store.folder is not None:
            _sync((store.folder / key).parent)


def list_keys(store: Store, assessment: str | None = None) -> Iterator[str]:
    """Yield the keys of one assessment, or of all; StoreUnavailable if the store cannot be read."""
    if assessment is not None and not ASSESSMENT.fullmatch(assessment):
        raise ValueError(f"{assessment!r} does not name an assessment.")
    prefix = "evidence" if assessment is None else f"evidence/{assessment}"
    with _plain_errors():
        for batch in obstore.list(store.objects, prefix):
            yield from (meta["path"] for meta in batch if KEY.fullmatch(meta["path"]))


def check_store(store: Store) -> None:
    """Ask the store for a sign of life; StoreUnavailable says what is wrong with it."""
    if store.folder is not None and not os.access(store.folder, os.R_OK | os.W_OK | os.X_OK):
        raise StoreUnavailable("The folder for evidence files is missing or cannot be written. Check the data folder.")
    next(list_keys(store, "none"), None)


def _credential(key: str, secret: str) -> "Callable[[], S3Credential]":
    """Give exactly these; a session token or key from the environment would otherwise be mixed in."""

    def provide() -> "S3Credential":
        return {"access_key_id": key, "secret_access_key": secret, "expires_at": None}

    return provide


def _limits(timeout: float, *, plain: bool) -> "ClientConfig":
    return {
        "allow_http": plain,
        "connect_timeout": timedelta(seconds=min(3, timeout)),
        "timeout": timedelta(seconds=timeout),
    }


def _retries(timeout: float) -> "RetryConfig":
    pauses: BackoffConfig = {
        "init_backoff": timedelta(milliseconds=100),
        "max_backoff": timedelta(seconds=1),
        "base": 2,
    }
    return {"max_retries": 2, "retry_timeout": timedelta(seconds=min(10, timeout)), "backoff": pauses}


def _checked(key: str) -> str:
    if not KEY.fullmatch(key):
        raise ValueError(f"{key!r} is not a key for evidence: it reads evidence/<assessment>/<sha256>.")
    return key


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except (PermissionDeniedError, UnauthenticatedError) as error:
        message = "The store for evidence files refuses our access key. Check its key, secret, region and bucket."
        raise StoreUnavailable(message) from error
    except (BaseError, OSError) as error:
        message = "The store for evidence files cannot be used just now. Nothing was changed; please try again shortly."
        raise StoreUnavailable(message) from error


def _size(store: Store, key: str) -> int:
    with _plain_errors():
        try:
            return obstore.head(store.objects, key)["size"]
        except FileNotFoundError as error:
            raise KeyError(key) from error


def _chunks(store: Store, key: str, size: int) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for start in range(0, size, CHUNK):
        end = min(start + CHUNK, size)
        with _plain_errors():
            chunk = bytes(obstore.get_range(store.objects, key, start=start, end=end))
        digest.update(chunk)
        if end == size:
            _verify(key, digest.hexdigest())
        yield chunk


def _upload(store: Store, path: str, key: str, content: IO[bytes]) -> int:
    """Upload to `path`; a mismatch raised by the reader ends the upload before there is anything under the path."""
    size = 0

    def read() -> Iterator[bytes]:
        nonlocal size
        digest = hashlib.sha256()
        while chunk := content.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            yield chunk
        _verify(key, digest.hexdigest())

    obstore.put(store.objects, path, read(), chunk_size=PART, max_concurrency=2)
    return size


def _verify(key: str, found: str) -> None:
    if not key.endswith(f"/{found}"):
        raise ContentMismatch(f"The content named {key} has the SHA-256 {found}. Send or restore the right file.")


def _open_folder(folder: Path) -> Store:
    with _plain_errors():
        staging = folder / INCOMING
        staging.mkdir(parents=True, exist_ok=True)
        _sync(folder)
        _sync(folder.parent)
        for left_behind in staging.iterdir():
            if left_behind.stat().st_mtime < time() - LEFT_BEHIND_AFTER:
                left_behind.unlink(missing_ok=True)
        return Store(LocalStore(folder), folder)


def _put_in_folder(store: Store, folder: Path, key: str, content: IO[bytes]) -> int:
    """Write aside, sync, move into place, sync the folders: a power cut leaves the whole file or none.

    The local store of obstore moves files into place without syncing them, so it writes to a name of its own first.
    """
    aside = f"{INCOMING}/{uuid4().hex}"
    try:
        with _plain_errors():
            size = _upload(store, aside, key, content)
            _sync(folder / aside)
            target = folder / key
            target.parent.mkdir(parents=True, exist_ok=True)
            (folder / aside).replace(target)
            for made in (target.parent, target.parent.parent, folder):
                _sync(made)
            return size
    finally:
        with suppress(OSError):  # on a disk that is away this fails as well, and would hide why
            (folder / aside).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
