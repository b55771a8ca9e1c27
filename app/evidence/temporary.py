"""Files that wait on this machine's disk for a moment, and a full disk told as what it is."""

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from app.errors import NoSpace
from app.evidence.store import StoreUnavailable

IN_MEMORY = 1024 * 1024
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
NO_ROOM = "There is no room left for files just now; nothing was kept. Please tell whoever runs this service."


def temporary_file() -> IO[bytes]:
    """A file without a name, in memory up to 1 MB and then in the system's temporary folder; gone once it is closed."""
    return tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)


@contextmanager
def full_disk_told() -> Iterator[None]:
    """Tell a full disk, here or under the store, as `NoSpace`."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise NoSpace(NO_ROOM) from error
        raise
    except StoreUnavailable as error:
        if _is_full(error.__cause__):
            raise NoSpace(NO_ROOM) from error
        raise


def _is_full(cause: BaseException | None) -> bool:
    return getattr(cause, "errno", None) in FULL or f"(os error {errno.ENOSPC})" in str(cause)
